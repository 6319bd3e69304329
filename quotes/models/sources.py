"""Where words stand: articles, their authors, and snapshots of their text."""

import pgtrigger
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.actors import Organization, Person
from quotes.models.triggers import history
from quotes.vocabulary import ArticleStatus, Genre


@history()
class Article(models.Model):
    """A published text that attributes statements to somebody."""

    slug = fields.slug_field()
    url = fields.web_address_field("URL", unique=True)
    title = models.CharField(max_length=500)
    outlet = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="articles", help_text="Who published it."
    )
    authors = models.ManyToManyField(Person, through="Authorship", related_name="articles", blank=True)
    published = fields.PartialDateField(help_text="2024, 2024-11 or 2024-11-03; empty when unknown.")
    language = models.CharField(
        max_length=35,
        default="en",
        validators=[RegexValidator(fields.LANGUAGE_TAG, "A BCP 47 tag such as en, es or pt-BR.")],
        help_text="BCP 47, e.g. en, es, pt-BR.",
    )
    genre = models.CharField(max_length=20, choices=Genre.choices, default=Genre.NEWS)
    archive_url = fields.web_address_field("archive URL", blank=True, help_text="A copy in a web archive.")
    status = models.CharField(max_length=20, choices=ArticleStatus.choices, default=ArticleStatus.CURRENT)
    status_note = models.TextField(blank=True, help_text="What was corrected, or why it was retracted.")

    objects = querysets.ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published", "-id")
        constraints = (
            constraints.matches("article_slug_shape", "slug", fields.SLUG),
            constraints.matches("article_url_is_web", "url", fields.WEB_ADDRESS),
            constraints.matches("article_archive_url_is_web", "archive_url", fields.WEB_ADDRESS, or_empty=True),
            constraints.matches("article_language_shape", "language", fields.LANGUAGE_TAG),
            constraints.partial_date("article_published_is_a_date", "published"),
            constraints.choices("article_genre_known", "genre", Genre),
            constraints.choices("article_status_known", "status", ArticleStatus),
            models.CheckConstraint(
                name="article_status_explained",
                condition=Q(status=ArticleStatus.CURRENT) | ~Q(status_note=""),
                violation_error_message="Say in the note what was corrected, or why it was retracted.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


@history()
class Authorship(models.Model):
    """A person's place in an article's byline. Citations need the order."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="authorships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="authorships")
    position = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])

    objects = querysets.AuthorshipManager()

    class Meta:
        ordering = ("article", "position", "id")
        constraints = (
            models.UniqueConstraint(name="authorship_once", fields=("article", "person")),
            models.CheckConstraint(
                name="authorship_position_from_one",
                condition=Q(position__gte=1),
                violation_error_message="Places in a byline are counted from one.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.article}"

    def natural_key(self) -> tuple[str, str]:
        return (*self.article.natural_key(), *self.person.natural_key())

    natural_key.dependencies = ("quotes.article", "quotes.person")  # type: ignore[attr-defined]


_TEXT_IS_AS_HASHED = Q(
    Func(F("text"), F("length"), F("sha256"), function="snapshot_text_fits", output_field=models.BooleanField())
)


@history(exclude=("text",))
class Snapshot(models.Model):
    """The text of an article as read on a day. Quotes are anchored to it, so it never changes.

    The text is under somebody's copyright: curators read it, the public never does. Where it must not be kept at all,
    `text` is NULL, and length and hash still let anybody with the article check every anchor (`check_quotes`).
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="snapshots")
    text = models.TextField(null=True, blank=True, help_text="NFC, line ends LF. Never shown to the public.")  # noqa: DJ001 - NULL: known, not kept
    length = models.PositiveIntegerField(help_text="Unicode code points.")
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the UTF-8 text, hexadecimal.")
    retrieved_at = models.DateTimeField(default=timezone.now)

    objects = querysets.SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("article", "-retrieved_at", "id")
        constraints = (
            models.UniqueConstraint(name="snapshot_once", fields=("article", "sha256")),
            # The targets of Quote's composite keys: a snapshot, its length and its article.
            models.UniqueConstraint(name="snapshot_with_length", fields=("id", "length")),
            models.UniqueConstraint(name="snapshot_with_article", fields=("id", "article")),
            constraints.matches("snapshot_sha256_shape", "sha256", "^[0-9a-f]{64}$"),
            models.CheckConstraint(name="snapshot_text_as_hashed", condition=Q(text__isnull=True) | _TEXT_IS_AS_HASHED),
        )
        triggers = (
            # A text goes only when a verb says so (curation.forget_text): loading a fixture that leaves texts out, over a
            # database that keeps them, must not lose them.
            pgtrigger.Trigger(
                name="snapshot_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.text IS NULL AND current_setting('quotebase.forgets_text', true) IS DISTINCT FROM 'on' THEN
                        NEW.text := OLD.text;
                    END IF;
                    IF (NEW.article_id, NEW.length, NEW.sha256) IS DISTINCT FROM (OLD.article_id, OLD.length, OLD.sha256)
                        OR (OLD.text IS NOT NULL AND NEW.text IS NOT NULL AND NEW.text <> OLD.text)
                    THEN
                        RAISE EXCEPTION 'a snapshot never changes: make a new one'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_immutable';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # A text may be taken out and put back; what was attested without it must then stand in it.
            pgtrigger.Trigger(
                name="snapshot_text_holds_quotes",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("text"),
                condition=pgtrigger.Q(old__text__isnull=True, new__text__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT FROM quotes_quote AS quote
                        WHERE quote.snapshot_id = NEW.id AND quote.verification <> 'unverified' AND quote.segments <> '[]'
                            AND words_at(NEW.text, quote.segments) IS DISTINCT FROM quote.text
                    ) THEN
                        RAISE EXCEPTION 'snapshot %: the words of a quote are not what stands in this text', NEW.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_words_stand';
                    END IF;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.article}, read {self.retrieved_at:%Y-%m-%d}"

    def natural_key(self) -> tuple[str, str]:
        return (*self.article.natural_key(), self.sha256)

    natural_key.dependencies = ("quotes.article",)  # type: ignore[attr-defined]
