"""Who may ask: tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q


class ApiTokenQuerySet(models.QuerySet[Any]):
    def usable(self, at: dt.datetime) -> Self:
        """Tokens that open the door at this moment: neither expired nor revoked, of somebody who may log in."""
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)

    def not_used_since(self, moment: dt.datetime) -> Self:
        return self.filter(Q(last_used_at=None) | Q(last_used_at__lt=moment))
