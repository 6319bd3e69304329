"""The workbench's page: who may open it, and what it shows, to each what they may know."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from quotes.curation import forget_text
from quotes.models import Organization, Person, Quote, Snapshot
from tests import factories
from tests.admin.workbench.requests import TEXT, Workbench, make_user, refused


def test_the_articles_pages_lead_to_the_workbench(bench: Workbench) -> None:
    article = bench.snapshot.article
    for page in ("/admin/quotes/article/", f"/admin/quotes/article/{article.pk}/change/"):
        assert f'href="{bench.base}"' in bench.client.get(page).content.decode()
    quote = factories.make_quote(article=article)
    page = bench.client.get(f"/admin/quotes/quote/{quote.pk}/change/").content.decode()
    assert f'href="{bench.base}?quote={quote.pk}' in page


def test_coders_and_strangers_are_not_let_in(snapshot: Snapshot) -> None:
    coder = Workbench(make_user("coder", "coder"), snapshot)
    assert coder.client.get(coder.base).status_code == 403
    refused(coder.client.get(coder.base + "people/?q=neva"), 403)
    refused(coder.post("quotes/", {}), 403)
    quote = factories.make_quote(article=snapshot.article)
    for page in ("article/", f"article/{snapshot.article_id}/change/", f"quote/{quote.pk}/change/"):
        assert "workbench" not in coder.client.get(f"/admin/quotes/{page}").content.decode()
    stranger = Client().get(coder.base)
    assert stranger.status_code == 302
    assert "login" in stranger.headers["Location"]


def test_a_curator_without_the_coders_role_cannot_code(snapshot: Snapshot, neva: Person) -> None:
    bench = Workbench(make_user("curator", "curator"), snapshot)
    assert bench.state()["may"]["code"] is False
    body = bench.new(neva) | {"codings": [{"topic": factories.make_topic().pk, "stance": "support"}]}
    refused(bench.post("quotes/", body), 403)
    assert not Quote.objects.exists()


def test_a_published_quote_is_changed_by_editors_alone(bench: Workbench, neva: Person) -> None:
    saved = bench.save(bench.new(neva))
    Quote.objects.update(status="published", published_at="2025-03-05T10:00Z")
    body = {"id": saved["id"], "version": bench.state()["quotes"][0]["version"], "values": {"cue": "told"}}
    assert "only editors" in refused(bench.post("quotes/", body), 403)


def test_nobody_writes_from_a_page_that_another_user_opened(bench: Workbench, neva: Person) -> None:
    response = bench.post("quotes/", bench.new(neva), **{"X-Quotebase-User": str(bench.user.pk + 1)})
    refused(response, 403)
    assert response.json()["code"] == "another_user"
    assert not Quote.objects.exists()


def test_articles_and_snapshots_that_are_not_there_are_404(bench: Workbench) -> None:
    assert bench.client.get("/admin/quotes/article/999999/workbench/").status_code == 404
    assert bench.client.get(f"/admin/quotes/article/{10**30}/workbench/").status_code == 404
    for asked in ("999999", "x", "9" * 40, "%00"):
        assert bench.client.get(f"{bench.base}?snapshot={asked}").status_code == 404


def test_a_text_that_is_not_kept_is_said_to_be(bench: Workbench) -> None:
    forget_text(snapshot=bench.snapshot)
    page = bench.client.get(bench.base).content.decode()
    assert "not kept here" in page
    assert "wb-state" not in page
    refused(bench.post("quotes/", bench.new()), 400, "snapshot")


def test_people_come_with_what_they_were_at_the_articles_date(bench: Workbench, neva: Person) -> None:
    office = Organization.objects.get()
    factories.make_affiliation(neva, office, "clerk", start="2012", end="2018")
    factories.make_affiliation(neva, office, "mayor", start="2026")
    factories.make_affiliation(neva, office, "patron")
    [person] = bench.state()["people"]
    assert [(job["label"].split(",")[0], job["period"], job["fit"], job["standing"]) for job in person["jobs"]] == [
        ("spokesperson", "since 2021", "current", "current"),
        ("patron", "dates unknown", "undated", "unknown"),
        ("clerk", "2012–2018", "former", "former"),
        ("mayor", "since 2026", "incoming", "incoming"),
    ]


def test_people_of_the_article_are_found_before_others(bench: Workbench, neva: Person) -> None:
    factories.make_person("Aneva Blint", sort_name="Blint, Aneva")
    bench.save(bench.new(neva))
    found = bench.client.get(f"{bench.base}people/?q=neva").json()["people"]
    assert [person["name"] for person in found] == ["Neva Corrin", "Aneva Blint"]
    assert found[0]["note"] == "in this article"
    close = bench.client.get(f"{bench.base}people/?q=Corin+Neva").json()["people"]
    assert [person["name"] for person in close] == ["Neva Corrin"]


def test_what_the_text_marks_is_proposed_and_not_saved(bench: Workbench, neva: Person) -> None:
    proposals = bench.state()["proposals"]
    words = [[TEXT[start:end] for start, end in one["segments"]] for one in proposals]
    assert "The lamps listen," in words[0]
    assert proposals[0]["people"] == [neva.pk]
    assert not Quote.objects.exists()


def test_another_coders_stance_of_an_open_round_is_shown_to_nobody(bench: Workbench, neva: Person) -> None:
    bench.save(bench.new(neva))
    quote, topic = Quote.objects.get(), factories.make_topic()
    factories.make_coding(quote, topic, "oppose", coder="coder-a", round=1, is_final=False)
    factories.make_coding(quote, topic, "mixed", coder="coder-b", round=1, is_final=True)
    superuser = Workbench(User.objects.create_superuser("editor"), bench.snapshot)
    for state in (bench.state(), superuser.state()):
        assert state["quotes"][0]["mine"] == {}
        assert "oppose" not in json.dumps(state["quotes"])
    assert bench.state()["quotes"][0]["final"] == {}
    assert "mixed" not in json.dumps(bench.state()["quotes"])
    assert "coder-a" not in superuser.client.get(superuser.base).content.decode()


def test_the_number_of_queries_does_not_depend_on_the_quotes(
    bench: Workbench, neva: Person, django_assert_max_num_queries: Any
) -> None:
    bench.save(bench.new(neva))
    with django_assert_max_num_queries(30) as queries:
        bench.state()
        few = len(queries)
    for number in range(12):
        bench.save(bench.new(neva, segments=[[60 + number // 2, 62 + number]]))
    with django_assert_max_num_queries(few):
        bench.state()
