"""Articles, bylines and snapshots."""

from __future__ import annotations

import unicodedata

import pytest
from django.db.models import ProtectedError

from quotes import curation
from quotes.anchoring import text_hash
from quotes.models import Article, Authorship, Snapshot
from tests.factories import make_article, make_organization, make_person, make_quote, make_snapshot
from tests.model import BAD_SLUGS, BAD_WEB_ADDRESSES, refused, run

pytestmark = pytest.mark.django_db


def insert_snapshot(text: str | None, **fields: object) -> Snapshot:
    """A snapshot with this very text, hash and length: nothing is normalised."""
    described = {"length": len(text or ""), "sha256": text_hash(text or "")} | fields
    return Snapshot.objects.create(article=make_article(), text=text, **described)


@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_an_article_has_a_slug_of_lower_case_words(slug: str) -> None:
    with refused("article_slug_shape"):
        make_article(slug=slug)


@pytest.mark.parametrize("url", BAD_WEB_ADDRESSES)
def test_an_article_stands_at_a_web_address(url: str) -> None:
    with refused("article_url_is_web"):
        make_article(url=url)


@pytest.mark.parametrize("url", BAD_WEB_ADDRESSES)
def test_an_archived_copy_stands_at_a_web_address(url: str) -> None:
    with refused("article_archive_url_is_web"):
        make_article(archive_url=url)


@pytest.mark.parametrize("field", ["slug", "url"])
def test_two_articles_share_neither_slug_nor_address(field: str) -> None:
    value = getattr(make_article(), field)
    with refused(f"quotes_article_{field}_key"):
        make_article(**{field: value})


@pytest.mark.parametrize("language", ["", "english", "EN", "en_GB", "e"])
def test_a_language_is_a_tag(language: str) -> None:
    with refused("article_language_shape"):
        make_article(language=language)


@pytest.mark.parametrize("language", ["es", "pt-BR", "sr-Latn-RS", "gsw"])
def test_a_language_may_have_a_script_and_a_region(language: str) -> None:
    assert make_article(language=language).language == language


def test_an_article_is_published_on_a_partial_date() -> None:
    article = make_article()
    with refused("article_published_is_a_date"):
        run("UPDATE quotes_article SET published = 'yesterday' WHERE id = %s", article.pk)


@pytest.mark.parametrize(
    ("field", "constraint"), [("genre", "article_genre_known"), ("status", "article_status_known")]
)
def test_an_article_uses_the_vocabulary(field: str, constraint: str) -> None:
    with refused(constraint):
        make_article(**{field: "rumour", "status_note": "A note."})


@pytest.mark.parametrize("status", ["corrected", "retracted"])
def test_a_correction_or_a_retraction_is_explained(status: str) -> None:
    article = make_article()
    with refused("article_status_explained"):
        Article.objects.filter(pk=article.pk).update(status=status)


def test_a_person_stands_in_a_byline_once() -> None:
    article, person = make_article(), make_person()
    article.authorships.create(person=person, position=1)
    with refused("authorship_once"):
        article.authorships.create(person=person, position=2)


def test_places_in_a_byline_count_from_one() -> None:
    with refused("authorship_position_from_one"):
        make_article().authorships.create(person=make_person(), position=0)


def test_authors_come_in_the_order_of_the_byline() -> None:
    article, first, second = make_article(), make_person(), make_person()
    article.authorships.create(person=second, position=2)
    article.authorships.create(person=first, position=1)
    assert [authorship.person for authorship in Authorship.objects.filter(article=article)] == [first, second]


def test_an_outlet_with_articles_is_not_deleted() -> None:
    outlet = make_organization()
    make_article(outlet=outlet)
    with pytest.raises(ProtectedError):
        outlet.delete()


@pytest.mark.parametrize("text", ["The council met.", "Café — “naïve” 🏮🏮\nSecond line.", ""])
def test_a_snapshot_keeps_its_text(text: str) -> None:
    snapshot = insert_snapshot(text)
    snapshot.refresh_from_db()
    assert snapshot.text == text


