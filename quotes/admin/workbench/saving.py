"""What the workbench writes: quotes with their codings, each request one transaction, by the verbs of curation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from quotes import curation
from quotes.admin.workbench import bodies
from quotes.admin.workbench.bodies import Problem, invalid
from quotes.admin.workbench.data import open_round, record, values_of
from quotes.admin.workbench.versions import changed_members, meanwhile, stamp_of
from quotes.curation import history
from quotes.curation.coding import NotTheirs, check_coding, coder_code
from quotes.curation.rights import may_touch
from quotes.models import Affiliation, Article, Coding, Organization, Person, Quote, Snapshot, Topic
from quotes.vocabulary import QuoteKind, SourceType, Stance, Standing, Status, Venue, Verification

_CAPACITY = {
    "affiliation": bodies.record(Affiliation),
    "label": bodies.text(),
    "standing": bodies.choice(Standing.values),
    "role_as_stated": bodies.text(),
    "is_primary": bodies.switch,
}
_VALUES = {
    "segments": bodies.rows(bodies.rows(bodies.whole, most=2)),
    "kind": bodies.choice(QuoteKind.values),
    "source_type": bodies.choice(SourceType.values),
    "speaker": bodies.optional(bodies.record(Person)),
    "organization": bodies.optional(bodies.record(Organization)),
    "speaks_for_organization": bodies.switch,
    "source_label": bodies.text(),
    "cue": bodies.text(),
    "framing": bodies.text(),
    "venue": bodies.choice(Venue.values),
    "said_on": bodies.text(),
    "capacities": bodies.rows(bodies.members(_CAPACITY, required=("affiliation", "standing"))),
}
_CODING = {
    "topic": bodies.record(Topic),
    "stance": bodies.choice(Stance.values, or_empty=True),
    "final": bodies.switch,
    "was": bodies.choice(Stance.values, or_empty=True),
    "final_was": bodies.optional(bodies.whole),
}
_QUOTE = {
    "id": bodies.whole,
    "version": bodies.text(),
    "snapshot": bodies.record(Snapshot),
    "values": bodies.members(_VALUES),
    "codings": bodies.rows(bodies.members(_CODING, required=("topic", "stance"))),
    "beside": bodies.rows(bodies.whole),
}
# What a judgement of the words rests on.
_JUDGED = {"segments", "kind", "source_type", "speaker"}


def save(article: Article, body: Mapping[str, Any], user: User) -> Quote:
    """The quote, saved with the values and codings that were sent. Raises Problem, ValidationError, or what refuses it."""
    asked = bodies.read(body, _QUOTE)
    values, codings = asked.get("values", {}), asked.get("codings", [])
    if "id" in asked:
        quote = locked(article, asked["id"])
        concerned = None if values else _JUDGED
        check_version(quote, asked.get("version", ""), user, only=concerned)
    else:
        quote = _new(article, asked, user)
    if values:
        _write(quote, values, user)
    for coding in codings:
        _code(quote, coding, user)
    return quote


def locked(article: Article, key: int) -> Quote:
    """The article's quote, which nobody else changes before this transaction ends. Raises Problem."""
    rows = Quote.objects.for_record().select_for_update(of=("self",), no_key=True)
    quote = rows.filter(pk=key, article=article).first()
    if quote is None:
        raise Problem(404, "gone", "This quote is not there any more: somebody deleted it.")
    return quote


def check_version(quote: Quote, read: str, user: User, *, only: set[str] | None = None) -> None:
    """Raise Problem (409), with who changed what meanwhile, unless the quote is as it was read (in `only` these members)."""
    changed = changed_members(read, stamp_of(quote, values_of(quote)))
    if only is not None and not only & set(changed):
        return
    if changed:
        detail = "Somebody changed this quote since you read it. Nothing of yours is lost, and nothing is overwritten."
        raise Problem(409, "changed", detail, changed=meanwhile(quote, changed), quote=record(quote, user))


def _new(article: Article, asked: Mapping[str, Any], user: User) -> Quote:
    """A quote to be, of words that nobody has marked yet; or the one that was saved when its answer got lost."""
    need(user, "add_quote", "mark quotes")
    snapshot = asked.get("snapshot")
    if snapshot is None or snapshot.article_id != article.pk or snapshot.text is None:
        raise invalid("snapshot", "The text is not one of this article's that is kept.")
    values = asked.get("values", {})
    for name in ("segments", "kind"):
        if not values.get(name):
            raise invalid(name, f"A quote needs its {'words' if name == 'segments' else name}.")
    # Two that mark the same words at once wait for each other here.
    Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    _check_twins(snapshot, values, asked.get("beside", []), user)
    return Quote(article=article, snapshot=snapshot, verification=Verification.ATTESTED)


def _check_twins(snapshot: Snapshot, values: Mapping[str, Any], beside: list[int], user: User) -> None:
    for twin in snapshot.quotes.for_record().order_by("pk"):
        if twin.pk not in beside and values_of(twin)["segments"] == values["segments"]:
            detail = f"These very words are marked already, as {twin.attribution}’s."
            raise Problem(409, "twin", detail, quote=record(twin, user), own=twin.created_by_id == user.pk)


def _write(quote: Quote, values: dict[str, Any], user: User) -> None:
    is_new = quote.pk is None
    need(user, "add_quote" if is_new else "change_quote", "change quotes")
    if not may_touch(user, quote):
        raise Problem(403, "published", "This quote is published: only editors change it.")
    changes = {name: value for name, value in values.items() if name not in {"segments", "capacities"}}
    if "said_on" in changes:
        changes["said_on"] = changes["said_on"] or None
    _check_source(quote, changes)
    capacities = values.get("capacities")
    if is_new or "speaker" in changes:
        capacities = capacities or []
    curation.save_quote(
        quote=quote,
        changes=changes,
        placing={"segments": _places(values["segments"])} if "segments" in values else {},
        affiliations=None if capacities is None else [_capacity(quote, changes, row) for row in capacities],
        evidence=None,
        actor=user,
    )


