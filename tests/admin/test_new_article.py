"""The screen for a new article: an address or a text, what is found in it, and what is here already."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from quotes.admin.new_article import screen as new_article
from quotes.models import Article, Organization, Person
from quotes.publication.models import PublishedEntity
from quotes.reading.fetching import fetch_under
from tests.admin.conftest import client_of, make_user
from tests.factories import make_article, make_organization, make_person
from tests.reading import Server, answer, loopback_rules, serving

PLACE = "/admin/quotes/article/new/"
TEXT = (
    "Sutherby keeps its lanterns\n\nBy Orla Tamsin and Bertil Quill\nMarch 4, 2025\n\n"
    "The council of Sutherby met on Tuesday evening to talk about the lanterns by the harbor. "
    "Nobody on the pier had asked for the lanterns to be put out before the winter came. "
    "The vote was taken shortly before midnight and the lanterns of the harbor stay lit."
)
PAGE = (
    "<html lang='en-GB'><head><title>The vote</title><meta property='og:site_name' content='Lantern Gazette'>"
    "<meta name='author' content='Orla Tamsin'></head><body><article><h1>The vote</h1>"
    "<p>The council of Sutherby met on Tuesday to talk about the lanterns, and stayed until midnight.</p></article>"
)


@pytest.fixture
def curator(db: None) -> Client:
    user = User.objects.create_user("curator", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    return client_of(user)


def read(client: Client, **source: str) -> Any:
    return client.post(PLACE, {"step": "read", **source})


def shown(response: Any) -> dict[str, str]:
    """What a browser would send of the page where an article is confirmed."""
    assert response.status_code == 200
    assert "found" in response.context, response.content.decode()
    data: dict[str, str] = {}
    forms = [response.context["found"], response.context["outlet"], *response.context["authors"]]
    data |= {form.seen: form.searched for form in forms[1:]}
    for form in [*forms, response.context["authors"].management_form]:
        for field in form:
            value = field.value()
            data |= {} if value in (None, False) else {field.html_name: str(value)}
    return data


def save(client: Client, response: Any, *, step: str = "save", **changes: str) -> Any:
    """Send the page with the changes; names hold `__` for hyphens."""
    data = {**shown(response), "step": step} | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(PLACE, data)


def faults(response: Any) -> str:
    assert response.status_code == 200
    page = response.content.decode()
    return " ".join(
        re.findall(r'class="errorlist[^>]*>(.*?)</ul>|class="errornote">(.*?)</p>', page, re.S).__str__().split()
    )


def test_a_pasted_text_is_read_confirmed_and_kept(curator: Client) -> None:
    page = read(curator, text=TEXT)
    found = shown(page)
    assert (found["title"], found["published"]) == ("Sutherby keeps its lanterns", "2025-03-04")
    assert (found["authors-0-name"], found["authors-1-name"]) == ("Orla Tamsin", "Bertil Quill")
    assert not Article.objects.exists()
    who = {"outlet__who": "new", "outlet__name": "Lantern Gazette", "authors__0__who": "new", "authors__1__who": "none"}
    answer = save(curator, page, url="https://gazette.example/vote", **who)
    article = Article.objects.get()
    assert answer.headers["Location"] in {
        reverse("admin:quotes_article_change", args=[article.pk]),
        f"/admin/quotes/article/{article.pk}/workbench/",
    }
    assert (article.slug, article.published, article.language) == ("sutherby-keeps-its-lanterns", "2025-03-04", "en")
    assert [(person.name, person.sort_name) for person in article.authors.all()] == [("Orla Tamsin", "Tamsin, Orla")]
    assert article.outlet and (article.outlet.name, article.outlet.kind) == ("Lantern Gazette", "media")
    assert article.snapshots.get().text == TEXT
    assert not PublishedEntity.objects.exists()


def serve(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """The guard lets the test's own server through, and nothing else."""
    monkeypatch.setattr(new_article, "fetch", lambda url: fetch_under(loopback_rules(server), url))


