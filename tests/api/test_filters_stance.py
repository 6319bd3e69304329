"""What `stance`, `topic` and `position` mean: final codings, and what is asked of one holds on one."""

from __future__ import annotations

import pytest

from quotes.curation import record_coding
from quotes.models import Topic
from quotes.vocabulary import Stance
from tests.api.asking import coded, coding, found, published, refused
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


def test_a_stance_alone_means_any_topic(contract: Topic, hearings: Topic) -> None:
    quotes = {coded((contract, "oppose")), coded((hearings, "oppose"))}
    coded((contract, "support"))
    assert set(found("stance=oppose")) == quotes


def test_a_topic_alone_means_coded_and_addressed(contract: Topic, hearings: Topic) -> None:
    addressed = {coded((contract, stance)) for stance in Stance.values if stance != Stance.NOT_ADDRESSED}
    coded((contract, "not_addressed"))
    coded((hearings, "support"))
    published()
    assert set(found("topic=lantern-contract")) == addressed


def test_what_is_not_addressed_is_found_when_asked_for(contract: Topic) -> None:
    quote = coded((contract, "not_addressed"))
    coded((contract, "support"))
    published()
    assert found("topic=lantern-contract&stance=not_addressed") == [quote]


def test_a_quote_that_nobody_coded_has_no_stance() -> None:
    published()
    assert found("stance=" + ",".join(Stance.values)) == []


def test_stance_and_topic_hold_on_the_same_coding(contract: Topic, hearings: Topic) -> None:
    quote = coded((contract, "oppose"), (hearings, "support"))
    assert found("topic=lantern-contract&stance=support") == []
    assert found("topic=lantern-contract&stance=oppose") == [quote]


def test_several_stances_toward_several_topics_are_each_pair(contract: Topic, hearings: Topic) -> None:
    quotes = {coded((contract, "mixed")), coded((hearings, "oppose"))}
    coded((contract, "support"))
    assert set(found("topic=lantern-contract,hearings&stance=oppose,mixed")) == quotes


def test_a_quote_of_several_codings_comes_once(contract: Topic, hearings: Topic) -> None:
    quote = coded((contract, "oppose"), (hearings, "oppose"))
    assert found("topic=lantern-contract,hearings&stance=oppose,support") == [quote]


# Final


def test_a_coding_that_is_not_final_is_not_served(contract: Topic) -> None:
    quote = coded((contract, "mixed"))
    coding(quote, contract, "oppose", coder="coder-a", round=1, is_final=False)
    assert found("stance=oppose") == []
    assert found("topic=lantern-contract&stance=oppose") == []


def test_a_topic_known_from_codings_that_are_not_final_does_not_exist(contract: Topic) -> None:
    coding(published(), contract, "oppose", is_final=False)
    assert refused("topic=lantern-contract")["code"] == "unknown_topic"


def test_a_new_final_coding_takes_the_place_of_the_old_one(contract: Topic) -> None:
    quote = coded((contract, "oppose"))
    record_coding(quote=quote, topic=contract, coder="adjudicator", round=3, stance="mixed", is_final=True)
    assert found("stance=oppose") == []
    assert found("stance=mixed") == [quote]


# Topics below


def test_to_oppose_one_contract_is_not_to_oppose_the_technology(contract: Topic) -> None:
    coded((contract, "oppose"))
    assert found("topic=lanterns&stance=oppose") == []
    assert found("topic=lanterns") == []


def test_topics_below_count_when_asked_for(contract: Topic) -> None:
    quote = coded((contract, "oppose"))
    assert found("topic=lanterns&stance=oppose&topic_scope=descendants") == [quote]
    assert found("topic=lanterns&topic_scope=descendants") == [quote]


def test_topics_above_never_count(lanterns: Topic, contract: Topic) -> None:
    coded((lanterns, "oppose"), (contract, "support"))
    assert found("topic=lantern-contract&stance=oppose&topic_scope=descendants") == []


def test_below_a_topic_too_the_stance_holds_on_one_coding(lanterns: Topic, contract: Topic) -> None:
    quote = coded((contract, "oppose"), (make_topic("lamp-tax", parent=lanterns), "neutral"))
    coded((make_topic(), "oppose"), (contract, "neutral"))
    assert found("topic=lanterns&stance=oppose&topic_scope=descendants") == [quote]


def test_a_topic_below_that_is_not_addressed_addresses_nothing_above(contract: Topic) -> None:
    quote = coded((contract, "not_addressed"))
    assert found("topic=lanterns&topic_scope=descendants") == []
    assert found("topic=lanterns&topic_scope=descendants&stance=not_addressed") == [quote]


def test_a_topic_scope_alone_modifies_nothing_and_is_refused() -> None:
    assert refused("topic_scope=descendants")["code"] == "nothing_to_modify"


# Positions


def test_positions_are_and(contract: Topic, hearings: Topic) -> None:
    both = coded((contract, "oppose"), (hearings, "support"))
    coded((contract, "oppose"))
    coded((hearings, "support"))
    assert found("position=lantern-contract:oppose&position=hearings:support") == [both]


def test_commas_in_a_position_are_or(contract: Topic, hearings: Topic) -> None:
    quotes = {coded((contract, "oppose")), coded((hearings, "support"))}
    coded((contract, "support"), (hearings, "oppose"))
    assert set(found("position=lantern-contract:oppose,hearings:support")) == quotes


def test_a_position_goes_with_a_stance_on_another_coding(contract: Topic, hearings: Topic) -> None:
    quote = coded((contract, "oppose"), (hearings, "support"))
    coded((contract, "oppose"), (hearings, "neutral"))
    assert found("position=lantern-contract:oppose&topic=hearings&stance=support") == [quote]


def test_a_position_below_a_topic_counts_when_asked_for(contract: Topic) -> None:
    quote = coded((contract, "oppose"))
    assert found("position=lanterns:oppose") == []
    assert found("position=lanterns:oppose&topic_scope=descendants") == [quote]


def test_a_position_may_be_that_it_is_not_addressed(contract: Topic, hearings: Topic) -> None:
    quote = coded((contract, "oppose"), (hearings, "not_addressed"))
    coded((contract, "oppose"))
    assert found("position=lantern-contract:oppose&position=hearings:not_addressed") == [quote]


def test_contradictory_positions_find_nothing(contract: Topic) -> None:
    coded((contract, "oppose"))
    assert found("position=lantern-contract:oppose&position=lantern-contract:support") == []


@pytest.mark.parametrize("value", ["lantern-contract", ":oppose", "lantern-contract:", "oppose", "", "a:b:oppose:"])
def test_what_is_no_position_is_refused(value: str, contract: Topic) -> None:
    coded((contract, "oppose"))
    assert refused(f"position={value}")["param"] == "position"


def test_a_misspelt_stance_in_a_position_is_refused_with_the_right_one(contract: Topic) -> None:
    coded((contract, "oppose"))
    assert refused("position=lantern-contract:opose")["suggestion"] == "oppose"


def test_a_misspelt_topic_in_a_position_is_refused_with_the_right_one(contract: Topic) -> None:
    coded((contract, "oppose"))
    assert refused("position=lantern-contrat:oppose")["suggestion"] == "lantern-contract"
