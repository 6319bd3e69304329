"""What was said: quotes, the capacity in which the words were said, and the evidence for more than the print."""

from collections.abc import Collection
from textwrap import shorten
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length

from quotes import querysets
from quotes.anchoring import exact_segments, quotation
from quotes.models import constraints, fields
from quotes.models.actors import Affiliation, Organization, Person
from quotes.models.sources import Article, Snapshot
from quotes.models.triggers import history
from quotes.vocabulary import (
    NEEDS_EVIDENCE,
    UNLISTED,
    EvidenceKind,
    QuoteKind,
    SourceType,
    Standing,
    Status,
    Venue,
    Verification,
)

# One trigger for both, because the second needs the first: the snapshot's length is copied, so that a CHECK can hold the
# segments inside the text; and where the text is kept, what claims to stand in it must stand there to the character.
_ANCHOR_HOLDS = """
    SELECT snapshot.length, snapshot.text INTO NEW.snapshot_length, snapshot_text
        FROM quotes_snapshot AS snapshot WHERE snapshot.id = NEW.snapshot_id;
    IF NEW.snapshot_id IS NULL THEN
        NEW.snapshot_length := NULL;
    END IF;
    IF snapshot_text IS NOT NULL AND NEW.verification <> 'unverified' AND NEW.segments <> '[]'
        AND words_at(snapshot_text, NEW.segments) IS DISTINCT FROM NEW.text
    THEN
        RAISE EXCEPTION 'quote %: its text is not what stands at its segments: %', NEW.uid, words_at(snapshot_text, NEW.segments)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_words_stand';
    END IF;
    RETURN NEW;
"""

# FOR NO KEY UPDATE on the root: two curators linking A to B and B to C at once would otherwise make a chain.
_UTTERANCE_ROOT = """
    PERFORM FROM quotes_quote WHERE id = NEW.same_utterance_as_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM quotes_quote WHERE id = NEW.same_utterance_as_id AND same_utterance_as_id IS NOT NULL)
        OR EXISTS (SELECT FROM quotes_quote WHERE same_utterance_as_id = NEW.id)
    THEN
        RAISE EXCEPTION 'quote %: same_utterance_as must point at a root', NEW.uid
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_same_utterance_as_root';
    END IF;
    RETURN NEW;
"""

# The lock: one session taking the last evidence away while another comes to need it would each see the other's past.
_EVIDENCE_PRESENT = """
    PERFORM FROM quotes_quote WHERE id = {quote} FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM quotes_quote AS quote
        WHERE quote.id = {quote} AND quote.verification IN ('confirmed', 'disputed', 'retracted', 'fabricated')
            AND NOT EXISTS (SELECT FROM quotes_evidence WHERE quote_id = quote.id)
    ) THEN
        RAISE EXCEPTION 'quote %: this verification needs evidence', {quote}
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_verification_needs_evidence';
    END IF;
    RETURN NULL;
"""

# A new primary one breaks nothing (a unique index lets no second one in), and is what imports bring. Whatever else
# changes is checked under a lock, for two sessions at once; on both quotes, where an affiliation moves from one to another.
_ONE_PRIMARY = """
    IF TG_OP = 'INSERT' AND NEW.is_primary THEN
        RETURN NULL;
    END IF;
    FOR concerned IN
        SELECT DISTINCT id FROM unnest(ARRAY[OLD.quote_id, NEW.quote_id]) AS id WHERE id IS NOT NULL ORDER BY id
    LOOP
        PERFORM FROM quotes_quote WHERE id = concerned FOR NO KEY UPDATE;
        IF (SELECT count(*) FILTER (WHERE is_primary) <> 1 AND count(*) > 0
            FROM quotes_quoteaffiliation WHERE quote_id = concerned)
        THEN
            RAISE EXCEPTION 'quote %: exactly one of its affiliations must be primary', concerned
                USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_affiliation_one_primary';
        END IF;
    END LOOP;
    RETURN NULL;
"""


