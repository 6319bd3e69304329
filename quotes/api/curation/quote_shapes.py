"""The shapes of quotes and of what hangs on them, as curators' programs read and write them (see quotes.api.curation.shapes)."""

# Annotations are evaluated here: of those that wait as text, a typed dictionary cannot tell which are required.
from typing import Annotated, Required, TypedDict

from quotes.api.curation.shapes import Line, Place, Round, Uid
from quotes.api.typed_schemas import rules
from quotes.vocabulary import (
    Certainty,
    EvidenceKind,
    QuoteKind,
    SourceType,
    Stance,
    Standing,
    Status,
    Venue,
    Verification,
)


class SegmentMembers(TypedDict):
    """A place in the snapshot, in code points, end-exclusive."""

    start: Place
    end: Place


class SegmentRecord(TypedDict):
    """A place with its words and 32 characters of context on each side. Without a snapshot there is no position."""

    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str


class CapacityMembers(TypedDict, total=False):
    """The capacity in which the words were said: an affiliation of the speaker, by organization (and role, and start)."""

    organization: Required[Line]
    role: Line
    start: Line | None
    role_as_stated: Line
    standing: Annotated[str, Standing]
    is_primary: bool


class CapacityRecord(TypedDict):
    """A capacity of the quote's own."""

    organization: str
    role: str
    start: str | None
    role_as_stated: str
    standing: Annotated[str, Standing]
    is_primary: bool


class EvidenceMembers(TypedDict, total=False):
    """What a verification rests on. With the `uid` of what is there already it is changed, without it is new."""

    uid: Uid
    kind: Required[Annotated[str, EvidenceKind]]
    url: Line
    description: str
    provided_by: Required[Line]
    provided_on: Required[Annotated[str, "date"]]


class EvidenceRecord(TypedDict):
    """What a verification rests on."""

    uid: Uid
    kind: Annotated[str, EvidenceKind]
    url: str
    description: str
    provided_by: str
    provided_on: Annotated[str, "date"]


class QuoteMembers(TypedDict, total=False):
    """A quote. Its place is given by `words` (one for each segment, found in the snapshot) or by `segments`, not both.

    `starts` says where, for words that stand more than once. `snapshot` is a hash; `affiliations` and `evidence` replace
    all that was there. The status is no member: it changes by submit, return, publish and withdraw alone.
    """

    article: Required[Line]
    snapshot: Line | None
    words: Annotated[list[str], rules(minItems=1, maxItems=100)]
    starts: Annotated[list[Place | None], rules(maxItems=100)]
    segments: Annotated[list[SegmentMembers], rules(minItems=1, maxItems=100)]
    kind: Required[Annotated[str, QuoteKind]]
    source_type: Annotated[str, SourceType]
    speaker: Line | None
    organization: Line | None
    speaks_for_organization: bool
    source_label: Line
    affiliations: Annotated[list[CapacityMembers], rules(maxItems=50)]
    cue: Line
    framing: str
    venue: Annotated[str, Venue]
    said_on: Line | None
    verification: Annotated[str, Verification]
    verification_note: str
    evidence: Annotated[list[EvidenceMembers], rules(maxItems=50)]
    same_utterance_as: Uid | None
    reported_via: Uid | None


class QuoteRecord(TypedDict):
    """A quote in any status, as curators know it. Codings are elsewhere: coders work blind."""

    uid: Uid
    status: Annotated[str, Status]
    article: str
    snapshot: str | None
    text: str
    segments: list[SegmentRecord]
    kind: Annotated[str, QuoteKind]
    source_type: Annotated[str, SourceType]
    speaker: str | None
    organization: str | None
    speaks_for_organization: bool
    source_label: str
    affiliations: list[CapacityRecord]
    cue: str
    framing: str
    venue: Annotated[str, Venue]
    said_on: str | None
    verification: Annotated[str, Verification]
    verification_note: str
    evidence: list[EvidenceRecord]
    same_utterance_as: Uid | None
    reported_via: Uid | None
    created_by: str | None
    published_at: Annotated[str, "date-time"] | None
    withdrawn_at: Annotated[str, "date-time"] | None
    withdrawn_reason: str


class CodingMembers(TypedDict, total=False):
    """A judgement of the quote toward a topic. `coder` is one's own code, where no editor says otherwise."""

    topic: Required[Line]
    stance: Required[Annotated[str, Stance]]
    coder: Line
    round: Round
    certainty: Annotated[str, Certainty]
    justification: str
    is_final: bool


class CodingChanges(TypedDict, total=False):
    """What of a coding may be changed: the judgement, not what was judged by whom."""

    stance: Annotated[str, Stance]
    certainty: Annotated[str, Certainty]
    justification: str
    is_final: bool


class CodingRecord(TypedDict):
    """A coder's judgement of a quote toward a topic."""

    topic: str
    coder: str
    round: int
    stance: Annotated[str, Stance]
    certainty: Annotated[str, Certainty]
    justification: str
    codebook_version: str
    is_final: bool


class Reason(TypedDict):
    """Why a quote is taken back: shown to readers in its place."""

    reason: str


class ReturnComment(TypedDict, total=False):
    """What the curator should look at again, and why. Readers never see it."""

    comment: str


class Into(TypedDict):
    """The slug of the record that stays."""

    into: Line


class Nothing(TypedDict):
    """No members."""


class ChangeItem(TypedDict):
    """One field, from what to what."""

    field: str
    before: str
    after: str


class HistoryItem(TypedDict):
    """What was done to the quote, or to a row that belongs to it (`record`): when, by whom, field by field."""

    at: Annotated[str, "date-time"]
    who: str
    through: str
    action: str
    kind: str
    record: str
    changes: list[ChangeItem]


class History(TypedDict):
    """All that was done, latest first."""

    results: list[HistoryItem]
