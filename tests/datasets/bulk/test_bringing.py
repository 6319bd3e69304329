"""A corpus brought in: what is written, never twice, batch by batch, and going on wherever it was ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from pghistory.models import Context

from quotes import curation
from quotes.datasets import bulk
from quotes.datasets.bulk import bringing, speakers, writing
from quotes.datasets.bulk.statements import Speaker
from quotes.datasets.importing import ImportRefused
from quotes.datasets.taking_back import take_back
from quotes.models import Article, DoubtfulSpeaker, Import, ImportedRow, Person, Quote, Redirect
from tests.datasets.bulk import (
    MODELS,
    QUAY,
    VOTE,
    article,
    bring,
    corpus,
    counts,
    found_in_article,
    graph_line,
    quotation,
)
from tests.factories import make_article
from tests.model import settle

pytestmark = pytest.mark.django_db


def ten(**members: Any) -> list[dict[str, Any]]:
    """Lines of ten quotes by three people in five articles."""
    return [
        quotation(
            quoteID=f"q-{number}",
            quotation=f"Lamp {number} burns.",
            speaker=f"Orla {'ABC'[number % 3]}",
            qids=[f"Q{number % 3 + 1}"],
            urls=[f"https://gazette.example/{number % 5}"],
            **members,
        )
        for number in range(10)
    ]


def test_a_line_becomes_a_draft_with_all_that_it_says(tmp_path: Path) -> None:
    curator = User.objects.create_user("curator")
    batch = bring(corpus(tmp_path, article()), actor=curator)
    settle()
    quote = Quote.objects.get()
    assert (quote.text, quote.status, quote.verification) == ("The lanterns watch everyone.", "draft", "unverified")
    assert (quote.kind, quote.source_type, quote.venue, quote.created_by) == (
        "direct",
        "person",
        "unspecified",
        curator,
    )
    assert quote.speaker and (quote.speaker.name, quote.speaker.wikidata_id) == ("Ottoline Varga", "Q900000001")
    assert quote.source_label == ""
    assert quote.segments == [{"prefix": "The council met . `` ", "suffix": " '' said Varga , and left ."}]
    assert (quote.article.title, quote.article.published, quote.article.language) == ("The vote", "2019-04-01", "en")
    assert (quote.article.genre, quote.article.slug) == ("news", writing.article_slug("The vote", VOTE))
    row = quote.imported_rows.get()
    assert (row.batch, row.source, row.row, row.probability) == (batch, "quotebank", 1, 0.9)
    assert row.told and row.told["phase"] == "E"
    assert (batch.status, batch.rows, batch.rows_done, batch.options) == ("applied", 1, 1, {"status": "draft"})
    assert (batch.format, batch.file_name, batch.created_by) == ("quotebank", "corpus.jsonl", curator)


def test_an_article_without_a_title_is_named_by_its_address(tmp_path: Path) -> None:
    bring(corpus(tmp_path, quotation(urls=["https://gazette.example/a", "HTTPS://gazette.example/b"])))
    assert set(Article.objects.values_list("title", "published")) == {
        ("https://gazette.example/a", None),
        ("https://gazette.example/b", None),
    }


def test_an_article_that_is_here_is_used_and_left_as_it_is(tmp_path: Path) -> None:
    here = make_article(url=VOTE, title="As it is", published="2019")
    bring(corpus(tmp_path, article()))
    assert Quote.objects.get().article == here
    here.refresh_from_db()
    assert (here.title, here.published) == ("As it is", "2019")


@pytest.mark.parametrize("is_merged", [False, True])
def test_an_article_whose_address_was_corrected_keeps_its_slug(tmp_path: Path, is_merged: bool) -> None:
    slug = writing.article_slug("The vote", VOTE)
    if is_merged:
        make_article(slug="kept")
        Redirect.objects.create(kind="article", slug=slug, target="kept")
    else:
        make_article(slug=slug, url="https://gazette.example/corrected")
    bring(corpus(tmp_path, article()))
    assert Article.objects.get(url=VOTE).slug.startswith(f"{slug}-")


def test_the_longest_title_makes_a_slug_that_fits(tmp_path: Path) -> None:
    title = "Lanterns " * 55
    make_article(slug=writing.article_slug(title.strip(), VOTE))
    bring(corpus(tmp_path, article(title=title)))
    for one in Article.objects.all():
        one.clean_fields(exclude=["outlet"])


def test_occurrences_of_one_utterance_are_joined_to_the_first(tmp_path: Path) -> None:
    bring(corpus(tmp_path, quotation(urls=[VOTE, QUAY, "https://third.example/a"])))
    root, *others = Quote.objects.order_by("pk")
    assert [(one.article.url, one.same_utterance_as) for one in others] == [
        (QUAY, root),
        ("https://third.example/a", root),
    ]


@pytest.mark.parametrize("most", [1, 2, 100])
def test_occurrences_are_joined_over_batches_and_files(tmp_path: Path, most: int) -> None:
    lines = [article(url=f"https://gazette.example/{number}") for number in range(3)]
    bring(corpus(tmp_path, quotation(quoteID="2019-04-01-00000"), *lines), most=most)
    bring(corpus(tmp_path, article(url=QUAY)), most=most)
    root, *others = Quote.objects.filter(imported_rows__external_id__startswith="2019-04-01-000001@").order_by("pk")
    assert [one.same_utterance_as for one in others] == [root] * 3
    assert Quote.objects.filter(same_utterance_as=None).count() == 2


def test_another_collection_has_ids_of_its_own(tmp_path: Path) -> None:
    bring(corpus(tmp_path, quotation()))
    bring(corpus(tmp_path, quotation(), source="my-sample"))
    assert set(ImportedRow.objects.values_list("source", flat=True)) == {"quotebank", "my-sample"}
    assert Quote.objects.filter(same_utterance_as=None).count() == 2
    assert Article.objects.count() == Person.objects.count() == 1


def test_the_same_file_again_makes_nothing(tmp_path: Path) -> None:
    file = corpus(tmp_path, *ten())
    bring(file)
    before = counts()
    again = bring(file)
    assert (counts(), again.status) == (before, "applied")


def test_a_file_with_lines_added_brings_those(tmp_path: Path) -> None:
    bring(corpus(tmp_path, *ten()))
    batch = bring(corpus(tmp_path, quotation(), *ten()))
    assert batch.imported_rows.count() == 1
    assert Quote.objects.count() == 11


def test_new_quotes_may_be_handed_over_for_review(tmp_path: Path) -> None:
    batch = bring(corpus(tmp_path, *ten()), status="in_review")
    assert set(Quote.objects.values_list("status", flat=True)) == {"in_review"}
    assert batch.options == {"status": "in_review"}


def test_refused_lines_are_passed_over(tmp_path: Path) -> None:
    batch = bring(corpus(tmp_path, {"quoteID": 5}, *ten(), {}))
    assert Quote.objects.count() == 10
    assert (batch.rows, batch.rows_done) == (12, 12)


def test_every_row_has_one_event_in_the_history_of_this_import(tmp_path: Path) -> None:
    file = corpus(tmp_path, *ten(), quotation(quoteID="doubt", qids=["Q8", "Q9"], urls=[VOTE, QUAY]))
    batch = bring(file, most=3)
    settle()
    for model in MODELS:
        events = apps.get_model("quotes", f"{model.__name__}Event").objects  # type: ignore[attr-defined]
        found = list(events.values_list("pgh_obj_id", "pgh_label", "pgh_context__metadata__import"))
        keys = model._default_manager.values_list("pk", flat=True)
        assert sorted(found) == sorted((key, "insert", str(batch.uid)) for key in keys), model
    assert set(Context.objects.values_list("metadata__done", flat=True)) == {"import of corpus.jsonl"}


def test_drafts_leave_no_mark_for_the_publication(tmp_path: Path) -> None:
    bring(corpus(tmp_path, *ten(), quotation(urls=[VOTE, QUAY])))
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM publication_stalemark_id_seq")
        before = cursor.fetchone()
        bring(corpus(tmp_path, article(url="https://third.example/a")))
        cursor.execute("SELECT last_value FROM publication_stalemark_id_seq")
        assert cursor.fetchone() == before


def test_a_curator_publishes_what_came_in(tmp_path: Path) -> None:
    bring(corpus(tmp_path, article()))
    quote = Quote.objects.get()
    Quote.objects.update(source_label="Ottoline Varga, a warden")
    [published] = curation.publish(quotes=[quote], actor=None)
    assert published.status == "published"
    bring(corpus(tmp_path, article(url=QUAY)))
    assert Quote.objects.get(article__url=QUAY).same_utterance_as == quote


def test_a_file_whose_name_is_no_text_comes_in(tmp_path: Path) -> None:
    assert bring(corpus(tmp_path, quotation(), name="lamps-\udcff.jsonl")).file_name == "lamps-?.jsonl"


def test_progress_is_told_in_lines(tmp_path: Path) -> None:
    told: list[int] = []
    bring(corpus(tmp_path, *ten()), most=4, wrote=told.append)
    assert told == [0, 4, 4, 2]


class Broken(Exception):
    pass


def breaking_after(batches: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but for the exception in the midst of the batch after so many."""
    calls = iter(range(100))

    def write(*arguments: Any, **options: Any) -> Any:
        done = work(*arguments, **options)
        if next(calls) == batches:
            raise Broken
        return done

    return write


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_what_was_ended_goes_on_behind_what_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    lines = [{}, *ten(), quotation(qids=["Q8", "Q9"])]
    file = corpus(tmp_path, *lines)
    with monkeypatch.context() as patched:
        patched.setattr(bringing, "write", breaking_after(batches, writing.write))
        with pytest.raises(Broken):
            bulk.bring_in(file, rows=len(lines), most=3)
    begun = bulk.unfinished(file)
    assert begun and begun.rows_done == 3 * batches
    assert Quote.objects.count() == ImportedRow.objects.count() == max(0, 3 * batches - 1)
    told: list[int] = []
    batch = bulk.bring_in(file, rows=len(lines), most=3, wrote=told.append)
    assert (batch.pk, batch.status, batch.rows_done) == (begun.pk, "applied", 12)
    assert sum(told) == 12
    assert told[0] == 3 * batches
    assert (Quote.objects.count(), Person.objects.count(), DoubtfulSpeaker.objects.count()) == (11, 3, 1)
    assert bulk.unfinished(file) is None


