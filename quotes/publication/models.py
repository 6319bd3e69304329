"""The publication's tables. No foreign keys: a row is whole in itself, and may live on another server than its sources.

The public API's database role can read these tables and nothing else, `StaleMark` apart, which is the machine's own.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BTreeIndex, GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

from quotes.publication import querysets


class PublishedQuote(models.Model):
    """One published quote: its finished document, and all that filters, search and order need."""

    id = models.BigIntegerField(primary_key=True, help_text="The quote's own, internal key.")
    uid = models.UUIDField(unique=True)
    document = models.TextField(help_text="The JSON that the API serves, less `modified`.")
    record = models.TextField(help_text="Its row of the flat table, as finished CSV (quotes.publication.records).")
    facets = ArrayField(models.BigIntegerField(), help_text="quotes.publication.codes of what is true of the quote.")
    mentions = ArrayField(
        models.BigIntegerField(), help_text="Codes of the entities that the document or a filter shows."
    )
    search = SearchVectorField(help_text="An ordinary column, not generated: replication carries it as it is.")
    listed = models.BooleanField(
        help_text="False for the retracted and fabricated, served only when asked for by name."
    )
    utterance = models.BigIntegerField(help_text="Equal for occurrences of the same words by the same speaker.")
    dated_start = models.DateField(
        help_text="When it was said, else when the article came out: the period's first day."
    )
    dated_end = models.DateField()
    said_start = models.DateField(help_text="0001-01-01 where unknown, here and below: sort keys are never NULL.")
    said_end = models.DateField()
    published_start = models.DateField()
    published_end = models.DateField()
    # Assigned under the publication's lock, so that they follow the order of commits (timestamps alone do not).
    change = models.BigIntegerField()
    modified = models.DateTimeField()
    version = models.SmallIntegerField(help_text="Of the projection's code; rows of an older one are projected anew.")
    digest = models.BinaryField(max_length=16, help_text="Of all the above but change, modified and version.")

    objects = querysets.PublishedQuoteQuerySet.as_manager()

    class Meta:
        indexes = (
            # Rare combinations of filters and words: found here, then sorted.
            GinIndex(OpClass(F("search"), "tsvector_ops"), OpClass(F("facets"), "array_ops"), name="published_facets"),
            # Common ones: walked in order and filtered. One for each order, made total by a key that may be known: cursors
            # hold it.
            BTreeIndex(fields=("dated_start", "uid"), name="published_by_date"),
            BTreeIndex(fields=("said_start", "uid"), name="published_by_said"),
            BTreeIndex(fields=("published_start", "uid"), name="published_by_article"),
            # The order by modification, the feed of changes, and the last change.
            BTreeIndex(fields=("change",), name="published_by_change"),
            # Whether rows are left that an older version projected: looked for every second.
            BTreeIndex(fields=("version",), name="published_by_version"),
            # distinct=utterance: the other occurrences of the same words.
            BTreeIndex(fields=("utterance", "dated_start", "id"), name="published_by_utterance"),
        )

    def __str__(self) -> str:
        return str(self.uid)


class PublishedEntity(models.Model):
    """A person, organization, article or topic that a published quote mentions."""

    code = models.BigIntegerField(primary_key=True, help_text="The entity's mention code (quotes.publication.codes).")
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField(help_text="The entity's internal key.")
    slug = models.SlugField(max_length=100, db_index=False)
    wikidata_id = models.CharField(max_length=13, blank=True)
    name = models.CharField(max_length=500, help_text="Its name or title.")
    sort_key = models.CharField(max_length=500, help_text="What lists are ordered by.")
    document = models.TextField(help_text="The JSON that the API serves, less `quote_count` and `modified`.")
    facets = ArrayField(models.BigIntegerField())
    search = SearchVectorField()
    counted = models.BigIntegerField(help_text="The code whose total is the entity's `quote_count`.")
    published_start = models.DateField(help_text="Of articles; 0001-01-01 otherwise.")
    published_end = models.DateField()
    change = models.BigIntegerField()
    modified = models.DateTimeField()
    version = models.SmallIntegerField()
    digest = models.BinaryField(max_length=16)

    objects = querysets.PublishedEntityQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(name="published_entity_slug", fields=("kind", "slug")),)
        indexes = (
            GinIndex(OpClass(F("search"), "tsvector_ops"), OpClass(F("facets"), "array_ops"), name="entity_facets"),
            # The lists of people, organizations, articles and topics.
            BTreeIndex(fields=("kind", "sort_key", "slug"), name="entity_by_kind"),
            # Filters take Wikidata ids as well as slugs.
            BTreeIndex(fields=("wikidata_id",), name="entity_by_wikidata", condition=~models.Q(wikidata_id="")),
            BTreeIndex(fields=("change",), name="entity_by_change"),
            BTreeIndex(fields=("version",), name="entity_by_version"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class PublishedCoding(models.Model):
    """One coder's judgement of a published quote, of a closed round. Coders of an open one stay blind to each other."""

    id = models.BigIntegerField(primary_key=True, help_text="The coding's own, internal key.")
    quote_key = models.BigIntegerField(help_text="The quote's internal key.")
    uid = models.UUIDField(help_text="The quote's.")
    topic = models.SlugField(max_length=100, db_index=False)
    stance = models.CharField(max_length=20)
    certainty = models.CharField(max_length=10)
    coder = models.CharField(max_length=50)
    round = models.PositiveSmallIntegerField()
    is_final = models.BooleanField()
    justification = models.TextField()
    codebook_version = models.CharField(max_length=20)
    document = models.TextField(help_text="The JSON that the API serves.")
    facets = ArrayField(models.BigIntegerField())
    change = models.BigIntegerField()
    version = models.SmallIntegerField()
    digest = models.BinaryField(max_length=16)

    objects = querysets.PublishedCodingQuerySet.as_manager()

    class Meta:
        indexes = (
            GinIndex(OpClass(F("facets"), "array_ops"), name="coding_facets"),
            # The order of the list: total, because a coder judges once a round, and without an internal key in its cursors.
            BTreeIndex(fields=("uid", "topic", "round", "coder"), name="coding_by_place"),
            BTreeIndex(fields=("quote_key",), name="coding_by_quote"),
            # Which coders and rounds there are: what filters compare with.
            BTreeIndex(fields=("coder",), name="coding_by_coder"),
            BTreeIndex(fields=("round",), name="coding_by_round"),
            BTreeIndex(fields=("change",), name="coding_by_change"),
        )

    def __str__(self) -> str:
        return f"{self.uid} {self.topic} ({self.coder}, round {self.round})"


