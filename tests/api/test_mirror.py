"""Whoever follows `changes/` has exactly what is public, wherever they begin and whatever happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from quotes import curation
from quotes.models import Article, Organization, Person, Quote, Redirect, Topic
from quotes.publication.changes import last_change
from quotes.vocabulary import EntityKind
from tests.api.asking import CLIENT, draft, published
from tests.api.mirror import Mirror, public_state
from tests.factories import (
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_topic,
)

pytestmark = pytest.mark.django_db


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def renamed(model: Any, old: str, new: str, kind: EntityKind) -> None:
    model.objects.filter(slug=old).update(slug=new)
    curation.readdress(kind=kind, old=old, new=new)


def told_story() -> list[Callable[[], Any]]:
    """Steps in which everything happens that a mirror must hear of; most of them undo or repeat an earlier one."""
    watch, office = make_organization("harbor-watch"), make_organization("lamp-office")
    desk = make_organization("lamp-desk", parent=office)
    varga, corrin = make_person("Ottoline Varga", slug="ottoline-varga"), make_person("Neva Corrin", slug="neva-corrin")
    twin = make_person("O. Varga", slug="o-varga")
    lamps = make_topic("lamps", parent=make_topic("light"))
    first, second, third = (
        draft(f"Lamp {name}.", speaker=person) for name, person in zip("ABC", (varga, corrin, twin), strict=True)
    )
    make_capacity(first, desk)
    make_capacity(second, watch)
    make_coding(first, lamps, certainty="low")

    def published_again() -> None:
        Quote.objects.filter(pk=first.pk).update(status="published", withdrawn_at=None, withdrawn_reason="")
        curation.refresh_publication()

    def merge_undone() -> None:
        Redirect.objects.filter(slug="o-varga").delete()
        Quote.objects.filter(pk=third.pk).update(speaker=make_person("O. Varga", slug="o-varga"))
        curation.refresh_publication()

    def disputed() -> None:
        make_evidence(second)
        Quote.objects.filter(pk=second.pk).update(verification="fabricated")
        curation.refresh_publication()

    def back_to_draft() -> None:
        run("UPDATE quotes_quote SET status = 'draft' WHERE id = %s", second.pk)
        curation.refresh_publication()

    return [
        lambda: curation.publish(quotes=[first], actor=None),
        lambda: curation.publish(quotes=[second, third], actor=None),
        lambda: Person.objects.filter(pk=varga.pk).update(name="Ottilie Varga"),
        curation.refresh_publication,
        lambda: curation.withdraw(quotes=[first], reason="Misheard.", actor=None),
        published_again,
        lambda: renamed(Organization, "lamp-office", "lantern-office", EntityKind.ORGANIZATION),
        lambda: curation.merge_people(keep=varga, merged=twin, actor=None),
        merge_undone,
        lambda: renamed(Organization, "lantern-office", "lamp-office", EntityKind.ORGANIZATION),
        lambda: curation.merge_organizations(keep=watch, merged=Organization.objects.get(slug="lamp-desk"), actor=None),
        lambda: curation.withdraw(quotes=[third], reason="Invented.", actor=None),
        disputed,
        lambda: curation.record_coding(quote=second, topic=lamps, coder="a", stance="oppose", is_final=True),
        lambda: Topic.objects.filter(slug="lamps").update(parent=None),
        curation.refresh_publication,
        lambda: Article.objects.filter(pk=second.article_id).update(
            slug="another-vote"
        ),  # and no redirect from the old slug
        curation.refresh_publication,
        back_to_draft,
        lambda: curation.withdraw(quotes=[first], reason="Misheard again.", actor=None),
    ]


def test_a_mirror_has_what_is_public_after_every_step_and_so_has_one_that_begins_anew() -> None:
    mirror = Mirror()
    started, heard = [], set()
    for step in told_story():
        step()
        heard |= {change["event"] for change in mirror.follow()}
        assert mirror.state() == public_state()
        late = Mirror()
        late.follow(page_size=100)
        assert late.state() == public_state()
        started.append(late)
    for late in started:  # each was last here some steps ago
        late.follow(page_size=2)
        assert late.state() == public_state()
    assert heard == {"saved", "withdrawn", "removed", "moved"}
    assert mirror.documents == {}
    assert len(mirror.withdrawn) == 2


def test_the_mirror_of_the_documentation_is_one() -> None:
    page = (settings.BASE_DIR / "docs" / "changes.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(code, namespace)  # noqa: S102 - our own page
    mirror = {"since": 0, "documents": {}, "moved": {}, "withdrawn": {}}
    for step in told_story():
        step()
        namespace["follow"](lambda address: CLIENT.get(address).json(), mirror)
    assert {name: mirror[name] for name in ("documents", "moved", "withdrawn")} == public_state()
    assert mirror["since"] == last_change()


def test_what_was_read_once_is_not_read_again() -> None:
    published()
    mirror = Mirror()
    assert len(mirror.follow()) == 3  # the quote, its speaker, the article
    assert mirror.follow() == []
    assert mirror.since == last_change()


def test_changes_come_in_the_order_of_their_numbers_each_name_once() -> None:
    quotes = [published() for _ in range(3)]
    Quote.objects.filter(pk=quotes[0].pk).update(cue="said")
    curation.refresh_publication()
    changes = Mirror().follow(page_size=2)
    assert [one["change"] for one in changes] == sorted({one["change"] for one in changes})
    assert len({(one["kind"], one["id"]) for one in changes}) == len(changes)
    assert changes[-1]["id"] == str(quotes[0].uid)


def test_the_document_is_that_of_the_detail_but_for_the_count_of_quotes() -> None:
    make_capacity(published(), make_organization("harbor-watch"))
    curation.refresh_publication()
    for change in Mirror().follow():
        detail = CLIENT.get(change["api_url"]).json()
        detail.pop("quote_count", None)
        assert change["document"] == detail