def _places(segments: list[list[int]]) -> list[Mapping[str, int]]:
    for number, pair in enumerate(segments):
        if len(pair) != 2:
            raise invalid(f"segments[{number}]", "A segment is a start and an end.")
    return [{"start": start, "end": end} for start, end in segments]


def _capacity(quote: Quote, changes: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    speaker = changes.get("speaker", quote.speaker)
    if speaker is None or row["affiliation"].person_id != speaker.pk:
        raise invalid("capacities", f"This is no capacity of {speaker or 'nobody'}: choose one of the speaker's own.")
    return {name: value for name, value in row.items() if name != "label"}


def _check_source(quote: Quote, changes: Mapping[str, Any]) -> None:
    """What the database would refuse about the source, said of the field that it is about."""
    now = {
        name: changes.get(name, getattr(quote, name))
        for name in ("source_type", "speaker", "organization", "speaks_for_organization")
    }
    is_person, speaker, organization = now["source_type"] == SourceType.PERSON, now["speaker"], now["organization"]
    if is_person and not speaker:
        raise invalid("speaker", "The source is a person: say who.")
    if not is_person and speaker:
        raise invalid("speaker", "Only a person's quote has a speaker.")
    if now["speaks_for_organization"] and not (is_person and organization):
        raise invalid("organization", "Say which organization the person speaks for.")
    if is_person and organization and not now["speaks_for_organization"]:
        raise invalid("organization", "Only for a person who speaks for it; else it belongs to the capacities.")
    if now["source_type"] == SourceType.ORGANIZATION and not organization:
        raise invalid("organization", "Say which organization is the source.")


def _code(quote: Quote, asked: Mapping[str, Any], user: User) -> None:
    """The user's own judgement in the lowest open round: made, changed, or (no stance) taken back."""
    need(user, "change_coding", "code")
    topic, own, round = asked["topic"], coder_code(user), open_round()
    mine = Coding.objects.filter(quote=quote, topic=topic, coder=own, round=round).first()
    was = mine.stance if mine else ""
    if "was" in asked and was not in {asked["was"], asked["stance"]}:
        said = f"In another window you coded this as {was or 'nothing'} meanwhile."
        raise Problem(409, "coded", said, errors={"stance": [said]}, quote=record(quote, user))
    is_final = asked.get("final", bool(mine and mine.is_final))
    wanted = {"topic": topic, "stance": asked["stance"], "coder": own, "round": round, "is_final": is_final}
    _check_may_code(user, mine, wanted)
    if is_final:
        _check_final(quote, asked, mine, user)
    if not asked["stance"]:
        if mine:
            curation.delete_record(record=mine, actor=user)
        return
    curation.save_coding(coding=mine or Coding(quote=quote), changes=wanted, actor=user)


def _check_may_code(user: User, mine: Coding | None, wanted: Mapping[str, Any]) -> None:
    try:
        for coding in (mine, Coding(**wanted)):
            if coding:
                check_coding(user, coding)
    except NotTheirs as refusal:
        raise Problem(403, "not_yours", str(refusal), errors={"stance": refusal.messages}) from refusal


def _check_final(quote: Quote, asked: Mapping[str, Any], mine: Coding | None, user: User) -> None:
    """Another final coding gives way, but not one that the editor has not seen."""
    other = quote.codings.final().filter(topic=asked["topic"]).exclude(pk=mine.pk if mine else None).first()
    if other and other.pk != asked.get("final_was"):
        said = f"Meanwhile {other.get_stance_display()} became the final stance toward {other.topic}."
        raise Problem(409, "finalised", said, errors={"stance": [said]}, quote=record(quote, user))


def remove(article: Article, key: int, body: Mapping[str, Any], user: User) -> None:
    """Undo the making of a quote: of a draft that is as it was read, by whoever may delete, or of one's own alone."""
    asked = bodies.read(body, {"version": bodies.text()})
    quote = locked(article, key)
    check_version(quote, asked.get("version", ""), user)
    if not user.has_perm("quotes.delete_quote") and not _is_only_theirs(quote, user):
        detail = "Somebody else had a hand in this quote, so only an editor deletes it."
        raise Problem(403, "not_yours", detail)
    curation.delete_record(record=quote, actor=user)


def _is_only_theirs(quote: Quote, user: User) -> bool:
    """Whether nobody but the user ever did anything to the quote, its capacities, codings and evidence."""
    entries = history.entries(Quote, quote.pk, includes=("affiliations", "codings", "evidence"))
    return quote.created_by_id == user.pk and all(entry.who == user.get_username() for entry in entries)


def move(article: Article, key: int, body: Mapping[str, Any], user: User, *, to: str) -> Quote:
    """Send a draft to review, or take one's own back."""
    asked = bodies.read(body, {"version": bodies.text()})
    need(user, "change_quote", "change quotes")
    quote = locked(article, key)
    check_version(quote, asked.get("version", ""), user)
    verb = curation.submit_for_review if to == Status.IN_REVIEW else curation.return_to_draft
    verb(quotes=[quote], actor=user)
    return quote


def need(user: User, right: str, deed: str) -> None:
    """Raise Problem where the user lacks the permission."""
    if not user.has_perm(f"quotes.{right}"):
        raise Problem(403, "forbidden", f"You have no right to {deed}: an administrator gives it ({right}).")
