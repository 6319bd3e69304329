"""`check_quotes` over a made-up article, and over the reference article where its text is at hand."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from quotes import curation
from quotes.anchoring import anchor_words
from quotes.models import Quote, Snapshot
from tests.factories import make_article, make_person, make_quote, make_snapshot
from tests.shipped import Shipped

pytestmark = pytest.mark.django_db

PAGE = "The café met. “The lanterns watch everyone,” said Orla Tamsin.\n“Nobody asked the harbor.” So it ended."
LANTERNS, HARBOR = "The lanterns watch everyone,", "Nobody asked the harbor."
REFERENCE_TEXT = settings.BASE_DIR.parent / "shared" / "reference" / "ice-clearview-article.txt"


@pytest.fixture
def snapshot() -> Snapshot:
    return make_snapshot(make_article(slug="lanterns"), PAGE)


@pytest.fixture
def quote(snapshot: Snapshot) -> Quote:
    return quote_in(snapshot, LANTERNS, HARBOR)


def quote_in(snapshot: Snapshot, *exacts: str, speaker: str = "Orla Tamsin") -> Quote:
    return make_quote(
        exacts=exacts,
        article=snapshot.article,
        snapshot=snapshot,
        segments=anchor_words(PAGE, exacts),
        speaker=make_person(speaker),
        verification="attested",
    )


def forget_text(snapshot: Snapshot) -> None:
    curation.forget_text(snapshot=snapshot)


def check(*arguments: str) -> tuple[str, str | None]:
    """What the command prints, and its complaint (None when it ends with status 0)."""
    out = io.StringIO()
    try:
        call_command("check_quotes", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), None


def check_against(text: str | bytes, tmp_path: Path) -> tuple[str, str | None]:
    file = tmp_path / "page.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check("--snapshot", f"lanterns={file}")


def test_quotes_that_stand_in_the_kept_text_are_verbatim(quote: Quote) -> None:
    out, complaint = check()
    assert f"  verbatim   {quote.uid}  Orla Tamsin           The lanterns watch everyon…\n" in out
    assert "1 checked: 1 verbatim, 0 moved, 0 ambiguous, 0 altered, 0 missing\n" in out
    assert complaint is None


def test_a_given_file_is_said_to_be_the_snapshots_own_text(quote: Quote, tmp_path: Path) -> None:
    out, complaint = check_against(PAGE, tmp_path)
    assert "page.txt: the hash is the snapshot's own" in out
    assert complaint is None


def test_a_given_file_is_normalised_as_a_snapshot_is(quote: Quote, tmp_path: Path) -> None:
    file = PAGE.replace("é", "e\u0301").replace("\n", "\r\n")
    out, complaint = check_against(b"\xef\xbb\xbf" + file.encode(), tmp_path)
    assert "the hash is the snapshot's own" in out
    assert complaint is None


def test_another_text_is_said_to_be_another_even_when_all_quotes_stand(quote: Quote, tmp_path: Path) -> None:
    out, complaint = check_against(PAGE + "\nCorrected.", tmp_path)
    assert "the hash is no snapshot's: another text" in out
    assert complaint is None


def test_words_that_moved_are_shown_with_their_new_place(quote: Quote, tmp_path: Path) -> None:
    out, complaint = check_against("Updated.\n" + PAGE, tmp_path)
    assert "  moved      " in out
    assert "now at [24, 52), [73, 97)\n" in out
    assert complaint == "1 of 1 are not verbatim."


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("altered", PAGE.replace("watch everyone", "watch only some")),
        ("missing", "A page about tides."),
        ("ambiguous", f"“{LANTERNS}” and “{LANTERNS}” and “{HARBOR}”"),
    ],
)
def test_words_that_do_not_stand_are_reported_and_fail_the_check(
    quote: Quote, tmp_path: Path, verdict: str, text: str
) -> None:
    out, complaint = check_against(text, tmp_path)
    assert f"  {verdict:<9}  {quote.uid}  Orla Tamsin" in out
    assert f"1 {verdict}" in out.splitlines()[-1]
    assert complaint == "1 of 1 are not verbatim."


def test_one_quote_that_does_not_stand_fails_the_check_of_many(snapshot: Snapshot, tmp_path: Path) -> None:
    quote_in(snapshot, LANTERNS)
    quote_in(snapshot, HARBOR)
    out, complaint = check_against(PAGE.replace("harbor", "pier"), tmp_path)
    assert "2 checked: 1 verbatim, 0 moved, 0 ambiguous, 1 altered, 0 missing" in out
    assert complaint == "1 of 2 are not verbatim."


def test_with_verbosity_0_only_those_that_do_not_stand_are_listed(snapshot: Snapshot, tmp_path: Path) -> None:
    quote_in(snapshot, LANTERNS)
    out, _ = check("--verbosity", "0")
    assert out == "1 checked: 1 verbatim, 0 moved, 0 ambiguous, 0 altered, 0 missing\n"


def test_an_article_without_a_text_is_skipped_and_counted(snapshot: Snapshot, quote: Quote) -> None:
    quote_in(make_snapshot(make_article(slug="tides"), PAGE), LANTERNS)
    forget_text(snapshot)
    out, complaint = check()
    assert "lanterns\n  skipped    1: no text is kept and none was given\n" in out
    assert "1 skipped, in 1 article(s): no text is kept and none was given\n" in out
    assert complaint is None


def test_a_file_stands_in_for_a_text_that_is_not_kept(snapshot: Snapshot, quote: Quote, tmp_path: Path) -> None:
    forget_text(snapshot)
    out, complaint = check_against(PAGE, tmp_path)
    assert "the hash is the snapshot's own" in out
    assert "1 checked: 1 verbatim" in out
    assert complaint is None


def test_to_have_checked_nothing_is_no_success(snapshot: Snapshot, quote: Quote) -> None:
    forget_text(snapshot)
    assert check()[1] == "Nothing was checked."


def test_a_quote_without_a_position_is_skipped_and_counted(quote: Quote) -> None:
    make_quote(snapshot=None, segments=[])
    out, complaint = check()
    assert "1 skipped: no position in any text\n" in out
    assert complaint is None


def test_rows_fit_a_terminal_of_100_columns(snapshot: Snapshot) -> None:
    quote_in(snapshot, LANTERNS, speaker="Ottoline Wilhelmina Featherstonehaugh-Varga of the Harbor")
    assert max(len(line) for line in check()[0].splitlines()) <= 100


def test_an_unknown_slug_is_named(quote: Quote, tmp_path: Path) -> None:
    assert check("--snapshot", f"tides={tmp_path}")[1] == "no article has the slug 'tides'"


def test_a_file_that_is_not_there_is_named(quote: Quote, tmp_path: Path) -> None:
    _, complaint = check("--snapshot", f"lanterns={tmp_path / 'gone.txt'}")
    assert complaint == f"cannot read {tmp_path / 'gone.txt'}: No such file or directory"


def test_a_file_that_is_not_utf8_is_named_with_the_place(quote: Quote, tmp_path: Path) -> None:
    _, complaint = check_against("café".encode("latin-1"), tmp_path)
    assert complaint == f"{tmp_path / 'page.txt'} is not UTF-8: unexpected end of data at byte 3"


def test_an_argument_without_a_file_is_named(quote: Quote) -> None:
    assert "'lanterns' is not SLUG=FILE" in check("--snapshot", "lanterns")[1]


def test_an_article_given_twice_is_refused(quote: Quote) -> None:
    assert check("--snapshot", "lanterns=a", "--snapshot", "lanterns=b")[1] == "--snapshot names 'lanterns' twice"


@pytest.mark.skipif(not REFERENCE_TEXT.exists(), reason=f"the article's text is not ours to ship: no {REFERENCE_TEXT}")
def test_every_reference_quote_stands_in_the_reference_article(shipped: Shipped) -> None:
    shipped.put("reference")
    out, complaint = check("--snapshot", f"ice-clearview-ai-contract-2025={REFERENCE_TEXT}")
    assert "the hash is the snapshot's own" in out
    assert "19 checked: 19 verbatim" in out
    assert complaint is None


def test_every_quote_of_the_demonstration_stands_in_its_text(shipped: Shipped) -> None:
    shipped.put("reference", "demonstration")
    out, complaint = check("--verbosity", "0")
    assert complaint is None
    # The reference article's text is not shipped. Nothing else is without one.
    assert re.findall(r"^ *(skipped|\d+ skipped).*", out, flags=re.MULTILINE) == ["skipped", "19 skipped"]
