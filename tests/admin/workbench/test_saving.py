"""What the workbench saves: quotes, capacities, codings, people; and that nobody overwrites what they have not seen."""

from __future__ import annotations

from django.contrib.auth.models import User

from quotes.anchoring import words_at
from quotes.curation.coding import coder_code
from quotes.models import Affiliation, Coding, Organization, Person, Quote
from tests import factories
from tests.admin.workbench.requests import ASK, LISTEN, TEXT, Workbench, make_user, refused


def test_a_quote_is_saved_with_its_capacity_and_the_users_own_coding(bench: Workbench, neva: Person) -> None:
    topic, job = factories.make_topic(), Affiliation.objects.get()
    capacity = {"affiliation": job.pk, "standing": "current", "role_as_stated": "spokesperson", "is_primary": True}
    body = bench.new(neva, segments=[LISTEN, ASK], cue="said", capacities=[capacity])
    saved = bench.save(body | {"codings": [{"topic": topic.pk, "stance": "oppose", "was": ""}]})
    quote, coding = Quote.objects.get(), Coding.objects.get()
    assert quote.exacts == ["The lamps listen,", "Ask them."]
    assert quote.text == words_at(TEXT, quote.segments)
    assert (quote.verification, quote.status, quote.created_by) == ("attested", "draft", bench.user)
    assert quote.affiliations.get().affiliation == job
    assert (coding.coder, coding.round, coding.is_final) == (coder_code(bench.user), 1, False)
    assert saved["mine"] == {str(topic.pk): {"stance": "oppose", "final": False}}


def test_a_persons_quote_becomes_an_organizations_and_its_capacities_go(bench: Workbench, neva: Person) -> None:
    job = Affiliation.objects.get()
    saved = bench.save(bench.new(neva, capacities=[{"affiliation": job.pk, "standing": "current"}]))
    values = {"source_type": "organization", "speaker": None, "organization": job.organization_id, "capacities": []}
    saved = bench.save({"id": saved["id"], "version": saved["version"], "values": values})
    assert (saved["values"]["speaker"], saved["values"]["capacities"]) == (None, [])
    back = {"source_type": "person", "speaker": neva.pk, "organization": None}
    capacity = {"affiliation": job.pk, "standing": "former"}
    saved = bench.save({"id": saved["id"], "version": saved["version"], "values": {**back, "capacities": [capacity]}})
    assert Quote.objects.get().affiliations.get().standing == "former"


def test_codings_go_into_the_lowest_round_that_is_open(bench: Workbench, neva: Person) -> None:
    factories.make_round(1, closed_at="2026-11-03T09:00Z")
    topic = factories.make_topic()
    bench.save(bench.new(neva) | {"codings": [{"topic": topic.pk, "stance": "support"}]})
    assert Coding.objects.get().round == 2


def test_only_editors_make_a_stance_final_and_not_over_one_they_have_not_seen(bench: Workbench, neva: Person) -> None:
    topic = factories.make_topic()
    saved = bench.save(bench.new(neva))
    coding = {"topic": topic.pk, "stance": "support", "final": True, "final_was": None}
    body = {"id": saved["id"], "version": saved["version"], "codings": [coding]}
    refused(bench.post("quotes/", body), 403, "stance")
    editor = Workbench(User.objects.create_superuser("editor"), bench.snapshot)
    other = factories.make_coding(Quote.objects.get(), topic, "oppose")
    response = editor.post("quotes/", body)
    assert "oppose became the final stance" in refused(response, 409, "stance")
    seen = {**coding, "final_was": response.json()["quote"]["final"][str(topic.pk)]["id"]}
    editor.save(body | {"codings": [seen]})
    other.refresh_from_db()
    assert not other.is_final
    assert Coding.objects.final().get().coder == coder_code(editor.user)


def test_ones_own_coding_is_taken_back(bench: Workbench, neva: Person) -> None:
    topic = factories.make_topic()
    saved = bench.save(bench.new(neva) | {"codings": [{"topic": topic.pk, "stance": "support"}]})
    back = {"topic": topic.pk, "stance": "", "was": "support"}
    saved = bench.save({"id": saved["id"], "version": saved["version"], "codings": [back]})
    assert saved["mine"] == {}
    assert not Coding.objects.exists()


def test_a_stance_that_another_window_changed_is_not_overwritten(bench: Workbench, neva: Person) -> None:
    topic = factories.make_topic()
    saved = bench.save(bench.new(neva) | {"codings": [{"topic": topic.pk, "stance": "support"}]})
    body = {"id": saved["id"], "version": saved["version"]}
    stale = body | {"codings": [{"topic": topic.pk, "stance": "oppose", "was": ""}]}
    assert "another window" in refused(bench.post("quotes/", stale), 409, "stance")
    assert Coding.objects.get().stance == "support"


def test_saving_what_was_changed_meanwhile_is_refused_with_what_changed(bench: Workbench, neva: Person) -> None:
    saved = bench.save(bench.new(neva, cue="said"))
    other = Workbench(make_user("other", "curator"), bench.snapshot)
    read = other.state()["quotes"][0]["version"]
    bench.save({"id": saved["id"], "version": saved["version"], "values": {"cue": "warned"}})
    response = other.post("quotes/", {"id": saved["id"], "version": read, "values": {"cue": "told"}})
    refused(response, 409)
    body = response.json()
    [change] = body["changed"]
    assert (change["field"], change["who"], change["before"], change["after"]) == ("cue", "curator", "said", "warned")
    assert body["quote"]["values"]["cue"] == "warned"
    assert Quote.objects.get().cue == "warned"
    other.save({"id": saved["id"], "version": body["quote"]["version"], "values": {"cue": "told"}})


