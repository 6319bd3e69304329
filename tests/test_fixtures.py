"""The shipped fixtures: the facts of the reference article, and that loading and dumping lose and add nothing."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from quotes.datasets.fixtures import TABLES
from quotes.models import Article, Organization, Person, Quote, Snapshot, Topic
from quotes.querysets import QuoteQuerySet, TopicQuerySet
from quotes.vocabulary import QuoteKind, SourceType, Stance, Standing, Verification
from tests.factories import (
    make_affiliation,
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_quote,
    make_topic,
)
from tests.shipped import Shipped

pytestmark = pytest.mark.django_db

REFERENCE = settings.BASE_DIR / "fixtures" / "reference.json"
DEMONSTRATION = settings.BASE_DIR / "fixtures" / "demonstration.json"
SHIPPED = {"reference": (REFERENCE, []), "demonstration": (DEMONSTRATION, ["--with-text"])}
CONTRACT, OVERSIGHT = "ice-clearview-contract-2025", "congress-oversight-ice-clearview"


def load(*paths: Path) -> None:
    call_command("loaddata", *paths, verbosity=0)


def dump(*options: str) -> str:
    out = io.StringIO()
    call_command("dump_fixture", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def empty_the_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in TABLES)} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def history_rows() -> int:
    tracked = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    events = [model for model in tracked if model.pgh_tracked_model in TABLES]  # accounts are no data
    assert len(events) == len(TABLES)
    return sum(event.objects.count() for event in events)


@pytest.fixture
def reference(db: None, shipped: Shipped) -> QuoteQuerySet:
    shipped.put("reference")
    return Quote.objects.published()


def said_at(quotes: QuoteQuerySet, organization: str, **options: Any) -> QuoteQuerySet:
    return quotes.affiliated_with(Organization.objects.filter(slug=organization), **options)


def sources(quotes: Iterable[Quote]) -> list[str]:
    return sorted(quote.attribution for quote in quotes)


def topic(slug: str) -> TopicQuerySet:
    return Topic.objects.filter(slug=slug)


# The reference article


def test_ice_supports_through_its_spokespersons_two_quotes(reference: QuoteQuerySet) -> None:
    assert sources(said_at(reference, "ice").taking([Stance.SUPPORT])) == ["Vincent Parker", "Vincent Parker"]


def test_nobody_at_ice_opposes(reference: QuoteQuerySet) -> None:
    assert not said_at(reference, "ice").taking([Stance.OPPOSE])


def test_the_former_ice_official_opposes_twice_and_is_found_with_any_standing(reference: QuoteQuerySet) -> None:
    found = said_at(reference, "ice", standing=Standing.values).taking([Stance.OPPOSE])
    assert sources(found) == ["James Schwab", "James Schwab"]
    assert {quote.kind for quote in found} == {QuoteKind.DIRECT, QuoteKind.INDIRECT}


def test_the_department_is_found_to_support_through_its_agency(reference: QuoteQuerySet) -> None:
    assert sources(said_at(reference, "dhs").taking([Stance.SUPPORT])) == ["Vincent Parker", "Vincent Parker"]
    assert not said_at(reference, "dhs", scope="exact").taking([Stance.SUPPORT])


def test_a_representative_who_chairs_a_caucus_is_found_once_a_statement_at_congress(reference: QuoteQuerySet) -> None:
    found = said_at(reference, "us-congress")
    assert sources(found) == ["Pramila Jayapal", "Pramila Jayapal"]
    assert {quote.affiliations.count() for quote in found} == {2}
    assert {quote.affiliations.get(is_primary=True).affiliation.organization.slug for quote in found} == {"us-house"}


def test_who_opposes_the_contract_and_supports_hearings_does_not_support_the_contract(reference: QuoteQuerySet) -> None:
    assert sources(reference.taking([Stance.SUPPORT], on=topic(CONTRACT))) == ["Vincent Parker", "Vincent Parker"]
    both = reference.taking([Stance.OPPOSE], on=topic(CONTRACT)).taking([Stance.SUPPORT], on=topic(OVERSIGHT))
    assert [quote.text.split(",")[0] for quote in both] == [
        "The administration is expanding surveillance infrastructure with virtually no public debate or meaningful "
        "congressional oversight"
    ]


def test_a_quotation_split_by_its_attribution_is_one_quote(reference: QuoteQuerySet) -> None:
    split = [quote for quote in reference.filter(kind=QuoteKind.DIRECT) if len(quote.segments) == 2]
    assert sources(split) == ["Harsha Panduranga", "Jacinta González", "James Schwab", "Pramila Jayapal"]


def test_the_vendors_figure_is_reported_via_the_procurement_documents(reference: QuoteQuerySet) -> None:
    claim = reference.get(reported_via__isnull=False)
    assert (claim.organization.slug, claim.reported_via.source_type) == ("clearview-ai", SourceType.DOCUMENT)


def test_every_reference_quote_is_as_printed_and_no_more(reference: QuoteQuerySet) -> None:
    assert Counter(reference.values_list("verification", flat=True)) == {Verification.ATTESTED: 19}
    assert reference.count() == Quote.objects.count()


def test_every_reference_quote_is_coded_toward_the_contract_and_every_persons_toward_all_topics(
    reference: QuoteQuerySet,
) -> None:
    for quote in reference:
        coded = set(quote.codings.final().values_list("topic__slug", flat=True))
        assert CONTRACT in coded
        assert quote.speaker is None or len(coded) == 3


def test_the_reference_text_is_not_shipped_but_its_length_and_hash_are(reference: QuoteQuerySet) -> None:
    snapshot = Snapshot.objects.get()
    assert (snapshot.text, snapshot.length) == (None, 6139)
    assert snapshot.sha256 == "16d23c8bfb6b482dfa9653ceb19ccfa13a6edf63fa6b80abb71ce95b0eed596b"


def test_nothing_is_claimed_about_real_people_beyond_the_article(reference: QuoteQuerySet) -> None:
    assert not Person.objects.exclude(wikidata_id=None, aliases=[])
    assert Article.objects.get().published is None


# Both files


def test_every_shipped_fixture_is_tried_here() -> None:
    assert {path.stem for path in (settings.BASE_DIR / "fixtures").iterdir()} == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_fixture_holds_natural_keys_only(name: str) -> None:
    path, _ = SHIPPED[name]
    assert not [row for row in json.loads(path.read_text(encoding="utf-8")) if "pk" in row]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_fixture_loaded_and_dumped_is_the_same_file(name: str) -> None:
    path, options = SHIPPED[name]
    load(path)
    assert dump(*options).encode() == path.read_bytes()


def test_both_fixtures_loaded_again_change_nothing_not_even_the_history(shipped: Shipped) -> None:
    shipped.put("reference", "demonstration")
    before, events = dump("--with-text"), history_rows()
    load(REFERENCE, DEMONSTRATION)
    assert dump("--with-text") == before
    assert history_rows() == events


# Any data


def made_up_in_an_awkward_order() -> None:
    """Parents younger than their children, a claim older than the document that reports it, an office renamed."""
    watch = make_organization("harbor-watch")
    make_organization("a-lantern-office", parent=watch, successor=make_organization("z-lantern-office"))
    watch.parent = make_organization("zoning-council")
    watch.save()
    make_topic("lanterns", parent=make_topic("watching"))
    claim = make_quote("Every lantern works.", speaker=make_person("Ottoline Varga", slug="ottoline-varga"))
    make_capacity(claim, watch, affiliation=make_affiliation(claim.speaker, watch, start="2024-11"))
    make_capacity(claim, watch, is_primary=False)
    make_coding(claim, make_topic("zeal"))
    make_evidence(claim)
    claim.reported_via = make_quote("The lanterns are said to work.")
    claim.same_utterance_as = make_quote("Every lantern works.", article=make_article(title="Ü “x” 🏮"))
    claim.save()


def test_a_dump_loaded_into_an_empty_database_dumps_the_same_bytes(tmp_path: Path) -> None:
    made_up_in_an_awkward_order()
    before = dump("--with-text")
    empty_the_tables()
    assert dump() == "[\n]\n"
    (tmp_path / "dump.json").write_text(before, encoding="utf-8")
    load(tmp_path / "dump.json")
    assert dump("--with-text") == before


def test_rows_come_after_the_rows_that_they_refer_to() -> None:
    made_up_in_an_awkward_order()
    rows = json.loads(dump())
    slugs = [row["fields"]["slug"] for row in rows if row["model"] == "quotes.organization"]
    assert slugs == ["z-lantern-office", "zoning-council", "harbor-watch", "a-lantern-office"]
    assert [row["fields"]["slug"] for row in rows if row["model"] == "quotes.topic"] == ["watching", "zeal", "lanterns"]
    assert [row for row in rows if row["model"] == "quotes.quote"][-1]["fields"]["text"] == "Every lantern works."


def test_a_dump_leaves_the_texts_of_articles_out_unless_told_otherwise() -> None:
    made_up_in_an_awkward_order()
    kept = Snapshot.objects.exclude(text=None).count()
    texts = [row["fields"]["text"] for row in json.loads(dump()) if row["model"] == "quotes.snapshot"]
    assert (kept, texts) == (3, [None, None, None])
    assert Snapshot.objects.exclude(text=None).count() == 3


def test_a_dump_keeps_times_to_the_microsecond() -> None:
    quote = make_quote()
    Snapshot.objects.filter(pk=quote.snapshot_id).update(retrieved_at="2025-03-05T10:00:00.123456Z")
    assert '"retrieved_at": "2025-03-05T10:00:00.123456Z"' in dump()


def test_organizations_that_succeed_each_other_in_a_ring_are_named_and_the_old_file_stays(tmp_path: Path) -> None:
    first = make_organization("first-office")
    second = make_organization("second-office", successor=first)
    first.successor = second
    first.save()
    file = tmp_path / "dump.json"
    file.write_text("old")
    with pytest.raises(CommandError, match=r"ring: First Office; Second Office"):
        call_command("dump_fixture", str(file))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("dump.json", "old")]


def test_a_dump_to_a_file_says_on_the_error_stream_what_it_holds(tmp_path: Path) -> None:
    make_organization()
    errors = io.StringIO()
    call_command("dump_fixture", str(tmp_path / "dump.json"), stderr=errors)
    assert errors.getvalue() == f"{tmp_path / 'dump.json'}: organizations 1\n"


def test_a_folder_that_does_not_exist_is_named() -> None:
    with pytest.raises(CommandError, match="no-such-folder"):
        call_command("dump_fixture", "no-such-folder/dump.json")
