"""An import, taken back: what it brought goes, what others came to need stays, and nothing that was public."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from pghistory.models import Context

from quotes import curation
from quotes.datasets import bulk, taking_back
from quotes.datasets.importing import SourceFile, apply_import
from quotes.datasets.popolo import apply_popolo, plan_popolo
from quotes.datasets.taking_back import Leaving, NotTakenBack, look_at, take_back
from quotes.models import (
    Affiliation,
    Article,
    Coding,
    DoubtfulSpeaker,
    Import,
    ImportedRow,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Review,
    Topic,
)
from quotes.publication import checking
from quotes.publication.worker import refresh_all
from tests.datasets import line, lines
from tests.datasets.bulk import QUAY, VOTE, article, bring, corpus, quotation
from tests.factories import (
    make_affiliation,
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_quote,
    make_snapshot,
    make_topic,
)
from tests.model import run, settle

pytestmark = pytest.mark.django_db

MODELS: tuple[type[models.Model], ...] = (
    Person,
    Organization,
    Affiliation,
    Article,
    Quote,
    QuoteAffiliation,
    Coding,
    ImportedRow,
    DoubtfulSpeaker,
    Redirect,
)


def state() -> dict[str, list[Any]]:
    """Every row of every table that an import may touch."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}


def bring_table(**cells: Any) -> Import:
    Topic.objects.get_or_create(
        slug="lanterns", defaults={"name": "Lanterns", "proposition": "Lanterns should be lit."}
    )
    rows = [
        line(
            external_id=f"h{number}",
            text=f"Lamp {number} burns.",
            organization="Harbor Watch",
            role="warden",
            outlet="Lantern Gazette",
            topic="lanterns",
            stance="oppose",
            **cells,
        )
        for number in range(3)
    ]
    made = apply_import(lines(*rows), actor=None)
    assert made
    return made


def by_others() -> None:
    """Whatever follows in the test's one transaction is not the import's doing: its context is set for the transaction."""
    run("SELECT set_config('pghistory.context_id', '', true)")


def bring_corpus(folder: Path) -> Import:
    doubtful = quotation(quoteID="doubt", speaker="Bertil Quill", qids=["Q8", "Q9"])
    return bring(corpus(folder, quotation(urls=[VOTE, QUAY]), article(url="https://third.example/a"), doubtful), most=2)


def bring_people() -> Import:
    council = {
        "persons": [{"id": "p1", "name": "Neva Corrin"}],
        "organizations": [
            {"id": "o1", "name": "Sutherby Council"},
            {"id": "o2", "name": "Lamp Committee", "parent_id": "o1"},
            {"id": "o3", "name": "Wick Panel", "parent_id": "o2"},
        ],
        "memberships": [{"person_id": "p1", "organization_id": "o3", "role": "chair"}],
    }
    plan = plan_popolo(SourceFile("council.json", json.dumps(council).encode(), "popolo"))
    made = apply_popolo(plan, actor=None)
    assert made
    return made


IMPORTS: dict[str, Callable[[Path], Import]] = {
    "a table": lambda folder: bring_table(),
    "a corpus": bring_corpus,
    "people": lambda folder: bring_people(),
}


@pytest.mark.parametrize("bring_in", IMPORTS.values(), ids=IMPORTS)
def test_afterwards_everything_is_as_it_was_before(tmp_path: Path, bring_in: Callable[[Path], Import]) -> None:
    make_topic("lanterns")
    make_quote(speaker=make_person("Ottoline Varga", wikidata_id="Q900000001"), article=make_article(url=VOTE))
    before = state()
    batch = bring_in(tmp_path)
    assert state() != before
    went: list[int] = []
    expected = look_at(batch).quotes
    take_back(batch, most=2, went=went.append)
    settle()
    assert state() == before
    assert sum(went) == expected
    batch.refresh_from_db()
    assert (batch.status, batch.rows_done) == ("taken_back", 0)
    assert f"taking back of {batch.file_name}" in Context.objects.values_list("metadata__done", flat=True)


