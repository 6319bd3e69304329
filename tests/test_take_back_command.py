"""`take_back` says what would go, and takes it back when told so."""

from __future__ import annotations

import io

import pghistory
import pytest
from django.core.management import CommandError, call_command

from quotes import curation
from quotes.datasets.importing import SourceFile, apply_import, plan_import
from quotes.models import Import, Person, Quote
from quotes.vocabulary import ImportStatus

pytestmark = pytest.mark.django_db
TABLE = """id,text,speaker_name,url,headline
h1,The lanterns watch everyone.,Ottoline Varga,https://gazette.example/vote,The vote
h2,Put them out.,Bertil Quill,https://gazette.example/vote,The vote
"""


@pytest.fixture
def batch() -> Import:
    made = apply_import(plan_import(SourceFile("harbor-notes.csv", TABLE.encode())), actor=None)
    assert made
    return made


def run(uid: object, *options: str) -> str:
    output = io.StringIO()
    call_command("take_back", str(uid), *options, stdout=output)
    return " ".join(output.getvalue().split())


def change_one() -> None:
    """Somebody changes one of the quotes."""
    with pghistory.context(user="somebody"):
        Quote.objects.filter(text="Put them out.").update(cue="claimed")


def test_the_first_call_changes_nothing(batch: Import) -> None:
    said = run(batch.uid)
    assert "harbor-notes.csv" in said and "quotes 2 published 0 worked on since 0" in said
    assert "Nothing was changed. Take it back with --apply." in said
    assert Quote.objects.count() == 2


def test_apply_takes_it_back(batch: Import) -> None:
    assert run(batch.uid, "--apply").endswith("Taken back.")
    assert not Quote.objects.exists() and not Person.objects.exists()
    batch.refresh_from_db()
    assert batch.status == ImportStatus.TAKEN_BACK
    with pytest.raises(CommandError, match="taken back already"):
        run(batch.uid, "--apply")


def test_work_goes_only_when_that_is_said(batch: Import) -> None:
    change_one()
    for options in ((), ("--apply",)):
        with pytest.raises(CommandError, match=r"worked on 1 of its quotes .* --with-work"):
            run(batch.uid, *options)
    assert "Nothing was changed" in run(batch.uid, "--with-work")
    assert Quote.objects.count() == 2
    run(batch.uid, "--with-work", "--apply")
    assert not Quote.objects.exists()


def test_what_was_published_stands_against_it(batch: Import) -> None:
    Quote.objects.update(source_label="a warden")
    curation.publish(quotes=Quote.objects.all()[:1], actor=None)
    for options in (("--with-work",), ("--with-work", "--apply")):
        with pytest.raises(CommandError, match="Withdraw them instead"):
            run(batch.uid, *options)
    assert Quote.objects.count() == 2


def test_what_was_begun_goes_on(batch: Import) -> None:
    change_one()
    Import.objects.update(status=ImportStatus.LEAVING)
    assert "was begun" in run(batch.uid)
    run(batch.uid, "--apply")
    assert not Quote.objects.exists()


@pytest.mark.parametrize(("uid", "said"), [("7", "'7' is no uid"), ("0" * 32, "There is no import")])
def test_an_import_that_is_not_there_is_named(uid: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(uid)
