"""The curators' face: one module a subject, found by Django's autodiscovery of `admin`."""

from quotes.admin import actors, addresses, coding, site, sources, statements, tokens
from quotes.admin.importing import doubts, records
from quotes.admin.merging import merges
from quotes.admin.reviewing import inbox

__all__ = [
    "actors",
    "addresses",
    "coding",
    "doubts",
    "inbox",
    "merges",
    "records",
    "site",
    "sources",
    "statements",
    "tokens",
]
