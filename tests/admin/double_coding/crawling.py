"""Asks everything twice: in a world where another coder has coded, and in one where nobody has."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client

from quotes import curation
from quotes.curation.coding import coder_code
from quotes.models import Coding
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.forms import url
from tests.api_curation.asking import Program
from tests.waiting import member

CANARY = "canary-of-another"
Answer = tuple[int, str, str, str]
Answers = dict[str, Answer]


class World:
    """An open and a closed round, quotes in every status, two coders and an editor who have coded in both."""

    def __init__(self) -> None:
        self.opened = factories.make_round(1)
        self.closed = factories.make_round(7, closed_at="2026-12-01T10:00:00Z")
        self.topic = factories.make_topic("lanterns")
        self.drafts = [factories.make_quote(f"The lanterns say {word}.") for word in ("red", "blue", "green")]
        self.published = factories.make_quote("The lanterns are on.")
        factories.make_capacity(self.published, factories.make_organization("port-office"))
        curation.publish(quotes=[self.published], actor=None)
        self.quotes = [*self.drafts, self.published]
        self.other = member("other", "coder")
        self.others_code = coder_code(self.other)
        factories.make_coding(self.published, self.topic, "mixed", coder="adjudicator", round=2)
        last = factories.make_coding(self.drafts[0], self.topic, coder=self.others_code, round=7, is_final=False)
        self.first_key = last.pk + 1
        curation.refresh_publication()

    def code(self) -> None:
        """What the other coder did, and an editor about what is not public."""
        stances = ("support", "oppose", "mixed", "unclear")
        for quote, stance, certainty in zip(self.quotes, stances, ("high", "low", "medium", "low"), strict=True):
            factories.make_coding(
                quote,
                self.topic,
                stance,
                coder=self.others_code,
                round=1,
                is_final=False,
                certainty=certainty,
                justification=f"{CANARY} {stance}",
            )
        theirs = Coding.objects.filter(coder=self.others_code, round=1)
        theirs.filter(quote=self.drafts[0]).update(certainty="low")
        theirs.filter(quote=self.drafts[2]).delete()
        factories.make_coding(self.drafts[1], self.topic, "oppose", coder="adjudicator", justification=CANARY)
        curation.refresh_publication()


ROLES: dict[str, Callable[[User], object]] = {
    "coder": lambda user: None,
    "curator": lambda user: None,
    # Somebody's own group may hold any rights but the editors': it must not see more for it.
    "everything but publishing": lambda user: user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="quotes").exclude(codename="publish_quote")
    ),
}


def make_reader(role: str) -> User:
    user = member("reader", role if role in {"coder", "curator"} else "coder")
    ROLES[role](user)
    return User.objects.get(pk=user.pk)


class Links(HTMLParser):
    """Where a page leads: its links, and its forms that are sent by GET, filled in in every way that they offer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "a" and named.get("href"):
            self.found.append(str(named["href"]))
        if named.get("data-ajax--url"):
            query = {
                name: named.get(f"data-{name.replace('_', '-')}") or ""
                for name in ("app_label", "model_name", "field_name")
            }
            self.found.append(f"{named['data-ajax--url']}?{urlencode({**query, 'term': ''})}")


# What differs with every request, or is the next number of a table that others write too.
EVENT = re.compile(r"/history/(\w+)/\d+/")
VOLATILE = re.compile(
    r'name="(?:csrfmiddlewaretoken|shown_state|draft)" value="[^"]*"|/history/\w+/\d+/|'
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?|\d\d:\d\d:\d\d"
)


