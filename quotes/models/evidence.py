"""What a verification beyond the printed text rests on."""

import pgtrigger
from django.db import models
from django.db.models import Func, Q

from quotes import querysets
from quotes.models import constraints, fields, quote_rules
from quotes.models.statements import Quote
from quotes.models.triggers import history
from quotes.vocabulary import EvidenceKind


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
                func=quote_rules.EVIDENCE_PRESENT.format(quote="OLD.quote_id"),
            ),
        )

    def __str__(self) -> str:
        return self.url or self.description[:80]

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)

    natural_key.dependencies = ("quotes.quote",)  # type: ignore[attr-defined]
