"""What was brought in from files: which file, by whom, which row became which quote, and whose speaker is in doubt."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func, Q

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.statements import Quote
from quotes.models.triggers import history
from quotes.vocabulary import ImportStatus


@history()
class Import(models.Model):
    """One file, brought in whole or on its way in. It is provenance of this database, and so in no fixture."""

    uid = models.UUIDField(unique=True, editable=False, db_default=Func(function="uuidv7"), help_text="UUIDv7.")
    source = models.CharField(
        max_length=200,
        help_text="The collection that the rows' own ids are unique in: the file's name, unless said otherwise.",
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the file's bytes, hexadecimal.")
    format = models.CharField(max_length=20, help_text="Such as csv or quotebank.")
    rows = models.PositiveIntegerField(help_text="How many rows the file has, those that were known already included.")
    rows_done = models.PositiveIntegerField(default=0, help_text="Up to which row the file is in; it goes on after it.")
    options = models.JSONField(default=dict, blank=True, help_text="What was said of the file when it was begun.")
    status = models.CharField(max_length=20, choices=ImportStatus.choices, default=ImportStatus.APPLIED)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        serialize=False,
        related_name="+",
    )

    objects = querysets.ImportManager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            # The target of ImportedRow's composite key: an import and its source.
            models.UniqueConstraint(name="import_with_source", fields=("id", "source")),
            constraints.matches("import_source_named", "source", fields.NOT_BLANK),
            constraints.matches("import_sha256_shape", "sha256", "^[0-9a-f]{64}$"),
            constraints.choices("import_status_known", "status", ImportStatus),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.source})"

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)


@history()
class DoubtfulSpeaker(models.Model):
    """A name in an imported file that may mean more than one person. One decision holds for all rows of the file that bear it."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="doubtful_speakers")
    name = models.CharField(max_length=300, help_text="As the file has it.")
    wikidata_ids = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="Whom the source thinks possible."
    )
    # A slug, and no key: it leads on when the person is merged or renamed, and holds nobody back from being deleted.
    speaker_slug = models.SlugField(
        max_length=100, blank=True, db_index=False, help_text="Who it is; empty until decided."
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        serialize=False,
        related_name="+",
    )

    objects = querysets.DoubtfulSpeakerQuerySet.as_manager()

    class Meta:
        ordering = ("batch", "name", "wikidata_ids")
        constraints = (
            models.UniqueConstraint(name="doubtful_speaker_once", fields=("batch", "name", "wikidata_ids")),
            constraints.matches("doubtful_speaker_named", "name", fields.NOT_BLANK),
        )

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.wikidata_ids)})" if self.wikidata_ids else self.name

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.batch.natural_key(), self.name, " ".join(self.wikidata_ids))

    natural_key.dependencies = ("quotes.import",)  # type: ignore[attr-defined]


@history()
class ImportedRow(models.Model):
    """A row of an imported file and the quote that it became. A row is known by its own id, so it comes in once."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="imported_rows")
    # The batch's own, beside it for the sake of uniqueness; a composite key holds it to the batch.
    source = models.CharField(max_length=200)
    external_id = models.CharField(
        max_length=200, help_text="The row's own id; the digest of its content where it has none."
    )
    row = models.PositiveIntegerField(help_text="As a spreadsheet counts: the header is row 1.")
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of what the row said: a changed row is told from a known one."
    )
    quote = models.ForeignKey(Quote, models.CASCADE, related_name="imported_rows")
    probability = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="How sure the source is of the speaker, 0 to 1; empty where it does not say.",
    )
    told = models.JSONField(
        null=True, blank=True, help_text="What else the source tells of the row, under the source's own names."
    )
    doubt = models.ForeignKey(
        DoubtfulSpeaker,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="imported_rows",
        help_text="Whose words they are is for a curator to decide.",
    )
    waiting = models.JSONField(
        null=True, blank=True, help_text="[{organization, role, standing}]: capacities that wait for the speaker."
    )

    objects = querysets.ImportedRowManager()

    class Meta:
        ordering = ("batch", "row")
        constraints = (
            models.UniqueConstraint(name="imported_row_once", fields=("source", "external_id")),
            constraints.CompositeForeignKey(
                name="imported_row_source_is_the_batchs",
                fields=("batch", "source"),
                to="quotes.Import",
                to_fields=("id", "source"),
            ),
            constraints.matches("imported_row_has_id", "external_id", fields.NOT_BLANK),
            constraints.matches("imported_row_digest_shape", "digest", "^[0-9a-f]{64}$"),
            models.CheckConstraint(
                name="imported_row_probability_is_one",
                condition=Q(probability=None) | Q(probability__gte=0, probability__lte=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"

    def natural_key(self) -> tuple[str, str]:
        return (self.source, self.external_id)

    natural_key.dependencies = ("quotes.import", "quotes.doubtfulspeaker", "quotes.quote")  # type: ignore[attr-defined]
