"""After an upgrade: rows that an older version of the code projected are projected anew, behind everything else."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest
from django.db import connection

from quotes import curation
from quotes.models import Quote
from quotes.publication import checking, worker
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote, StaleMark
from quotes.publication.projection import VERSION
from quotes.publication.records import csv_record, flat_values
from quotes.publication.refresh import reproject
from tests import factories

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def published(number: int) -> list[Quote]:
    quotes = [factories.make_quote(source_label="the source") for _ in range(number)]
    curation.publish(quotes=quotes, actor=None)
    return quotes


def as_older_code_left_it() -> None:
    run(f"UPDATE publication_publishedquote SET version = {VERSION - 1}, record = '', digest = ''")
    run(f"UPDATE publication_publishedentity SET version = {VERSION - 1}, digest = ''")
    run("DELETE FROM publication_publishedcoding")


def outdated() -> tuple[int, int]:
    return PublishedQuote.objects.outdated(VERSION).count(), PublishedEntity.objects.outdated(VERSION).count()


def follow(passes: int) -> None:
    """The worker, told to stop after so many looks."""
    stops: Iterator[bool] = iter([False] * (passes + 1) + [True] * 9)
    worker.follow(lambda: next(stops), wait=0)


def test_every_row_has_the_finished_record_of_its_document() -> None:
    published(1)
    row = PublishedQuote.objects.get()
    assert row.record == csv_record(flat_values(orjson.loads(row.document)))


def test_the_worker_projects_rows_of_an_older_version_anew() -> None:
    [quote] = published(1)
    factories.make_round(1, closed_at="2026-11-03T10:00:00Z")
    factories.make_coding(quote, factories.make_topic(), round=1)
    curation.refresh_publication()
    before = PublishedQuote.objects.values("document", "record").get()
    as_older_code_left_it()
    follow(4)
    assert outdated() == (0, 0)
    assert PublishedQuote.objects.values("document", "record").get() == before
    assert PublishedCoding.objects.count() == 1
    assert [str(finding) for finding in checking.check(checking.Seen()) if finding] == []


def test_a_batch_is_bounded_and_the_next_one_goes_on() -> None:
    published(5)
    as_older_code_left_it()
    assert [reproject(most=2).looked_at for _ in range(3)] == [2, 2, 1]
    assert outdated() == (0, 0)
    assert reproject(most=2).looked_at == 0


def test_what_is_marked_comes_before_the_next_batch() -> None:
    [quote] = published(1)
    as_older_code_left_it()
    Quote.objects.filter(pk=quote.pk).update(cue="whispered")
    follow(1)
    assert "whispered" in PublishedQuote.objects.get().document
    assert not StaleMark.objects.exists()


def test_entities_alone_are_projected_anew_too() -> None:
    published(2)
    run("UPDATE publication_publishedentity SET version = 0, document = '{}'")
    assert reproject(most=3).looked_at == 3
    assert reproject(most=3).looked_at == 1
    assert outdated() == (0, 0)
    assert not PublishedEntity.objects.filter(document="{}").exists()


def test_an_old_row_without_a_source_does_not_keep_the_worker_busy() -> None:
    published(1)
    run("UPDATE publication_publishedentity SET version = 0, key = 0 WHERE kind = 'person'")
    reproject()
    assert reproject().looked_at == 0
    assert not PublishedEntity.objects.filter(kind="person").exists()


def test_an_old_row_of_a_quote_that_is_no_longer_public_goes() -> None:
    published(1)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE quotes_quote DISABLE TRIGGER publication_withdraw")
    run("UPDATE quotes_quote SET status = 'draft'")
    run("ALTER TABLE quotes_quote ENABLE TRIGGER publication_withdraw")
    StaleMark.objects.all().delete()
    as_older_code_left_it()
    reproject()
    assert not PublishedQuote.objects.exists()


def test_rows_that_are_as_they_must_be_are_left_alone() -> None:
    published(1)
    before = PublishedQuote.objects.values("change", "modified").get()
    follow(2)
    assert PublishedQuote.objects.values("change", "modified").get() == before
