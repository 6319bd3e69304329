"""Keyset paging: every row once, forward and backward, however many share a date, and while others publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

import pytest
from django.core import signing
from django.db import transaction

from quotes.curation import publish, refresh_publication, withdraw
from quotes.models import Quote
from tests.api.asking import API, CLIENT, ask, draft, published, refused
from tests.factories import make_article, make_organization, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

ORDERINGS = ["-dated", "dated", "-said_on", "-published", "-modified", "relevance"]
ENTITY_LISTS = {
    "people/": ["name", "-name"],
    "organizations/": ["name", "-name"],
    "articles/": ["-published", "published", "name"],
    "topics/": ["name", "-name"],
}
ROWS = 17


@pytest.fixture(scope="module")
def shelf(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Quotes that mostly share a date, some without any, in articles and by people who mostly share a name."""
    with django_db_blocker.unblock(), transaction.atomic():
        dates = ["2025-03-04"] * 9 + [None] * 5 + ["2024", "2025-03", "2019-01-01"]
        outlets = [make_organization(name="The Lantern") for _ in range(4)]
        quotes = [
            draft(
                "A dim lantern.",
                said_on=None if number % 2 else date,
                speaker=make_person("Ottoline Varga"),
                article=make_article(title="The vote", published=date, outlet=outlets[number % 4]),
            )
            for number, date in enumerate(dates)
        ]
        assert len(quotes) == ROWS
        publish(quotes=quotes, actor=None)
        yield
        transaction.set_rollback(True)


def follow(url: str | None, relation: str = "next") -> Iterator[dict[str, Any]]:
    """The page at the address and those that its links lead to, which must come to an end."""
    for _ in range(50):
        if not url:
            return
        page = CLIENT.get(url).json()
        yield page
        url = page[relation]
    raise AssertionError("The pages go on for ever.")


def keys(page: dict[str, Any]) -> list[str]:
    return [document.get("uid") or document["slug"] for document in page["results"]]


def walk(path: str, query: str) -> list[str]:
    return [key for page in follow(f"{API}{path}?{query}") for key in keys(page)]


def query_of(ordering: str) -> str:
    return f"ordering={ordering}" + ("&q=lantern" if ordering == "relevance" else "")


# Every row once


@pytest.mark.parametrize("size", [1, 4, 17])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_forward_sees_every_quote_once(ordering: str, size: int) -> None:
    seen = walk("quotes/", f"{query_of(ordering)}&page_size={size}")
    assert len(seen) == len(set(seen)) == ROWS


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_backward_sees_the_same_pages_in_reverse(ordering: str) -> None:
    forward = list(follow(f"{API}quotes/?{query_of(ordering)}&page_size=4"))
    *_, last = forward
    backward = list(follow(last["previous"], "previous"))
    assert [keys(page) for page in reversed(backward)] == [keys(page) for page in forward[:-1]]


@pytest.mark.parametrize(
    ("path", "ordering"), [(path, order) for path, orders in ENTITY_LISTS.items() for order in orders]
)
def test_lists_of_names_are_walked_both_ways(path: str, ordering: str) -> None:
    whole = keys(ask(f"ordering={ordering}&page_size=100", path=path))
    forward = list(follow(f"{API}{path}?ordering={ordering}&page_size=3"))
    assert [key for page in forward for key in keys(page)] == whole
    backward = list(follow(forward[-1]["previous"], "previous"))
    assert [keys(page) for page in reversed(backward)] == [keys(page) for page in forward[:-1]]


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_pages_are_cut_from_one_order(ordering: str) -> None:
    assert walk("quotes/", f"{query_of(ordering)}&page_size=2") == keys(ask(f"{query_of(ordering)}&page_size=100"))


def test_the_oldest_first_is_the_reverse_of_the_newest_first() -> None:
    assert walk("quotes/", "ordering=dated&page_size=5") == walk("quotes/", "ordering=-dated&page_size=5")[::-1]


