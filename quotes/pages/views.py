"""The readers' pages. Each reads the publication alone, in a number of queries that never depends on the rows."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

import orjson
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from quotes import citations
from quotes.datasets.formats.jsonld_terms import TERMS
from quotes.pages import subjects, wording
from quotes.pages.addresses import quotes_where
from quotes.pages.cards import MOST, Card, read_cards
from quotes.pages.forms import filter_form
from quotes.pages.listing import Refused, asked, hidden_from, read_listing
from quotes.pages.proof import proof_facts
from quotes.pages.timeline import timeline
from quotes.pages.topics import all_topics, as_tree, quotes_in_all, read_debates, topics_below
from quotes.pages.voices import institutions, who_stands_where
from quotes.publication.models import PublishedEntity, PublishedQuote, PublishedRedirect, Tombstone
from quotes.vocabulary import EntityKind, Genre

# Of a page's quotes, so many are printed; the list has them all.
LATEST, PRINTED, OCCURRENCES = 6, 12, 20
# The home page tells invented debates from real ones by so many of the newest quotes.
_GLANCE = 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every debate with its stances, and the latest quotes."""
    debates = read_debates(all_topics())
    latest = read_cards(PublishedQuote.objects.listed().newest_first()[:_GLANCE])
    invented = _invented_topics(latest)
    for debate in debates:
        debate.is_made_up = debate.slug in invented
    context = {"debates": as_tree(debates), "latest": latest[:LATEST], "quotes_in_all": quotes_in_all()}
    return render(request, "pages/home.html", context)


def _invented_topics(cards: list[Card]) -> set[str]:
    """Slugs of the topics of which all these quotes stand in articles that cannot exist."""
    real = {one["topic"]["slug"] for card in cards if not card.is_made_up for one in card.document["stances"]}
    return {one["topic"]["slug"] for card in cards for one in card.document["stances"]} - real


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the words mean, and what this is not."""
    vocabulary = {
        "stances": wording.STANCES,
        "verifications": wording.VERIFICATIONS,
        "kinds": wording.KINDS,
        "standings": wording.STANDINGS,
    }
    return render(request, "pages/about.html", vocabulary)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What the terms of our own in the JSON-LD mean; their addresses lead here."""
    return render(request, "pages/terms.html", {"terms": TERMS})


@require_safe
def quotes(request: HttpRequest) -> HttpResponse:
    """The list of quotes under the API's parameters; 400 names what cannot be understood."""
    data = request.GET
    if not all(value for name in data for value in data.getlist(name)):
        return HttpResponseRedirect(_without_empty(request))
    form = filter_form(data, all_topics())
    try:
        listing = read_listing(data, path=request.path)
    except Refused as error:
        context = {"refusals": error.refusals, "form": form}
        return render(request, "pages/refused.html", context, status=HTTPStatus.BAD_REQUEST)
    return render(request, "pages/quotes.html", {"listing": listing, "form": form})


def _without_empty(request: HttpRequest) -> str:
    """A browser sends the empty fields of a form too; an address to be shared is better without."""
    data = request.GET.copy()
    for name in list(data):
        data.setlist(name, [value for value in data.getlist(name) if value])
    return f"{request.path}?{data.urlencode()}"


