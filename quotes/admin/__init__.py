"""The curators' face: one module a subject, found by Django's autodiscovery of `admin`."""

from quotes.admin import actors, addresses, coding, inbox, merges, site, sources, statements, tokens

__all__ = ["actors", "addresses", "coding", "inbox", "merges", "site", "sources", "statements", "tokens"]
