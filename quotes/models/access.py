"""What programs show instead of a password: tokens of curators."""

import datetime as dt

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from quotes import querysets
from quotes.models import constraints, fields
from quotes.models.triggers import history

# A year, leap days included: whoever still needs a token then makes a new one.
LONGEST = dt.timedelta(days=366)
_PREFIX = "^[a-z2-7]{8}$"


@history(exclude=("digest", "last_used_at"))
class ApiToken(models.Model):
    """A token of a user, for one purpose. Its secret was shown once; what is kept of it is a hash, here and nowhere else.

    A token that is no longer wanted is revoked, never deleted: who made it, for what, and until when it worked stays known.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, help_text="What it is for, e.g. nightly import, laptop.")
    prefix = models.CharField(
        max_length=8, unique=True, editable=False, validators=[RegexValidator(_PREFIX)], help_text="Its public part."
    )
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the secret, hexadecimal.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To the hour.")

    objects = querysets.ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "prefix")
        verbose_name = "API token"
        # A token is made, looked at and revoked by the one whose it is; there is nothing to change, and none is deleted.
        default_permissions = ("add", "view")
        constraints = (
            constraints.matches("api_token_prefix_shape", "prefix", _PREFIX),
            constraints.matches("api_token_digest_shape", "digest", "^[0-9a-f]{64}$"),
            constraints.matches("api_token_has_name", "name", fields.NOT_BLANK),
            models.CheckConstraint(
                name="api_token_expires_within_a_year",
                condition=Q(expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + LONGEST),
                violation_error_message="A token expires later than now, and within a year.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} (qb_{self.prefix}_…)"

    @property
    def state(self) -> str:
        """`usable`, `revoked` or `expired`."""
        if self.revoked_at:
            return "revoked"
        return "usable" if self.expires_at > timezone.now() else "expired"
