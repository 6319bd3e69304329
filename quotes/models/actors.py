"""Who speaks: people, organizations, and the affiliations between them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.triggers import acyclic_parents, history
from quotes.vocabulary import AffiliationKind, OrganizationKind


def _aliases() -> ArrayField:
    return ArrayField(models.CharField(max_length=300), default=list, blank=True, help_text="Other names in print.")


@history()
class Person(models.Model):
    """A named human being. Nothing is inferred from a name, and a shared name is never a reason to merge."""

    slug = fields.slug_field(help_text="The public identifier, e.g. maria-example.")
    name = models.CharField(
        max_length=300, help_text="As a reader would write it: given name first where that is custom."
    )
    sort_name = models.CharField(max_length=300, help_text="As an index would list it: Example, Maria.")
    aliases = _aliases()
    wikidata_id = fields.wikidata_field()

    objects = querysets.PersonQuerySet.as_manager()

    class Meta:
        ordering = ("sort_name", "id")
        verbose_name_plural = "people"
        indexes = (
            # Who bears a name, when a file of a million lines asks.
            models.Index(fields=("name",), name="person_by_name"),
            GinIndex(fields=("aliases",), name="person_by_alias"),
        )
        constraints = (
            constraints.matches("person_slug_shape", "slug", fields.SLUG),
            constraints.matches("person_wikidata_shape", "wikidata_id", fields.WIKIDATA_ID),
        )

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


@history()
class Organization(models.Model):
    """An institution, or a program or unit of one: a unit is an organization with a parent."""

    slug = fields.slug_field(help_text="The public identifier, e.g. port-authority.")
    name = models.CharField(max_length=300)
    short_name = models.CharField(
        max_length=100, blank=True, help_text="The acronym or short form, where there is one."
    )
    aliases = _aliases()
    kind = models.CharField(max_length=30, choices=OrganizationKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text="What it was renamed to or merged into.",
    )
    wikidata_id = fields.wikidata_field()
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(fields.COUNTRY_CODE, "Two capital letters, ISO 3166-1.")],
        help_text="ISO 3166-1 alpha-2.",
    )

    objects = querysets.OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            constraints.matches("organization_slug_shape", "slug", fields.SLUG),
            constraints.matches("organization_wikidata_shape", "wikidata_id", fields.WIKIDATA_ID),
            constraints.matches("organization_country_shape", "country", fields.COUNTRY_CODE, or_empty=True),
            constraints.choices("organization_kind_known", "kind", OrganizationKind),
            models.CheckConstraint(
                name="organization_not_its_own_successor", condition=~models.Q(successor=models.F("id"))
            ),
        )
        triggers = (acyclic_parents(),)

    def __str__(self) -> str:
        return f"{self.name} ({self.short_name})" if self.short_name else self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


@history()
class Affiliation(models.Model):
    """A person's role at an organization, over a period that may be known in part or not at all."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=300, blank=True, help_text="E.g. counsel, spokesperson, member.")
    kind = models.CharField(max_length=20, choices=AffiliationKind.choices, default=AffiliationKind.EMPLOYMENT)
    start = fields.PartialDateField(help_text="2024, 2024-11 or 2024-11-03; empty when unknown.")
    end = fields.PartialDateField(help_text="Empty when unknown or still running.")

    objects = querysets.AffiliationQuerySet.as_manager()

    class Meta:
        ordering = ("person", "start", "id")
        constraints = (
            models.UniqueConstraint(
                name="affiliation_unique",
                fields=("person", "organization", "role", "start"),
                nulls_distinct=False,
            ),
            # The target of QuoteAffiliation's composite key: an affiliation and its person.
            models.UniqueConstraint(name="affiliation_with_person", fields=("id", "person")),
            constraints.choices("affiliation_kind_known", "kind", AffiliationKind),
            constraints.partial_date("affiliation_start_is_a_date", "start"),
            constraints.partial_date("affiliation_end_is_a_date", "end"),
            constraints.period_in_order("affiliation_ends_after_start", "start", "end"),
        )

    def __str__(self) -> str:
        role = self.role or self.get_kind_display()
        period = f" ({self.start or '?'}–{self.end or ''})" if self.start or self.end else ""
        return f"{self.person}, {role}, {self.organization}{period}"

    def natural_key(self) -> tuple[str, str, str, str | None]:
        return (*self.person.natural_key(), *self.organization.natural_key(), self.role, self.start)

    natural_key.dependencies = ("quotes.person", "quotes.organization")  # type: ignore[attr-defined]
