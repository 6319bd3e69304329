"""The tables: who (actors), where it stands (sources), what was said (statements, capacities, evidence), what it means.

And who may write it (access).
"""

from quotes.models.access import ApiToken
from quotes.models.actors import Affiliation, Organization, Person
from quotes.models.capacities import QuoteAffiliation
from quotes.models.coding import Coding, CodingRound, Topic
from quotes.models.evidence import Evidence
from quotes.models.imports import DoubtfulSpeaker, Import, ImportedRow
from quotes.models.redirects import Redirect
from quotes.models.sources import Article, Authorship, Snapshot
from quotes.models.statements import Quote
from quotes.models.workflow import Merge, Review

__all__ = [
    "Affiliation",
    "ApiToken",
    "Article",
    "Authorship",
    "Coding",
    "CodingRound",
    "DoubtfulSpeaker",
    "Evidence",
    "Import",
    "ImportedRow",
    "Merge",
    "Organization",
    "Person",
    "Quote",
    "QuoteAffiliation",
    "Redirect",
    "Review",
    "Snapshot",
    "Topic",
]