class Total(models.Model):
    """How many published quotes carry a code. Kept by a statement trigger on PublishedQuote, never by Python.

    A facet code counts the listed quotes (what the same filter answers by default), a mention code counts all of them.
    """

    code = models.BigIntegerField(primary_key=True)
    quotes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.code}: {self.quotes}"


class Tombstone(models.Model):
    """A quote that was published and is withdrawn: its address answers 410 with reason and date."""

    uid = models.UUIDField(primary_key=True)
    reason = models.TextField()
    withdrawn_at = models.DateTimeField()
    change = models.BigIntegerField()

    class Meta:
        indexes = (BTreeIndex(fields=("change",), name="tombstone_by_change"),)

    def __str__(self) -> str:
        return str(self.uid)


class PublishedRedirect(models.Model):
    """An old slug that still works: of a public entity, and of no other, since slugs tell names."""

    id = models.BigIntegerField(primary_key=True, help_text="The redirect's own, internal key.")
    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=100, db_index=False)
    target = models.SlugField(max_length=100, db_index=False)
    change = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="published_redirect_once", fields=("kind", "slug")),)
        indexes = (
            BTreeIndex(fields=("target",), name="redirect_by_target"),
            BTreeIndex(fields=("change",), name="redirect_by_change"),
        )

    def __str__(self) -> str:
        return f"{self.slug} → {self.target}"


class Removal(models.Model):
    """A name that was public and is not any more, neither as a document nor as anything that stands in its place.

    Kept by statement triggers on the tables above, never by Python, so that no way of deleting is missed; gone again when
    the name is public again. What vanished had a change of its own, perhaps the last: this one comes after it.
    """

    kind = models.CharField(max_length=20, help_text="Of an entity; `quote`; or `coding`, one row for all of them.")
    slug = models.CharField(max_length=100, help_text="Of an entity; a quote's uid; of codings empty.")
    change = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="removal_once", fields=("kind", "slug")),)
        indexes = (BTreeIndex(fields=("change",), name="removal_by_change"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class StaleMark(models.Model):
    """Something changed that published rows may show. Written by triggers, only ever appended; deleted by the refresh
    that has read it."""

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
