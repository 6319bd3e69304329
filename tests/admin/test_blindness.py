"""Coders work blind: what somebody may ask and is answered does not depend on what another coder coded.

Everything is asked twice, by every way that leads on from the admin's index and from the API's roots: in a world where nobody
else has coded, and in one where somebody has. The answers must be the same to the letter. That finds what canaries do not:
counts, orders, addresses, refusals that tell.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client

from quotes import curation
from quotes.curation.coding import coder_code
from quotes.curation.desk import Desk, Judgement, judge
from quotes.models import Coding, CodingRound, Quote, Topic
from quotes.publication.models import PublishedCoding
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.forms import errors, send, url
from tests.admin.test_coding_desk import make_member
from tests.api_curation.asking import Program, program_of
from tests.publication.test_concurrency import Session, wait_until_somebody_waits_for_a_lock

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
        self.other = make_member("other", "coder")
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
    user = make_member("reader", role if role in {"coder", "curator"} else "coder")
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


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "most"), [("coder", 190), ("curator", 0), ("everything but publishing", 170)])
def test_no_answer_depends_on_what_another_coder_coded(role: str, most: int) -> None:
    world, reader = World(), program_of(make_reader(role))
    most = max(most, len(list(seeds(world))))
    without, with_others = (answers_in(world, reader, is_coded=is_coded, most=most) for is_coded in (False, True))
    for address, answer in without.items():
        assert with_others.get(address) == answer, address
    assert without.keys() == with_others.keys()
    # The crawl got where it matters, and there is something to see.
    assert CANARY not in " ".join(answer[3] for answer in with_others.values())
    assert "The lanterns are on." in without["/admin/quotes/quote/?stance=mixed"][3]
    if role != "curator":
        assert "The lanterns say red." in without["/admin/quotes/coding/?all="][3]


@pytest.mark.django_db
def test_an_editor_is_told_so_the_crawl_would_find_it() -> None:
    world = World()
    reader = program_of(make_member("reader", "editor"))
    without, with_others = (
        answers_in(world, reader, is_coded=is_coded, most=len(list(seeds(world)))) for is_coded in (False, True)
    )
    seen = {address for address, answer in without.items() if with_others[address] != answer}
    draft = world.drafts[0]
    assert seen >= {url(draft, "change"), url(draft, "history"), url(draft, "delete"), "/admin/quotes/coding/?all="}
    assert f"/api/v1/curation/quotes/{draft.uid}/history/" in seen


@pytest.fixture
def coder(db: None) -> User:
    user = make_member("reader", "coder")
    user.user_permissions.add(Permission.objects.get(codename="delete_coding"))
    return User.objects.get(pk=user.pk)


def refusal(client: Client, quote: Quote, topic: Topic, coder: str) -> str:
    judgement = {"quote": quote.pk, "topic": topic.pk, "stance": "mixed", "coder": coder, "round": 1}
    return errors(send(client, url(Coding, "add"), **judgement))


def test_what_is_refused_does_not_tell_whether_another_has_coded(coder: User) -> None:
    client, topic = client_of(coder), factories.make_topic()
    coded, not_coded = factories.make_quote(), factories.make_quote()
    factories.make_coding(coded, topic, coder="coder-a", round=1, is_final=False)
    said = refusal(client, coded, topic, "coder-a")
    assert said == refusal(client, not_coded, topic, "coder-a")
    assert "changed by editors alone" in said
    own = factories.make_coding(not_coded, topic, coder=coder_code(coder), round=1, is_final=False)
    taken = errors(send(client, url(own, "change"), coder="coder-a", quote=coded.pk))
    assert taken == errors(send(client, url(own, "change"), coder="coder-a"))


def test_a_coder_codes_what_has_a_hidden_final_coding(coder: User) -> None:
    quote, topic = factories.make_quote(), factories.make_topic()
    factories.make_coding(quote, topic, "oppose")
    fields = {"quote": quote.pk, "topic": topic.pk, "stance": "mixed", "round": 1, "is_final": "on"}
    assert send(client_of(coder), url(Coding, "add"), **fields).status_code == 302
    assert Coding.objects.get(coder=coder_code(coder)).is_final is False


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_anothers_coding_in_an_open_round_is_as_if_it_was_not_there(coder: User, page: str) -> None:
    coding = factories.make_coding(factories.make_quote(), factories.make_topic(), coder="coder-a", is_final=False)
    address = url(coding, page)
    client = client_of(coder)
    answers = [client.get(address), client.post(address, {"post": "yes", "stance": "mixed"})]
    assert Coding.objects.get().stance == "support"
    coding.delete()
    after = [client.get(address), client.post(address, {"post": "yes", "stance": "mixed"})]
    assert [(one.status_code, one.headers.get("Location")) for one in answers] == [
        (one.status_code, one.headers.get("Location")) for one in after
    ]


def test_an_action_on_the_list_reaches_nobody_elses_coding(coder: User) -> None:
    coding = factories.make_coding(factories.make_quote(), factories.make_topic(), coder="coder-a", is_final=False)
    action = {"action": "delete_selected", "_selected_action": [coding.pk], "post": "yes"}
    assert client_of(coder).post(url(Coding, "changelist"), action).status_code == 302
    assert Coding.objects.get() == coding


def test_what_is_published_as_the_stance_is_known_and_what_is_final_on_a_draft_is_not(coder: User) -> None:
    topic = factories.make_topic()
    public, draft = (factories.make_quote(source_label="a clerk") for _ in "ab")
    for quote in (public, draft):
        factories.make_coding(quote, topic, "oppose")
    curation.publish(quotes=[public], actor=None)
    client = client_of(coder)
    for filters in ("stance=oppose", f"topic={topic.pk}", f"stance=oppose&topic={topic.pk}"):
        assert list(client.get(f"{url(Quote, 'changelist')}?{filters}").context["cl"].result_list) == [public]
    assert [row.quote for row in client.get(url(Coding, "changelist")).context["cl"].result_list] == [public]
    curation.withdraw(quotes=[public], reason="an error", actor=None)
    assert not client.get(url(Coding, "changelist")).context["cl"].result_list


def test_the_history_of_a_closed_round_names_codes_and_no_accounts(coder: User) -> None:
    other, quote, topic = make_member("other-coder", "coder"), factories.make_quote(), factories.make_topic("lanterns")
    judgement = {"topic": "lanterns", "stance": "oppose"}
    program_of(other).make(f"quotes/{quote.uid}/codings/", judgement)
    program_of(coder).make(f"quotes/{quote.uid}/codings/", judgement)
    factories.make_round(1, closed_at="2026-12-01T10:00:00Z")
    page = client_of(coder).get(url(quote, "history")).content.decode()
    assert coder_code(other) in page
    assert "other-coder" not in page
    assert page.count("reader") == 2  # their own account: at the top of the page, and at their own coding
    assert topic.name in page


def test_deleting_a_quote_lists_no_codings_and_a_topic_is_deleted_by_editors(coder: User) -> None:
    rights = Permission.objects.filter(codename__in=["delete_quote", "delete_topic"])
    coder.user_permissions.add(*rights)
    quote, topic = factories.make_quote(), factories.make_topic()
    factories.make_coding(quote, topic, coder="coder-a", round=1, is_final=False)
    user = User.objects.get(pk=coder.pk)
    page = client_of(user).get(url(quote, "delete"))
    assert page.status_code == 200
    assert "oding" not in str(page.context["deleted_objects"]) + str(dict(page.context["model_count"]))
    for row in (topic, factories.make_topic()):
        assert client_of(user).get(url(row, "delete")).status_code == 403
        program = program_of(user)
        place = f"topics/{row.slug}/"
        assert program.send("DELETE", place, if_match=program.tag(place)).status_code == 403


# The race with a round that closes.


def code_in(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    judgement: Judgement = {"stance": "oppose", "certainty": "high", "justification": ""}
    judge(desk=Desk(user, row, topic), quote=quote, judgement=judgement)


def code_through_the_api(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    answer = PROGRAMS[user.pk].send("POST", f"quotes/{quote.uid}/codings/", {"topic": topic.slug, "stance": "oppose"})
    if answer.status_code != 201:
        raise curation.CurationError([answer.content.decode()])


def code_in_the_admin(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    judgement = {"quote": quote.pk, "topic": topic.pk, "stance": "oppose", "round": row.number}
    answer = send(client_of(user), url(Coding, "add"), **judgement)
    if answer.status_code != 302:
        raise curation.CurationError([errors(answer)])


def delete_in_the_admin(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    coding = Coding.objects.get()
    client = client_of(user)
    client.post(url(coding, "delete"), {"post": "yes"})
    if Coding.objects.exists():
        raise curation.CurationError([str(message) for message in client.get("/admin/").context["messages"]])


PROGRAMS: dict[int, Program] = {}
WAYS = [code_in, code_through_the_api, code_in_the_admin, delete_in_the_admin]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_is_coded_in_a_round_that_closes_at_this_moment(way: Callable[..., None]) -> None:
    quote, topic, row = factories.make_quote(), factories.make_topic("lanterns"), factories.make_round(1)
    user = make_member("reader", "coder")
    user.user_permissions.add(Permission.objects.get(codename="delete_coding"))
    user = User.objects.get(pk=user.pk)
    PROGRAMS[user.pk] = program_of(user)
    PROGRAMS[user.pk].ask("")  # notes the token's first use
    if way is delete_in_the_admin:
        factories.make_coding(quote, topic, coder=coder_code(user), round=1, is_final=False)
    before = Coding.objects.count()
    refused: list[str] = []

    def code() -> None:
        try:
            way(user, quote, topic, row)
        except curation.CurationError as error:
            refused.extend(error.messages)

    with transaction.atomic():
        curation.close_round(number=1, actor=None)
        session = Session(code)
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert "is closed" in " ".join(refused)
    assert Coding.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_round_is_closed_after_the_codings_that_are_being_saved_and_they_are_public() -> None:
    quote, topic, row = factories.make_quote(source_label="a clerk"), factories.make_topic(), factories.make_round(1)
    curation.publish(quotes=[quote], actor=None)
    user = make_member("reader", "coder")
    with transaction.atomic():
        code_in(user, quote, topic, row)
        # Coders do not wait for one another: this ends before the first one's transaction does.
        Session(hold_for_a_moment).finish()
        closing = Session(lambda: curation.close_round(number=1, actor=None))
        wait_until_somebody_waits_for_a_lock()
    closing.finish()
    assert PublishedCoding.objects.get().coder == coder_code(user)


def hold_for_a_moment() -> None:
    with transaction.atomic():
        CodingRound.objects.hold(1)
