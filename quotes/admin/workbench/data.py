"""What the workbench's page shows: the text, the quotes in it with the stances that this user may know, proposals, people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from quotes.admin.links import change_url
from quotes.admin.workbench.names import find_mentions, unambiguous
from quotes.admin.workbench.people import capacity_values, describe, names_of, people_in
from quotes.admin.workbench.versions import stamp_of, version
from quotes.curation.coding import coder_code, visible_codings
from quotes.curation.rights import is_editor, may_touch
from quotes.extraction import Proposal, propose
from quotes.models import Article, Coding, CodingRound, Quote, Snapshot, Topic
from quotes.vocabulary import QuoteKind, SourceType, Stance, Standing, Venue

_MOST_TOPICS = 1_000


def page_state(article: Article, snapshot: Snapshot, user: User) -> dict[str, Any]:
    """All that the page begins with. A fixed number of queries."""
    text = snapshot.text or ""
    quotes = list(article.quotes.for_record().order_by("pk"))
    people = people_in(text, quotes)
    mentions = find_mentions(text, unambiguous(names_of(people)))
    topics = Topic.objects.order_by("name", "pk")[:_MOST_TOPICS]
    names = [person.name for person in people]
    return {
        "article": {"id": article.pk, "published": article.published, "language": article.language},
        "snapshot": snapshot.pk,
        "text": text,
        "user": user.pk,
        "may": {
            "code": user.has_perm("quotes.add_coding") and user.has_perm("quotes.change_coding"),
            "finalise": is_editor(user),
            "person": user.has_perm("quotes.add_person"),
        },
        "round": open_round(),
        "quotes": records(quotes, user),
        "people": describe(people, article, quotes),
        "mentions": mentions,
        "proposals": [_proposal(one, names_of(people)) for one in proposals_for(snapshot, names)],
        "topics": [{"id": topic.pk, "name": topic.name, "proposition": topic.proposition} for topic in topics],
        "labels": labels(),
        "neighbours": neighbours(article, user),
    }


def labels() -> dict[str, dict[str, str]]:
    """Values of the closed vocabularies, and how people read them."""
    vocabularies = {
        "stance": Stance,
        "kind": QuoteKind,
        "source_type": SourceType,
        "standing": Standing,
        "venue": Venue,
    }
    return {name: {str(value): str(label) for value, label in one.choices} for name, one in vocabularies.items()}


def open_round() -> int:
    """The lowest round that is not closed; a round without a row of its own is open."""
    closed = set(CodingRound.objects.closed().values_list("number", flat=True))
    return next(number for number in range(1, len(closed) + 2) if number not in closed)


def records(quotes: Iterable[Quote], user: User) -> list[dict[str, Any]]:
    """The quotes (`for_record`) as the page shows them; their codings in one query for all."""
    quotes = list(quotes)
    codings: dict[int, list[Coding]] = {quote.pk: [] for quote in quotes}
    for coding in visible_codings(user).filter(quote__in=quotes):
        codings[coding.quote_id].append(coding)
    round = open_round()
    return [_record(quote, codings[quote.pk], user, round) for quote in quotes]


def record(quote: Quote, user: User) -> dict[str, Any]:
    """One quote as it is in the database now."""
    return records([Quote.objects.for_record().get(pk=quote.pk)], user)[0]


def values_of(quote: Quote) -> dict[str, Any]:
    """What the workbench edits of a quote."""
    return {
        "segments": [[segment["start"], segment["end"]] for segment in quote.segments if "start" in segment],
        "kind": quote.kind,
        "source_type": quote.source_type,
        "speaker": quote.speaker and {"id": quote.speaker.pk, "name": quote.speaker.name},
        "organization": quote.organization and {"id": quote.organization.pk, "name": quote.organization.name},
        "speaks_for_organization": quote.speaks_for_organization,
        "source_label": quote.source_label,
        "cue": quote.cue,
        "framing": quote.framing,
        "venue": quote.venue,
        "said_on": quote.said_on or "",
        "capacities": [capacity_values(row) for row in quote.affiliations.all()],
    }


def _record(quote: Quote, codings: Iterable[Coding], user: User, round: int) -> dict[str, Any]:
    """Of others' codings the final ones alone, and those only where this user may know them: coders work blind."""
    values, own = values_of(quote), coder_code(user)
    return {
        "id": quote.pk,
        "version": version(stamp_of(quote, values)),
        "values": values,
        "text": quote.text,
        "snapshot": quote.snapshot_id,
        "status": quote.status,
        "status_label": quote.get_status_display(),
        "url": change_url(quote),
        "by": quote.created_by.get_username() if quote.created_by else "",
        "may_change": user.has_perm("quotes.change_quote") and may_touch(user, quote),
        "mine": {
            str(one.topic_id): {"stance": one.stance, "final": one.is_final}
            for one in codings
            if one.coder == own and one.round == round
        },
        "final": {str(one.topic_id): {"stance": one.stance, "id": one.pk} for one in codings if one.is_final},
    }


def proposals_for(snapshot: Snapshot, names: Iterable[str] = ()) -> list[Proposal]:
    """Proposed quotes of the text, nothing of which is saved."""
    return propose(snapshot.text or "", tuple(names))


def _proposal(found: Proposal, names: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """With the people whom the speaker's name, as printed, may mean: offered, never assumed."""
    meant = found.resolved or found.speaker
    mention = " ".join(meant.split()).removesuffix("’s").removesuffix("'s")
    return {
        "segments": [list(segment) for segment in found.segments],
        "kind": found.kind,
        "cue": found.cue,
        "speaker": found.speaker,
        "meant": mention,
        "people": sorted({person for name, person in names if mention and _means(mention, name)}),
    }


def _means(mention: str, name: str) -> bool:
    """Whether the mention is the name, or ends with it: "Councillor Neva Corrin"."""
    return mention.casefold() == name.casefold() or mention.casefold().endswith(f" {name.casefold()}")


def neighbours(article: Article, user: User) -> dict[str, str]:
    """The addresses of the next and the previous article: of those with the user's drafts, else by number; empty for none."""
    readable = Article.objects.readable()
    found = {}
    for name, rows, bound in (
        ("next", readable.order_by("pk"), {"pk__gt": article.pk}),
        ("previous", readable.order_by("-pk"), {"pk__lt": article.pk}),
    ):
        beside = rows.filter(**bound)
        key = next((row.pk for row in (beside.with_drafts_of(user).first(), beside.first()) if row), None)
        found[name] = reverse("admin:quotes_article_workbench", args=[key]) if key else ""
    return found
