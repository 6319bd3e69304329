"""What was said: one occurrence of an attributed statement in one article."""

from collections.abc import Collection
from textwrap import shorten

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length

from quotes import querysets
from quotes.anchoring import exact_segments, quotation
from quotes.models import constraints, fields, quote_rules
from quotes.models.actors import Organization, Person
from quotes.models.sources import Article, Snapshot
from quotes.models.triggers import history
from quotes.vocabulary import (
    NEEDS_EVIDENCE,
    UNLISTED,
    QuoteKind,
    SourceType,
    Status,
    Venue,
    Verification,
)


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
                func=quote_rules.ANCHOR_HOLDS,
            ),
            pgtrigger.Trigger(
                name="quote_utterance_root",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("same_utterance_as_id"),
                condition=pgtrigger.Q(new__same_utterance_as__isnull=False),
                func=quote_rules.UTTERANCE_ROOT,
            ),
            pgtrigger.Trigger(
                name="quote_evidence_present",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("verification"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__verification__in=[str(value) for value in NEEDS_EVIDENCE]),
                func=quote_rules.EVIDENCE_PRESENT.format(quote="NEW.id"),
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
