"""A read article becomes a source, once, and nobody is made of a byline."""

from __future__ import annotations

import datetime as dt

import pytest

from quotes.anchoring import text_hash
from quotes.models import Article, Organization, Person, Snapshot
from quotes.publication.models import PublishedEntity
from quotes.reading.articles import ReadArticle
from quotes.reading.fetching import FetchedPage
from quotes.reading.keeping import KeepError, KeptArticle, keep_article
from tests.factories import make_article, make_organization, make_person

pytestmark = pytest.mark.django_db

URL = "https://gazette.example/vote"
MOMENT = dt.datetime(2025, 3, 5, 10, tzinfo=dt.UTC)


def keep(*, url: str = URL, final_url: str = URL, **changes: object) -> KeptArticle:
    page = FetchedPage(url, final_url, "text/html", None, b"", MOMENT)
    found = {"title": "The vote", "authors": (), "outlet_name": None, "published": None, "language": None}
    return keep_article(page, ReadArticle(**({**found, "canonical_url": None, "text": "Lit."} | changes)))  # type: ignore[arg-type]


def test_an_article_and_a_snapshot_of_its_text_are_kept() -> None:
    kept = keep(published="2025-03-04", language="pt-BR")
    article, snapshot = Article.objects.get(), Snapshot.objects.get()
    assert (article.slug, article.url, article.title) == ("the-vote", URL, "The vote")
    assert (article.published, article.language) == ("2025-03-04", "pt-BR")
    assert (snapshot.article, snapshot.text, snapshot.retrieved_at) == (article, "Lit.", MOMENT)
    assert (kept.sha256, kept.length, kept.is_new, kept.is_new_text) == (text_hash("Lit."), 4, True, True)


def test_nothing_of_it_is_public() -> None:
    keep()
    assert not PublishedEntity.objects.exists()


def test_the_same_page_again_makes_nothing_new() -> None:
    keep()
    again = keep(title="Another title")
    assert (again.is_new, again.is_new_text, again.title) == (False, False, "The vote")
    assert (Article.objects.count(), Snapshot.objects.count()) == (1, 1)


def test_a_page_that_has_changed_makes_a_new_snapshot() -> None:
    keep()
    again = keep(text="Put out.")
    assert (again.is_new, again.is_new_text) == (False, True)
    assert Snapshot.objects.count() == 2


@pytest.mark.parametrize("known", [URL, f"{URL}?from=front", f"{URL}/canonical"])
def test_an_article_is_known_by_any_address_of_its_page(known: str) -> None:
    article = make_article(url=known)
    kept = keep(url=f"{URL}?from=front", final_url=URL, canonical_url=f"{URL}/canonical")
    assert (kept.slug, kept.is_new) == (article.slug, False)


def test_a_new_article_stands_at_its_canonical_address() -> None:
    assert keep(url=f"{URL}?from=front", canonical_url=f"{URL}/canonical").url == f"{URL}/canonical"


def test_an_article_without_a_title_is_called_by_its_address() -> None:
    assert keep(title=None).title == URL


def test_an_outlet_and_authors_whom_one_record_bears_are_put_in() -> None:
    gazette = make_organization("lantern-gazette", name="Lantern Gazette")
    orla = make_person("Orla Tamsin", aliases=["O. Tamsin"])
    kept = keep(outlet_name="Lantern Gazette", authors=("Bertil Quill", "O. Tamsin", "Orla Tamsin"))
    article = Article.objects.get()
    assert (article.outlet, list(article.authors.all())) == (gazette, [orla])
    assert article.authorships.get().position == 2
    assert (kept.unmatched_outlet, kept.unmatched_authors) == (None, ("Bertil Quill",))


def test_a_name_that_two_bear_is_left_to_the_curator_and_nobody_is_made() -> None:
    for number in (1, 2):
        make_person("Orla Tamsin", slug=f"orla-{number}")
        make_organization(f"gazette-{number}", name="Lantern Gazette")
    kept = keep(outlet_name="Lantern Gazette", authors=("Orla Tamsin", "Bertil Quill"))
    assert (kept.unmatched_outlet, kept.unmatched_authors) == ("Lantern Gazette", ("Orla Tamsin", "Bertil Quill"))
    assert (Person.objects.count(), Organization.objects.count()) == (2, 2)


def test_a_page_without_text_is_not_kept() -> None:
    with pytest.raises(KeepError, match="No text of an article"):
        keep(text="")
    assert not Article.objects.exists()
