"""Whose words the lines of a corpus are: the sure matches, those who are new, and those who wait for a curator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotes import curation
from quotes.datasets import bulk
from quotes.datasets.bulk import Fate
from quotes.datasets.bulk.speakers import Directory
from quotes.datasets.bulk.statements import Speaker
from quotes.datasets.doubts import decisions
from quotes.models import DoubtfulSpeaker, Person, Quote, Redirect
from tests.datasets.bulk import bring, corpus, quotation
from tests.factories import make_doubtful_speaker, make_import, make_person

pytestmark = pytest.mark.django_db

OTTOLINE = "Ottoline Varga"


def fates(*speakers: Speaker) -> list[Fate]:
    return [match.fate for match in Directory("quotebank").look_up(speakers)]


def spoken(*speakers: tuple[str, list[str]]) -> list[dict[str, Any]]:
    """A line for each, in this order."""
    return [
        quotation(quoteID=f"q-{number}", quotation=f"Lamp {number} burns.", speaker=name, qids=ids)
        for number, (name, ids) in enumerate(speakers)
    ]


def brought(folder: Path, *speakers: tuple[str, list[str]], **options: Any) -> list[Any]:
    """The speakers' slugs by line, None where nobody is known."""
    bring(corpus(folder, *spoken(*speakers)), **options)
    return list(Quote.objects.order_by("imported_rows__row").values_list("speaker__slug", flat=True))


def test_a_wikidata_id_tells_whatever_the_name_is(tmp_path: Path) -> None:
    make_person("O. V.", slug="ov", wikidata_id="Q5")
    make_person(OTTOLINE, slug="namesake")
    assert brought(tmp_path, (OTTOLINE, ["Q5"])) == ["ov"]


@pytest.mark.parametrize("names", [{"name": OTTOLINE}, {"name": "O. V.", "aliases": [OTTOLINE]}])
def test_a_bare_name_means_the_one_who_alone_bears_it(tmp_path: Path, names: dict[str, Any]) -> None:
    make_person(slug="ov", wikidata_id="Q5", **names)
    assert brought(tmp_path, (OTTOLINE, [])) == ["ov"]


def test_a_name_that_several_bear_waits(tmp_path: Path) -> None:
    make_person(OTTOLINE, slug="one")
    make_person("O. V.", slug="two", aliases=[OTTOLINE])
    assert brought(tmp_path, (OTTOLINE, [])) == [None]
    quote, doubt = Quote.objects.get(), DoubtfulSpeaker.objects.get()
    assert (quote.source_type, quote.source_label) == ("unnamed", OTTOLINE)
    assert (doubt.name, doubt.wikidata_ids, quote.imported_rows.get().doubt) == (OTTOLINE, [], doubt)


def test_a_new_id_beside_a_known_name_without_one_waits(tmp_path: Path) -> None:
    make_person(OTTOLINE, slug="one")
    assert brought(tmp_path, (OTTOLINE, ["Q5"])) == [None]


def test_a_new_id_beside_a_known_name_with_another_is_another_person(tmp_path: Path) -> None:
    make_person(OTTOLINE, slug="ottoline-varga", wikidata_id="Q4")
    [slug] = brought(tmp_path, (OTTOLINE, ["Q5"]))
    assert slug.startswith("ottoline-varga-")
    assert Person.objects.get(slug=slug).wikidata_id == "Q5"


def test_several_ids_wait_whoever_is_here(tmp_path: Path) -> None:
    make_person(OTTOLINE, slug="one", wikidata_id="Q5")
    assert brought(tmp_path, (OTTOLINE, ["Q6", "Q5"])) == [None]
    assert DoubtfulSpeaker.objects.get().wikidata_ids == ["Q5", "Q6"]


def test_the_same_ids_in_another_order_are_the_same_doubt(tmp_path: Path) -> None:
    assert brought(tmp_path, (OTTOLINE, ["Q6", "Q5"]), (OTTOLINE, ["Q5", "Q6"])) == [None, None]
    assert DoubtfulSpeaker.objects.count() == 1


def test_namesakes_with_ids_of_their_own_are_two_people(tmp_path: Path) -> None:
    one, two, again = brought(tmp_path, (OTTOLINE, ["Q5"]), (OTTOLINE, ["Q6"]), (OTTOLINE, ["Q5"]))
    assert one == again != two
    assert set(Person.objects.values_list("name", "wikidata_id")) == {(OTTOLINE, "Q5"), (OTTOLINE, "Q6")}


@pytest.mark.parametrize("most", [1, 100])
def test_however_many_namesakes_there_are_each_has_a_slug(tmp_path: Path, most: int) -> None:
    slugs = brought(tmp_path, *((OTTOLINE, [f"Q{number}"]) for number in range(1, 15)), most=most)
    assert len(set(slugs)) == 14


def test_one_id_under_two_names_is_one_person(tmp_path: Path) -> None:
    one, two = brought(tmp_path, (OTTOLINE, ["Q5"]), ("Ottoline Varga-Quill", ["Q5"]))
    assert one == two


