"""Old public identifiers that still work after a merge or a renamed slug."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.triggers import history
from quotes.vocabulary import EntityKind


@history()
class Redirect(models.Model):
    """An old slug and where it leads. Chains are flattened when written, so one look-up is enough."""

    kind = models.CharField(max_length=20, choices=EntityKind.choices)
    slug = models.SlugField(max_length=100, validators=[RegexValidator(fields.SLUG)])
    target = models.SlugField(max_length=100, validators=[RegexValidator(fields.SLUG)])

    objects = querysets.RedirectManager()

    class Meta:
        ordering = ("kind", "slug")
        constraints = (
            models.UniqueConstraint(name="redirect_once", fields=("kind", "slug")),
            constraints.choices("redirect_kind_known", "kind", EntityKind),
            constraints.matches("redirect_slug_shape", "slug", fields.SLUG),
            constraints.matches("redirect_target_shape", "target", fields.SLUG),
            models.CheckConstraint(name="redirect_leads_elsewhere", condition=~Q(slug=F("target"))),
        )

    def __str__(self) -> str:
        return f"{self.slug} → {self.target}"

    def natural_key(self) -> tuple[str, str]:
        return (self.kind, self.slug)
