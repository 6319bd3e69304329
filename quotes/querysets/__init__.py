"""Every condition over the models, once, under a name that reads as English. Curators' side: drafts are in here.

    Quote.objects.published().affiliated_with(ice, standing=[Standing.CURRENT]).taking([Stance.OPPOSE], on=[topic])

The public's questions are asked of the publication (quotes.publication), which answers the same ones from finished rows;
a test holds the two to the same answers.
"""

from quotes.querysets.access import ApiTokenQuerySet
from quotes.querysets.actors import AffiliationQuerySet, OrganizationQuerySet, PersonQuerySet
from quotes.querysets.imports import DoubtfulSpeakerQuerySet, ImportedRowManager, ImportManager
from quotes.querysets.sources import (
    ArticleQuerySet,
    AuthorshipManager,
    RedirectManager,
    SnapshotQuerySet,
)
from quotes.querysets.statements import (
    ADDRESSED,
    ADJUDICATOR,
    CodingQuerySet,
    CodingRoundQuerySet,
    EvidenceManager,
    QuoteAffiliationManager,
    QuoteQuerySet,
    TopicQuerySet,
)
from quotes.querysets.trees import PagedQuerySet, TreeQuerySet

__all__ = [
    "ADDRESSED",
    "ADJUDICATOR",
    "AffiliationQuerySet",
    "ApiTokenQuerySet",
    "ArticleQuerySet",
    "AuthorshipManager",
    "CodingQuerySet",
    "CodingRoundQuerySet",
    "DoubtfulSpeakerQuerySet",
    "EvidenceManager",
    "ImportManager",
    "ImportedRowManager",
    "OrganizationQuerySet",
    "PagedQuerySet",
    "PersonQuerySet",
    "QuoteAffiliationManager",
    "QuoteQuerySet",
    "RedirectManager",
    "SnapshotQuerySet",
    "TopicQuerySet",
    "TreeQuerySet",
]
