"""What documents keep to themselves, where their links lead, and the documents of people, organizations and articles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from quotes.curation import refresh_publication
from quotes.models import Quote
from tests.api.asking import API, CLIENT, ask, capacity, said_at
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def everything() -> Iterator[str]:
    """The body of every address that the read side has, each list and each document in it."""
    paths = [f"{API}{path}" for path in ("", "quotes/", "people/", "organizations/", "articles/", "topics/")]
    documents = [document for path in paths[1:] for document in CLIENT.get(path).json()["results"]]
    paths += [document["api_url"] for document in documents]
    for path in [*paths, f"{API}quotes/?q=lantern&count=1&ordering=relevance", "/api/schema/"]:
        answer = CLIENT.get(path)
        assert answer.status_code == 200, path
        yield answer.content.decode()
        yield CLIENT.options(path).content.decode()


def test_no_answer_holds_the_articles_text(quote: Quote) -> None:
    for body in everything():
        assert "CANARY" not in body


def test_no_answer_holds_an_internal_key(quote: Quote) -> None:
    names = {name for body in everything() for name in re.findall(r'"(\w+)":', body)}
    assert {name for name in names if name.endswith("_id")} == {"wikidata_id"}
    assert not names & {"pk", "key", "facets", "utterance", "change"}
    assert ask()["results"][0]["citation"].pop("id") == str(quote.uid)  # the one "id", and a public one


# Links


def links(value: Any) -> Iterator[str]:
    """Every address in a document that is ours."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in {"api_url", "permalink", "quotes_url"}:
                yield member
            yield from links(member)
    elif isinstance(value, list):
        for member in value:
            yield from links(member)


def test_links_are_root_relative(quote: Quote) -> None:
    for path in ("quotes/", "people/", "organizations/", "articles/", "topics/"):
        found = list(links(ask(path=path)["results"]))
        assert found
        assert all(re.match("/[a-z]", link) for link in found)


def test_links_into_the_api_lead_somewhere(quote: Quote) -> None:
    for path in ("quotes/", "people/", "organizations/", "articles/", "topics/"):
        for link in set(links(ask(path=path)["results"])):
            assert CLIENT.get(link).status_code == 200 or not link.startswith("/api/"), link


def test_the_hidden_links_are_root_relative_too() -> None:
    said_at(make_organization("harbor-watch"), "former")
    [item] = ask("affiliation=harbor-watch&count=1")["hidden"]
    assert item["url"].startswith("/api/v1/quotes/?")


# Other documents


def test_a_person_has_the_jobs_that_published_quotes_were_said_in(quote: Quote) -> None:
    jobs = ask(path="people/ottoline-varga/")["affiliations"]
    assert {job["role"] for job in jobs} == {"warden", "bell ringer"}
    assert set(jobs[0]) == {"organization", "role", "kind", "start", "end"}


def test_a_person_has_no_stance_of_their_own(quote: Quote) -> None:
    assert "stance" not in json.dumps(ask(path="people/ottoline-varga/"))


def test_an_article_names_what_was_read_of_it_by_hash(quote: Quote) -> None:
    [snapshot] = ask(path="articles/the-lantern-vote/")["snapshots"]
    assert snapshot["sha256"] == quote.snapshot.sha256


def test_an_organization_leads_to_what_is_above_it_and_to_what_it_became() -> None:
    above, successor = make_organization("harbor-board"), make_organization("harbor-guard")
    said_at(make_organization("harbor-watch", parent=above, successor=successor))
    document = ask(path="organizations/harbor-watch/")
    assert (document["parent"]["slug"], document["successor"]["slug"]) == ("harbor-board", "harbor-guard")


def test_a_renamed_organization_is_renamed_in_every_quote(quote: Quote) -> None:
    quote.organization.name = "Harbor Guard"
    quote.organization.save()
    refresh_publication()
    document = ask(path=f"quotes/{quote.uid}/")
    assert document["organization"]["name"] == "Harbor Guard"
    assert {item["organization"]["name"] for item in document["affiliations"]} == {"Harbor Guard"}


def test_a_new_capacity_is_in_the_document(quote: Quote) -> None:
    capacity(quote, make_organization("lamp-guild"), "incoming")
    standings = [item["standing"] for item in ask(path=f"quotes/{quote.uid}/")["affiliations"]]
    assert standings == ["current", "former", "incoming"]
