"""The tables: who (actors), where it stands (sources), what was said (statements), what it means (coding)."""

from quotes.models.actors import Affiliation, Organization, Person
from quotes.models.coding import Coding, Topic
from quotes.models.redirects import Redirect
from quotes.models.sources import Article, Authorship, Snapshot
from quotes.models.statements import Evidence, Quote, QuoteAffiliation

__all__ = [
    "Affiliation",
    "Article",
    "Authorship",
    "Coding",
    "Evidence",
    "Organization",
    "Person",
    "Quote",
    "QuoteAffiliation",
    "Redirect",
    "Snapshot",
    "Topic",
]
