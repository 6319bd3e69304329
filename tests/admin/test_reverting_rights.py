"""Who may go back to what: the same people who may change it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes import curation
from quotes.curation.coding import coder_code
from quotes.curation.history import entries
from quotes.curation.reverting import NotAllowed
from quotes.models import ApiToken, Coding, Evidence, Person, Quote
from tests import factories
from tests.admin.conftest import client_of, make_user
from tests.admin.forms import url
from tests.admin.going_back import address, entry, member


def test_a_curator_reverts_a_draft_and_an_editor_what_is_published(db: None) -> None:
    curator, editor = member("curator-1", "curator"), member("editor-1", "editor")
    quote = factories.make_quote(source_label="the warden")
    Quote.objects.update(cue="said")
    first = entry(quote, 1).event
    curation.revert(model=Quote, event=first, actor=curator)
    Quote.objects.update(cue="said")
    curation.publish(quotes=[quote], actor=None)
    with pytest.raises(NotAllowed, match="published is changed by editors alone"):
        curation.revert(model=Quote, event=first, actor=curator)
    assert client_of(curator).get(address(quote, entry(quote, -1))).status_code == 403
    curation.revert(model=Quote, event=first, actor=editor)
    assert Quote.objects.get().cue == ""


def test_what_hangs_on_a_published_quote_is_restored_by_editors_alone(db: None) -> None:
    quote = factories.make_quote(source_label="the warden")
    evidence = factories.make_evidence(quote)
    key = evidence.pk
    evidence.delete()
    curation.publish(quotes=[quote], actor=None)
    event = entries(Evidence, key)[0].event
    with pytest.raises(NotAllowed, match="editors alone"):
        curation.revert(model=Evidence, event=event, actor=member("curator-1", "curator"))
    curation.revert(model=Evidence, event=event, actor=member("editor-1", "editor"))
    assert Evidence.objects.get().pk == key


def test_a_coder_reverts_their_own_codings_alone(db: None) -> None:
    coder = member("coder-1", "coder")
    quote, topic = factories.make_quote(), factories.make_topic()
    own = factories.make_coding(quote, topic, coder=coder_code(coder), round=1, is_final=False)
    others = factories.make_coding(quote, topic, coder="somebody", round=1, is_final=False)
    Coding.objects.update(stance="oppose")
    curation.revert(model=Coding, event=entry(own, 1).event, actor=coder)
    assert Coding.objects.get(pk=own.pk).stance == "support"
    with pytest.raises(curation.CurationError, match="changed by editors alone"):
        curation.revert(model=Coding, event=entry(others, 1).event, actor=coder)
    # Of an open round they do not even know of it.
    assert client_of(coder).get(address(others, entry(others, 1))).status_code == 404


def test_who_may_only_look_is_offered_nothing(db: None) -> None:
    person = factories.make_person("Orla")
    Person.objects.update(name="Orla Lamp")
    client = client_of(make_user("reader", "view_person"))
    assert "Revert to this" not in client.get(url(person, "history")).content.decode()
    assert client.post(address(person, entry(person, 1))).status_code == 403
    assert Person.objects.get().name == "Orla Lamp"


def test_entries_of_other_records_are_no_way_in(as_editor: Client) -> None:
    one, other = factories.make_person("Orla"), factories.make_person("Tamsin")
    Person.objects.update(name="Changed")
    assert as_editor.get(address(one, entry(other, 1))).status_code == 404
    assert as_editor.get(f"{url(one, 'history')}person/999999/").status_code == 404
    assert as_editor.get(f"{url(one, 'history')}nothing/1/").status_code == 404


def test_tokens_are_not_reverted(as_editor: Client, editor: User) -> None:
    token, _ = curation.make_token(user=editor, name="nightly")
    curation.revoke_token(token=token, actor=editor)
    assert as_editor.get(address(token, entry(token, 1))).status_code == 404
    assert "Revert to this" not in as_editor.get(url(token, "history")).content.decode()
    with pytest.raises(curation.CurationError, match="nothing to revert to"):
        curation.revert(model=ApiToken, event=entry(token, 1).event, actor=None)