def test_it_does_not_go_on_otherwise_than_it_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = corpus(tmp_path, *ten())
    with monkeypatch.context() as patched:
        patched.setattr(bringing, "write", breaking_after(1, writing.write))
        with pytest.raises(Broken):
            bulk.bring_in(file, rows=10, most=4)
    with pytest.raises(ImportRefused, match="Begun with status draft, and up to row 4 in"):
        bulk.bring_in(file, rows=10, status="in_review")


def test_what_is_being_taken_back_does_not_come_in(tmp_path: Path) -> None:
    file = corpus(tmp_path, *ten())
    batch = bring(file)
    Import.objects.filter(pk=batch.pk).update(status="leaving")
    with pytest.raises(ImportRefused, match="is being taken back"):
        bulk.bring_in(file, rows=10)


def test_an_import_that_is_taken_back_meanwhile_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = corpus(tmp_path, *ten())

    def taking_back(lines: int) -> None:
        if lines == 3:
            take_back(Import.objects.get())

    with pytest.raises(ImportRefused, match="nothing more is brought in"):
        bulk.bring_in(file, rows=10, most=3, wrote=taking_back)
    assert (Quote.objects.count(), Person.objects.count(), Article.objects.count()) == (0, 0, 0)
    assert Import.objects.get().status == "taken_back"


