"""@apache-annotator/dom finds every quote of the demonstration in its article's text, from the served selectors alone.

The text is what the reader has and the API does not give: here it comes from the fixture. The selectors come as JSON-LD. The
standard counts code points and the DOM UTF-16 units, so an emoji before the words tells who converts.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

FOLDER = Path(__file__).with_name("annotator")
ALL = "verification=unverified,attested,confirmed,disputed,retracted,fabricated"
# A selector of a quote's segment, with the quote's uid and the words that the quote's document has there.
Asked = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The text of each article of the demonstration, by slug."""
    records = json.loads((settings.BASE_DIR / "fixtures" / "demonstration.json").read_text(encoding="utf-8"))
    rows = [record["fields"] for record in records if record["model"] == "quotes.snapshot"]
    return {row["article"][0]: row["text"] for row in rows if row["text"]}


@pytest.fixture(scope="module")
def asked(ask: Callable[[str], Any], texts: dict[str, str]) -> dict[str, list[Asked]]:
    """What is looked for in each text."""
    return {slug: list(selectors(ask, slug)) for slug in texts}


def selectors(ask: Callable[[str], Any], slug: str) -> Any:
    graph = ask(f"quotes/?article={slug}&{ALL}&format=jsonld")["@graph"]
    quotes = {one["uid"]: one for one in ask(f"quotes/?article={slug}&{ALL}&page_size=100")["results"]}
    annotations = [node for node in graph if node["type"] == "Annotation"]
    assert len(annotations) == len(quotes) > 0
    for annotation in annotations:
        uid = annotation["body"].split("/")[-2]
        for segment, target in zip(quotes[uid]["segments"], annotation["target"], strict=True):
            yield from ((uid, segment["exact"], selector) for selector in target["selector"])


@pytest.fixture(scope="module")
def found(asked: dict[str, list[Asked]], texts: dict[str, str]) -> dict[str, list[tuple[Asked, Any]]]:
    """What the library finds for each selector: its matches, in UTF-16 units."""
    if not (shutil.which("node") and (FOLDER / "node_modules").is_dir()):
        pytest.skip("there is no @apache-annotator/dom: install Node.js and npm, then run `make clients`")
    questions = [{"text": texts[slug], "selectors": [one for _, _, one in asked[slug]]} for slug in texts]
    made = subprocess.run(
        ["node", "find.mjs"], cwd=FOLDER, input=json.dumps(questions).encode(), capture_output=True, check=True
    )
    answers = json.loads(made.stdout)
    return {slug: list(zip(asked[slug], answer, strict=True)) for slug, answer in zip(texts, answers, strict=True)}


def units(text: str, point: int) -> int:
    """UTF-16 code units before the code point."""
    return len(text[:point].encode("utf-16-le")) // 2


def test_the_words_with_their_context_are_enough(found: dict[str, list[tuple[Asked, Any]]]) -> None:
    pairs = [pair for answers in found.values() for pair in answers if pair[0][2]["type"] == "TextQuoteSelector"]
    assert len(pairs) > 200
    missed = [uid for (uid, words, _), matches in pairs if [match[2] for match in matches] != [words]]
    assert missed == []


def test_the_positions_are_those_of_the_words(found: dict[str, list[tuple[Asked, Any]]], texts: dict[str, str]) -> None:
    for slug, answers in found.items():
        for (_, words, selector), matches in answers:
            if selector["type"] == "TextPositionSelector":
                ends = [units(texts[slug], selector[name]) for name in ("start", "end")]
                assert matches == [[*ends, words]], slug


def test_both_selectors_of_a_segment_find_one_place(found: dict[str, list[tuple[Asked, Any]]]) -> None:
    for answers in found.values():
        by_quote = [matches for (_, _, one), matches in answers if one["type"] == "TextQuoteSelector"]
        by_position = [matches for (_, _, one), matches in answers if one["type"] == "TextPositionSelector"]
        assert by_quote == by_position


def test_emoji_and_accents_stand_before_some_of_the_words(asked: dict[str, list[Asked]], texts: dict[str, str]) -> None:
    """Otherwise the tests above would prove nothing about them."""
    before = [texts[slug][: one["start"]] for slug in asked for _, _, one in asked[slug] if "start" in one]
    assert any(units(text, len(text)) > len(text) for text in before)
    assert any(letter.isalpha() and ord(letter) > 127 for text in before for letter in text)
