"""In what capacity the words were said."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from quotes import querysets
from quotes.models import constraints, quote_rules
from quotes.models.actors import Affiliation, Person
from quotes.models.statements import Quote
from quotes.models.triggers import history
from quotes.vocabulary import Standing


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
                func=quote_rules.ONE_PRIMARY,
            ),
        )

    def __str__(self) -> str:
        return f"{self.role_as_stated or self.affiliation.role}, {self.affiliation.organization} ({self.standing})"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.quote.natural_key(), *self.affiliation.natural_key())

    natural_key.dependencies = ("quotes.quote", "quotes.affiliation")  # type: ignore[attr-defined]