@require_safe
def quote(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One quote with its proof; 410 with reason and date once it is withdrawn."""
    row = PublishedQuote.objects.filter(uid=uid).first()
    if row is None:
        return _withdrawn(request, uid)
    card = read_cards([row])[0]
    via = card.document["reported_via"]
    context = {
        "card": card,
        **proof_facts(card.document),
        "citation": citations.formatted(card.document["citation"]),
        "permalink": request.build_absolute_uri(request.path),
        "occurrences": read_cards(PublishedQuote.objects.listed().repeating(row)[:OCCURRENCES]),
        "via": read_cards(PublishedQuote.objects.with_uids([UUID(via)])) if via else [],
    }
    return render(request, "pages/quote.html", context)


def _withdrawn(request: HttpRequest, uid: UUID) -> HttpResponse:
    stone = Tombstone.objects.filter(uid=uid).first()
    if stone is None:
        raise Http404
    context = {"reason": stone.reason, "day": wording.day(stone.withdrawn_at), "uid": uid}
    return render(request, "pages/withdrawn.html", context, status=HTTPStatus.GONE)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A debate: who stands where, for whom, since when; and the newest quotes."""
    row = _find(EntityKind.TOPIC, slug)
    if not isinstance(row, PublishedEntity):
        return row
    cards = read_cards(asked(topic=slug).newest_first()[:MOST])
    debate, *below = read_debates([row, *topics_below(row)])
    shown, folded = institutions(cards, slug)
    context = {
        "debate": debate,
        "below": below,
        "columns": who_stands_where(cards, slug),
        "institutions": shown,
        "more_institutions": folded,
        "timeline": timeline(cards, slug),
        "cards": cards[:PRINTED],
        "is_capped": debate.bar.total > len(cards),
        "most": MOST,
        "is_made_up": _all_made_up(cards),
        "form": filter_form(QueryDict(f"topic={slug}"), all_topics()),
        "hidden": hidden_from(topic=slug),
    }
    return render(request, "pages/topic.html", context)


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """A person: in what capacities they spoke, and on what."""
    row = _find(EntityKind.PERSON, slug)
    if not isinstance(row, PublishedEntity):
        return row
    document = orjson.loads(row.document)
    facts = {"jobs": subjects.jobs(document), "written": subjects.written_by(row)}
    return _subject(request, "pages/person.html", document, facts, speaker=slug)


@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """An organization: what was said at or for it, by those who stood in a capacity there."""
    row = _find(EntityKind.ORGANIZATION, slug)
    if not isinstance(row, PublishedEntity):
        return row
    document = orjson.loads(row.document)
    facts = {
        "kind": subjects.kind_of(document),
        "units": subjects.units_below(row),
        "published": subjects.published_by(row),
    }
    return _subject(request, "pages/organization.html", document, facts, affiliation=slug)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article: where it stands, what was read of it, and its quotes in their order."""
    row = _find(EntityKind.ARTICLE, slug)
    if not isinstance(row, PublishedEntity):
        return row
    document = orjson.loads(row.document)
    facts = {
        "published": wording.written(document["published"]),
        "genre": Genre(document["genre"]).label,
        "readings": subjects.readings(document),
        "source_address": wording.web_address(document["url"]),
        "archive_address": wording.web_address(document["archive_url"]),
    }
    return _subject(request, "pages/article.html", document, facts, article=slug)


def _subject(
    request: HttpRequest, template: str, document: dict[str, Any], facts: dict[str, Any], **filters: str
) -> HttpResponse:
    """A page about what the filters find: its facts, its stances by topic, its newest quotes."""
    cards = read_cards(asked(**filters).newest_first()[:MOST])
    printed = cards[:PRINTED]
    if "article" in filters:
        printed = sorted(cards, key=lambda card: card.place)[: PRINTED * 5]
    context = {
        "document": document,
        **facts,
        "cards": printed,
        "count": len(cards),
        "is_capped": len(cards) == MOST,
        "positions": subjects.positions_by_topic(cards, **filters),
        "address": quotes_where(**filters),
        "hidden": hidden_from(**filters),
        "is_made_up": _all_made_up(cards),
    }
    return render(request, template, context)


def _all_made_up(cards: list[Card]) -> bool:
    return bool(cards) and all(card.is_made_up for card in cards)


def _find(kind: EntityKind, slug: str) -> PublishedEntity | HttpResponse:
    """The entity; a redirect from the slug of a merged one, to be remembered for minutes only (a merge can be undone)."""
    rows = PublishedEntity.objects.of_kind(kind)
    if found := rows.filter(slug=slug).first():
        return cast(PublishedEntity, found)
    moved = PublishedRedirect.objects.filter(kind=kind, slug=slug).first()
    if moved is None or not rows.filter(slug=moved.target).exists():
        raise Http404
    response = HttpResponsePermanentRedirect(reverse(f"pages:{kind}", args=[moved.target]))
    response["Cache-Control"] = "max-age=300"
    return response