@pytest.mark.parametrize("ordering", ["-dated", "-said_on", "-published"])
def test_unknown_dates_come_after_all_known_ones(ordering: str) -> None:
    field = {"-dated": ("dated", "date"), "-said_on": ("said_on",), "-published": ("article", "published")}[ordering]
    dates = []
    for document in ask(f"ordering={ordering}&page_size=100")["results"]:
        for member in field:
            document = document[member]
        dates.append(document)
    known = [date for date in dates if date]
    assert dates[len(known) :] == [None] * (len(dates) - len(known))
    assert known[0] == "2025-03-04"


def test_filters_hold_on_every_page() -> None:
    pages = list(follow(f"{API}quotes/?published_after=2025&page_size=2"))
    assert {document["article"]["published"][:4] for page in pages for document in page["results"]} == {"2025"}
    assert sum(len(page["results"]) for page in pages) == 10


def test_one_page_has_no_neighbours() -> None:
    answer = ask("page_size=100")
    assert (answer["next"], answer["previous"]) == (None, None)


def test_the_first_page_has_no_previous_and_the_last_no_next() -> None:
    pages = list(follow(f"{API}quotes/?page_size=9"))
    assert [(bool(page["previous"]), bool(page["next"])) for page in pages] == [(False, True), (True, False)]


def test_a_page_of_nothing_has_no_neighbours() -> None:
    answer = ask("kind=indirect")
    assert (answer["results"], answer["next"], answer["previous"]) == ([], None, None)


# While others write


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_sees_all_that_was_there_however_much_is_published_meanwhile(ordering: str) -> None:
    there, seen = set(walk("quotes/", "page_size=100")), []
    for number, page in enumerate(follow(f"{API}quotes/?{query_of(ordering)}&page_size=5")):
        seen += keys(page)
        for date in ("2026-01-01", "2025-03-04", None) if number < 3 else ():
            published("A dim lantern.", article=make_article(published=date))
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_a_walk_goes_on_where_its_last_row_was_withdrawn() -> None:
    first = ask("page_size=5")
    last = Quote.objects.get(uid=keys(first)[-1])
    withdraw(quotes=[last], reason="The paper took it back.", actor=None)
    rest = [key for page in follow(first["next"]) for key in keys(page)]
    assert len(set(keys(first)) | set(rest)) == ROWS


def test_a_page_whose_rows_were_all_withdrawn_is_empty() -> None:
    first = ask("page_size=15")
    rest = Quote.objects.filter(uid__in=keys(CLIENT.get(first["next"]).json()))
    withdraw(quotes=rest, reason="The paper took it back.", actor=None)
    page = CLIENT.get(first["next"]).json()
    assert (page["results"], page["next"]) == ([], None)


def test_a_backward_page_says_that_there_is_a_next_one() -> None:
    second = CLIENT.get(ask("page_size=5")["next"]).json()
    first = CLIENT.get(second["previous"]).json()
    assert keys(CLIENT.get(first["next"]).json()) == keys(second)


# The size


@pytest.mark.parametrize("size", ["1", "100"])
def test_a_page_has_from_one_to_a_hundred_rows(size: str) -> None:
    assert len(ask(f"page_size={size}")["results"]) == min(int(size), ROWS)


def test_a_page_has_twenty_five_rows_by_default() -> None:
    for _ in range(26 - ROWS):
        published()
    assert len(ask()["results"]) == 25


@pytest.mark.parametrize(
    "size", ["0", "101", "-1", "+5", "1.5", "1e1", "NaN", "٣", "five", "1_0", " 5", "9" * 400, "0x10"]
)
def test_another_size_is_refused(size: str) -> None:
    error = refused(f"page_size={size}")
    assert (error["param"], error["code"]) == ("page_size", "invalid")


def test_the_size_may_change_on_the_way() -> None:
    first = ask("page_size=2")
    second = CLIENT.get(first["next"].replace("page_size=2", "page_size=50")).json()
    assert len(keys(first)) + len(keys(second)) == ROWS
    assert second["next"] is None


