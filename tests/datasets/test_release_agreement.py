"""How far coders agree, topic by topic, in the data statement of a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes.curation import close_round, refresh_publication
from quotes.datasets.releases import Release
from tests.api.asking import published
from tests.datasets.test_releases import ABOUT, freeze
from tests.factories import make_coding, make_round, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "about.toml").write_text(ABOUT, encoding="utf-8")
    return tmp_path


def agreement_of(release: Release) -> dict[tuple[str, str], list[str]]:
    """The data statement's rows on agreement, by topic and round."""
    text = (release.folder / "DATA_STATEMENT.md").read_text(encoding="utf-8")
    lines = text.partition("\n## Agreement\n")[2].partition("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    return {(topic, number): rest for topic, number, *rest in cells}


@pytest.fixture(autouse=True)
def judged() -> None:
    quotes = [published(f"Sentence {number}.") for number in range(3)]
    topics = {name: make_topic(name) for name in ("lamps", "gates", "bells", "open", "alone", "uncoded")}
    for coder, stances in (("coder-a", "support support oppose"), ("coder-b", "support oppose oppose")):
        for quote, stance in zip(quotes, stances.split(), strict=True):
            make_coding(quote, topics["lamps"], stance, round=1, coder=coder, is_final=False)
            make_coding(quote, topics["gates"], "support", round=1, coder=coder, is_final=False)
            make_coding(quote, topics["open"], stance, round=3, coder=coder, is_final=False)
    make_coding(quotes[0], topics["bells"], "support", round=1, coder="coder-a", is_final=False)
    make_coding(quotes[1], topics["bells"], "support", round=1, coder="coder-b", is_final=False)
    make_coding(quotes[0], topics["alone"], "support", round=1, coder="coder-a", is_final=False)
    for name in topics:  # what makes a topic public, and no part of agreement
        make_coding(quotes[2], topics[name], "support", round=2, coder="adjudicator")
    make_round(1)
    make_round(2)
    refresh_publication()
    close_round(number=1, actor=None)
    close_round(number=2, actor=None)


def test_each_topic_has_its_alpha_or_the_reason_why_not(folder: Path) -> None:
    found = agreement_of(freeze(folder))
    assert found["lamps", "1"][:3] == ["3", "2", "0.444"]
    assert found["lamps", "1"][-1] == "unusable"
    assert found["gates", "1"][:2] == ["3", "2"]
    assert found["gates", "1"][-1].startswith("not measurable: all judgements are the same")
    assert found["bells", "1"][-1] == "not measurable: nothing was judged by two coders"
    assert found["alone", "1"] == ["0", "1", "", "", "not measurable: fewer than two coders"]
    for name in ("open", "uncoded"):
        assert found[name, ""][-1] == "not measurable: no coding of a closed round is in the release"
    assert len(found) == 6


def test_the_figures_are_always_the_same(folder: Path) -> None:
    first, second = freeze(folder, under="one"), freeze(folder, under="other")
    assert agreement_of(first) == agreement_of(second)
    low, _, high = agreement_of(first)["lamps", "1"][3].partition(" to ")
    assert -1 <= float(low) < 0.444 < float(high) <= 1
