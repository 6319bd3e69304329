"""The public side works under a database role that can read the publication's tables and nothing else.

So what is not published cannot leak through it, whatever mistake a view makes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from quotes import curation
from quotes.models import Quote
from quotes.publication.models import (
    PublishedCoding,
    PublishedEntity,
    PublishedQuote,
    PublishedRedirect,
    Removal,
    Tombstone,
    Total,
)
from tests import factories

PUBLIC_TABLES = [
    model._meta.db_table
    for model in (PublishedQuote, PublishedEntity, PublishedCoding, PublishedRedirect, Tombstone, Removal, Total)
]
NOW = "2026-11-02T10:00:00Z"
ROLE = "quotebase_public_in_tests"


@pytest.fixture
def reader(db: None) -> Iterator[None]:
    """From here to the test's end the connection is the public role's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("the database's user may not make roles")
        cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute(f"GRANT SELECT ON {', '.join(PUBLIC_TABLES)} TO {ROLE}")


def as_reader() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")


def published(*, topic: str) -> Quote:
    quote = factories.make_quote()
    factories.make_capacity(quote, factories.make_organization("office"))
    factories.make_coding(quote, factories.make_topic(topic))
    curation.publish(quotes=[quote], actor=None)
    return quote


@pytest.mark.usefixtures("reader")
def test_every_public_address_is_answered_from_the_publication_alone() -> None:
    factories.make_round(2, closed_at=NOW)
    quote, withdrawn = published(topic="lamps"), factories.make_quote(source_label="a source")
    curation.publish(quotes=[withdrawn], actor=None)
    curation.withdraw(quotes=[withdrawn], reason="Misheard.", actor=None)
    assert quote.speaker
    as_reader()
    addresses = {
        "/": 200,
        "/quotes/?affiliation=office&stance=support": 200,
        "/topics/lamps/": 200,
        f"/quotes/{quote.uid}/": 200,
        f"/quotes/{withdrawn.uid}/": 410,
        f"/people/{quote.speaker.slug}/": 200,
        "/organizations/office/": 200,
        f"/articles/{quote.article.slug}/": 200,
        "/about/": 200,
        "/readyz": 200,
        "/api/v1/": 200,
        "/api/v1/quotes/?affiliation=office&topic=lamps&stance=support&q=lanterns&ordering=relevance&count=1": 200,
        "/api/v1/quotes/?speaker=nobody": 400,
        f"/api/v1/quotes/{quote.uid}/": 200,
        f"/api/v1/quotes/{withdrawn.uid}/": 410,
        "/api/v1/quotes/facets/?facet=stance,affiliation&topic=lamps": 200,
        "/api/v1/quotes/timeline/?group_by=stance": 200,
        "/api/v1/people/?count=1": 200,
        f"/api/v1/people/{quote.speaker.slug}/": 200,
        "/api/v1/organizations/office/": 200,
        "/api/v1/articles/": 200,
        "/api/v1/topics/lamps/": 200,
        "/api/v1/codings/?count=1&topic=lamps&round=2&coder=adjudicator": 200,
        "/api/v1/codings/?coder=nobody": 400,
        "/api/v1/changes/": 200,
        "/api/schema/": 200,
        "/api/docs/": 200,
    }
    answers = {address: Client().get(address).status_code for address in addresses}
    assert answers == addresses


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "table", ["quotes_quote", "quotes_snapshot", "quotes_quoteevent", "auth_user", "publication_stalemark"]
)
def test_that_role_can_read_nothing_else(table: str) -> None:
    as_reader()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table}")