def test_a_changed_capacity_is_told_with_who_did_it(bench: Workbench, neva: Person) -> None:
    job = Affiliation.objects.get()
    saved = bench.save(bench.new(neva, capacities=[{"affiliation": job.pk, "standing": "current"}]))
    change = {"capacities": [{"affiliation": job.pk, "standing": "former", "is_primary": True}]}
    bench.save({"id": saved["id"], "version": saved["version"], "values": change})
    response = bench.post("quotes/", {"id": saved["id"], "version": saved["version"], "values": {"cue": "told"}})
    [changed] = response.json()["changed"]
    assert (changed["field"], changed["before"], changed["after"]) == ("capacities", "current", "former")


def test_a_stance_rests_on_the_words_that_were_read(bench: Workbench, neva: Person) -> None:
    topic = factories.make_topic()
    saved = bench.save(bench.new(neva))
    stale = {"id": saved["id"], "version": saved["version"], "codings": [{"topic": topic.pk, "stance": "support"}]}
    bench.save({"id": saved["id"], "version": saved["version"], "values": {"cue": "told"}})
    bench.save(stale)
    now = bench.state()["quotes"][0]["version"]
    bench.save({"id": saved["id"], "version": now, "values": {"segments": [ASK]}})
    back = {"topic": topic.pk, "stance": "oppose", "was": "support"}
    refused(bench.post("quotes/", stale | {"codings": [back]}), 409)


def test_the_same_words_are_marked_once_unless_somebody_says_so(bench: Workbench, neva: Person) -> None:
    saved = bench.save(bench.new(neva))
    response = bench.post("quotes/", bench.new(neva))
    assert "marked already" in refused(response, 409)
    assert (response.json()["quote"]["id"], response.json()["own"]) == (saved["id"], True)
    bench.save(bench.new(factories.make_person()) | {"beside": [saved["id"]]})
    assert Quote.objects.count() == 2


def test_undoing_takes_ones_own_draft_away_and_no_more(bench: Workbench, neva: Person) -> None:
    saved = bench.save(bench.new(neva))
    address = f"quotes/{saved['id']}/remove/"
    refused(bench.post(address, {"version": "stale"}), 409)
    assert bench.post(address, {"version": saved["version"]}).status_code == 200
    assert not Quote.objects.exists()
    refused(bench.post(address, {"version": saved["version"]}), 404)

    saved = bench.save(bench.new(neva))
    other = Workbench(make_user("other", "curator"), bench.snapshot)
    refused(other.post(f"quotes/{saved['id']}/remove/", {"version": saved["version"]}), 403)
    changed = other.save({"id": saved["id"], "version": saved["version"], "values": {"cue": "told"}})
    said = refused(bench.post(f"quotes/{saved['id']}/remove/", {"version": changed["version"]}), 403)
    assert "Somebody else" in said
    assert Quote.objects.count() == 1


def test_a_draft_goes_to_review_and_comes_back(bench: Workbench, neva: Person) -> None:
    saved = bench.save(bench.new(neva))
    sent = bench.post(f"quotes/{saved['id']}/submit/", {"version": saved["version"]}).json()["quote"]
    assert sent["status"] == "in_review"
    refused(bench.post(f"quotes/{saved['id']}/submit/", {"version": sent["version"]}), 400, "")
    back = bench.post(f"quotes/{saved['id']}/return/", {"version": sent["version"]}).json()["quote"]
    assert back["status"] == "draft"


def test_a_new_person_is_made_after_close_matches_were_seen(bench: Workbench, neva: Person) -> None:
    office = Organization.objects.get()
    body = {"name": "Nevva Corrin", "role": "clerk", "organization": office.pk}
    response = bench.post("people/", body)
    refused(response, 409)
    assert [person["id"] for person in response.json()["people"]] == [neva.pk]
    made = bench.post("people/", body | {"seen": [neva.pk]}).json()
    person = Person.objects.get(pk=made["person"]["id"])
    assert (person.slug, person.sort_name) == ("nevva-corrin", "Corrin, Nevva")
    assert person.affiliations.get().pk == made["affiliation"]


def test_three_people_of_one_name_get_three_addresses(bench: Workbench) -> None:
    for _ in range(3):
        seen = list(Person.objects.values_list("pk", flat=True))
        assert bench.post("people/", {"name": "Orm Tal", "seen": seen}).status_code == 200
    assert Person.objects.filter(name="Orm Tal").count() == 3


def test_a_new_organization_needs_a_kind_and_a_look_at_what_is_there(bench: Workbench, neva: Person) -> None:
    body = {"person": neva.pk, "role": "chair", "organization_name": "Harbor Office"}
    response = bench.post("people/", body)
    refused(response, 409)
    seen = {"organizations_seen": [one["id"] for one in response.json()["organizations"]]}
    refused(bench.post("people/", body | seen), 400, "organization_kind")
    assert bench.post("people/", body | seen | {"organization_kind": "advocacy"}).status_code == 200
    assert Organization.objects.get(name="Harbor Office").kind == "advocacy"


def test_n_and_p_lead_through_ones_drafts_and_then_by_number(bench: Workbench, neva: Person) -> None:
    without_text, other, later = (factories.make_article() for _ in range(3))
    for article in (other, later):
        factories.make_snapshot(article, "Nothing was said.")
    assert bench.state()["neighbours"]["next"] == f"/admin/quotes/article/{other.pk}/workbench/"
    assert without_text.pk < other.pk
    factories.make_quote(article=later, created_by=bench.user)
    assert bench.state()["neighbours"] == {"next": f"/admin/quotes/article/{later.pk}/workbench/", "previous": ""}
