"""Annotations of Hypothesis as drafts: their words, where these stand, and what tags say of them."""

from __future__ import annotations

import doctest
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from quotes.datasets.importing import ImportPlan, SourceFile, apply_import, hypothesis, plan_import
from quotes.models import Article, Quote
from tests.datasets import refused
from tests.factories import make_article, make_organization, make_person, make_snapshot, make_topic

pytestmark = pytest.mark.django_db

PAGE = "https://gazette.example/vote"
# 🏮 is one code point and two UTF-16 units.
TEXT = "🏮 The vote. “Put them out,” said Ottoline Varga. Bertil Quill: “Put them out,” too."


def annotation(exact: str = "Put them out,", *tags: str, id: str = "a1", **members: Any) -> dict[str, Any]:
    """As the API gives it; `prefix`, `suffix` and `start` go into the selectors."""
    selectors: list[dict[str, Any]] = [
        {"type": "RangeSelector", "startContainer": "/p[1]", "endContainer": "/p[1]", "startOffset": 0, "endOffset": 9},
        {"type": "TextPositionSelector", "start": members.pop("start", 900), "end": 913},
        {
            "type": "TextQuoteSelector",
            "exact": exact,
            "prefix": members.pop("prefix", "“"),
            "suffix": members.pop("suffix", "”"),
        },
    ]
    return {
        "id": id,
        "created": "2025-03-05T10:00:00.000000+00:00",
        "user": "acct:marker@annotations.example",
        "uri": PAGE,
        "text": "",
        "tags": list(tags),
        "document": {"title": ["The vote"]},
        "target": [{"source": PAGE, "selector": selectors}],
        **members,
    }


def planned(*annotations: Any, **defaults: str) -> ImportPlan:
    return of_text(json.dumps({"total": len(annotations), "rows": annotations}), **defaults)


def of_text(text: str, **defaults: str) -> ImportPlan:
    return plan_import(SourceFile("marked.json", text.encode(), "hypothesis"), defaults=defaults)


def drafted(*annotations: Any) -> list[Quote]:
    plan = planned(*annotations)
    assert plan.refusals == ()
    apply_import(plan, actor=None)
    return list(Quote.objects.order_by("id"))


def left_out(*annotations: Any) -> str:
    plan = planned(*annotations)
    assert plan.refusals == ()
    return "\n".join(plan.left_out)


def read_page(text: str = TEXT) -> Article:
    article = make_article(url=PAGE)
    make_snapshot(article, text)
    return article


def test_tags_say_who_speaks_in_what_capacity_and_what_is_coded() -> None:
    neva, watch, topic = make_person("Neva Corrin", slug="neva"), make_organization("harbor-watch"), make_topic("lamps")
    tags = ("speaker:Neva Corrin", "Organization: harbor-watch", "role:warden", "standing:former")
    [quote] = drafted(annotation("Put them out.", *tags, "topic:lamps", "stance:oppose", "said_on:2025-03"))
    assert (quote.text, quote.status, quote.kind, quote.said_on) == ("Put them out.", "draft", "direct", "2025-03")
    assert (quote.speaker, quote.article.url, quote.article.title) == (neva, PAGE, "The vote")
    [capacity] = quote.affiliations.all()
    assert (capacity.affiliation.organization, capacity.role_as_stated, capacity.standing) == (
        watch,
        "warden",
        "former",
    )
    [coding] = quote.codings.all()
    assert (coding.topic, coding.stance, coding.is_final) == (topic, "oppose", False)


def test_a_tag_of_stance_may_name_its_topic_and_come_again() -> None:
    for slug in ("lamps", "gates", "bells"):
        make_topic(slug)
    tags = ("stance:lamps:oppose", "stance:gates:support:low", "topic:bells", "stance:neutral")
    plan = planned(annotation("Put them out.", *tags))
    [quote] = plan.quotes
    assert [(one.topic, one.stance, one.certainty) for one in quote.entry.positions] == [
        ("lamps", "oppose", "high"),
        ("gates", "support", "low"),
        ("bells", "neutral", "high"),
    ]


