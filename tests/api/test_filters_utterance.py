"""What `distinct=utterance` means: the same words in several articles once, as the earliest appearance that matches."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.curation import publish, withdraw
from quotes.models import Person, Quote
from tests.api.asking import ask, coded, draft, found, moved_to, published, refused
from tests.factories import make_article, make_evidence, make_person, make_topic

pytestmark = pytest.mark.django_db

WORDS = "Every lantern will be lit."


@pytest.fixture
def speaker() -> Person:
    return make_person(slug="ottoline-varga")


def appearance(speaker: Person, date: str | None, root: Quote | None = None, **fields: Any) -> Quote:
    language = fields.pop("language", "en")
    article = make_article(published=date, language=language)
    return published(WORDS, speaker=speaker, article=article, same_utterance_as=root, **fields)


def test_each_appearance_is_a_quote_by_default(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-02")
    other = appearance(speaker, "2025-03-03", root)
    assert set(found()) == {root, other}


def test_an_utterance_comes_once_as_its_earliest_appearance(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-02")
    earlier = appearance(speaker, "2025-03-01", root)
    appearance(speaker, "2025-03-03", root)
    assert found("distinct=utterance") == [earlier]


def test_an_utterance_comes_as_its_earliest_appearance_that_matches(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01", language="en")
    appearance(speaker, "2025-03-03", root, language="es")
    spanish = appearance(speaker, "2025-03-02", root, language="es")
    assert found("distinct=utterance&language=es") == [spanish]


def test_the_root_need_not_match(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01", kind="indirect")
    other = appearance(speaker, "2025-03-02", root)
    assert found("distinct=utterance&kind=direct") == [other]


def test_different_words_are_different_utterances(speaker: Person) -> None:
    quotes = {appearance(speaker, "2025-03-01"), published("No lantern is lit.", speaker=speaker)}
    assert set(found("distinct=utterance")) == quotes


def test_on_one_day_the_first_entered_is_the_earliest(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01")
    appearance(speaker, "2025-03-01", root)
    assert found("distinct=utterance") == [root]


def test_an_appearance_of_unknown_date_is_not_the_earliest(speaker: Person) -> None:
    root = appearance(speaker, None)
    dated = appearance(speaker, "2025-03-02", root)
    assert found("distinct=utterance") == [dated]


def test_where_no_date_is_known_the_first_entered_stands_for_the_utterance(speaker: Person) -> None:
    root = appearance(speaker, None)
    appearance(speaker, None, root)
    assert found("distinct=utterance") == [root]


def test_a_fabricated_appearance_does_not_stand_for_the_utterance(speaker: Person) -> None:
    root = draft(WORDS, speaker=speaker, article=make_article(published="2025-03-01"), verification="fabricated")
    make_evidence(root)
    publish(quotes=[root], actor=None)
    other = appearance(speaker, "2025-03-02", root)
    assert found("distinct=utterance") == [other]


def test_a_draft_does_not_stand_for_the_utterance(speaker: Person) -> None:
    root = draft(WORDS, speaker=speaker, article=make_article(published="2025-03-01"))
    other = appearance(speaker, "2025-03-02", root)
    assert found("distinct=utterance") == [other]


def test_when_the_earliest_is_withdrawn_the_next_takes_its_place(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01")
    other = appearance(speaker, "2025-03-02", root)
    withdraw(quotes=[root], reason="The paper took it back.", actor=None)
    assert found("distinct=utterance") == [other]


def test_the_stance_of_the_utterance_is_that_of_the_appearance_that_matches(speaker: Person) -> None:
    topic = make_topic("lanterns")
    root = appearance(speaker, "2025-03-01")
    other = coded((topic, "oppose"), text=WORDS, speaker=speaker, same_utterance_as=root)
    assert found("distinct=utterance&topic=lanterns&stance=oppose") == [other]


def test_utterances_are_searched_once(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01")
    appearance(speaker, "2025-03-02", root)
    assert found("distinct=utterance&q=lantern&ordering=relevance") == [root]


def test_the_one_appearance_does_not_depend_on_the_order(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01")
    appearance(speaker, "2025-03-02", root)
    for ordering in ("-dated", "dated", "-said_on", "-published", "-modified"):
        assert found(f"distinct=utterance&ordering={ordering}") == [root]


def test_another_kind_of_distinct_is_refused() -> None:
    assert refused("distinct=speaker")["code"] == "unknown_value"


def test_a_withdrawn_appearance_leaves_the_others_alone(speaker: Person) -> None:
    root = appearance(speaker, "2025-03-01")
    gone = draft(WORDS, speaker=speaker, article=make_article(), same_utterance_as=root)
    moved_to(gone, "withdrawn")
    assert found() == [root]
    assert ask(path=f"quotes/{root.uid}/")["same_utterance_as"] is None