@pytest.mark.parametrize("bring_in", IMPORTS.values(), ids=IMPORTS)
def test_the_same_file_comes_in_again_afterwards(tmp_path: Path, bring_in: Callable[[Path], Import]) -> None:
    batch = bring_in(tmp_path)
    once = {name: len(rows) for name, rows in state().items()}
    take_back(batch)
    again = bring_in(tmp_path)
    assert again.pk != batch.pk
    assert {name: len(rows) for name, rows in state().items()} == once


def test_an_import_that_was_only_begun_can_be_taken_back(tmp_path: Path) -> None:
    file = corpus(tmp_path, quotation(), quotation(quoteID="two"))
    batch = bring(file)
    Import.objects.update(status="staged", rows_done=1)
    take_back(batch)
    assert not Quote.objects.exists()
    assert bulk.unfinished(file) is None


def test_it_is_taken_back_once(tmp_path: Path) -> None:
    batch = bring_corpus(tmp_path)
    take_back(batch)
    with pytest.raises(NotTakenBack, match=r"It is taken back already\."):
        take_back(batch)


# What was public


def publish_one(quote: Quote) -> None:
    by_others()
    Quote.objects.filter(pk=quote.pk).update(source_label="a warden")
    curation.publish(quotes=[Quote.objects.get(pk=quote.pk)], actor=None)


@pytest.mark.parametrize("is_withdrawn", [False, True])
@pytest.mark.parametrize("with_work", [False, True])
def test_what_was_published_holds_back_the_rest(tmp_path: Path, is_withdrawn: bool, with_work: bool) -> None:
    batch = bring_corpus(tmp_path)
    quote = Quote.objects.filter(article__url=VOTE).earliest("pk")
    publish_one(quote)
    if is_withdrawn:
        curation.withdraw(quotes=[Quote.objects.get(pk=quote.pk)], reason="Never said.", actor=None)
    before = state()
    assert look_at(batch).published == 1
    with pytest.raises(NotTakenBack, match="1 of its quotes were published"):
        take_back(batch, with_work=with_work)
    assert state() == before
    assert Import.objects.get().status == "applied"


def test_what_is_kept_as_fabricated_stays(tmp_path: Path) -> None:
    batch = bring_corpus(tmp_path)
    quote = Quote.objects.earliest("pk")
    by_others()
    make_evidence(quote)
    Quote.objects.filter(pk=quote.pk).update(verification="fabricated")
    assert look_at(batch) == Leaving(quotes=4, published=1, worked_on=1)
    with pytest.raises(NotTakenBack, match="kept as retracted or fabricated"):
        take_back(batch, with_work=True)


def test_what_is_published_while_the_others_go_stays(tmp_path: Path) -> None:
    batch = bring_corpus(tmp_path)
    quote = Quote.objects.earliest("pk")
    calls: list[int] = []

    def publish_at_once(quotes: int) -> None:
        calls.append(quotes)
        if len(calls) == 1:
            publish_one(quote)

    take_back(batch, most=1, went=publish_at_once)
    settle()
    assert (list(Quote.objects.all()), len(calls)) == ([quote], 3)
    assert Import.objects.get().status == "taken_back"
    assert ImportedRow.objects.get().quote == quote
    assert bulk.look(corpus(tmp_path, quotation(urls=[VOTE, QUAY]))).known == 1


# Work that people have done


def coded(quote: Quote) -> None:
    make_coding(quote, make_topic(), coder="a", round=1, is_final=False)


def reworded(quote: Quote) -> None:
    Quote.objects.filter(pk=quote.pk).update(cue="said")


def changed_by_hand(quote: Quote) -> None:
    run("UPDATE quotes_quote SET cue = 'said' WHERE id = %s", quote.pk)