def test_an_address_is_fetched_and_what_the_page_says_is_shown(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gazette, orla = make_organization("gazette", name="Lantern Gazette"), make_person("Orla Tamsin")
    with serving(answer(PAGE.encode())) as server:
        serve(monkeypatch, server)
        page = read(curator, address=server.url("/vote?utm_source=mail&id=7"))
    found = shown(page)
    assert (found["title"], found["language"]) == ("The vote", "en-GB")
    assert found["url"] == server.url("/vote?id=7")
    assert (found["outlet-who"], found["authors-0-who"]) == (str(gazette.pk), str(orla.pk))
    assert save(curator, page, url="https://gazette.example/vote").status_code == 302
    article = Article.objects.get()
    assert (article.outlet, list(article.authors.all())) == (gazette, [orla])
    assert "stayed until midnight" in (article.snapshots.get().text or "")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://127.0.0.1/", "not the address of a public web page"),
        ("ftp://gazette.example/", "begin with http"),
        ("no address", "holds a space"),
    ],
)
def test_an_address_that_cannot_be_read_is_kept_and_a_text_asked_for(curator: Client, address: str, says: str) -> None:
    page = read(curator, address=address)
    assert says in faults(page)
    assert "Paste the text" in faults(page)
    assert page.context["form"]["address"].value() == address


def test_a_page_without_an_article_says_so(curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"<html></html>")) as server:
        serve(monkeypatch, server)
        page = read(curator, address=server.url("/"))
    assert "No text of an article was found" in faults(page)


def test_with_a_text_nothing_is_fetched(curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_article, "fetch", lambda url: pytest.fail("fetched"))
    found = shown(read(curator, address="https://gazette.example/vote?fbclid=x", text=TEXT))
    assert found["url"] == "https://gazette.example/vote"


def test_nothing_pasted_is_refused(curator: Client) -> None:
    assert "Paste an address or a text" in faults(read(curator))


def test_back_to_what_was_pasted_loses_nothing(curator: Client) -> None:
    page = read(curator, address="https://gazette.example/vote", text=TEXT)
    again = save(curator, page, step="again")
    assert again.context["form"]["address"].value() == "https://gazette.example/vote"
    assert again.context["form"]["text"].value() == TEXT


def test_nobody_is_made_before_somebody_chose(curator: Client) -> None:
    page = read(curator, text=TEXT)
    answer = save(curator, page, url="https://gazette.example/vote")
    assert faults(answer).count("Choose who this is") == 2
    assert shown(answer)["text"] == TEXT
    assert not (Article.objects.exists() or Person.objects.exists() or Organization.objects.exists())


def test_close_matches_stand_before_a_new_person(curator: Client) -> None:
    make_person("Orla Tamsyn")
    page = read(curator, text=TEXT)
    labels = [label for _, label in page.context["authors"][0].fields["who"].choices]
    assert labels[0].startswith("Orla Tamsyn")
    assert labels[1] == "Make a new person: “Orla Tamsin”"


def test_of_two_who_bear_the_name_neither_is_chosen(curator: Client) -> None:
    for number in (1, 2):
        make_person("Orla Tamsin", slug=f"orla-{number}")
    form = read(curator, text=TEXT).context["authors"][0]
    assert len(form.close) == 2
    assert not form["who"].value()


def test_a_name_corrected_on_the_page_is_looked_for_again(curator: Client) -> None:
    orla = make_person("Orla Tamsin")
    page = read(curator, text=TEXT.replace("Orla Tamsin", "Olra Tmasin"))
    checked = save(curator, page, step="check", authors__0__name="Orla Tamsin")
    assert [row.pk for row in checked.context["authors"][0].close] == [orla.pk]