@pytest.mark.parametrize(
    "wrong", [{"length": 3}, {"length": 17}, {"sha256": text_hash("Another text.")}, {"length": 5, "sha256": "0" * 64}]
)
def test_a_snapshot_text_is_as_long_and_as_hashed_as_said(wrong: dict[str, object]) -> None:
    with refused("snapshot_text_as_hashed"):
        insert_snapshot("The council met.", **wrong)


def test_a_snapshot_counts_code_points_and_not_bytes_or_utf_16_units() -> None:
    with refused("snapshot_text_as_hashed"):
        insert_snapshot("🏮", length=2)


@pytest.mark.parametrize("text", [unicodedata.normalize("NFD", "café"), "Line.\r\nLine.", "Line.\rLine."])
def test_a_snapshot_text_is_nfc_with_plain_line_ends(text: str) -> None:
    with refused("snapshot_text_as_hashed"):
        insert_snapshot(text)


@pytest.mark.parametrize("sha256", ["", "0" * 63, "g" * 64, "A" * 64])
def test_a_hash_is_64_small_hexadecimal_digits(sha256: str) -> None:
    with refused("snapshot_sha256_shape"):
        insert_snapshot(None, sha256=sha256)


def test_an_article_has_a_text_once() -> None:
    snapshot = insert_snapshot("The council met.")
    with refused("snapshot_once"):
        make_snapshot(snapshot.article, "The council met.")


def test_the_text_of_a_snapshot_never_changes() -> None:
    snapshot = insert_snapshot("The council met.")
    with refused("snapshot_is_immutable"):
        Snapshot.objects.filter(pk=snapshot.pk).update(text="The council sat.", sha256=text_hash("The council sat."))


@pytest.mark.parametrize("change", [{"length": 15}, {"sha256": "0" * 64}])
def test_what_describes_a_text_never_changes(change: dict[str, object]) -> None:
    snapshot = insert_snapshot(None, length=16, sha256=text_hash("The council met."))
    with refused("snapshot_is_immutable"):
        Snapshot.objects.filter(pk=snapshot.pk).update(**change)


def test_a_snapshot_stays_with_its_article() -> None:
    snapshot = insert_snapshot("The council met.")
    with refused("snapshot_is_immutable"):
        run("UPDATE quotes_snapshot SET article_id = %s WHERE id = %s", make_article().pk, snapshot.pk)


def test_a_text_is_not_lost_to_an_update_that_leaves_it_out() -> None:
    snapshot = insert_snapshot("The council met.")
    Snapshot.objects.filter(pk=snapshot.pk).update(text=None)
    snapshot.refresh_from_db()
    assert snapshot.text == "The council met."


def test_a_text_may_be_forgotten_and_put_back() -> None:
    snapshot = insert_snapshot("The council met.")
    curation.forget_text(snapshot=snapshot)
    snapshot.refresh_from_db()
    assert snapshot.text is None
    Snapshot.objects.filter(pk=snapshot.pk).update(text="The council met.")
    snapshot.refresh_from_db()
    assert snapshot.text == "The council met."


def test_only_the_hashed_text_may_be_put_in() -> None:
    snapshot = insert_snapshot(None, length=16, sha256=text_hash("The council met."))
    with refused("snapshot_text_as_hashed"):
        Snapshot.objects.filter(pk=snapshot.pk).update(text="The council sat.")


def test_a_text_put_in_later_must_hold_what_is_attested_in_it() -> None:
    text = "The council met."
    snapshot = insert_snapshot(None, length=len(text), sha256=text_hash(text))
    segments = [{"start": 4, "end": 11, "prefix": "The ", "suffix": " met."}]
    make_quote("Council", article=snapshot.article, snapshot=snapshot, segments=segments, verification="attested")
    with refused("quote_words_stand"):
        Snapshot.objects.filter(pk=snapshot.pk).update(text=text)


def test_a_quoted_snapshot_is_not_deleted() -> None:
    snapshot = make_quote().snapshot
    with pytest.raises(ProtectedError):
        snapshot.delete()


def test_a_quoted_article_is_not_deleted() -> None:
    article = make_quote().article
    with pytest.raises(ProtectedError):
        article.delete()


def test_an_article_of_a_form_passes_its_checks() -> None:
    Article(slug="lanterns", url="https://gazette.example/lanterns", title="Lanterns", published="2025-03").full_clean()
