"""What the API says of the reference article: the examples that the project was asked for, over HTTP."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.api.asking import CLIENT, ask, found, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CONTRACT, OVERSIGHT = "ice-clearview-contract-2025", "congress-oversight-ice-clearview"


def speakers(query: str) -> list[str]:
    return [quote.attribution for quote in found(query)]


def test_ice_supports_through_its_spokespersons_two_quotes() -> None:
    assert speakers("affiliation=ice&stance=support") == ["Vincent Parker", "Vincent Parker"]


def test_nobody_at_ice_opposes() -> None:
    assert speakers("affiliation=ice&stance=oppose") == []


def test_with_any_standing_the_former_official_is_found_to_oppose_twice() -> None:
    assert speakers("affiliation=ice&stance=oppose&affiliation_status=any") == ["James Schwab", "James Schwab"]


def test_the_answer_without_the_former_official_says_that_it_leaves_him_out() -> None:
    [left_out] = ask("affiliation=ice&stance=oppose&count=1")["hidden"]
    assert (left_out["parameter"], left_out["value"], left_out["count"]) == ("affiliation_status", "former", 2)
    people = [document["speaker"]["slug"] for document in CLIENT.get(left_out["url"]).json()["results"]]
    assert people == ["james-schwab", "james-schwab"]


def test_the_representative_who_chairs_a_caucus_is_found_at_congress_once_a_statement() -> None:
    assert speakers("affiliation=us-congress") == ["Pramila Jayapal", "Pramila Jayapal"]


def test_both_of_the_representatives_capacities_are_shown_the_house_first() -> None:
    for document in ask("affiliation=us-congress")["results"]:
        organizations = [capacity["organization"]["slug"] for capacity in document["affiliations"]]
        assert organizations == ["us-house", "cpc"]


def test_a_misspelt_filter_is_refused_with_the_right_one() -> None:
    error = refused("stanse=support")
    assert (error["location"], error["param"], error["code"]) == ("query", "stanse", "unknown_parameter")
    assert error["suggestion"] == "stance"
    assert "'stance'" in error["detail"]


def test_who_opposes_the_contract_and_supports_hearings_does_not_support_the_contract() -> None:
    [both] = found(f"position={CONTRACT}:oppose&position={OVERSIGHT}:support")
    supporting = found(f"topic={CONTRACT}&stance=support")
    assert both.attribution == "Pramila Jayapal"
    assert both not in supporting
    assert [quote.attribution for quote in supporting] == ["Vincent Parker", "Vincent Parker"]


def test_who_supports_hearings_is_found_to_support_something() -> None:
    assert speakers("stance=support&affiliation=us-congress") == ["Pramila Jayapal"]


def test_the_department_is_found_to_speak_through_its_agencys_spokesperson() -> None:
    assert speakers("affiliation=dhs&stance=support") == ["Vincent Parker", "Vincent Parker"]


def test_the_department_itself_does_not_support() -> None:
    assert speakers("affiliation=dhs&stance=support&affiliation_scope=exact") == []


def test_all_nineteen_quotes_are_as_printed_and_none_is_confirmed() -> None:
    assert Counter(quote.verification for quote in found()) == {"attested": 19}
    assert found("verification=confirmed") == []


def test_what_was_said_in_2019_is_the_one_dated_quote() -> None:
    [dated] = ask("said_after=2019&said_before=2019")["results"]
    assert dated["dated"] == {"date": "2019", "basis": "said", "precision": "year"}


@pytest.mark.parametrize(
    "q", ["“ICE’s surveillance”", '"ICE\'s surveillance"', "“ICE's surveillance”", "ICE’s toolkit"]
)
def test_words_are_found_whatever_the_marks(q: str) -> None:
    assert speakers(f"q={q}") == ["Harsha Panduranga"]


def test_a_name_is_found_without_its_accent() -> None:
    assert speakers("q=gonzalez") == ["Jacinta González"]


def test_the_reporters_name_is_an_author_and_no_source() -> None:
    assert len(found("author=emily-carter")) == 19
    assert found("speaker=emily-carter") == []


def test_the_outlet_is_no_affiliation() -> None:
    assert len(found("outlet=epochedge")) == 19
    assert found("affiliation=epochedge&affiliation_status=any") == []


def test_the_vendors_figure_leads_to_the_document_that_reports_it() -> None:
    [claim] = ask("affiliation=clearview-ai")["results"]
    document: Any = ask(path=f"quotes/{claim['reported_via']}/")
    assert (document["source_type"], document["organization"]["slug"]) == ("document", "ice")