def shown(answer: Any) -> Answer:
    """What of an answer may not depend on others' codings."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {name: answer.headers.get(name, "") for name in ("Location", "ETag", "Link")}
    return (
        answer.status_code,
        headers["Location"],
        headers["ETag"] + headers["Link"],
        VOLATILE.sub("", body.decode("utf-8", "replace")),
    )


# The way out, and the list of one's own tokens, which says when they were used.
ASIDE = ("/admin/logout", "/admin/password", "/admin/jsi18n", "/admin/quotes/apitoken")
SEEDS = (
    "/admin/",
    "/admin/quotes/coding/?_facets=True",
    "/admin/quotes/coding/?q=canary",
    "/admin/quotes/coding/?stance__exact=support",
    "/admin/quotes/coding/?o=3.-7",
    "/admin/quotes/coding/?_popup=1&_to_field=id",
    "/admin/quotes/coding/?e=1",
    "/admin/quotes/coding/?all=",
    "/admin/quotes/codinground/?codings__isnull=1",
    "/admin/quotes/quote/?_facets=True",
    "/admin/quotes/quote/?codings__isnull=1",
    "/admin/quotes/quote/?codings__isnull=0",
    "/admin/quotes/quote/?codings__gte=1",
    "/admin/quotes/quote/?codings=1",
    "/admin/quotes/quote/?codings__stance__exact=support",
    "/admin/quotes/quote/?codings__justification__exact=canary",
    "/admin/quotes/quote/?q=canary",
    "/admin/quotes/topic/?codings__isnull=1",
    "/admin/quotes/topic/?codings__gte=1",
    "/admin/quotes/person/?quotes__isnull=1",
    "/api/v1/",
    "/api/v1/codings/",
    "/api/v1/quotes/?count=1",
    "/api/v1/topics/?count=1",
    "/api/v1/changes/",
    "/api/v1/quotes/?stance=support",
    "/api/v1/quotes/?stance=mixed&format=csv",
    "/api/v1/facets/?facet=stance",
    "/api/v1/codings/?round=1",
    "/api/v1/curation/",
    "/",
    "/quotes/",
    "/topics/lanterns/",
)


def seeds(world: World) -> Iterator[str]:
    yield from SEEDS
    for stance in ("support", "oppose", "mixed"):
        yield f"/admin/quotes/quote/?stance={stance}"
        yield f"/admin/quotes/quote/?stance={stance}&topic={world.topic.pk}&_facets=True"
        yield f"/admin/quotes/coding/?stance__exact={stance}&round__exact=1"
    yield f"/admin/quotes/quote/?topic={world.topic.pk}"
    for model in ("quote", "topic"):
        yield f"/admin/autocomplete/?app_label=quotes&model_name=coding&field_name={model}&term=canary"
    for row in (world.opened, world.closed):
        yield url(row, "change")
        yield from (f"{url(row, name)}?topic=lanterns" for name in ("code", "disagreements", "adjudicate", "close"))
    for quote in world.quotes:
        yield from (url(quote, page) for page in ("change", "history", "delete"))
        at = f"/api/v1/curation/quotes/{quote.uid}/"
        yield from (at, f"{at}history/", f"{at}codings/?count=1", f"{at}codings/lanterns/{world.others_code}/1/")
        yield f"/api/v1/quotes/{quote.uid}/"
        yield f"/quotes/{quote.uid}/"
    yield from (url(world.topic, page) for page in ("change", "history", "delete"))
    # Primary keys are guessed: of the other coder's codings, of none, and as the shortcut to any object takes them.
    kind = ContentType.objects.get_for_model(Coding).pk
    first = world.first_key
    for key in range(first, first + 6):
        yield from (f"/admin/quotes/coding/{key}/{page}/" for page in ("change", "history", "delete"))
        yield f"/admin/r/{kind}/{key}/"


def crawl(program: Program, world: World, *, most: int) -> Answers:
    """Answers to the program and its user by address, of the first so many that lead on from the seeds."""
    client = client_of(program.user)
    waiting = deque(seeds(world))
    answers: Answers = {}
    known = set(waiting)
    while waiting and len(answers) < most:
        address = waiting.popleft()
        answer = ask(client, program, address)
        answers[EVENT.sub(r"/history/\1/", address)] = shown(answer)
        for link in links(address, answer):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return answers


def ask(client: Client, program: Program, address: str) -> Any:
    if address.startswith("/api/v1/curation/"):
        return program.send("GET", address)
    return client.get(address)


def links(address: str, answer: Any) -> list[str]:
    if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
        return [answer.headers["Location"]] if answer.headers.get("Location", "").startswith("/") else []
    parser = Links()
    parser.feed(answer.content.decode())
    found = [urljoin(address, link) for link in parser.found]
    parts = [urlsplit(link) for link in found if link.startswith("/admin/")]
    kept = [part for part in parts if not part.path.startswith(ASIDE)]
    # Filters and orders in all their combinations are no end of pages, which say what they say one by one.
    single = [part for part in kept if len(parse_qsl(part.query)) < 2 or part.path.endswith("/autocomplete/")]
    return [f"{part.path}?{part.query}" if part.query else part.path for part in single if "." not in part.query]


def answers_in(world: World, reader: Program, *, is_coded: bool, most: int) -> Answers:
    """What the reader is told in the world where others have coded, or have not. Afterwards it is as before."""
    with transaction.atomic():
        if is_coded:
            world.code()
        own = {"coder": coder_code(reader.user), "round": 1, "is_final": False, "pk": 10**6}
        factories.make_coding(world.drafts[0], world.topic, "unclear", **own)
        found = crawl(reader, world, most=most)
        transaction.set_rollback(True)
    return found