@history()
class Quote(models.Model):
    """One occurrence of an attributed statement in one article."""

    uid = models.UUIDField(unique=True, editable=False, db_default=Func(function="uuidv7"), help_text="UUIDv7.")
    article = models.ForeignKey(Article, models.PROTECT, related_name="quotes")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="quotes")
    snapshot_length = models.PositiveIntegerField(null=True, editable=False, serialize=False)
    text = models.TextField(
        help_text="The words, verbatim; segments joined by one space. Punctuation is never repaired."
    )
    segments = models.JSONField(
        default=list,
        blank=True,
        help_text="[{start, end, prefix, suffix}]: half-open code point ranges of the snapshot, quotation marks outside.",
    )
    kind = models.CharField(max_length=20, choices=QuoteKind.choices)
    source_type = models.CharField(max_length=20, choices=SourceType.choices, default=SourceType.PERSON)
    speaker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="quotes")
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        help_text="The institution that is the source, issued the document, employs the unnamed officials, or is spoken for.",
    )
    speaks_for_organization = models.BooleanField(
        default=False, help_text="A spokesperson's title, or “on behalf of”. A job title alone is not enough."
    )
    source_label = models.CharField(max_length=500, blank=True, help_text="The source as printed.")
    cue = models.CharField(max_length=100, blank=True, help_text="The verb of attribution: said, claims, told.")
    framing = models.TextField(blank=True, help_text="The reporter's frame of a partial quote.")
    venue = models.CharField(max_length=20, choices=Venue.choices, default=Venue.UNSPECIFIED)
    said_on = fields.PartialDateField(help_text="Only where the article says it.")
    same_utterance_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repetitions",
        help_text="The first quote of these same words, in another article. Always a root.",
    )
    reported_via = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        help_text="The statement that reports this one: a document that cites a vendor's claim.",
    )
    verification = models.CharField(max_length=20, choices=Verification.choices, default=Verification.UNVERIFIED)
    verification_note = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        serialize=False,
        related_name="+",
        help_text="Who entered it; where there are two editors, nobody publishes their own quote.",
    )

    objects = querysets.QuoteQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions = (("publish_quote", "Can publish and withdraw quotes"),)
        indexes = (
            # The review queue and the inbox: what is in a status, newest first.
            models.Index(fields=("status", "-id"), name="quote_by_status"),
        )
        constraints = (
            # The target of QuoteAffiliation's composite key: a quote and its speaker.
            models.UniqueConstraint(name="quote_with_speaker", fields=("id", "speaker")),
            constraints.CompositeForeignKey(
                name="quote_snapshot_of_its_article",
                fields=("snapshot", "article"),
                to="quotes.Snapshot",
                to_fields=("id", "article"),
            ),
            constraints.CompositeForeignKey(
                name="quote_snapshot_length_true",
                fields=("snapshot", "snapshot_length"),
                to="quotes.Snapshot",
                to_fields=("id", "length"),
            ),
            constraints.choices("quote_kind_known", "kind", QuoteKind),
            constraints.choices("quote_source_type_known", "source_type", SourceType),
            constraints.choices("quote_venue_known", "venue", Venue),
            constraints.choices("quote_verification_known", "verification", Verification),
            constraints.choices("quote_status_known", "status", Status),
            constraints.partial_date("quote_said_on_is_a_date", "said_on"),
            models.CheckConstraint(
                name="quote_snapshot_length_known", condition=Q(snapshot=None) | Q(snapshot_length__isnull=False)
            ),
            constraints.matches("quote_has_words", "text", fields.NOT_BLANK),
            models.CheckConstraint(
                name="quote_speaker_exactly_when_person",
                condition=Q(source_type=SourceType.PERSON, speaker__isnull=False)
                | (~Q(source_type=SourceType.PERSON) & Q(speaker__isnull=True)),
                violation_error_message="A speaker is set exactly when the source is a person.",
            ),
            models.CheckConstraint(
                name="quote_organization_source_named",
                condition=~Q(source_type=SourceType.ORGANIZATION) | Q(organization__isnull=False),
                violation_error_message="Say which organization is the source.",
            ),
            models.CheckConstraint(
                name="quote_spoken_for_is_named",
                condition=Q(source_type=SourceType.PERSON, speaks_for_organization=True, organization__isnull=False)
                | Q(source_type=SourceType.PERSON, speaks_for_organization=False, organization__isnull=True)
                | (~Q(source_type=SourceType.PERSON) & Q(speaks_for_organization=False)),
                violation_error_message="A person's quote names an organization exactly when the person speaks for it.",
            ),
            models.CheckConstraint(
                name="quote_segments_fit",
                condition=Func(
                    F("segments"),
                    F("snapshot_length"),
                    Length("text"),
                    function="segments_fit",
                    output_field=models.BooleanField(),
                ),
                violation_error_message="Segments must be ordered, disjoint, inside the text, and as long as the words.",
            ),
            models.CheckConstraint(
                name="quote_attested_is_anchored",
                condition=~Q(verification=Verification.ATTESTED) | (Q(snapshot__isnull=False) & ~Q(segments=[])),
                violation_error_message="Attested means: the words stand in a snapshot. Anchor them first.",
            ),
            models.CheckConstraint(
                name="quote_published_is_dated",
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="quote_withdrawal_explained",
                condition=Q(
                    status=Status.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_reason__regex=fields.NOT_BLANK
                )
                | (~Q(status=Status.WITHDRAWN) & Q(withdrawn_at__isnull=True, withdrawn_reason="")),
                violation_error_message="A withdrawn quote, and only one, has a reason and a date.",
            ),
            models.CheckConstraint(
                name="quote_not_its_own_utterance", condition=~Q(same_utterance_as=F("id")) | Q(same_utterance_as=None)
            ),
            models.CheckConstraint(
                name="quote_not_reported_via_itself", condition=~Q(reported_via=F("id")) | Q(reported_via=None)
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="quote_anchor_holds",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("snapshot_text", "text")],
                func=_ANCHOR_HOLDS,
            ),
            pgtrigger.Trigger(
                name="quote_utterance_root",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("same_utterance_as_id"),
                condition=pgtrigger.Q(new__same_utterance_as__isnull=False),
                func=_UTTERANCE_ROOT,
            ),
            pgtrigger.Trigger(
                name="quote_evidence_present",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("verification"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__verification__in=[str(value) for value in NEEDS_EVIDENCE]),
                func=_EVIDENCE_PRESENT.format(quote="NEW.id"),
            ),
            pgtrigger.Trigger(
                name="quote_published_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'quote % was published: withdraw it, with a reason', OLD.uid
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_published_stays';
                """,
            ),
            # Else one could forget that a quote was published, and delete it after all.
            pgtrigger.Trigger(
                name="quote_publication_remembered",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("published_at"),
                condition=pgtrigger.Q(old__published_at__isnull=False, new__published_at__isnull=True),
                func="""
                    RAISE EXCEPTION 'quote % was published: that is not forgotten', OLD.uid
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_publication_remembered';
                """,
            ),
            pgtrigger.Trigger(
                name="quote_unlisted_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__verification__in=[str(value) for value in UNLISTED]),
                func="""
                    RAISE EXCEPTION 'quote % is %: such quotes are kept', OLD.uid, OLD.verification
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_unlisted_stays';
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.attribution}: {shorten(self.text, 80, placeholder='…')}"

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)

    natural_key.dependencies = ("quotes.article", "quotes.snapshot", "quotes.person", "quotes.organization")  # type: ignore[attr-defined]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """With the snapshot's length, which the trigger copies when the row is written, and no form has."""
        self.snapshot_length = self.snapshot.length if self.snapshot else None
        super().validate_constraints(exclude=set(exclude or ()) - {"snapshot_length"})

    @property
    def exacts(self) -> list[str]:
        """The words of each segment; one member, the whole text, for a quote without segments."""
        return exact_segments(self.text, self.segments)

    @property
    def display(self) -> str:
        """The quote as one may print it: each segment in its marks, “…” […] “…”; an indirect statement without."""
        return quotation(self.exacts, is_indirect=self.kind == QuoteKind.INDIRECT)

    @property
    def attribution(self) -> str:
        """Who is quoted, in one name: the person, the organization, or the source as printed."""
        return str(self.speaker or self.source_label or self.organization or self.get_source_type_display())