@pytest.mark.parametrize("most", [1, 2, 10_000])
@pytest.mark.parametrize(
    ("speakers", "expected"),
    [
        # A bare name is whoever alone bore it before.
        ([(OTTOLINE, ["Q5"]), (OTTOLINE, [])], ["ottoline-varga", "ottoline-varga"]),
        # Somebody bare came first: an id may or may not be theirs.
        ([(OTTOLINE, []), (OTTOLINE, ["Q5"]), (OTTOLINE, [])], ["ottoline-varga", None, None]),
        (
            [(OTTOLINE, ["Q5"]), (OTTOLINE, []), (OTTOLINE, ["Q6"]), (OTTOLINE, [])],
            ["ottoline-varga", "ottoline-varga", ..., None],
        ),
        ([(OTTOLINE, ["Q5", "Q6"]), (OTTOLINE, [])], [None, None]),
        ([(OTTOLINE, ["Q5", "Q6"]), (OTTOLINE, ["Q5"])], [None, "ottoline-varga"]),
    ],
)
def test_names_are_taken_in_the_order_of_the_file_wherever_a_batch_ends(
    tmp_path: Path, speakers: list[tuple[str, list[str]]], expected: list[Any], most: int
) -> None:
    slugs = brought(tmp_path, *speakers, most=most)
    assert [slug for slug, one in zip(slugs, expected, strict=True) if one is not ...] == [
        one for one in expected if one is not ...
    ]


def test_a_name_that_reads_like_another_with_its_id_is_its_own(tmp_path: Path) -> None:
    slugs = brought(tmp_path, ("Orla Q6", []), ("Orla", ["Q5"]), ("Orla", ["Q6"]))
    assert len(set(slugs)) == 3


def test_a_decision_holds_for_the_next_file_of_the_collection(tmp_path: Path) -> None:
    one = make_person(OTTOLINE, slug="one")
    make_person(OTTOLINE, slug="two")
    brought(tmp_path, (OTTOLINE, []))
    curation.decide_speaker(doubt=DoubtfulSpeaker.objects.get(), person=one, actor=None)
    more = [{**line, "quoteID": f"more-{number}"} for number, line in enumerate(spoken((OTTOLINE, [])))]
    found = bulk.look(corpus(tmp_path, *more))
    assert found.people == {Fate.MATCHED: 1}
    bring(corpus(tmp_path, *more))
    assert set(Quote.objects.values_list("speaker__slug", flat=True)) == {"one"}
    assert DoubtfulSpeaker.objects.count() == 1


def test_a_decision_holds_for_no_other_collection(tmp_path: Path) -> None:
    one = make_person(OTTOLINE, slug="one")
    make_person(OTTOLINE, slug="two")
    make_doubtful_speaker(make_import(source="elsewhere"), name=OTTOLINE, speaker_slug=one.slug)
    assert fates(Speaker(OTTOLINE)) == [Fate.DOUBTFUL]


def test_a_decision_holds_for_the_very_ids(tmp_path: Path) -> None:
    one = make_person(OTTOLINE, slug="one", wikidata_id="Q1")
    make_doubtful_speaker(make_import(source="quotebank"), name=OTTOLINE, wikidata_ids=["Q5", "Q6"], speaker_slug="one")
    both, other = (OTTOLINE, ("Q5", "Q6")), (OTTOLINE, ("Q5", "Q7"))
    assert decisions([both, other], "quotebank") == {both: one.pk}


@pytest.mark.parametrize(
    "moments", [("2026-01-01T10:00Z", "2026-01-02T10:00Z"), ("2026-01-01T10:00Z",) * 2, (None, "2026-01-01T10:00Z")]
)
def test_of_two_decisions_the_later_one_holds(moments: tuple[str | None, str]) -> None:
    for slug, moment in zip(("earlier", "later"), moments, strict=True):
        make_person(OTTOLINE, slug=slug)
        batch = make_import(source="quotebank")
        make_doubtful_speaker(batch, name=OTTOLINE, speaker_slug=slug, decided_at=moment)
    [key] = decisions([(OTTOLINE, ())], "quotebank").values()
    assert Person.objects.get(pk=key).slug == "later"


def test_a_decision_leads_on_when_the_person_is_merged() -> None:
    kept = make_person("Ottoline V.", slug="kept")
    Redirect.objects.create(kind="person", slug="gone", target="kept")
    make_doubtful_speaker(make_import(source="quotebank"), name=OTTOLINE, speaker_slug="gone")
    assert decisions([(OTTOLINE, ())], "quotebank") == {(OTTOLINE, ()): kept.pk}


def test_a_decision_for_somebody_who_was_deleted_is_open_again() -> None:
    for slug in ("one", "two"):
        make_person(OTTOLINE, slug=slug)
    make_doubtful_speaker(make_import(source="quotebank"), name=OTTOLINE, speaker_slug="gone")
    assert fates(Speaker(OTTOLINE)) == [Fate.DOUBTFUL]


def test_rows_that_are_known_ask_for_nobody(tmp_path: Path) -> None:
    """A person who was renamed since is not made anew, and a doubt not asked again."""
    lines = spoken((OTTOLINE, ["Q5"]), ("Bertil Quill", ["Q6", "Q7"]))
    bring(corpus(tmp_path, *lines))
    Person.objects.update(name="O. V.", wikidata_id=None)
    found = bulk.look(corpus(tmp_path, *lines, quotation(quoteID="new", speaker="None", qids=[])))
    assert (found.known, found.new, dict(found.people)) == (2, 1, {})
    bring(found.file)
    assert (Person.objects.count(), DoubtfulSpeaker.objects.count()) == (1, 1)
