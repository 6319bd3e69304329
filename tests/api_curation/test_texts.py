"""Texts hold letters, line feeds and tabs, and nothing that a screen would obey or search would take for a mark of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from quotes.api.curation.bodies import check_body
from quotes.api.curation.quote_shapes import QuoteMembers
from quotes.api.curation.shapes import SnapshotMembers
from quotes.api.problems import BadBody
from quotes.models import Snapshot
from tests import factories
from tests.api_curation.asking import Program

pytestmark = pytest.mark.django_db


def refused_text(shape: type, body: dict[str, Any]) -> list[tuple[str | None, str]]:
    with pytest.raises(BadBody) as refused:
        check_body(shape, body, is_change=True)
    return [(error.get("param"), error["code"]) for error in refused.value.members["errors"]]


@pytest.mark.parametrize("char", [chr(number) for number in range(1, 32) if chr(number) not in "\t\n\r"])
def test_no_text_holds_a_control_character(char: str) -> None:
    assert refused_text(SnapshotMembers, {"text": f"lit{char}lit"}) == [("text", "control_character")]
    assert refused_text(QuoteMembers, {"words": ["lit", f"li{char}t"]}) == [("words[1]", "control_character")]
    assert refused_text(QuoteMembers, {"framing": char}) == [("framing", "control_character")]
    evidence = [{"kind": "document", "provided_by": "x", "provided_on": "2025-01-01", "description": f"a{char}"}]
    assert refused_text(QuoteMembers, {"evidence": evidence}) == [("evidence[0].description", "control_character")]


def test_a_control_character_is_told_by_its_code_and_nothing_is_kept(curator: Program) -> None:
    article = factories.make_article(slug="the-vote")
    error = curator.refused("articles/the-vote/snapshots/", {"text": "lit\u0002lit"})
    assert (error["param"], error["code"]) == ("text", "control_character")
    assert error["detail"] == "U+0002 at character 3 is a control character."
    assert not article.snapshots.exists()


def test_line_ends_and_tabs_are_texts(curator: Program) -> None:
    factories.make_article(slug="the-vote")
    address = "articles/the-vote/snapshots/"
    sha256 = curator.make(address, {"text": "Lit.\r\n\tAnd kept.\rA bell."})["sha256"]
    assert Snapshot.objects.get(sha256=sha256).text == "Lit.\n\tAnd kept.\nA bell."
    assert refused_text(QuoteMembers, {"framing": "a\r\nb"}) == [("framing", "control_character")]
    check_body(QuoteMembers, {"framing": "a\n\tb", "words": ["a\r\nb"]}, is_change=True)


@pytest.mark.parametrize("name", ["reference", "demonstration"])
def test_no_shipped_text_holds_a_control_character(name: str) -> None:
    shipped = (Path(settings.BASE_DIR) / "fixtures" / f"{name}.json").read_text(encoding="utf-8")
    escapes = set(re.findall(r"\\(?:u00[01][0-9a-f]|[bfr])", shipped.replace("\\\\", "")))
    assert not escapes
