"""The people that the workbench offers as speakers, each with what they were at the article's date.

Dates only order and suggest: the standing of a quote is stored as the curator says it, and dates that are not known are not
"current".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from rapidfuzz import fuzz, process

from quotes import search
from quotes.admin.links import change_url
from quotes.admin.workbench.names import last_name, possible_names
from quotes.models import Affiliation, Article, Organization, Person, Quote, QuoteAffiliation
from quotes.partial_dates import PartialDate

_OFFERED = 12
_COMPARED = 500
_CLOSE = 80
_NEARNESS = {0: "in this article", 1: "in this outlet, or yours"}
_FITS = ("current", "undated", "former", "incoming")
_STANDINGS = {"current": "current", "former": "former", "incoming": "incoming", "undated": "unknown"}


def fit(job: Affiliation, published: PartialDate | None) -> str:
    """What the affiliation was at the article's date: current, former, incoming; undated where nothing tells."""
    if published is None or not (job.start or job.end):
        return "undated"
    if job.end and PartialDate(job.end).end < published.start:
        return "former"
    if job.start and PartialDate(job.start).start > published.end:
        return "incoming"
    return "current"


def period(job: Affiliation) -> str:
    """The affiliation's time in words."""
    if job.start and job.end:
        return f"{job.start}–{job.end}"
    if job.start:
        return f"since {job.start}"
    return f"until {job.end}" if job.end else "dates unknown"


def job_label(job: Affiliation) -> str:
    organization = job.organization.short_name or job.organization.name
    return f"{job.role}, {organization}" if job.role else organization


def capacity_values(row: QuoteAffiliation) -> dict[str, Any]:
    """A capacity as the page shows and sends it."""
    return {
        "affiliation": row.affiliation_id,
        "label": job_label(row.affiliation),
        "standing": row.standing,
        "role_as_stated": row.role_as_stated,
        "is_primary": row.is_primary,
    }


def describe(people: Iterable[Person], article: Article, quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    """The people as the page knows them; `quotes` are the article's, with their capacities. One query."""
    people = list(people)
    usual = {quote.speaker_id: quote for quote in sorted(quotes, key=lambda quote: quote.pk) if quote.speaker_id}
    jobs: dict[int, list[Affiliation]] = {person.pk: [] for person in people}
    for job in Affiliation.objects.filter(person__in=people).select_related("organization"):
        jobs[job.person_id].append(job)
    return [_entry(person, article, jobs[person.pk], usual.get(person.pk)) for person in people]


def _entry(person: Person, article: Article, jobs: list[Affiliation], last: Quote | None) -> dict[str, Any]:
    day = PartialDate(article.published) if article.published else None
    latest_first = sorted(jobs, key=lambda job: (str(job.start or ""), job.pk), reverse=True)
    fits = [(fit(job, day), job) for job in latest_first]
    fits.sort(key=lambda pair: _FITS.index(pair[0]))
    return {
        "id": person.pk,
        "name": person.name,
        "aliases": person.aliases,
        "last": last_name(person.name, person.sort_name),
        "url": change_url(person),
        "note": _NEARNESS[0] if last else _NEARNESS.get(getattr(person, "nearness", 2), ""),
        "jobs": [
            {
                "affiliation": job.pk,
                "label": job_label(job),
                "period": period(job),
                "fit": fits_how,
                "standing": _STANDINGS[fits_how],
            }
            for fits_how, job in fits
        ],
        # What was said of this person's capacity in the same article is the best guess for the next quote.
        "usual": [capacity_values(row) for row in last.affiliations.all()] if last else None,
    }


def people_in(text: str, quotes: Iterable[Quote]) -> list[Person]:
    """People who speak in the article already, or whose name or alias stands in its text. Two queries."""
    speakers = {quote.speaker.pk: quote.speaker for quote in quotes if quote.speaker}
    named = Person.objects.named(possible_names(text)).order_by("pk")[:_COMPARED]
    return list({**{person.pk: person for person in named}, **speakers}.values())


def names_of(people: Iterable[Person]) -> list[tuple[str, int]]:
    """Every name that the text may use for one of the people, with the person's key."""
    return [
        (name, person.pk)
        for person in people
        for name in {person.name, *person.aliases, last_name(person.name, person.sort_name)}
    ]


def find_people(words: str, article: Article, user: User) -> list[Person]:
    """The people whom the typed words may mean: those of this article first, then of this outlet and the user's work."""
    found = Person.objects.with_words(words).nearest_first(article=article, user=user)
    return list(found[:_OFFERED]) or close_people(words)


def close_people(name: str) -> list[Person]:
    """People whose name or an alias is like this one, the most alike first: one of them may be meant."""
    return _alike(name, Person.objects.like(name)[:_COMPARED], lambda person: [person.name, *person.aliases])


def find_organizations(words: str) -> list[Organization]:
    """The organizations that the typed words may mean; an acronym's own first."""
    found = list(Organization.objects.with_words(words).order_by("name", "pk")[:_COMPARED])
    if not found:
        return close_organizations(words)
    folded = search.fold(words).strip()
    return sorted(found, key=lambda one: folded not in {search.fold(one.short_name), search.fold(one.name)})[:_OFFERED]


def close_organizations(name: str) -> list[Organization]:
    """Organizations whose name, short name or alias is like this one, the most alike first."""
    rows = Organization.objects.like(name)[:_COMPARED]
    return _alike(name, rows, lambda one: [one.name, one.short_name, *one.aliases])


def describe_organizations(rows: Iterable[Organization]) -> list[dict[str, Any]]:
    return [{"id": row.pk, "name": row.name, "short": row.short_name, "kind": row.get_kind_display()} for row in rows]


def _alike(name: str, rows: Iterable[Any], names: Any) -> list[Any]:
    """The rows of which a name is like this one, whatever the accents, the case and the order of the words."""
    by_key: Mapping[int, Any] = {row.pk: row for row in rows}
    folded = [(key, search.fold(one)) for key, row in by_key.items() for one in names(row) if one]
    scored = process.extract(
        search.fold(name), [one for _, one in folded], scorer=fuzz.token_sort_ratio, score_cutoff=_CLOSE, limit=None
    )
    best = dict.fromkeys(folded[number][0] for _, _, number in scored)
    return [by_key[key] for key in best][:_OFFERED]
