"""Published, out, and into an empty database as drafts: the same statements, as far as DNA has a place for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from quotes.datasets.importing import apply_import
from quotes.models import Quote, Topic
from quotes.vocabulary import Verification
from tests import emptying
from tests.datasets.dna import export, planned
from tests.shipped import Shipped, empty

pytestmark = pytest.mark.django_db
Facts = set[tuple[str, ...]]


def facts(status: str, *, is_list: bool) -> Facts:
    """A tuple for each position that DNA knows, of the words, the source in its primary capacity, and the article."""
    return {
        (
            _as_listed(quote.text) if is_list else quote.text,
            quote.kind,
            quote.source_type,
            quote.speaker.name if quote.speaker else _as_listed(quote.source_label, is_list=is_list),
            *_actor(quote),
            quote.said_on or "",
            quote.article.url,
            _as_listed(quote.article.title, is_list=is_list),
            quote.article.published or "",
            quote.article.outlet.name if quote.article.outlet else "",
            quote.article.genre,
            coding.topic.slug,
            coding.stance,
        )
        for quote in Quote.objects.filter(status=status)
        for coding in quote.codings.all()
        if coding.stance in ("support", "oppose") and coding.is_final
    }


def _as_listed(text: str, *, is_list: bool = True) -> str:
    return " ".join(text.replace(";", ",").replace('"', "'").split()) if is_list else text


def _actor(quote: Quote) -> tuple[str, str]:
    capacity = quote.affiliations.filter(is_primary=True).first()
    if capacity:
        return capacity.affiliation.organization.name, capacity.standing
    return (quote.organization.name, "") if quote.organization else ("", "")


@pytest.mark.parametrize("name", ["events.csv", "debate.dna"])
def test_the_same_statements_come_back(shipped: Shipped, tmp_path: Path, name: str) -> None:
    if not emptying.is_allowed():
        pytest.skip("The database's user may not empty tables.")
    shipped.put("reference", "demonstration")
    is_list = name == "events.csv"
    before = facts("published", is_list=is_list)
    assert len(before) > 100
    export(
        tmp_path / name,
        "--format",
        "dna" if is_list else "dna-database",
        "--filter",
        f"verification={','.join(Verification.values)}",
    )
    topics = list(Topic.objects.values("slug", "name", "proposition"))
    with connection.cursor() as cursor:
        empty(cursor)
    Topic.objects.bulk_create(Topic(**topic) for topic in topics)
    plan = planned((tmp_path / name).read_bytes(), name, is_final="yes")
    assert plan.refusals == ()
    apply_import(plan, actor=None)
    assert set(Quote.objects.values_list("status", flat=True)) == {"draft"}
    assert facts("draft", is_list=is_list) == before