def given_evidence(quote: Quote) -> None:
    make_evidence(quote)


def given_a_capacity(quote: Quote) -> None:
    make_capacity(quote, make_organization())


def reviewed(quote: Quote) -> None:
    curation.submit_for_review(quotes=[quote], actor=None)


def reported(quote: Quote) -> None:
    make_quote(reported_via=quote)


WORK = [coded, reworded, changed_by_hand, given_evidence, given_a_capacity, reviewed, reported]


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_work_goes_only_when_that_is_said(tmp_path: Path, work: Callable[[Quote], None]) -> None:
    batch = bring_corpus(tmp_path)
    by_others()
    work(Quote.objects.filter(speaker__isnull=False).earliest("pk"))
    assert look_at(batch) == Leaving(quotes=4, published=0, worked_on=1)
    before = state()
    with pytest.raises(NotTakenBack, match=r"People have worked on 1 of its quotes since; that would be lost\."):
        take_back(batch)
    assert state() == before
    take_back(batch, with_work=True)
    settle()
    assert not Quote.objects.filter(imported_rows__batch=batch).exists()
    assert not Coding.objects.exists()
    assert not Review.objects.exists()


def test_what_a_table_brought_along_is_no_work_of_others() -> None:
    batch = bring_table()
    assert look_at(batch) == Leaving(quotes=3, published=0, worked_on=0)


def test_a_decided_name_is_work_and_the_decision_is_kept(tmp_path: Path) -> None:
    batch = bring_corpus(tmp_path)
    by_others()
    bertil = make_person("Bertil Quill", slug="bertil-quill")
    curation.decide_speaker(doubt=DoubtfulSpeaker.objects.get(), person=bertil, actor=None)
    with pytest.raises(NotTakenBack):
        take_back(batch)
    take_back(batch, with_work=True)
    assert DoubtfulSpeaker.objects.get().speaker_slug == "bertil-quill"
    bring_corpus(tmp_path)
    assert Quote.objects.filter(speaker=bertil).count() == 1


# What others have come to need


def test_people_and_articles_that_others_use_stay(tmp_path: Path) -> None:
    batch = bring_corpus(tmp_path)
    by_others()
    speaker = Person.objects.get(name="Ottoline Varga")
    quote = make_quote(speaker=speaker, article=Article.objects.get(url=QUAY))
    take_back(batch)
    assert list(Quote.objects.all()) == [quote]
    assert set(Article.objects.values_list("url", flat=True)) == {QUAY}
    assert Person.objects.get() == speaker


@pytest.mark.parametrize(
    "use",
    [
        lambda: make_snapshot(Article.objects.get(url=VOTE), "Lit.", retrieved_at="2025-03-05T10:00:00Z"),
        lambda: Article.objects.get(url=VOTE).authorships.create(person=make_person()),
        lambda: Article.objects.filter(url=VOTE).update(title="As a curator has it"),
    ],
    ids=["a snapshot", "a byline", "a title"],
)
def test_an_article_that_somebody_has_worked_on_stays(tmp_path: Path, use: Callable[[], Any]) -> None:
    batch = bring_corpus(tmp_path)
    by_others()
    use()
    take_back(batch)
    settle()
    assert Article.objects.get().url == VOTE


@pytest.mark.parametrize(
    "use",
    [
        lambda person: Person.objects.filter(pk=person.pk).update(sort_name="Varga, Ottoline"),
        lambda person: make_affiliation(person, make_organization()),
        lambda person: make_article().authorships.create(person=person),
        lambda person: Redirect.objects.create(kind="person", slug="o-varga", target=person.slug),
    ],
    ids=["a name", "an office", "a byline", "an old address"],
)
def test_a_person_whom_somebody_has_worked_on_stays(tmp_path: Path, use: Callable[[Person], Any]) -> None:
    batch = bring_corpus(tmp_path)
    person = Person.objects.get(name="Ottoline Varga")
    by_others()
    use(person)
    take_back(batch)
    settle()
    assert Person.objects.filter(pk=person.pk).exists()


