"""The first look: it writes nothing, and what it says is what comes to be."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quotes.datasets import bulk
from quotes.datasets.bulk import CorpusFile, Fate
from quotes.datasets.importing import ImportRefused, Refusal
from quotes.models import Import, Quote
from tests.datasets.bulk import (
    QUAY,
    VOTE,
    article,
    bring,
    corpus,
    counts,
    foreseen,
    found_in_article,
    graph_line,
    quotation,
)
from tests.factories import make_article, make_person

NAMES = ("Ottoline Varga", "Bertil Quill", "O. Varga", "None")
IDS: tuple[list[str], ...] = ([], ["Q1"], ["Q2"], ["Q2", "Q3"])


def tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'import\\_%%' AND relpersistence = 't'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_it_writes_nothing_and_leaves_nothing_in_the_session(tmp_path: Path) -> None:
    before = counts()
    found = bulk.look(corpus(tmp_path, quotation(), quotation(quoteID="two", urls=[VOTE, QUAY])))
    assert (found.rows, found.statements, found.new, found.articles) == (2, 3, 3, {"new": 2, "matched": 0})
    assert counts() == before
    assert not Import.objects.exists()
    assert tables() == 0


@pytest.mark.django_db
def test_it_names_who_would_be_new_and_who_is_in_doubt(tmp_path: Path) -> None:
    make_person("Bertil Quill", wikidata_id="Q9")
    lines = [
        quotation(quoteID="a"),
        quotation(quoteID="b", speaker="Orla Tamsin", qids=["Q5", "Q6"]),
        quotation(quoteID="c", speaker="Bertil Quill", qids=["Q9"]),
        quotation(quoteID="d", speaker="None", qids=[]),
    ]
    found = bulk.look(corpus(tmp_path, *lines))
    assert found.people == {Fate.NEW: 1, Fate.DOUBTFUL: 1, Fate.MATCHED: 1}
    assert [one.name for one in found.samples[Fate.DOUBTFUL]] == ["Orla Tamsin"]
    assert [one.name for one in found.samples[Fate.NEW]] == ["Ottoline Varga"]
    assert found.unnamed == 1


@pytest.mark.django_db
def test_an_id_again_with_other_words_is_refused_in_each_row(tmp_path: Path) -> None:
    words = ["Lit.", "Lit.", "Put out.", "Broken.", "Lit."]
    file = corpus(tmp_path, *(quotation(quotation=one) for one in words))
    rejected: list[tuple[Refusal, bytes]] = []
    found = bulk.look(file, reject=lambda refusal, line: rejected.append((refusal, line)))
    assert [(one.code, one.row, one.column) for one in found.refusals] == [
        ("duplicate", 3, "id"),
        ("duplicate", 4, "id"),
    ]
    assert "The id of row 1 again" in found.refusals[0].detail
    assert (found.statements, found.new, found.again, found.refused) == (5, 1, 2, 2)
    assert [line for _, line in rejected] == [b"", b""]
    bring(file)
    assert Quote.objects.get().text == "Lit."


@pytest.mark.django_db
def test_a_row_that_reads_otherwise_than_before_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    bring(corpus(tmp_path, quotation()))
    file = corpus(tmp_path, quotation(quotation="Nobody watches."), quotation(quoteID="two"))
    found = bulk.look(file)
    [refusal] = found.refusals
    assert (refusal.code, refusal.row) == ("changed", 1)
    assert (found.statements, found.known, found.new, found.again) == (2, 0, 1, 0)
    bring(file)
    assert set(Quote.objects.values_list("text", flat=True)) == {"The lanterns watch everyone."}


@pytest.mark.django_db
@pytest.mark.parametrize("members", [{"numOccurrences": 9}, {"probas": []}, {"date": "2019-05-01"}, {"phase": "D"}])
def test_what_the_source_learns_about_a_quote_is_no_change_of_its_words(
    tmp_path: Path, members: dict[str, Any]
) -> None:
    bring(corpus(tmp_path, quotation()))
    found = bulk.look(corpus(tmp_path, quotation(**members)))
    assert (found.known, found.refused) == (1, 0)


@pytest.mark.django_db
def test_the_other_shape_of_the_same_corpus_makes_nothing_twice(tmp_path: Path) -> None:
    bring(corpus(tmp_path, quotation(urls=[VOTE, QUAY])))
    file = corpus(tmp_path, article(), article(url="https://third.example/a"))
    found = bulk.look(file)
    assert (found.known, found.new) == (1, 1)
    bring(file)
    root, *others = Quote.objects.order_by("pk")
    assert [one.same_utterance_as for one in others] == [root, root]


@pytest.mark.django_db
def test_the_same_corpus_cut_into_other_pieces_makes_nothing_twice(tmp_path: Path) -> None:
    lines = [quotation(quoteID=f"q-{number}", urls=[VOTE, QUAY]) for number in range(6)]
    bring(corpus(tmp_path, *lines[:4]))
    bring(corpus(tmp_path, *reversed(lines[2:])))
    assert Quote.objects.count() == 12
    assert Quote.objects.filter(same_utterance_as=None).count() == 6


@pytest.mark.django_db
def test_an_address_that_a_later_edition_adds_is_new_alone(tmp_path: Path) -> None:
    bring(corpus(tmp_path, quotation()))
    found = bulk.look(corpus(tmp_path, quotation(urls=[QUAY, VOTE])))
    assert (found.known, found.new, found.refused) == (1, 1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_file_without_lines_is_refused(tmp_path: Path, content: bytes) -> None:
    file = corpus(tmp_path)
    file.path.write_bytes(content)
    with pytest.raises(ImportRefused, match=r"The file has no lines\."):
        bulk.look(file)
    assert tables() == 0


@pytest.mark.django_db
def test_only_the_first_of_many_refusals_are_kept(tmp_path: Path) -> None:
    rejected: list[Refusal] = []
    found = bulk.look(corpus(tmp_path, *[{"quoteID": 1}] * 500), reject=lambda refusal, line: rejected.append(refusal))
    assert (found.refused, len(found.refusals), len(rejected)) == (500, 200, 500)


quotations = st.builds(
    lambda number, text, name, ids, urls: quotation(
        quoteID=f"q-{number}", quotation=text, speaker=name, qids=ids, urls=urls
    ),
    st.integers(0, 5),
    st.sampled_from(["Lit.", "Lit.", "Lit.", "Put out."]),
    st.sampled_from(NAMES),
    st.sampled_from(IDS),
    st.lists(st.sampled_from([VOTE, QUAY, "https://third.example/a"]), min_size=1, max_size=3),
)
articles = st.builds(
    lambda found, url, ids: article(*found, url=url, names=[{"name": "Ottoline Varga", "ids": ids}]),
    st.lists(
        st.builds(
            lambda number, name: found_in_article(quoteID=f"q-{number}", quotation="Lit.", globalTopSpeaker=name),
            st.integers(0, 5),
            st.sampled_from(NAMES),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([VOTE, QUAY]),
    st.sampled_from(IDS),
)
bad = st.sampled_from([{}, {"quoteID": 5}, quotation(urls=[])])
files = st.lists(st.one_of(quotations, quotations, articles, bad), min_size=1, max_size=12)
people = st.lists(
    st.tuples(
        st.sampled_from(NAMES[:3]), st.sampled_from([None, "Q1", "Q2"]), st.sampled_from([(), ("Ottoline Varga",)])
    ),
    max_size=3,
    unique_by=lambda one: one[1] or one,
)


class LookTest(TestCase):
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(people, st.lists(files, min_size=1, max_size=3), st.integers(1, 5), st.booleans())
    def test_what_the_look_says_is_what_comes_to_be(
        self, here: list[Any], several: list[list[Any]], most: int, is_known_article: bool
    ) -> None:
        for name, wikidata_id, aliases in here:
            make_person(name, wikidata_id=wikidata_id, aliases=list(aliases))
        if is_known_article:
            make_article(url=QUAY)
        with tempfile.TemporaryDirectory() as folder:
            for values in several:
                file = corpus(Path(folder), *values)
                before, found = counts(), bulk.look(file)
                assert counts() == before
                bulk.bring_in(file, rows=found.rows, most=most)
                made = {name: count - before[name] for name, count in counts().items()}
                assert made == foreseen(found)
                assert Quote.objects.filter(source_type="unnamed", source_label="").count() >= found.unnamed
                self.look_again(file, found)

    def look_again(self, file: CorpusFile, found: bulk.Look) -> None:
        """What came in is known, and nothing else is new."""
        before, again = counts(), bulk.look(file)
        assert (again.new, dict(again.people), again.articles) == (0, {}, {"new": 0, "matched": 0})
        assert again.refused == found.refused
        bulk.bring_in(file, rows=again.rows)
        assert counts() == before


class GraphTest(TestCase):
    @settings(max_examples=20, deadline=None, derandomize=True)
    @given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.sampled_from([VOTE, QUAY])), min_size=1, max_size=8))
    def test_whatever_text_is_taken_comes_in(self, texts: list[tuple[str, str]]) -> None:
        lines = [graph_line(url=url, quotes=[{"quote": text, "pre": text, "post": text}]) for text, url in texts]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "corpus"
            path.write_text("".join(json.dumps(line) + "\n" for line in lines))
            file = CorpusFile(path, "gdelt").hashed()
            found = bulk.look(file)
            bulk.bring_in(file, rows=found.rows)
            assert Quote.objects.count() == found.new
