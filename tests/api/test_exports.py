"""Whole result sets and pages in other formats: complete, from one snapshot, and seen to be cut when they are."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction
from django.test import Client

from quotes.datasets.formats import FORMATS
from quotes.publication import streaming
from quotes.publication.models import PublishedQuote
from tests.api.asking import API, CLIENT, published, refused
from tests.api.exporting import body, lines, table


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("path", ["quotes/", "articles/"])
def test_where_nothing_matches_there_is_an_empty_answer_of_the_format(path: str, name: str) -> None:
    answer = CLIENT.get(f"{API}{path}?format={name}")
    content = answer.getvalue()
    assert answer.status_code == 200
    if name in ("jsonld", "csl"):
        assert json.loads(content) is not None


@pytest.mark.django_db
def test_a_page_in_another_format_says_where_the_next_is() -> None:
    for number in range(3):
        published(f"Lantern {number} watches.")
    answer = CLIENT.get(f"{API}quotes/?format=ndjson&page_size=2")
    assert len(answer.getvalue().splitlines()) == 2
    following = answer["Link"].partition("<")[2].partition(">")[0]
    assert len(CLIENT.get(following).getvalue().splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "application/json;q=0", "nonsense"])
def test_what_nobody_serves_is_not_acceptable(accept: str) -> None:
    assert CLIENT.get(f"{API}quotes/", headers={"Accept": accept}).status_code == 406


@pytest.mark.django_db
def test_the_accept_header_chooses_too() -> None:
    quote = published()
    answer = CLIENT.get(f"{API}quotes/", headers={"Accept": "text/csv;q=0.9, application/json;q=0.1"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert str(quote.uid) in answer.getvalue().decode()
    assert CLIENT.get(f"{API}quotes/", headers={"Accept": "*/*"})["Content-Type"] == "application/json"
    assert CLIENT.get(f"{API}quotes/", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.django_db
def test_fields_are_columns_of_tables_and_members_of_documents() -> None:
    quote = published()
    assert table("fields=uid,verification") == [{"uid": str(quote.uid), "verification": "attested"}]
    assert "text" not in table("omit=text")[0]
    assert lines("fields=article.slug") == [{"article": {"slug": quote.article.slug}}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("format=cvs", "format"),
        ("format=csv&format=ndjson", "format"),
        ("format=csv&fields=article.slug", "fields"),
        ("format=bib&fields=uid", "fields"),
        ("format=ndjson&expand=speaker", "expand"),
        ("format=csv&count=1", "count"),
        ("format=csv&q=lanterns&highlight=1", "highlight"),
        ("format=csv&q=lanterns&ordering=relevance", "ordering"),
        ("format=ndjson&dialect=excel", "dialect"),
        ("dialect=excel", "dialect"),
        ("format=csv&stanse=support", "stanse"),
    ],
)
def test_what_a_format_does_not_take_is_an_error_in_json(query: str, param: str) -> None:
    assert refused(query)["param"] == param


@pytest.mark.django_db
def test_for_a_spreadsheet_formulas_are_text_and_otherwise_words_are_as_they_are() -> None:
    published("=2+2 is what she said.")
    assert table("")[0]["text"] == "=2+2 is what she said."
    excel = body("format=csv&dialect=excel")
    assert excel.startswith("\ufeff")
    assert ",'=2+2 is what she said.," in excel


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_head_says_what_a_get_would_and_sends_nothing(name: str) -> None:
    published()
    whole = CLIENT.get(f"{API}quotes/?format={name}")
    length = len(whole.getvalue())
    answer = CLIENT.head(f"{API}quotes/?format={name}")
    assert (answer.status_code, answer.getvalue()) == (200, b"")
    for header in ("Content-Type", "ETag", "Accept-Ranges", "Content-Disposition"):
        assert answer[header] == whole[header]
    assert name == "xlsx" or answer["Content-Length"] == str(length)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"xlsx"}))
def test_the_same_state_gives_the_same_bytes(name: str) -> None:
    published()
    with time_machine.travel("2026-03-04T10:00:00Z", tick=False):
        first = CLIENT.get(f"{API}quotes/?format={name}")
        body = first.getvalue()
    with time_machine.travel("2026-03-05T11:00:00Z", tick=False):
        second = CLIENT.get(f"{API}quotes/?format={name}")
        assert (second.getvalue(), second["ETag"]) == (body, first["ETag"])
    assert not first["ETag"].startswith("W/")


@pytest.mark.django_db
def test_a_workbook_is_named_weakly() -> None:
    answer = CLIENT.get(f"{API}quotes/?format=xlsx")
    assert answer.getvalue() and answer["ETag"].startswith('W/"')


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=-8", -8, None), ("bytes=5-", 5, None), ("bytes=-999999", 0, None)],
)
def test_a_part_can_be_had_as_a_parquet_reader_asks_for_it(asked: str, start: int, end: int | None) -> None:
    published()
    body = CLIENT.get(f"{API}quotes/?format=parquet").getvalue()
    answer = CLIENT.get(f"{API}quotes/?format=parquet", headers={"Range": asked})
    part = answer.getvalue()
    assert part == body[start:end]
    assert answer["Content-Length"] == str(len(part))
    if len(part) < len(body):
        first = start if start >= 0 else len(body) + start
        assert (answer.status_code, answer["Content-Range"]) == (
            206,
            f"bytes {first}-{first + len(part) - 1}/{len(body)}",
        )


@pytest.mark.django_db
def test_a_part_that_is_not_there_is_416() -> None:
    answer = CLIENT.get(f"{API}quotes/?format=csv", headers={"Range": "bytes=999999999-"})
    assert answer.status_code == 416
    assert answer["Content-Range"].startswith("bytes */")


@pytest.mark.django_db
def test_a_whole_result_set_that_has_not_changed_is_not_read_again() -> None:
    published()
    answer = CLIENT.get(f"{API}quotes/?format=csv")
    assert answer.getvalue()
    etag = answer["ETag"]
    assert CLIENT.get(f"{API}quotes/?format=csv", headers={"If-None-Match": etag}).status_code == 304


# Over real connections


@pytest.fixture
def exported(settings: Any, transactional_db: None) -> Iterator[None]:
    settings.EXPORTS_ALIAS = "exports"
    yield
    connections["exports"].close()


real = pytest.mark.django_db(transaction=True, databases=["default", "exports"])


@real
@pytest.mark.usefixtures("exported")
def test_it_is_one_snapshot_whatever_is_published_meanwhile() -> None:
    quotes = [published(f"Lantern {number} watches.") for number in range(3)]
    rows = streaming.stream(PublishedQuote.objects.order_by("id"), ["id"], ["int8"])
    read = [next(rows)]
    published("One more lantern.")
    PublishedQuote.objects.filter(pk=quotes[2].pk).delete()
    read += rows
    assert [key for (key,) in read] == [quote.pk for quote in quotes]


@real
@pytest.mark.usefixtures("exported")
def test_only_so_many_run_at_once_and_the_next_hears_when_to_come() -> None:
    published()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(%s, place) FROM generate_series(0, %s) AS place",
            [streaming._PLACES, streaming.MOST_AT_ONCE - 1],
        )
        refused = Client().get(f"{API}quotes/?format=csv")
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert refused["Content-Type"] == "application/problem+json"
    assert Client().get(f"{API}quotes/?format=csv").getvalue()


@real
@pytest.mark.usefixtures("exported")
def test_one_reader_does_not_take_everybodys_places() -> None:
    published()
    PublishedQuote.objects.update(document=_padded())
    statuses: list[int] = []
    done = threading.Event()

    def read(address: str) -> None:
        answer: Any = Client().get(f"{API}quotes/?format=ndjson", REMOTE_ADDR=address)
        statuses.append(answer.status_code)
        if answer.status_code == 200:
            next(iter(answer.streaming_content))
        answered.release()
        done.wait(20)
        answer.close()
        connections.close_all()

    answered = threading.Semaphore(0)
    threads = []
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"):
        threads.append(threading.Thread(target=read, args=[address]))
        threads[-1].start()
        assert answered.acquire(timeout=20)
    done.set()
    for thread in threads:
        thread.join(20)
    assert statuses == [200, 200, 503, 200]


@real
@pytest.mark.usefixtures("exported")
@pytest.mark.parametrize("name", ["csv", "ndjson", "jsonld"])
def test_a_reader_who_goes_away_leaves_nothing_running(name: str) -> None:
    published()
    PublishedQuote.objects.update(document=_padded())  # more than any buffer holds
    answer: Any = Client().get(f"{API}quotes/?format={name}")
    next(iter(answer.streaming_content))
    answer.close()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [streaming._PLACES]
        )
        assert cursor.fetchone() == (0,)


def _padded() -> str:
    document = json.loads(PublishedQuote.objects.values_list("document", flat=True)[0])
    return json.dumps({**document, "verification_note": "lantern " * 500_000})


@real
@pytest.mark.usefixtures("exported")
def test_an_answer_that_breaks_off_is_not_ended_as_if_it_were_whole() -> None:
    """The server ends the statement midway: what was sent until then is followed by an error, not by an end."""
    published()
    PublishedQuote.objects.update(document=_padded())
    answer: Any = Client().get(f"{API}quotes/?format=ndjson")
    chunks = iter(answer.streaming_content)
    next(chunks)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY %'")
    with pytest.raises(Exception, match=r"terminating|closed|lost"):
        for _ in chunks:
            pass


@real
@pytest.mark.usefixtures("exported")
def test_several_readers_at_once_each_get_everything() -> None:
    for number in range(3):
        published(f"Lantern {number} watches.")
    found: list[int] = []

    def read(number: int) -> None:
        answer = Client().get(f"{API}quotes/?format=ndjson", REMOTE_ADDR=f"192.0.2.{number}")
        found.append(len(answer.getvalue().splitlines()))
        connections.close_all()

    threads = [threading.Thread(target=read, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [3, 3, 3, 3]


@real
@pytest.mark.usefixtures("exported")
def test_an_unfinished_transaction_of_a_writer_does_not_hold_it_up() -> None:
    quote = published()
    with transaction.atomic():
        PublishedQuote.objects.filter(pk=quote.pk).update(listed=False)
        done: list[int] = []
        thread = threading.Thread(target=lambda: (done.append(_count()), connections.close_all()))
        thread.start()
        thread.join(20)
    assert done == [1]


def _count() -> int:
    return len(Client().get(f"{API}quotes/?format=ndjson").getvalue().splitlines())
