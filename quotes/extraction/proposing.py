"""Proposed quotes of a text: quotations joined under their attributions, with kind, speaker and confidence."""

from collections.abc import Sequence

from quotes.extraction.clauses import is_title, stands_alone
from quotes.extraction.drafts import Draft
from quotes.extraction.indirect import Statement
from quotes.extraction.marks import quotations
from quotes.extraction.mentions import Mention
from quotes.extraction.paragraphs import paragraphs
from quotes.extraction.people import People
from quotes.extraction.proposals import DIRECT, INDIRECT, PARTIAL, Proposal
from quotes.extraction.reader import Reader
from quotes.extraction.sentences import sentences
from quotes.extraction.tokens import tokens

LOOKED_AT = 600  # code points of a quotation that tell its kind
NOBODY = ("", -1, -1, "")
Speaker = tuple[str, int, int, str]


def propose(text: str, names: Sequence[str] = ()) -> list[Proposal]:
    """The quotes that a text seems to hold, in their order; `names` are people known to occur in it.

    >>> [found] = propose("“It fails,” said Neva Corrin. “It always did.”")
    >>> found.segments, found.kind, found.cue, found.speaker
    (((1, 10), (31, 45)), 'direct', 'said', 'Neva Corrin')
    """
    quoted = quotations(text)
    people = People(text, quoted, names)
    reader = Reader(text, people)
    at = 0
    for number, paragraph in enumerate(paragraphs(text)):
        first = at
        while at < len(quoted) and quoted[at].closes <= paragraph.end:
            at += 1
        reader.read(number, sentences(text, paragraph, quoted[first:at]))
    # Quotations first: their speakers are surer, and teach what “he” and “she” may mean.
    found = _quoted(text, reader.drafts, people)
    found += [_indirect(text, statement, people) for statement in reader.statements]
    return sorted(found, key=lambda proposal: proposal.segments)


def _quoted(text: str, drafts: list[Draft], people: People) -> list[Proposal]:
    made: list[Proposal] = []
    speakers: dict[int, Speaker] = {}
    for draft in drafts:
        speaker = _speaker(text, draft.attribution.mention, people)
        if draft.attribution.mention is None:
            speaker = speakers.get(id(draft.speaker_from), NOBODY)
        speakers[id(draft)] = speaker
        kind = _kind(text, draft)
        if kind:
            made.append(_proposal(text, draft, kind, speaker))
    return made


def _kind(text: str, draft: Draft) -> str:
    """Direct or partial; "" for words printed as titles are."""
    words = [
        tokens(text, quotation.start, min(quotation.end, quotation.start + LOOKED_AT)) for quotation in draft.quotations
    ]
    if any(stands_alone(each, is_set_off=draft.is_set_off) for each in words):
        return DIRECT
    return "" if all(is_title(each) for each in words) else PARTIAL


def _proposal(text: str, draft: Draft, kind: str, speaker: Speaker) -> Proposal:
    named, start, end, resolved = speaker
    return Proposal(
        segments=tuple((quotation.start, quotation.end) for quotation in draft.quotations),
        kind=kind,
        cue=text[draft.attribution.start : draft.attribution.end] if draft.attribution.start >= 0 else "",
        speaker=named,
        speaker_start=start,
        speaker_end=end,
        confidence=_confidence(draft, kind),
        resolved=resolved,
    )


def _indirect(text: str, statement: Statement, people: People) -> Proposal:
    place, cue, mention = statement
    named, start, end, resolved = _speaker(text, mention, people)
    return Proposal((place,), INDIRECT, text[slice(*cue)], named, start, end, 0.5, resolved)


def _speaker(text: str, mention: Mention | None, people: People) -> Speaker:
    if mention is None:
        return NOBODY
    resolved = people.meant(mention.pronoun, mention.start) if mention.is_pronoun else people.named(mention)
    return text[mention.start : mention.end], mention.start, mention.end, resolved


def _confidence(draft: Draft, kind: str) -> float:
    value = 0.95 if kind == DIRECT else 0.75
    if draft.attribution.mention is None:
        value -= 0.2
    if draft.attribution.start < 0:
        value -= 0.2
    if not draft.attribution.is_adjacent:
        value -= 0.2
    if not all(quotation.is_closed for quotation in draft.quotations):
        value -= 0.1
    return round(value, 2)
