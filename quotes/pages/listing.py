"""A filtered, paged list of quotes, under the very parameters of the API: what was asked, what was found, what is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from quotes.pages.cards import Card, read_cards
from quotes.publication import paging
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.hidden import Hidden, hidden
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.publication.paging import QUOTE_ORDERS, Cursor, ListParameters, link, ranked, read_page, write_cursor
from quotes.publication.parameters import EntityField

# Beyond it a page says "more than": an exact count of everything would read everything.
MOST_COUNTED = 1_000
_COLUMNS = ("id", "uid", "document", "modified", "dated_start", "said_start", "published_start", "change")
_LABELS = {
    "q": "words",
    "affiliation_status": "standing",
    "affiliation_scope": "units below",
    "topic_scope": "topics below",
    "uid": "quotes",
}
_HIDDEN_WORDS = {
    "former": "by former members",
    "incoming": "by incoming members",
    "unknown": "of unknown standing",
}


@dataclass(frozen=True)
class Refusal:
    """What is wrong with one parameter; `mended` is the same question with the suggestion in its place, if there is one."""

    parameter: str
    message: str
    suggestion: str
    mended: str


class Refused(Exception):
    """The question cannot be understood."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("; ".join(f"{refusal.parameter}: {refusal.message}" for refusal in refusals))
        self.refusals = refusals


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the list without it."""

    label: str
    values: str
    without: str


@dataclass(frozen=True)
class Note:
    """So many are left out, and the list of them."""

    count: int
    words: str
    address: str


@dataclass(frozen=True)
class Order:
    """An order that the list can have."""

    name: str
    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Download:
    """Everything that matches, in a format."""

    label: str
    address: str


_DOWNLOADS = {
    "CSV": "format=csv",
    "CSV for spreadsheets": "format=csv&dialect=excel",
    "XLSX": "format=xlsx",
    "Parquet": "format=parquet",
    "JSON lines": "format=ndjson",
    "JSON-LD": "format=jsonld",
    "BibTeX": "format=bib",
    "RIS": "format=ris",
}


@dataclass(frozen=True)
class Listing:
    """One page of the answer."""

    cards: list[Card]
    next: str
    previous: str
    count: int
    is_more: bool
    chips: list[Chip]
    hidden: list[Note]
    orders: list[Order]
    api_address: str
    downloads: list[Download]


def _downloads(data: QueryDict, order: paging.Order) -> list[Download]:
    """The addresses of the whole result set; by date where it is ordered by relevance, which ranks only the newest."""
    asked = _without(data, "cursor", "page_size", *(["ordering"] if order.is_capped else []))
    query = f"{asked.urlencode()}&" if asked else ""
    return [Download(label, f"/api/v1/quotes/?{query}{form}") for label, form in _DOWNLOADS.items()]


def asked(**parameters: str) -> Any:
    """The published quotes under these filters, as the API would answer them. Raises Refused."""
    data = QueryDict(mutable=True)
    data.update(parameters)
    return _filterset(data, None).qs


def hidden_from(**parameters: str) -> list[Note]:
    """What the defaults leave out of `asked(...)`."""
    data = QueryDict(mutable=True)
    data.update(parameters)
    return _notes(_filterset(data, None))


def read_listing(data: QueryDict, *, path: str) -> Listing:
    """The page that the query parameters ask for. Raises Refused, naming each parameter that cannot be understood."""
    parameters = ListParameters(data, orderings=QUOTE_ORDERS)
    filterset = _filterset(data, parameters)
    try:
        start = parameters.start()
        queryset = ranked(filterset.qs, filterset.form.cleaned_data.get("q"), parameters.order)
    except ValidationError as error:
        name = error.params["param"] if error.params else "cursor"
        raise Refused(_refusals({name: [error]}, data)) from error
    page = read_page(queryset, parameters.order, parameters.size, start)
    count = filterset.qs.order_by()[: MOST_COUNTED + 1].count()

    def neighbour(cursor: Cursor | None) -> str:
        return link(path, data, write_cursor(cursor, data, parameters.order)) if cursor else ""

    return Listing(
        cards=read_cards(page.rows),
        next=neighbour(page.next),
        previous=neighbour(page.previous),
        count=min(count, MOST_COUNTED),
        is_more=count > MOST_COUNTED,
        chips=_chips(filterset, path),
        hidden=_notes(filterset),
        orders=_orders(data, path),
        api_address=f"/api/v1/quotes/?{_without(data, 'cursor').urlencode()}",
        downloads=_downloads(data, parameters.order),
    )


def _filterset(data: QueryDict, parameters: ListParameters | None) -> QuoteFilterSet:
    fields = list(parameters.fields) if parameters else ()
    filterset = QuoteFilterSet(data, PublishedQuote.objects.only(*_COLUMNS), others=fields)
    errors = filterset.refusals()
    if parameters:
        errors |= {name: list(found.as_data()) for name, found in parameters.errors.items()}
    if errors:
        raise Refused(_refusals(errors, data))
    return filterset


def _refusals(errors: Mapping[str, Sequence[ValidationError]], data: QueryDict) -> list[Refusal]:
    return [
        Refusal(name[:100], " ".join(error.messages), suggestion, _mended(name, error, suggestion, data))
        for name, found in errors.items()
        for error in found
        for suggestion in [(error.params or {}).get("suggestion", "")]
    ]


def _mended(name: str, error: ValidationError, suggestion: str, data: QueryDict) -> str:
    """The query with the suggestion in its place; empty where it is not plain what it replaces."""
    values = data.getlist(name)
    if not suggestion or (error.code != "unknown_parameter" and (len(values) != 1 or set(values[0]) & set(",:"))):
        return ""
    mended = data.copy()
    if error.code == "unknown_parameter":
        del mended[name]
        mended.setlist(suggestion, values)
    else:
        mended[name] = suggestion
    return f"?{mended.urlencode()}"


def _without(data: QueryDict, *names: str) -> QueryDict:
    """The question without these parameters, nor what would have nothing to modify without them."""
    left = data.copy()
    for name in names:
        left.pop(name, None)
    for modifier, bases in QuoteFilterSet.modifies.items():
        if modifier in left and not any(base in left for base in bases):
            del left[modifier]
    if "q" not in left and left.get("ordering") == "relevance":
        del left["ordering"]
    return left


def _chips(filterset: QuoteFilterSet, path: str) -> list[Chip]:
    given = {name: filterset.applied()[name] for name in filterset.filters}
    values = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    entities = {name for name in given if isinstance(filterset.form.fields[name], EntityField)}
    names = _names({value for name in entities for value in values[name]})
    return [
        Chip(
            label=_label(name),
            values=" or ".join(_shown(name, value, names) for value in found),
            without=f"{path}?{_without(filterset.data, name, 'cursor').urlencode()}",
        )
        for name, found in values.items()
    ]


def _shown(name: str, value: str, names: Mapping[str, str]) -> str:
    return f"“{value}”" if name == "q" else names.get(value, value.replace("_", " "))


def _label(name: str) -> str:
    base, negation, _ = name.partition("__not")
    return ("not " if negation else "") + _LABELS.get(base, base.replace("_", " "))


def _names(slugs: set[str]) -> dict[str, str]:
    """The names of what the slugs name: one query, and none where there are no slugs."""
    rows = PublishedEntity.objects.with_slugs(slugs) if slugs else ()
    return {row.slug: row.name for row in rows}


def _notes(filterset: QuoteFilterSet) -> list[Note]:
    return [_note(found) for found in hidden(filterset, path=reverse("pages:quotes"))]


def _note(found: Hidden) -> Note:
    words = _HIDDEN_WORDS.get(found["value"], found["value"])
    return Note(found["count"], words, found["url"])


def _orders(data: QueryDict, path: str) -> list[Order]:
    labels = {"-dated": "newest first", "dated": "oldest first"}
    if "q" in data:
        labels["relevance"] = "most relevant first"
    chosen = data.get("ordering", next(iter(QUOTE_ORDERS)))
    orders = []
    for name, label in labels.items():
        other = _without(data, "cursor", "ordering")
        if name != next(iter(QUOTE_ORDERS)):
            other["ordering"] = name
        orders.append(Order(name, label, f"{path}?{other.urlencode()}", name == chosen))
    return orders