def test_an_organization_above_one_that_is_needed_stays() -> None:
    batch = bring_people()
    make_quote(source_type="organization", organization=Organization.objects.get(name="Lamp Committee"))
    take_back(batch)
    assert set(Organization.objects.values_list("name", flat=True)) == {"Sutherby Council", "Lamp Committee"}


def test_a_second_import_keeps_what_it_matched(tmp_path: Path) -> None:
    first = bring_corpus(tmp_path)
    second = bring(corpus(tmp_path, quotation(quoteID="later"), source="another"))
    take_back(first)
    assert Quote.objects.get().imported_rows.get().batch == second
    assert (Person.objects.get().name, Article.objects.get().url) == ("Ottoline Varga", VOTE)
    # Nobody needs what the first one brought any more; whoever cares for that looks for unused records.
    take_back(second)
    assert not Quote.objects.exists()


# Utterances


def test_an_utterance_whose_root_goes_has_its_earliest_other_as_root(tmp_path: Path) -> None:
    first = bring(corpus(tmp_path, quotation()))
    second = bring(corpus(tmp_path, quotation(urls=[VOTE, QUAY, "https://third.example/a"])))
    third = bring(corpus(tmp_path, quotation(urls=["https://fourth.example/a"])))
    take_back(first)
    settle()
    root, *others = Quote.objects.order_by("pk")
    assert root.same_utterance_as is None
    assert [one.same_utterance_as for one in others] == [root, root]
    # That another import's quotes were given another root is nobody's work on them.
    assert look_at(second).worked_on == look_at(third).worked_on == 0
    take_back(second)
    assert Quote.objects.get().same_utterance_as is None


def test_a_published_repetition_stays_public_and_true(tmp_path: Path) -> None:
    batch = bring(corpus(tmp_path, quotation()))
    repeated = make_quote(same_utterance_as=Quote.objects.get(), source_label="a warden")
    curation.publish(quotes=[repeated], actor=None)
    take_back(batch)
    repeated.refresh_from_db()
    assert (repeated.status, repeated.same_utterance_as) == ("published", None)
    refresh_all()
    assert [str(finding) for finding in checking.check(checking.Seen()) if finding] == []


def test_a_quote_that_was_reported_through_one_that_goes_stays(tmp_path: Path) -> None:
    batch = bring(corpus(tmp_path, quotation()))
    quote = make_quote(reported_via=Quote.objects.get())
    take_back(batch, with_work=True)
    quote.refresh_from_db()
    assert quote.reported_via is None


# Ended midway


class Broken(Exception):
    pass


@pytest.mark.parametrize("at", [1, 2, 4])
def test_what_was_ended_midway_goes_on_by_asking_again(tmp_path: Path, at: int) -> None:
    before = state()
    batch = bring_corpus(tmp_path)
    calls: list[int] = []

    def breaking(quotes: int) -> None:
        calls.append(quotes)
        if len(calls) == at:
            raise Broken

    with pytest.raises(Broken):
        take_back(batch, most=1, went=breaking)
    assert (Quote.objects.count(), ImportedRow.objects.count()) == (4 - at, 4 - at)
    assert Import.objects.get().status == "leaving"
    take_back(batch)
    settle()
    assert state() == before


def test_what_was_ended_before_the_people_went_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()
    batch = bring_corpus(tmp_path)

    def breaking(*arguments: Any) -> None:
        raise IntegrityError

    with monkeypatch.context() as patched:
        patched.setattr(taking_back, "_remove_unneeded", breaking)
        with pytest.raises(IntegrityError):
            take_back(batch)
    assert not Quote.objects.exists()
    assert Person.objects.exists()
    take_back(batch)
    assert state() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publication_stalemark")
        assert cursor.fetchone()[0] == 0
