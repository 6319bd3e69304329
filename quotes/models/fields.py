"""Fields of the field: partial dates, slugs, web addresses, Wikidata ids; and the constraint that each of them carries."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models

from quotes.partial_dates import PartialDate

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
WIKIDATA_ID = r"^Q[1-9][0-9]{0,11}$"
LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
COUNTRY_CODE = r"^[A-Z]{2}$"
WEB_ADDRESS = r"^https?://[^[:space:]]+$"
NOT_BLANK = r"[^[:space:]]"


class PartialDateField(models.CharField):
    """A partial date (quotes.partial_dates.PartialDate), kept as text; NULL where the source says nothing.

    `said_on__start` and `said_on__end` are the first and last day of the period, for filters and order.
    """

    description = "Date of day, month or year precision"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=10, null=True, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank"):
            kwargs.pop(fixed, None)
        return name, path, list(args), kwargs

    def from_db_value(self, value: str | None, *_: object) -> PartialDate | None:
        return None if value is None else PartialDate(value)

    def to_python(self, value: Any) -> PartialDate | None:
        if value in (None, "") or isinstance(value, PartialDate):
            return value or None
        try:
            return PartialDate(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> str | None:
        cleaned = self.to_python(value)
        return None if cleaned is None else str(cleaned)


class _PeriodBound(models.Transform):
    """One bound of a partial date's period, by an immutable SQL function (migration 0001)."""

    output_field = models.DateField()


@PartialDateField.register_lookup
class PeriodStart(_PeriodBound):
    lookup_name = "start"
    function = "partial_date_start"


@PartialDateField.register_lookup
class PeriodEnd(_PeriodBound):
    lookup_name = "end"
    function = "partial_date_end"


def slug_field(**kwargs: Any) -> models.SlugField:
    """A public identifier: lower-case words joined by hyphens, unique."""
    return models.SlugField(max_length=100, unique=True, validators=[RegexValidator(SLUG)], **kwargs)


def wikidata_field() -> models.CharField:
    """A Wikidata item id such as Q42, or NULL. Unique: an id is the one safe merge key for people and organizations."""
    return models.CharField(
        "Wikidata id",
        max_length=13,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(WIKIDATA_ID, "A Wikidata id looks like Q42.")],
    )


def web_address_field(verbose_name: str, **kwargs: Any) -> models.URLField:
    """An http(s) address of up to 2,000 characters."""
    return models.URLField(verbose_name, max_length=2000, validators=[URLValidator(["http", "https"])], **kwargs)