def test_a_name_typed_on_the_page_makes_nobody_before_close_matches_were_shown(curator: Client) -> None:
    make_organization("gazette", name="Lantern Gazette")
    page = read(curator, text=TEXT)
    rows = {
        "outlet__name": "The Lantern Gazette",
        "outlet__who": "new",
        "authors__0__who": "none",
        "authors__1__who": "none",
    }
    refused = save(curator, page, url="https://gazette.example/vote", **rows)
    assert "These come close to the name" in faults(refused)
    assert not Article.objects.exists()
    assert save(curator, refused, step="save").status_code == 302
    assert Organization.objects.filter(name="The Lantern Gazette").exists()


def test_a_new_person_needs_a_name(curator: Client) -> None:
    page = read(curator, text=TEXT)
    assert "A new organization needs a name" in faults(save(curator, page, outlet__who="new"))


def test_one_more_author_and_somebody_else_are_taken(curator: Client) -> None:
    orla, other = make_person("Orla Tamsin"), make_person("Selma Roe")
    page = read(curator, text=TEXT)
    rows = {"authors__0__who": "other", "authors__0__other": str(other.pk), "authors__1__who": "none"}
    more = {"authors__2__name": "Orla Tamsin", "authors__2__who": str(orla.pk), "outlet__who": "none"}
    save(curator, page, url="https://gazette.example/vote", **rows, **more)
    assert [row.person for row in Article.objects.get().authorships.all()] == [other, orla]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("title", "The\x02vote", "Character 4 is a control character (U+0002)"),
        ("title", "", "This field is required"),
        ("url", "gazette.example", "Enter a valid URL"),
        ("published", "last week", "is not a date such as"),
        ("published", "2199", "No date here is after 2100"),
        ("language", "english please", "BCP 47"),
        ("text", " \x02 ", "This field is required"),
        ("outlet__name", "Lantern\x07", "control character"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(curator: Client, name: str, value: str, says: str) -> None:
    page = read(curator, text=TEXT)
    rows = {"url": "https://gazette.example/vote", "outlet__who": "new", "outlet__name": "Lantern"}
    rows |= {"authors__0__who": "none", "authors__1__who": "none"}
    answer = save(curator, page, **{**rows, name: value})
    assert says in faults(answer)
    assert not Article.objects.exists()
    assert not Organization.objects.exists()


def test_an_address_that_is_taken_is_told(curator: Client) -> None:
    make_article(url="https://gazette.example/vote")
    page = read(curator, text=TEXT)
    rows = {"outlet__who": "none", "authors__0__who": "none", "authors__1__who": "none", "is_another": "on"}
    assert "has this very address" in faults(save(curator, page, url="https://gazette.example/vote", **rows))


def test_control_characters_of_a_pasted_text_are_taken_out(curator: Client) -> None:
    found = shown(read(curator, text="Sutherby\x02\r\n\r\nThe lanterns\x0cstay\x9d lit."))
    assert (found["title"], found["text"]) == ("Sutherby", "Sutherby\n\nThe lanterns\nstay lit.")


def test_who_may_not_make_people_is_not_offered_to(db: None) -> None:
    client = client_of(make_user("narrow", "view_article", "add_article", "add_snapshot"))
    form = read(client, text=TEXT).context["authors"][0]
    assert "new" not in dict(form.fields["who"].choices)


@pytest.mark.parametrize("permissions", [("view_article",), ("view_article", "add_article")])
def test_who_may_not_add_articles_with_their_texts_is_shown_the_door(db: None, permissions: tuple[str, ...]) -> None:
    client = client_of(make_user("reader", *permissions))
    assert client.get(PLACE).status_code == 403
    assert read(client, text=TEXT).status_code == 403


def test_reading_a_page_needs_the_users_own_form(curator: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = curator.cookies
    assert read(strict, address="https://gazette.example/vote").status_code == 403
    assert curator.get(PLACE, {"step": "read", "address": "https://gazette.example/"}).context["form"].errors == {}


def test_the_list_of_articles_leads_here(curator: Client) -> None:
    assert (
        f'<a href="{PLACE}" class="qb-primary">New article</a>'
        in curator.get("/admin/quotes/article/").content.decode()
    )
