"""What state the publication is in."""

from django.db import connections

from quotes.publication.models import PublishedQuote


def last_change() -> int:
    """The greatest change that anything public has."""
    with connections[PublishedQuote.objects.db].cursor() as cursor:
        cursor.execute(
            "SELECT greatest((SELECT max(change) FROM publication_publishedquote),(SELECT max(change) FROM publication_publishedentity),(SELECT max(change) FROM publication_tombstone))"
        )
        return cursor.fetchone()[0] or 0
