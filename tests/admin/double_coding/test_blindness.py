"""Coders work blind: what somebody may ask and is answered does not depend on what another coder coded.

Everything is asked twice, by every way that leads on from the admin's index and from the API's roots: in a world where nobody
else has coded, and in one where somebody has. The answers must be the same to the letter. That finds what canaries do not:
counts, orders, addresses, refusals that tell.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from quotes import curation
from quotes.curation.coding import coder_code
from quotes.models import Coding, Quote, Topic
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.double_coding.crawling import CANARY, World, answers_in, make_reader, seeds
from tests.admin.forms import errors, send, url
from tests.api_curation.asking import program_of
from tests.waiting import member


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
    reader = program_of(member("reader", "editor"))
    without, with_others = (
        answers_in(world, reader, is_coded=is_coded, most=len(list(seeds(world)))) for is_coded in (False, True)
    )
    seen = {address for address, answer in without.items() if with_others[address] != answer}
    draft = world.drafts[0]
    assert seen >= {url(draft, "change"), url(draft, "history"), url(draft, "delete"), "/admin/quotes/coding/?all="}
    assert f"/api/v1/curation/quotes/{draft.uid}/history/" in seen


@pytest.fixture
def coder(db: None) -> User:
    user = member("reader", "coder")
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
    other, quote, topic = member("other-coder", "coder"), factories.make_quote(), factories.make_topic("lanterns")
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