@history()
class QuoteAffiliation(models.Model):
    """The capacity in which the words were said, with the standing that the article gives it."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="affiliations")
    affiliation = models.ForeignKey(Affiliation, models.PROTECT, related_name="quote_affiliations")
    # Filled by the trigger from the quote; with it, two composite keys hold "the affiliation is the speaker's own".
    speaker = models.ForeignKey(
        Person, models.DO_NOTHING, db_constraint=False, editable=False, blank=True, serialize=False, related_name="+"
    )
    role_as_stated = models.CharField(max_length=300, blank=True, help_text="The role in the article's words.")
    standing = models.CharField(
        max_length=20, choices=Standing.choices, default=Standing.CURRENT, help_text="As the article says it."
    )
    is_primary = models.BooleanField("primary", default=True, help_text="The one actor that networks and counts use.")

    objects = querysets.QuoteAffiliationManager()

    class Meta:
        ordering = ("quote", "-is_primary", "id")
        constraints = (
            models.UniqueConstraint(name="quote_affiliation_once", fields=("quote", "affiliation")),
            models.UniqueConstraint(
                name="quote_affiliation_primary_once",
                fields=("quote",),
                condition=Q(is_primary=True),
                violation_error_message="Only one affiliation of a quote can be primary.",
            ),
            constraints.CompositeForeignKey(
                name="quote_affiliation_speaker_said_it",
                fields=("quote", "speaker"),
                to="quotes.Quote",
                to_fields=("id", "speaker"),
                follows=True,
            ),
            constraints.CompositeForeignKey(
                name="quote_affiliation_is_the_speakers",
                fields=("affiliation", "speaker"),
                to="quotes.Affiliation",
                to_fields=("id", "person"),
            ),
            constraints.choices("quote_affiliation_standing_known", "standing", Standing),
        )
        triggers = (
            pgtrigger.Trigger(
                name="quote_affiliation_speaker",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    SELECT speaker_id INTO NEW.speaker_id FROM quotes_quote WHERE id = NEW.quote_id;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="quote_affiliation_one_primary",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                declare=[("concerned", "bigint")],
                func=_ONE_PRIMARY,
            ),
        )

    def __str__(self) -> str:
        return f"{self.role_as_stated or self.affiliation.role}, {self.affiliation.organization} ({self.standing})"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.quote.natural_key(), *self.affiliation.natural_key())

    natural_key.dependencies = ("quotes.quote", "quotes.affiliation")  # type: ignore[attr-defined]


@history()
class Evidence(models.Model):
    """What a verification beyond the printed text rests on: a document, a recording, a call, an e-mail."""

    uid = models.UUIDField(unique=True, editable=False, db_default=Func(function="uuidv7"), help_text="UUIDv7.")
    quote = models.ForeignKey(Quote, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    url = fields.web_address_field("URL", blank=True)
    description = models.TextField(blank=True)
    provided_by = models.CharField(max_length=100, help_text="Who checked or provided it; a curator's code.")
    provided_on = models.DateField()

    objects = querysets.EvidenceManager()

    class Meta:
        ordering = ("quote", "provided_on", "uid")
        verbose_name_plural = "evidence"
        constraints = (
            constraints.choices("evidence_kind_known", "kind", EvidenceKind),
            constraints.matches("evidence_url_is_web", "url", fields.WEB_ADDRESS, or_empty=True),
            models.CheckConstraint(
                name="evidence_is_something",
                condition=~Q(url="") | Q(description__regex=fields.NOT_BLANK),
                violation_error_message="Evidence needs a URL or a description.",
            ),
            constraints.matches("evidence_says_who", "provided_by", fields.NOT_BLANK),
        )
        triggers = (
            pgtrigger.Trigger(
                name="evidence_stays_while_needed",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("quote_id") | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func=_EVIDENCE_PRESENT.format(quote="OLD.quote_id"),
            ),
        )

    def __str__(self) -> str:
        return self.url or self.description[:80]

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)

    natural_key.dependencies = ("quotes.quote",)  # type: ignore[attr-defined]
