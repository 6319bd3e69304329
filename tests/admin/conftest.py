"""Curators with more and with fewer rights, and one of everything that they may look at."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.db import models
from django.test import Client

from quotes.models import Authorship, Quote, Redirect
from tests import factories


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_user(name: str, *permissions: str) -> User:
    """A user of the admin with these permissions (code names) alone."""
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="quotes", codename__in=permissions))
    return user


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_superuser("editor")


@pytest.fixture
def as_editor(editor: User) -> Client:
    return client_of(editor)


@pytest.fixture
def as_curator(db: None) -> Client:
    """Somebody who may change everything and publish nothing."""
    permissions = Permission.objects.filter(content_type__app_label="quotes").exclude(codename="publish_quote")
    return client_of(make_user("curator", *permissions.values_list("codename", flat=True)))


def make_one_of_each(number: int = 1) -> dict[type[models.Model], models.Model]:
    """A published quote with everything that can hang on one; by model."""
    outlet = factories.make_organization(f"outlet-{number}", parent=factories.make_organization())
    article = factories.make_article(outlet=outlet)
    authorship = Authorship.objects.create(article=article, person=factories.make_person())
    root = factories.make_quote(article=factories.make_article(), status="published", published_at="2025-03-05T10:00Z")
    quote = factories.make_quote(
        article=article, status="published", published_at="2025-03-05T10:00Z", same_utterance_as=root
    )
    topic = factories.make_topic(parent=factories.make_topic())
    capacity = factories.make_capacity(quote, outlet)
    members: list[models.Model] = [
        outlet,
        article,
        authorship,
        quote,
        topic,
        capacity,
        capacity.affiliation,
        capacity.affiliation.person,
        factories.make_coding(quote, topic),
        factories.make_round(number),
        factories.make_evidence(quote),
        Redirect.objects.create(kind="person", slug=f"old-{number}", target=capacity.affiliation.person.slug),
    ]
    assert isinstance(quote, Quote) and quote.snapshot
    return {type(member): member for member in [*members, quote.snapshot]}
