"""People, organizations, affiliations, articles, snapshots and topics: made, read, changed, deleted, listed."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.anchoring import text_hash
from quotes.curation import forget_text, publish
from quotes.models import Affiliation, Article, Organization, Person, Redirect, Snapshot, Topic
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.api_curation.asking import Program, told

pytestmark = pytest.mark.django_db

VARGA = {"slug": "ottoline-varga", "name": "Ottoline Varga", "sort_name": "Varga, Ottoline"}
WATCH = {"slug": "harbor-watch", "name": "Harbor Watch", "kind": "government_agency"}
VOTE = {"slug": "the-lantern-vote", "url": "https://gazette.example/vote", "title": "The vote"}
LANTERNS = {"slug": "lanterns", "name": "Lanterns", "proposition": "The council should light every lantern."}


def test_a_person_is_made_with_an_address_and_an_etag(curator: Program) -> None:
    answer = curator.send("POST", "people/", {**VARGA, "aliases": ["O. Varga"], "wikidata_id": "Q71"})
    assert told(answer, 201) == {**VARGA, "aliases": ["O. Varga"], "wikidata_id": "Q71"}
    assert answer.headers["Location"] == "/api/v1/curation/people/ottoline-varga/"
    assert answer.headers["ETag"] == curator.tag(answer.headers["Location"])
    assert Person.objects.get().name == "Ottoline Varga"


def test_a_change_sets_what_is_sent_and_leaves_the_rest(curator: Program) -> None:
    factories.make_person("Ottoline Varga", slug="ottoline-varga", aliases=["O. Varga"], wikidata_id="Q71")
    answer = curator.change("people/ottoline-varga/", {"wikidata_id": None, "sort_name": "Varga"})
    assert answer == {**VARGA, "sort_name": "Varga", "aliases": ["O. Varga"], "wikidata_id": None}


def test_a_renamed_record_says_where_it_is_now_and_its_old_address_leads_on(editor: Program) -> None:
    quote = factories.make_quote(source_label="a", speaker=factories.make_person(slug="old"))
    publish(quotes=[quote], actor=None)
    answer = editor.send("PATCH", "people/old/", {"slug": "new"}, if_match=editor.tag("people/old/"))
    assert told(answer, 200)["slug"] == "new"
    assert answer.headers["Content-Location"] == "/api/v1/curation/people/new/"
    assert Redirect.objects.get().target == "new"
    assert '"slug":"new"' in PublishedQuote.objects.get().document


def test_an_old_address_is_not_given_away(curator: Program) -> None:
    Redirect.objects.create(kind="person", slug="ottoline-varga", target="o-varga")
    assert curator.refused("people/", VARGA)["code"] == "old_address"


@pytest.mark.parametrize(("path", "body"), [("people/", VARGA), ("organizations/", WATCH), ("articles/", VOTE)])
def test_what_is_there_already_is_a_conflict(curator: Program, path: str, body: dict[str, Any]) -> None:
    curator.make(path, body)
    error = curator.refused(path, {**body, "url": "https://gazette.example/2"} if "url" in body else body, status=409)
    assert (error["param"], error["code"]) == ("slug", "unique")


def test_an_organization_has_its_place_by_slugs(curator: Program) -> None:
    curator.make("organizations/", WATCH)
    unit = curator.make("organizations/", {**WATCH, "slug": "night-watch", "parent": "harbor-watch", "country": "XX"})
    assert (unit["parent"], unit["successor"]) == ("harbor-watch", None)
    error = curator.refused("organizations/harbor-watch/", {"parent": "night-watch"}, method="PATCH")
    assert "own ancestor" in error["detail"]
    assert Organization.objects.get(slug="harbor-watch").parent is None


def test_a_slug_that_names_nothing_is_refused_with_the_closest_that_does(curator: Program) -> None:
    curator.make("organizations/", WATCH)
    error = curator.refused("organizations/", {**WATCH, "slug": "unit", "parent": "harbour-watch"})
    assert (error["param"], error["code"], error["suggestion"]) == ("parent", "unknown_organization", "harbor-watch")


def test_the_slug_of_a_merged_record_still_names_it(editor: Program) -> None:
    factories.make_organization("harbor-watch")
    factories.make_organization("old-watch")
    kept = editor.act("organizations/old-watch/", "merge", {"into": "harbor-watch"})
    assert kept["aliases"] == ["Old Watch"]
    unit = editor.make("organizations/", {**WATCH, "slug": "unit", "parent": "old-watch"})
    assert unit["parent"] == "harbor-watch"
    job = factories.make_affiliation(factories.make_person(), Organization.objects.get(slug="harbor-watch"))
    [found] = editor.ask("affiliations/?organization=old-watch")["results"]
    assert found["person"] == job.person.slug


def test_people_are_merged_by_editors_alone(curator: Program, editor: Program) -> None:
    factories.make_person("Ottoline Varga", slug="ottoline-varga")
    factories.make_person("O. Varga", slug="o-varga")
    told(curator.send("POST", "people/o-varga/merge/", {"into": "ottoline-varga"}, if_match="x"), 403)
    answer = editor.act("people/o-varga/", "merge", {"into": "ottoline-varga"})
    assert (answer["slug"], answer["aliases"]) == ("ottoline-varga", ["O. Varga"])
    assert not Person.objects.filter(slug="o-varga").exists()


def test_what_cannot_be_merged_is_a_conflict(editor: Program) -> None:
    factories.make_person(slug="one", wikidata_id="Q71")
    factories.make_person(slug="other", wikidata_id="Q72")
    answer = editor.act("people/one/", "merge", {"into": "other"}, status=409)
    assert "not the same" in answer["errors"][0]["detail"]


def test_an_affiliation_has_a_key_that_is_made_of_what_it_is(curator: Program) -> None:
    curator.make("people/", VARGA)
    curator.make("organizations/", WATCH)
    body = {"person": "ottoline-varga", "organization": "harbor-watch", "role": "warden / bell ringer"}
    answer = curator.send("POST", "affiliations/", {**body, "start": "2021-03"})
    record = told(answer, 201)
    assert record["start"] == "2021-03"
    address = answer.headers["Location"]
    assert address == f"/api/v1/curation/affiliations/ottoline-varga/{record['key']}/"
    changed = curator.change(address, {"end": "2024"})
    assert (changed["key"], changed["end"]) == (record["key"], "2024")
    moved = curator.change(address, {"role": "warden"})
    assert moved["key"] != record["key"]
    assert curator.send("GET", address).status_code == 404
    assert curator.ask("affiliations/?person=ottoline-varga")["results"] == [moved]
    assert curator.ask("affiliations/?organization=harbor-watch&count=1")["count"] == 1


def test_an_affiliation_that_there_is_already_is_a_conflict(curator: Program) -> None:
    job = factories.make_affiliation(factories.make_person(), factories.make_organization())
    body = {"person": job.person.slug, "organization": job.organization.slug, "role": job.role}
    curator.make("affiliations/", body, status=409)
    assert Affiliation.objects.count() == 1


def test_an_affiliation_does_not_end_before_it_starts(curator: Program) -> None:
    person, organization = factories.make_person(), factories.make_organization()
    body = {"person": person.slug, "organization": organization.slug, "start": "2024", "end": "2023-12"}
    assert "ends before it starts" in curator.refused("affiliations/", body)["detail"]


def test_an_articles_authors_are_in_the_order_of_the_byline(curator: Program) -> None:
    for slug in ("z-first", "a-second", "m-third"):
        factories.make_person(slug=slug)
    factories.make_organization("lantern-gazette")
    body = {**VOTE, "outlet": "lantern-gazette", "authors": ["z-first", "a-second"], "published": "2025-03"}
    assert curator.make("articles/", body)["authors"] == ["z-first", "a-second"]
    changed = curator.change("articles/the-lantern-vote/", {"authors": ["m-third", "z-first"]})
    assert changed["authors"] == ["m-third", "z-first"]
    assert curator.change("articles/the-lantern-vote/", {"title": "Another"})["authors"] == ["m-third", "z-first"]
    assert curator.change("articles/the-lantern-vote/", {"authors": []})["authors"] == []


def test_an_unknown_author_is_named_by_place(curator: Program) -> None:
    factories.make_person(slug="a-first")
    error = curator.refused("articles/", {**VOTE, "authors": ["a-first", "nobody"]})
    assert (error["param"], error["code"]) == ("authors[1]", "unknown_person")
    assert not Article.objects.exists()


def test_a_retraction_needs_a_note(curator: Program) -> None:
    assert "Say in the note" in curator.refused("articles/", {**VOTE, "status": "retracted"})["detail"]


def test_a_snapshot_is_normalised_and_hashed(curator: Program) -> None:
    article = factories.make_article(slug="the-vote")
    body = {"text": "cafe\u0301\r\nlit", "retrieved_at": "2025-03-05T10:00:00+01:00"}
    answer = curator.send("POST", "articles/the-vote/snapshots/", body)
    record = told(answer, 201)
    assert record["sha256"] == text_hash("café\nlit")
    assert (record["length"], record["retrieved_at"]) == (8, "2025-03-05T09:00:00Z")
    assert article.snapshots.get().text == "café\nlit"
    assert curator.ask(answer.headers["Location"])["text"] == "café\nlit"
    [listed] = curator.ask("articles/the-vote/snapshots/")["results"]
    assert "text" not in listed
    assert listed["is_text_kept"] is True


def test_a_text_that_the_article_has_is_a_conflict_and_a_forgotten_one_comes_back(curator: Program) -> None:
    article = factories.make_article(slug="the-vote")
    snapshot = factories.make_snapshot(article, "A text.", retrieved_at="2025-03-05T10:00:00Z")
    curator.make("articles/the-vote/snapshots/", {"text": "A text."}, status=409)
    forget_text(snapshot=snapshot)
    assert curator.ask("articles/the-vote/snapshots/")["results"][0]["is_text_kept"] is False
    again = curator.make("articles/the-vote/snapshots/", {"text": "A text."})
    assert (again["is_text_kept"], again["retrieved_at"]) == (True, "2025-03-05T10:00:00Z")
    assert Snapshot.objects.get().text == "A text."


@pytest.mark.parametrize("moment", ["2025-03-05", "2025-03-05T10:00:00", "yesterday", "2025-13-45T10:00:00Z"])
def test_a_snapshot_was_read_at_a_moment(curator: Program, moment: str) -> None:
    factories.make_article(slug="the-vote")
    error = curator.refused("articles/the-vote/snapshots/", {"text": "A text.", "retrieved_at": moment})
    assert error["param"] == "retrieved_at"


def test_a_snapshot_never_changes(editor: Program) -> None:
    snapshot = factories.make_snapshot(factories.make_article(slug="the-vote"), "A text.")
    address = f"articles/the-vote/snapshots/{snapshot.sha256}/"
    answer = editor.send("PATCH", address, {"text": "Another."}, if_match=editor.tag(address))
    told(answer, 405)
    assert "PATCH" not in answer.headers["Allow"]
    told(editor.send("DELETE", address, if_match=editor.tag(address)), 204)


def test_a_topic_is_an_editors(curator: Program, editor: Program) -> None:
    curator.make("topics/", LANTERNS, status=403)
    editor.make("topics/", LANTERNS)
    child = editor.make("topics/", {**LANTERNS, "slug": "lamps", "parent": "lanterns"})
    assert child["parent"] == "lanterns"
    assert curator.ask("topics/lamps/") == child
    assert Topic.objects.count() == 2


def test_what_is_referred_to_is_not_deleted(editor: Program) -> None:
    person = factories.make_person(slug="ottoline-varga")
    quote = factories.make_quote(speaker=person)
    answer = editor.send("DELETE", "people/ottoline-varga/", if_match=editor.tag("people/ottoline-varga/"))
    assert told(answer, 409)["errors"][0]["detail"] == "Other records still refer to this one."
    quote.delete()
    told(editor.send("DELETE", "people/ottoline-varga/", if_match=editor.tag("people/ottoline-varga/")), 204)
    assert not Person.objects.exists()


def test_lists_are_paged_by_key_and_lose_nothing(curator: Program) -> None:
    for number in range(7):
        factories.make_person("The same", slug=f"person-{number}-x")
    found, address = [], "people/?page_size=3"
    while address:
        page = curator.ask(address)
        found += [record["slug"] for record in page["results"]]
        address = (page["next"] or "").removeprefix("http://testserver")
    assert found == [f"person-{number}-x" for number in range(7)]
    last = curator.ask(page["previous"].removeprefix("http://testserver"))
    assert [record["slug"] for record in last["results"]] == found[3:6]


@pytest.mark.parametrize(
    ("query", "param", "code"),
    [
        ("page_sise=3", "page_sise", "unknown_parameter"),
        ("page_size=0", "page_size", "invalid"),
        ("page_size=101", "page_size", "invalid"),
        ("page_size=-1", "page_size", "invalid"),
        ("cursor=abc", "cursor", "broken_cursor"),
        ("ordering=name", "ordering", "unknown_value"),
        ("name=x", "name", "unknown_parameter"),
    ],
)
def test_lists_take_what_they_know_alone(curator: Program, query: str, param: str, code: str) -> None:
    [error] = curator.ask(f"people/?{query}", status=400)["errors"]
    assert (error["param"], error["code"]) == (param, code)
    if param == "page_sise":
        assert error["suggestion"] == "page_size"


def test_records_and_posts_take_no_parameters(curator: Program) -> None:
    factories.make_person(slug="a")
    assert curator.ask("people/a/?x=1", status=400)["errors"][0]["code"] == "unknown_parameter"
    assert curator.make("people/?page_size=3", VARGA, status=400)["errors"][0]["param"] == "page_size"


def test_lists_ask_as_often_for_many_rows_as_for_one(curator: Program, django_assert_num_queries: Any) -> None:
    paths = ("people/", "organizations/", "affiliations/", "articles/", "topics/", "quotes/")

    def fill() -> None:
        outlet = factories.make_organization(parent=factories.make_organization())
        article = factories.make_article(outlet=outlet)
        article.authorships.create(person=factories.make_person())
        quote = factories.make_quote(article=article)
        factories.make_capacity(quote, outlet)
        factories.make_evidence(quote)
        factories.make_coding(quote, factories.make_topic(parent=factories.make_topic()))

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            curator.ask(path)
        return len(captured)

    fill()
    curator.ask("people/")
    few = [count(path) for path in paths]
    for _ in range(4):
        fill()
    assert [count(path) for path in paths] == few