def test_the_count_may_be_asked_for_on_the_way() -> None:
    assert CLIENT.get(ask("page_size=2")["next"] + "&count=1").json()["count"] == ROWS


# Cursors


def cursor() -> str:
    return dict(parse_qsl(urlsplit(ask("page_size=2")["next"]).query))["cursor"]


@pytest.mark.parametrize(
    "broken", ["x", "bz0x", "é", "a:b:c", "%00", "null", "1", "gASVIQAAAAAAAACMBXBvc2l4", "'; --", "x" * 3000, ":::"]
)
def test_what_is_no_cursor_is_refused(broken: str) -> None:
    error = refused(f"cursor={broken}")
    assert error["param"] == "cursor"
    assert error["code"] in {"broken_cursor", "control_character"}


@pytest.mark.parametrize("at", [0, 5, 20, -30, -1])
def test_a_cursor_with_one_letter_changed_is_refused(at: int) -> None:
    letters = list(cursor())
    letters[at] = "A" if letters[at] != "A" else "B"
    assert refused(f"cursor={quote_plus(''.join(letters))}&page_size=2")["code"] == "broken_cursor"


def test_a_cursor_signed_for_something_else_is_refused() -> None:
    values = signing.loads(cursor(), salt="quotes.api.cursor")
    assert refused(f"cursor={quote_plus(signing.dumps(values, salt='session'))}")["code"] == "broken_cursor"


@pytest.mark.parametrize(
    "query", ["kind=direct", "ordering=dated", "ordering=-said_on", "q=lantern", "published_after=2025"]
)
def test_a_cursor_of_another_query_is_refused(query: str) -> None:
    assert refused(f"{query}&cursor={quote_plus(cursor())}")["code"] == "foreign_cursor"


def test_a_cursor_of_another_list_is_refused() -> None:
    address = ask("page_size=2", path="people/")["next"]
    assert refused(urlsplit(address).query, path="organizations/")["code"] == "foreign_cursor"


def test_a_cursor_goes_with_the_same_filters_in_another_order() -> None:
    address = urlsplit(ask("kind=direct&published_after=2025&page_size=2")["next"])
    swapped = "&".join(reversed(address.query.split("&")))
    assert keys(CLIENT.get(f"{address.path}?{swapped}").json()) == keys(CLIENT.get(address.geturl()).json())


# Links


def test_the_link_header_names_the_neighbours() -> None:
    first = CLIENT.get(f"{API}quotes/?page_size=2")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = CLIENT.get(first.json()["next"])
    links = second.json()
    assert second["Link"] == f'<{links["next"]}>; rel="next", <{links["previous"]}>; rel="previous"'


def test_a_page_without_neighbours_has_no_link_header() -> None:
    assert "Link" not in CLIENT.get(f"{API}quotes/?page_size=100")


def test_links_keep_the_query() -> None:
    address = ask("kind=direct&published_after=2025&q=dim+lantern&page_size=2&count=1")["next"]
    query = dict(parse_qsl(urlsplit(address).query))
    del query["cursor"]
    assert query == {"kind": "direct", "published_after": "2025", "q": "dim lantern", "page_size": "2", "count": "1"}


def test_links_are_whole_addresses_on_the_host_that_was_asked() -> None:
    assert ask("page_size=2")["next"].startswith("http://testserver/api/v1/quotes/?page_size=2&cursor=")


def test_a_row_that_moves_while_walking_is_not_seen_twice_by_name() -> None:
    first = ask("page_size=3", path="people/")
    slug = keys(first)[0]
    quote = Quote.objects.get(speaker__slug=slug)
    quote.speaker.aliases = ["The Lamplighter"]
    quote.speaker.save()
    refresh_publication()
    rest = [key for page in follow(first["next"]) for key in keys(page)]
    assert slug not in rest