def test_a_damaged_file_leaves_what_came_before_the_damage(tmp_path: Path) -> None:
    file = corpus(tmp_path, *ten())
    with file.path.open("ab") as stream:
        stream.write(b"x" * 1_000)
    bulk.bring_in(file, rows=11, most=3)
    assert Quote.objects.count() == 10


def test_nothing_is_left_in_the_session(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '7s'")
    bring(corpus(tmp_path, *ten()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'import\\_%%' AND relpersistence = 't'")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] <= 2  # the transaction's own: the imports' and the publication's
        cursor.execute("SHOW client_connection_check_interval")
        assert cursor.fetchone()[0] == "7s"


def test_ids_beyond_what_a_column_takes_are_refused_before(tmp_path: Path) -> None:
    lines = [found_in_article(quoteID="x" * 150) for _ in range(12)]
    bring(corpus(tmp_path, article(*lines, url="https://gazette.example/" + "y" * 1_900, title="z" * 500)))
    assert ImportedRow.objects.count() == 12


@pytest.mark.parametrize("length", [1, 1_000_000])
def test_the_longest_words_come_in(tmp_path: Path, length: int) -> None:
    bring(corpus(tmp_path, graph_line(quotes=[{"quote": "ü " * ((length - 1) // 2) + "x"}]), format="gdelt"))
    assert Quote.objects.count() == 1


# Several sessions at once


@pytest.fixture
def another_session() -> Iterator[Any]:
    other = connection.copy()
    yield other
    other.close()


@pytest.mark.django_db(transaction=True)
def test_one_file_is_brought_in_by_one_process_at_a_time(tmp_path: Path, another_session: Any) -> None:
    file = corpus(tmp_path, *ten())
    key = f"import {file.collection} {file.sha256}"
    with another_session.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        with pytest.raises(ImportRefused, match="Another process is bringing this very file in"):
            bulk.bring_in(file, rows=10)
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
    assert not Import.objects.exists()
    bulk.bring_in(file, rows=10)
    assert Quote.objects.count() == 10


def meanwhile(monkeypatch: pytest.MonkeyPatch, session: Any, sql: str, *, times: int = 1) -> list[int]:
    """Another session commits the statement after the people were looked for and before they are made."""
    tried: list[int] = []
    make = speakers._make

    def make_later(new: Any) -> Any:
        if len(tried) < times:
            with session.cursor() as cursor:
                cursor.execute(sql)
        tried.append(1)
        return make(new)

    monkeypatch.setattr(speakers, "_make", make_later)
    return tried


PERSON = (
    "INSERT INTO quotes_person (slug, name, sort_name, aliases, wikidata_id)"
    " VALUES ('a-curators', 'Orla Tamsin', 'Tamsin, Orla', '{}', 'Q900000001')"
)
ARTICLE = (
    "INSERT INTO quotes_article (slug, url, title, language, genre, archive_url, status, status_note)"
    f" VALUES ('a-curators', '{VOTE}', 'A curator''s', 'en', 'news', '', 'current', '')"
)


@pytest.mark.django_db(transaction=True)
def test_a_person_whom_a_curator_makes_meanwhile_is_the_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another_session: Any
) -> None:
    tried = meanwhile(monkeypatch, another_session, PERSON)
    bulk.bring_in(corpus(tmp_path, quotation()), rows=1)
    assert len(tried) == 2
    assert Quote.objects.get().speaker == Person.objects.get()
    assert Person.objects.get().slug == "a-curators"


@pytest.mark.django_db(transaction=True)
def test_an_article_that_a_curator_makes_meanwhile_is_the_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another_session: Any
) -> None:
    meanwhile(monkeypatch, another_session, ARTICLE)
    bulk.bring_in(corpus(tmp_path, quotation()), rows=1)
    assert Quote.objects.get().article.slug == "a-curators"


@pytest.mark.django_db(transaction=True)
def test_each_batch_is_whole_before_the_next_begins(tmp_path: Path, another_session: Any) -> None:
    """What another session sees after every batch agrees."""
    seen: list[tuple[int, ...]] = []

    def look(lines: int) -> None:
        with another_session.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM quotes_quote), (SELECT count(*) FROM quotes_importedrow),"
                " (SELECT rows_done FROM quotes_import), (SELECT count(*) FROM quotes_import WHERE status = 'staged')"
            )
            seen.append(cursor.fetchone())

    bulk.bring_in(corpus(tmp_path, *ten()), rows=10, most=4, wrote=look)
    assert seen == [(0, 0, 0, 1), (4, 4, 4, 1), (8, 8, 8, 1), (10, 10, 10, 1)]


@pytest.mark.django_db(transaction=True)
def test_a_decision_waits_for_the_batch_that_is_being_written(tmp_path: Path, another_session: Any) -> None:
    """Else the rows that are on their way would wait for ever for a decision that was made."""
    doubtful = [quotation(quoteID=f"q-{number}", qids=["Q8", "Q9"]) for number in range(2)]
    bring(corpus(tmp_path, doubtful[0]))
    batch, doubt = Import.objects.get(), DoubtfulSpeaker.objects.get()
    with transaction.atomic():
        speakers.place([Speaker(doubt.name, ("Q8", "Q9"))], batch)
        with another_session.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
            with pytest.raises(Exception, match="lock timeout"):
                cursor.execute("SELECT FROM quotes_doubtfulspeaker WHERE id = %s FOR UPDATE", [doubt.pk])
