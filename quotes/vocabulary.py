"""The closed vocabularies of codebook 1.0. Their meaning is in docs/codebook.md; values are API and never change."""

from django.db import models

CODEBOOK_VERSION = "1.0"


class OrganizationKind(models.TextChoices):
    GOVERNMENT_AGENCY = "government_agency", "government agency"
    LEGISLATURE = "legislature", "legislature"
    COURT = "court", "court"
    PARTY = "party", "party"
    COMPANY = "company", "company"
    ADVOCACY = "advocacy", "advocacy"
    RESEARCH = "research", "research"
    MEDIA = "media", "media"
    UNION_ASSOCIATION = "union_association", "union or association"
    INTERNATIONAL = "international", "international"
    OTHER = "other", "other"


class AffiliationKind(models.TextChoices):
    EMPLOYMENT = "employment", "employment"
    OFFICE = "office", "office"
    MEMBERSHIP = "membership", "membership"
    EDUCATION = "education", "education"
    OTHER = "other", "other"


class Genre(models.TextChoices):
    NEWS = "news", "news"
    INTERVIEW = "interview", "interview"
    ANALYSIS = "analysis", "analysis"
    OPINION = "opinion", "opinion"
    PRESS_RELEASE = "press_release", "press release"
    TRANSCRIPT = "transcript", "transcript"
    REPORT = "report", "report"
    OTHER = "other", "other"


class ArticleStatus(models.TextChoices):
    CURRENT = "current", "current"
    CORRECTED = "corrected", "corrected"
    RETRACTED = "retracted", "retracted"


class QuoteKind(models.TextChoices):
    DIRECT = "direct", "direct"
    PARTIAL = "partial", "partial"
    INDIRECT = "indirect", "indirect"


class SourceType(models.TextChoices):
    PERSON = "person", "person"
    ORGANIZATION = "organization", "organization"
    UNNAMED = "unnamed", "unnamed"
    DOCUMENT = "document", "document"


class Venue(models.TextChoices):
    INTERVIEW = "interview", "interview"
    STATEMENT = "statement", "statement"
    PRESS_CONFERENCE = "press_conference", "press conference"
    HEARING = "hearing", "hearing"
    SPEECH = "speech", "speech"
    SOCIAL_POST = "social_post", "social post"
    DOCUMENT = "document", "document"
    UNSPECIFIED = "unspecified", "unspecified"


class Verification(models.TextChoices):
    """How far the proof goes. For readers ATTESTED is worded "as printed"."""

    UNVERIFIED = "unverified", "unverified"
    ATTESTED = "attested", "attested (as printed)"
    CONFIRMED = "confirmed", "confirmed"
    DISPUTED = "disputed", "disputed"
    RETRACTED = "retracted", "retracted"
    FABRICATED = "fabricated", "fabricated"


# These say more than the article does, so they need an Evidence row.
NEEDS_EVIDENCE = (Verification.CONFIRMED, Verification.DISPUTED, Verification.RETRACTED, Verification.FABRICATED)
# Served only when `verification=` asks for them by name.
UNLISTED = (Verification.RETRACTED, Verification.FABRICATED)


class Status(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class ReviewStep(models.TextChoices):
    """What happened to a quote on its way to readers."""

    SUBMITTED = "submitted", "sent to review"
    RETURNED = "returned", "returned"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class Standing(models.TextChoices):
    """The speaker's relation to the organization *as the article says it*; never derived from dates."""

    CURRENT = "current", "current"
    FORMER = "former", "former"
    INCOMING = "incoming", "incoming"
    UNKNOWN = "unknown", "unknown"


class Stance(models.TextChoices):
    """The statement's position toward the topic's proposition."""

    SUPPORT = "support", "support"
    OPPOSE = "oppose", "oppose"
    MIXED = "mixed", "mixed"
    NEUTRAL = "neutral", "neutral"
    UNCLEAR = "unclear", "unclear"
    NOT_ADDRESSED = "not_addressed", "not addressed"


class Certainty(models.TextChoices):
    HIGH = "high", "high"
    MEDIUM = "medium", "medium"
    LOW = "low", "low"


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", "document"
    RECORDING = "recording", "recording"
    CALL = "call", "call"
    EMAIL = "email", "e-mail"
    OTHER = "other", "other"


class EntityKind(models.TextChoices):
    """What a slug can name."""

    PERSON = "person", "person"
    ORGANIZATION = "organization", "organization"
    ARTICLE = "article", "article"
    TOPIC = "topic", "topic"


class ImportStatus(models.TextChoices):
    """How far a file has come. A table that fits in memory is applied at once; others come in, and go, piece by piece."""

    STAGED = "staged", "coming in"
    APPLIED = "applied", "brought in"
    LEAVING = "leaving", "being taken back"
    TAKEN_BACK = "taken_back", "taken back"
