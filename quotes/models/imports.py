"""What was brought in from files: which file, by whom, and which row became which quote."""

from django.conf import settings
from django.db import models
from django.db.models import Func

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.statements import Quote
from quotes.models.triggers import history
from quotes.vocabulary import ImportStatus


@history()
class Import(models.Model):
    """One file, brought in whole. It is provenance of this database, and so in no fixture."""

    uid = models.UUIDField(unique=True, editable=False, db_default=Func(function="uuidv7"), help_text="UUIDv7.")
    source = models.CharField(
        max_length=200,
        help_text="The collection that the rows' own ids are unique in: the file's name, unless said otherwise.",
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the file's bytes, hexadecimal.")
    format = models.CharField(max_length=20, help_text="csv or jsonl.")
    rows = models.PositiveIntegerField(help_text="How many rows the file has, those that were known already included.")
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
        )

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"

    def natural_key(self) -> tuple[str, str]:
        return (self.source, self.external_id)

    natural_key.dependencies = ("quotes.import", "quotes.quote")  # type: ignore[attr-defined]
