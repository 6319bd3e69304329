"""The screen for a new article, when it or its outlet is here already: the same address, nearly the same text."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from quotes.models import Article, Snapshot
from tests.admin.conftest import client_of
from tests.admin.test_new_article import PLACE, TEXT, faults, read, save, shown
from tests.factories import make_article, make_organization, make_snapshot


@pytest.fixture
def curator(db: None) -> Client:
    user = User.objects.create_user("curator", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    return client_of(user)


def test_the_same_address_written_otherwise_is_told_and_its_text_can_be_added(curator: Client) -> None:
    article = make_article(url="http://www.gazette.example/vote/?utm_source=x")
    page = read(curator, address="https://gazette.example/vote", text=TEXT)
    assert page.context["same"] == [article]
    assert "Look at what is here" in faults(save(curator, page))
    curator.post(PLACE, {**shown(page), "add_to": str(article.pk)})
    assert article.snapshots.get().text == TEXT
    assert Article.objects.count() == 1


def test_the_very_text_is_not_added_twice(curator: Client) -> None:
    article = make_article(url="https://gazette.example/vote")
    make_snapshot(article, TEXT)
    page = read(curator, address="https://gazette.example/vote", text=TEXT)
    answer = curator.post(PLACE, {**shown(page), "add_to": str(article.pk)}, follow=True)
    assert "has this very text already" in answer.content.decode()
    assert Snapshot.objects.count() == 1


def test_a_nearly_identical_text_is_shown_with_its_share_and_the_curator_decides(curator: Client) -> None:
    twin = make_article(title="Lanterns stay", url="https://harbor.example/lanterns")
    make_snapshot(twin, TEXT.replace("shortly before midnight", "late at night"))
    page = read(curator, text=TEXT)
    [like] = page.context["near"]
    assert (like.article, 50 <= like.per_cent < 100) == (twin, True)
    assert f"{like.per_cent} % of the sentences" in page.content.decode()
    rows = {"outlet__who": "none", "authors__0__who": "none", "authors__1__who": "none"}
    refused = save(curator, page, url="https://gazette.example/vote", **rows)
    assert "Look at what is here already" in faults(refused)
    assert save(curator, page, url="https://gazette.example/vote", is_another="on", **rows).status_code == 302
    assert Article.objects.count() == 2


def test_the_outlet_of_other_articles_at_the_host_is_offered(curator: Client) -> None:
    gazette = make_organization("gazette", name="Lantern Gazette")
    make_article(url="https://www.gazette.example/old", outlet=gazette)
    found = shown(read(curator, address="https://gazette.example/vote", text=TEXT))
    assert (found["outlet-name"], found["outlet-who"]) == ("Lantern Gazette", str(gazette.pk))