def test_an_annotation_without_a_speaker_is_of_an_unnamed_source() -> None:
    plain, official = drafted(
        annotation("Put them out."),
        annotation("Let them listen.", "source_type:unnamed", "organization:Harbor Watch", id="a2"),
    )
    assert (plain.source_type, plain.speaker, plain.organization, plain.said_on) == ("unnamed", None, None, None)
    assert official.organization and (official.source_type, official.organization.name) == ("unnamed", "Harbor Watch")


def test_words_of_a_text_that_was_read_are_anchored_in_it_by_what_stands_around_them() -> None:
    article = read_page()
    [quote] = drafted(annotation(prefix="Bertil Quill:\n   “", suffix="” too"))
    start = TEXT.rindex("Put")
    assert quote.snapshot == article.snapshots.get()
    assert (quote.segments[0]["start"], quote.segments[0]["end"]) == (start, start + 13)
    assert quote.segments[0]["prefix"] == TEXT[start - 32 : start]


def test_a_position_in_utf_16_units_tells_two_places_apart() -> None:
    read_page()
    start = TEXT.rindex("Put")
    units = len(TEXT[:start].encode("utf-16-le")) // 2
    assert units == start + 1
    first, second = planned(annotation(start=units), annotation(start=start, id="a2")).quotes
    assert first.placement.segments[0]["start"] == start
    assert (second.placement.snapshot, second.placement.segments) == (None, [{"prefix": "“", "suffix": "”"}])


def test_white_space_of_a_page_is_that_of_the_text_that_was_read() -> None:
    read_page("The vote. “Put\nthem out,” said Ottoline Varga.")
    [quote] = drafted(annotation("  Put  them\n   out,"))
    assert quote.text == "Put\nthem out,"
    assert quote.snapshot


def test_words_of_an_unknown_article_keep_what_stands_around_them() -> None:
    [quote] = drafted(annotation("A\n lamp. ", prefix="x" * 40, suffix="said she"))
    assert (quote.text, quote.snapshot) == ("A lamp.", None)
    assert quote.segments == [{"prefix": "x" * 32, "suffix": " said she"}]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("“Put them out,”", "Put them out,"),
        ("«Put them out»", "Put them out"),
        ("“Put them,” she said. “Out.”", "“Put them,” she said. “Out.”"),
        ("“”", "“”"),
        ("Put them “out”", "Put them “out”"),
    ],
)
def test_quotation_marks_around_all_of_the_words_stand_outside(marked: str, words: str) -> None:
    [quote] = planned(annotation(marked, prefix="", suffix="")).quotes
    assert quote.placement.text == words
    context = quote.placement.segments[0] if quote.placement.segments else {"prefix": "", "suffix": ""}
    assert context["prefix"] + words + context["suffix"] == marked


@pytest.mark.parametrize("shape", ["{}", '{{"total": 2, "rows": {}}}', '{{"annotations": {}}}', "lines", "pages"])
def test_a_search_a_list_and_lines_of_either_are_read_alike(shape: str) -> None:
    both = [annotation("Put them out."), annotation("Let them listen.", id="a2")]
    if shape == "lines":
        text = "\n".join(map(json.dumps, both)) + "\n"
    elif shape == "pages":
        text = "\n".join(json.dumps({"total": 2, "rows": [one]}) for one in both)
    else:
        text = shape.format(json.dumps(both, indent=1))
    plan = of_text(text)
    assert (plan.refusals, plan.rows) == ((), 2)
    assert [quote.entry.external_id for quote in plan.quotes] == ["a1", "a2"]


def test_what_is_no_quote_is_left_out_and_counted() -> None:
    plan = planned(
        annotation(),
        annotation(id="a2", references=["a1"]),
        annotation(id="a3", target=[{"source": PAGE}]),
        annotation(id="a4", target=[]),
    )
    assert (plan.refusals, plan.rows) == ((), 1)
    assert {"replies (1)", "annotations of no words, such as page notes (2)"} <= set(plan.left_out)


