"""Bringing a table in: drafts with their import recorded, all or nothing, and never twice."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from quotes import curation
from quotes.datasets.importing import ImportRefused, apply_import
from quotes.models import (
    Affiliation,
    Article,
    Coding,
    Import,
    ImportedRow,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
)
from quotes.publication.models import PublishedQuote
from tests.datasets import ROW, line, lines, planned, table
from tests.factories import make_affiliation, make_article, make_organization, make_person, make_quote, make_topic
from tests.model import settle

pytestmark = pytest.mark.django_db

MODELS = (Person, Organization, Affiliation, Article, Quote, QuoteAffiliation, Coding, Import, ImportedRow)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def bring_in(*rows: str, actor: Any = None) -> Import | None:
    made = apply_import(lines(*rows), actor=actor)
    settle()
    return made


def full_row(**cells: Any) -> str:
    return line(
        **{
            "kind": "partial",
            "organization": "Harbor Watch",
            "role": "warden",
            "standing": "former",
            "source_label": "Ottoline Varga, once warden",
            "cue": "said",
            "framing": "She said that the lanterns",
            "venue": "hearing",
            "said_on": "2025-03",
            "topic": "lanterns",
            "stance": "oppose",
            "certainty": "low",
            "coder": "coder-7",
            "outlet": "Lantern Gazette",
            "published": "2025-03-04",
            "language": "pt-BR",
            "genre": "analysis",
            "archive_url": "https://archive.example/vote",
            **cells,
        }
    )


def test_a_row_becomes_a_draft_with_all_that_it_says() -> None:
    make_topic("lanterns")
    curator = User.objects.create_user("curator")
    bring_in(full_row(), actor=curator)
    quote = Quote.objects.get()
    assert (quote.status, quote.verification, quote.created_by) == ("draft", "unverified", curator)
    assert (quote.text, quote.kind, quote.venue, quote.said_on) == (
        "The lanterns watch everyone.",
        "partial",
        "hearing",
        "2025-03",
    )
    assert (quote.source_label, quote.cue, quote.framing) == (
        "Ottoline Varga, once warden",
        "said",
        "She said that the lanterns",
    )
    article = quote.article
    assert (article.title, article.url, article.published) == ("The vote", "https://gazette.example/vote", "2025-03-04")
    assert (article.language, article.genre, article.archive_url) == (
        "pt-BR",
        "analysis",
        "https://archive.example/vote",
    )
    assert article.outlet and (article.outlet.name, article.outlet.kind) == ("Lantern Gazette", "media")
    [capacity] = quote.affiliations.all()
    assert (capacity.standing, capacity.role_as_stated, capacity.is_primary) == ("former", "warden", True)
    assert (capacity.affiliation.person, capacity.affiliation.organization.kind) == (quote.speaker, "other")
    [coding] = quote.codings.all()
    assert (coding.stance, coding.certainty, coding.coder, coding.round) == ("oppose", "low", "coder-7", 1)
    assert not coding.is_final


def test_a_stance_is_final_where_the_table_says_so() -> None:
    make_topic("lanterns")
    bring_in(full_row(is_final="yes"))
    assert Quote.objects.get().codings.final().count() == 1


def test_what_exists_is_used_and_left_as_it_is() -> None:
    speaker = make_person("Ottoline Varga", slug="ottoline-varga")
    watch = make_organization("harbor-watch", name="Harbor Watch")
    job = make_affiliation(speaker, watch, "warden", start="2019")
    article = make_article(url="https://gazette.example/vote", title="As it is")
    bring_in(line(organization="harbor-watch", role="warden"))
    quote = Quote.objects.get()
    assert (quote.article, quote.speaker, quote.affiliations.get().affiliation) == (article, speaker, job)
    assert (Person.objects.get(), Article.objects.get().title) == (speaker, "As it is")


def test_a_role_that_is_not_known_yet_is_an_affiliation_of_its_own() -> None:
    speaker = make_person("Ottoline Varga", slug="ottoline-varga")
    make_affiliation(speaker, make_organization("harbor-watch"), "warden", start="2019")
    bring_in(line(organization="harbor-watch", role="clerk"))
    assert QuoteAffiliation.objects.get().affiliation.role == "clerk"
    assert Affiliation.objects.count() == 2


def test_of_several_capacities_the_first_is_primary() -> None:
    bring_in(line(affiliations="Harbor Watch:current; Zoning Council:former", roles="warden | clerk"))
    rows = QuoteAffiliation.objects.order_by("id").values_list("affiliation__organization__name", "is_primary")
    assert list(rows) == [("Harbor Watch", True), ("Zoning Council", False)]


def test_the_file_and_its_rows_are_recorded() -> None:
    curator = User.objects.create_user("curator")
    plan = planned(table(ROW, ROW.replace("h1", "h2")))
    batch = apply_import(plan, actor=curator)
    assert batch
    batch.refresh_from_db()
    assert (batch.file_name, batch.source, batch.format, batch.rows) == ("harbor-notes.csv", "harbor-notes", "csv", 2)
    assert (batch.sha256, batch.status, batch.created_by) == (plan.file.sha256, "applied", curator)
    rows = batch.imported_rows.order_by("row").values_list("row", "external_id", "quote__text")
    assert list(rows) == [(2, "h1", "The lanterns watch everyone."), (3, "h2", "The lanterns watch everyone.")]


def test_nothing_is_public_before_an_editor_publishes_it() -> None:
    bring_in(line(source_label="a warden"))
    assert not PublishedQuote.objects.exists()
    curation.publish(quotes=Quote.objects.all(), actor=None)
    assert PublishedQuote.objects.count() == 1


# Once


def test_the_same_file_again_makes_nothing_new() -> None:
    make_topic("lanterns")
    bring_in(full_row(), full_row(external_id="h2"))
    before = counts()
    again = lines(full_row(), full_row(external_id="h2"))
    assert (again.refusals, again.quotes, again.known, again.rows) == ((), (), 2, 2)
    assert apply_import(again, actor=None) is None
    assert counts() == before


def test_the_same_file_under_another_name_is_the_same_collection() -> None:
    apply_import(planned(table(ROW)), actor=None)
    assert planned(table(ROW), "renamed.csv").known == 1
    assert planned(table(ROW), "renamed.csv", source="another-collection").known == 0


def test_rows_that_were_added_come_in_and_the_others_are_known() -> None:
    bring_in(line())
    bring_in(line(), line(external_id="h2", text="Others."))
    assert [batch.imported_rows.count() for batch in Import.objects.order_by("id")] == [1, 1]
    assert Quote.objects.count() == 2


def test_rows_without_an_id_come_in_once_too() -> None:
    bring_in(line(external_id=None))
    assert lines(line(external_id=None)).known == 1


def test_a_row_that_reads_differently_now_is_refused() -> None:
    bring_in(line())
    [refusal] = lines(line(text="The lanterns watch nobody.")).refusals
    assert (refusal.code, refusal.row, refusal.value) == ("changed", 1, "h1")


def test_a_row_whose_draft_was_thrown_away_comes_in_again() -> None:
    bring_in(line())
    Quote.objects.all().delete()
    assert len(lines(line()).quotes) == 1


def test_a_row_of_our_own_export_is_known_by_its_uid() -> None:
    assert lines(line(external_id=None, uid=str(make_quote().uid).upper())).known == 1


# All or nothing


def test_a_plan_with_a_refusal_is_not_applied() -> None:
    before = counts()
    with pytest.raises(ImportRefused, match="row 2, column text"):
        bring_in(line(), line(external_id="h2", text=""))
    assert counts() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_person("Ottoline Varga"),
        lambda: make_person(slug="ottoline-varga"),
        lambda: make_article(url="https://gazette.example/vote"),
        lambda: apply_import(lines(line(text="Others.")), actor=None),
    ],
    ids=["namesake", "slug", "article", "row"],
)
def test_a_plan_that_the_database_has_left_behind_is_not_applied(change: Any) -> None:
    plan = lines(line())
    change()
    before = counts()
    with pytest.raises(ImportRefused):
        apply_import(plan, actor=None)
    assert counts() == before


# The command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "harbor-notes.csv"
    path.write_bytes(table(ROW))
    return path


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("import_quotes", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_shows_the_plan_and_writes_nothing(file: Path) -> None:
    assert run(file) == (
        "harbor-notes.csv: 1 rows, of the collection harbor-notes\n"
        "  new quotes            1\n"
        "  known already         0\n"
        "  refused               0\n"
        "  new person        ottoline-varga                  Ottoline Varga\n"
        "  new article       the-vote                        The vote\n"
        "Nothing was written. Bring it in with --apply.\n"
    )
    assert not Quote.objects.exists()


def test_the_command_brings_a_table_in_when_told_so(file: Path) -> None:
    assert run(file, "--apply").endswith(f"Brought in as import {Import.objects.get().uid}.\n")
    assert Quote.objects.count() == 1
    assert run(file, "--apply").endswith("Nothing is new; nothing was written.\n")


def test_the_command_fails_when_a_row_is_refused_and_names_its_place(file: Path) -> None:
    file.write_bytes(table(ROW, "h2,,Ottoline Varga,https://gazette.example/vote,The vote"))
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 refused; nothing was written"):
        call_command("import_quotes", str(file), "--apply", stdout=out)
    [shown] = [one for one in out.getvalue().splitlines() if "row 3" in one]
    assert shown.split(maxsplit=3)[2] == "text"
    assert not Quote.objects.exists()


def test_the_command_takes_a_collection_a_format_and_defaults(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text(line(organization="Harbor Watch"))
    run(path, "--format", "jsonl", "--source", "harbor-archive", "--default", "standing=current", "--apply")
    assert Import.objects.get().source == "harbor-archive"
    assert QuoteAffiliation.objects.get().standing == "current"


@pytest.mark.parametrize("arguments", [["no-such-file.csv"], ["."]])
def test_the_command_names_a_file_that_it_cannot_read(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=f"cannot read {arguments[0]}"):
        run(*arguments)


def test_a_default_without_a_value_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="'standing=' is not COLUMN=VALUE"):
        run(file, "--default", "standing=")
