"""Quotes: capacities and evidence replaced whole, relations by uid, and never a status by the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from quotes.curation import publish
from quotes.models import Affiliation, Evidence, Person, Quote, QuoteAffiliation
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.api_curation.asking import Program, told

pytestmark = pytest.mark.django_db


def test_a_change_leaves_what_it_does_not_name(curator: Program, body: dict[str, Any]) -> None:
    before = curator.make("quotes/", body)
    after = curator.change(f"quotes/{before['uid']}/", {"cue": "said", "said_on": "2025-03"})
    assert after == {**before, "cue": "said", "said_on": "2025-03"}


def test_the_status_is_no_member(curator: Program, body: dict[str, Any]) -> None:
    for name in ("status", "published_at", "created_by", "uid", "text"):
        error = curator.refused("quotes/", {**body, name: "x"})
        assert (error["param"], error["code"]) == (name, "unknown_member")
    record = curator.make("quotes/", body)
    error = curator.refused(f"quotes/{record['uid']}/", {"status": "published"}, method="PATCH")
    assert error["code"] == "unknown_member"


def test_capacities_are_replaced_whole(curator: Program, body: dict[str, Any], job: Affiliation) -> None:
    factories.make_affiliation(job.person, job.organization, "bell ringer")
    factories.make_affiliation(job.person, factories.make_organization("lamp-office"), "clerk")
    del body["affiliations"]
    uid = curator.make("quotes/", body)["uid"]
    rows = [
        {"organization": "harbor-watch", "role": "warden", "is_primary": False},
        {"organization": "lamp-office", "is_primary": True, "standing": "former"},
    ]
    record = curator.change(f"quotes/{uid}/", {"affiliations": rows})
    assert [(row["organization"], row["role"], row["standing"]) for row in record["affiliations"]] == [
        ("lamp-office", "clerk", "former"),
        ("harbor-watch", "warden", "current"),
    ]
    kept = QuoteAffiliation.objects.get(affiliation=job)
    record = curator.change(f"quotes/{uid}/", {"affiliations": [{"organization": "harbor-watch", "role": "warden"}]})
    assert [row["is_primary"] for row in record["affiliations"]] == [True]
    assert QuoteAffiliation.objects.get() == kept
    assert curator.change(f"quotes/{uid}/", {"affiliations": []})["affiliations"] == []


def test_the_first_capacity_is_primary_where_nothing_is_said(
    curator: Program, body: dict[str, Any], job: Affiliation
) -> None:
    factories.make_affiliation(job.person, job.organization, "bell ringer")
    rows = [{"organization": "harbor-watch", "role": role} for role in ("bell ringer", "warden")]
    record = curator.make("quotes/", {**body, "affiliations": rows})
    assert [(row["role"], row["is_primary"]) for row in record["affiliations"]] == [
        ("bell ringer", True),
        ("warden", False),
    ]


@pytest.mark.parametrize(
    ("rows", "param", "code"),
    [
        ([{"organization": "lamp-office"}], "affiliations[0]", "unknown_affiliation"),
        ([{"organization": "harbor-watch"}], "affiliations[0]", "ambiguous_affiliation"),
        ([{"organization": "harbor-watch", "role": "king"}], "affiliations[0]", "unknown_affiliation"),
        ([{"organization": "harbor-watch", "role": "warden", "is_primary": False}], "affiliations", "one_primary"),
        (2 * [{"organization": "harbor-watch", "role": "warden"}], "affiliations", "twice"),
        (
            [
                {"organization": "harbor-watch", "role": "warden", "is_primary": True},
                {"organization": "harbor-watch", "role": "bell ringer", "is_primary": True},
            ],
            "affiliations",
            "one_primary",
        ),
        ([{"role": "warden"}], "affiliations[0].organization", "required"),
        ([{"organization": "harbor-watch", "standing": "curent"}], "affiliations[0].standing", "unknown_value"),
        (
            [{"organization": "harbor-watch", "role": "warden", "role_as_stated": "x" * 301}],
            "affiliations[0].role_as_stated",
            "max_length",
        ),
    ],
)
def test_capacities_are_the_speakers_own_and_one_is_primary(
    curator: Program, body: dict[str, Any], job: Affiliation, rows: Any, param: str, code: str
) -> None:
    factories.make_affiliation(job.person, job.organization, "bell ringer")
    factories.make_organization("lamp-office")
    error = curator.refused("quotes/", {**body, "affiliations": rows})
    assert (error["param"], error["code"]) == (param, code)
    assert not Quote.objects.exists()


def test_another_speaker_brings_capacities_of_their_own(curator: Program, body: dict[str, Any]) -> None:
    uid = curator.make("quotes/", body)["uid"]
    other = factories.make_person(slug="neva")
    factories.make_affiliation(other, factories.make_organization("lamp-office"), "clerk")
    error = curator.refused(f"quotes/{uid}/", {"speaker": "neva"}, method="PATCH")
    assert "affiliation" in error["detail"]
    rows = [{"organization": "lamp-office"}]
    record = curator.change(f"quotes/{uid}/", {"speaker": "neva", "affiliations": rows})
    assert (record["speaker"], record["affiliations"][0]["organization"]) == ("neva", "lamp-office")


def test_an_unnamed_source_has_no_speaker_and_no_capacities(curator: Program, body: dict[str, Any]) -> None:
    changed = {**body, "source_type": "unnamed", "speaker": None}
    assert curator.refused("quotes/", changed)["code"] == "no_speaker"
    error = curator.refused("quotes/", {**body, "source_type": "unnamed"})
    assert error["detail"] == "A speaker is set exactly when the source is a person."
    record = curator.make("quotes/", {**changed, "affiliations": [], "organization": "harbor-watch"})
    assert (record["speaker"], record["organization"]) == (None, "harbor-watch")


def test_evidence_is_replaced_whole_and_keeps_its_uid(curator: Program, body: dict[str, Any]) -> None:
    item = {"kind": "document", "url": "https://archive.example/minutes", "provided_by": "curator-1"}
    row = {**item, "provided_on": "2025-04-01"}
    error = curator.refused("quotes/", {**body, "verification": "confirmed"})
    assert "need evidence" in error["detail"]
    record = curator.make("quotes/", {**body, "verification": "confirmed", "evidence": [row]})
    [kept] = record["evidence"]
    more = {**row, "url": "", "description": "A call."}
    record = curator.change(f"quotes/{record['uid']}/", {"evidence": [{**kept, "description": "Page 3."}, more]})
    assert {one["description"] for one in record["evidence"]} == {"Page 3.", "A call."}
    assert kept["uid"] in {one["uid"] for one in record["evidence"]}
    error = curator.refused(f"quotes/{record['uid']}/", {"evidence": []}, method="PATCH")
    assert "need evidence" in error["detail"]
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"url": "", "description": ""}, "evidence[0]"),
        ({"provided_on": "2025-02-30"}, "evidence[0].provided_on"),
        ({"provided_on": "2999-01-01"}, "evidence[0].provided_on"),
        ({"url": "javascript:alert(1)"}, "evidence[0].url"),
        ({"url": "https://user:secret@archive.example/"}, "evidence[0].url"),
        ({"uid": "019bdfd3-3708-7f3f-8b39-87e92cb58961"}, "evidence[0].uid"),
        ({"uid": "x"}, "evidence[0].uid"),
    ],
)
def test_evidence_is_something_from_somewhere(
    curator: Program, body: dict[str, Any], change: dict[str, str], param: str
) -> None:
    row = {"kind": "document", "url": "https://archive.example/m", "provided_by": "c-1", "provided_on": "2025-04-01"}
    assert curator.refused("quotes/", {**body, "evidence": [{**row, **change}]})["param"] == param


def test_relations_to_other_quotes_are_by_uid(curator: Program, body: dict[str, Any]) -> None:
    root = factories.make_quote()
    record = curator.make("quotes/", {**body, "same_utterance_as": str(root.uid)})
    assert record["same_utterance_as"] == str(root.uid)
    error = curator.refused("quotes/", {**body, "same_utterance_as": record["uid"]})
    assert "first appearance" in error["detail"]
    for bad in ("x", "019bdfd3-3708-7f3f-8b39-87e92cb58961", "{}", "0"):
        assert curator.refused("quotes/", {**body, "reported_via": bad})["code"] == "unknown_quote"


def test_quotes_are_listed_newest_first_by_status_article_and_speaker(curator: Program, body: dict[str, Any]) -> None:
    draft = curator.make("quotes/", body)
    public = factories.make_quote(source_label="a")
    publish(quotes=[public], actor=None)
    uids = [record["uid"] for record in curator.ask("quotes/")["results"]]
    assert uids == [str(public.uid), draft["uid"]]
    assert [one["uid"] for one in curator.ask("quotes/?status=draft,in_review")["results"]] == [draft["uid"]]
    assert [one["uid"] for one in curator.ask("quotes/?article=the-vote")["results"]] == [draft["uid"]]
    assert [one["uid"] for one in curator.ask("quotes/?speaker=ottoline-varga&page_size=1")["results"]] == [
        draft["uid"]
    ]
    [error] = curator.ask("quotes/?article=the-vot", status=400)["errors"]
    assert error["suggestion"] == "the-vote"
    [error] = curator.ask("quotes/?status=drafd", status=400)["errors"]
    assert error["suggestion"] == "draft"


def test_a_published_quote_is_changed_by_editors_alone_and_at_once(
    curator: Program, editor: Program, body: dict[str, Any]
) -> None:
    uid = curator.make("quotes/", body)["uid"]
    publish(quotes=Quote.objects.all(), actor=None)
    curator.change(f"quotes/{uid}/", {"cue": "said"}, status=403)
    assert '"cue":""' in PublishedQuote.objects.get().document
    editor.change(f"quotes/{uid}/", {"cue": "said"})
    assert '"cue":"said"' in PublishedQuote.objects.get().document


def test_only_drafts_are_deleted_and_by_editors(curator: Program, editor: Program, body: dict[str, Any]) -> None:
    uid = curator.make("quotes/", body)["uid"]
    address = f"quotes/{uid}/"

    def delete(program: Program) -> HttpResponse:
        return program.send("DELETE", address, if_match=program.tag(address))

    told(delete(curator), 403)
    editor.act(address, "submit")
    assert "only drafts are deleted" in told(delete(editor), 409)["detail"]
    editor.act(address, "publish")
    assert "Withdraw it" in told(delete(editor), 409)["detail"]
    editor.act(address, "withdraw", {"reason": "Misheard."})
    assert "Withdraw it" in told(delete(editor), 409)["detail"]
    other = editor.make("quotes/", body)["uid"]
    address = f"quotes/{other}/"
    told(delete(editor), 204)
    assert editor.send("GET", address).status_code == 404
    assert Person.objects.exists()