def test_what_an_annotation_tells_beyond_a_quote_is_named() -> None:
    told = left_out(annotation("A lamp.", "todo", "mood:bleak", "role:warden", text="Look at this again."))
    assert "notes (1)" in told
    assert "tag 'todo' (1)" in told
    assert "tag 'mood:bleak' (1)" in told
    assert "tag 'role:warden' without a speaker (1)" in told
    assert "created\nuser" in told


def test_a_page_of_a_longer_search_says_how_many_it_lacks() -> None:
    plan = of_text(json.dumps({"total": 300, "rows": [annotation()]}))
    assert "annotations that the search found and this file lacks (299)" in plan.left_out


def test_a_page_is_called_what_its_first_annotation_calls_it() -> None:
    plan = planned(annotation(), annotation("A lamp.", id="a2", document={"title": "(2) The vote"}))
    assert [article.title for article in plan.articles] == ["The vote"]
    assert "other titles of the same page (1)" in plan.left_out


@pytest.mark.parametrize(
    ("changed", "code", "column", "row"),
    [
        ({"uri": "urn:x-pdf:0123"}, "invalid", "article_url", 2),
        ({"uri": None}, "invalid", "uri", 2),
        ({"tags": "speaker:Neva"}, "invalid", "tags", 2),
        ({"tags": ["speaker:Neva Corrin", "speaker:Bertil Quill"]}, "invalid", "tags", 2),
        ({"tags": ["topic:nothing", "stance:oppose"]}, "unknown", "topic", 2),
        ({"tags": ["stance:opposed", "topic:lamps"]}, "unknown_value", "stance", 2),
        ({"tags": ["topic:lamps"]}, "missing", "stance", 2),
        ({"tags": ["speaker:Neva Corrin", "role:warden"]}, "contradiction", "role", 2),
        ({"target": ["words"]}, "invalid", "target", 2),
        ({"id": 7}, "invalid", "id", 2),
        ({"id": "a1"}, "duplicate", "external_id", 2),
    ],
)
def test_what_is_wrong_is_refused_with_its_annotation(changed: Any, code: str, column: str, row: int) -> None:
    make_topic("lamps")
    refusal = refused(planned(annotation(), {**annotation("A lamp.", id="a2"), **changed}))
    assert (refusal.code, refusal.column, refusal.row) == (code, column, row)


@pytest.mark.parametrize("text", ['{"rows": [', "[1]", '{"id": "a1"}', '{"status": "failure"}', "NaN"])
def test_what_holds_no_annotations_is_refused(text: str) -> None:
    assert refused(of_text(text)).code in {"invalid", "not_json"}


def test_a_broken_line_is_named() -> None:
    refusal = refused(of_text(json.dumps(annotation()) + '\n{"id": "a2", \n'))
    assert (refusal.code, refusal.row) == ("not_json", 2)


def test_an_annotation_comes_in_once_and_a_changed_one_is_refused() -> None:
    drafted(annotation("A lamp.", "todo"))
    assert (planned(annotation("A lamp.", "done")).known, planned(annotation("A lamp.")).refusals) == (1, ())
    assert refused(planned(annotation("A lamp!"))).code == "changed"


def test_the_command_says_how_many_are_anchored_and_what_is_left_out(tmp_path: Path) -> None:
    read_page()
    file = tmp_path / "marked.json"
    file.write_text(json.dumps([annotation("The vote.", "todo")]), encoding="utf-8")
    out = io.StringIO()
    call_command("import_quotes", str(file), "--format", "hypothesis", stdout=out)
    assert "anchored              1" in out.getvalue()
    assert "tag 'todo' (1)" in out.getvalue()


def test_the_examples_in_the_documentation_are_true() -> None:
    assert doctest.testmod(hypothesis).failed == 0
