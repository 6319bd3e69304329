"""What `certainty` means: how sure the final coding is, on the same coding as the stance and the topic that are asked for."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from quotes.curation import record_coding
from quotes.models import Quote, Topic
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedQuote
from quotes.vocabulary import Certainty, Stance
from tests.api.asking import coding, found, published, refused
from tests.factories import make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def lanterns() -> Topic:
    return make_topic("lanterns")


@pytest.fixture
def contract(lanterns: Topic) -> Topic:
    return make_topic("lantern-contract", parent=lanterns)


@pytest.fixture
def hearings() -> Topic:
    return make_topic("hearings")


def judged(*judgements: tuple[Topic, str, str]) -> Quote:
    """A published quote with a final coding for each (topic, stance, certainty)."""
    quote = published()
    for topic, stance, certainty in judgements:
        coding(quote, topic, stance, certainty=certainty)
    return quote


def test_a_certainty_alone_means_any_final_coding(contract: Topic, hearings: Topic) -> None:
    quotes = {judged((contract, "oppose", "low")), judged((hearings, "not_addressed", "low"))}
    judged((contract, "oppose", "high"))
    published()
    assert set(found("certainty=low")) == quotes


def test_a_coding_that_is_not_final_has_no_certainty_here(contract: Topic) -> None:
    quote = judged((contract, "oppose", "high"))
    coding(quote, contract, "oppose", certainty="low", coder="coder-a", round=1, is_final=False)
    assert found("certainty=low") == []


def test_certainty_and_stance_hold_on_the_same_coding(contract: Topic, hearings: Topic) -> None:
    quote = judged((contract, "oppose", "low"), (hearings, "support", "high"))
    assert found("stance=oppose&certainty=high") == []
    assert found("stance=oppose&certainty=low") == [quote]


def test_certainty_and_topic_hold_on_the_same_coding_that_addresses_it(contract: Topic, hearings: Topic) -> None:
    quote = judged((contract, "oppose", "low"), (hearings, "not_addressed", "high"))
    assert found("topic=lantern-contract&certainty=high") == []
    assert found("topic=lantern-contract&certainty=low") == [quote]
    assert found("topic=hearings&certainty=high") == []


@pytest.mark.parametrize("stance", Stance.values)
def test_a_certainty_toward_a_topic_is_of_any_stance_that_addresses_it(contract: Topic, stance: str) -> None:
    quote = judged((contract, stance, "medium"))
    assert found("topic=lantern-contract&certainty=medium") == ([] if stance == Stance.NOT_ADDRESSED else [quote])


def test_all_three_hold_on_the_same_coding(contract: Topic, hearings: Topic) -> None:
    right = judged((contract, "oppose", "high"))
    judged((contract, "oppose", "low"), (hearings, "oppose", "high"))
    judged((contract, "support", "high"), (hearings, "oppose", "high"))
    assert found("topic=lantern-contract&stance=oppose&certainty=high") == [right]


def test_the_certainty_of_a_coding_below_counts_where_the_scope_says_so(contract: Topic) -> None:
    quote = judged((contract, "oppose", "high"))
    assert found("topic=lanterns&stance=oppose&certainty=high") == []
    assert found("topic=lanterns&stance=oppose&certainty=high&topic_scope=descendants") == [quote]
    assert found("topic=lanterns&certainty=low&topic_scope=descendants") == []


def test_several_certainties_are_or(contract: Topic) -> None:
    quotes = {judged((contract, "oppose", certainty)) for certainty in ("high", "low")}
    judged((contract, "oppose", "medium"))
    assert set(found("topic=lantern-contract&certainty=high,low")) == quotes


def test_not_a_certainty_stays_among_the_quotes_that_match_the_rest(contract: Topic, hearings: Topic) -> None:
    sure = judged((contract, "oppose", "high"), (hearings, "support", "low"))
    judged((contract, "oppose", "low"))
    judged((hearings, "oppose", "high"))
    assert found("topic=lantern-contract&stance=oppose&certainty__not=low") == [sure]


def test_not_a_certainty_alone_is_no_final_coding_with_it(contract: Topic, hearings: Topic) -> None:
    quotes = {judged((contract, "oppose", "high")), published()}
    judged((contract, "oppose", "high"), (hearings, "support", "low"))
    assert set(found("certainty__not=low")) == quotes


def test_not_a_stance_stays_among_the_codings_of_that_certainty(contract: Topic) -> None:
    support = judged((contract, "support", "high"))
    judged((contract, "oppose", "high"))
    judged((contract, "support", "low"))
    assert found("topic=lantern-contract&certainty=high&stance__not=oppose") == [support]


def test_neither_this_stance_nor_that_certainty(contract: Topic, hearings: Topic) -> None:
    quote = judged((contract, "support", "high"), (hearings, "oppose", "low"))
    judged((contract, "support", "low"))
    judged((contract, "oppose", "high"))
    judged((contract, "not_addressed", "high"))
    assert found("topic=lantern-contract&stance__not=oppose&certainty__not=low") == [quote]
    assert found("topic=lantern-contract,hearings&stance__not=oppose&certainty__not=low") == []


def test_a_coding_of_none_of_the_stances_is_none(contract: Topic) -> None:
    judged((contract, "oppose", "high"))
    assert found(f"topic=lantern-contract&stance__not={','.join(Stance.values)}") == []
    assert found(f"stance=oppose&certainty__not={','.join(Certainty.values)}") == []


def test_what_is_asked_of_one_coding_is_one_condition(contract: Topic) -> None:
    judged((contract, "oppose", "high"))
    query = QueryDict("topic=lantern-contract&stance=oppose&certainty=high")
    assert str(QuoteFilterSet(query, PublishedQuote.objects.all()).qs.query).count("&&") == 1


def test_a_certainty_leaves_positions_as_they_are(contract: Topic, hearings: Topic) -> None:
    quote = judged((contract, "oppose", "low"), (hearings, "support", "high"))
    assert found("position=lantern-contract:oppose&certainty=high") == [quote]


def test_another_certainty_takes_the_place_of_the_one_before(contract: Topic) -> None:
    quote = published()
    for certainty in ("low", "high"):
        record_coding(quote=quote, topic=contract, coder="a", stance="oppose", is_final=True, certainty=certainty)
    assert found("certainty=low") == []
    assert found("certainty=high") == [quote]


def test_a_misspelt_certainty_is_refused_with_the_closest() -> None:
    assert refused("certainty=hihg")["suggestion"] == "high"
