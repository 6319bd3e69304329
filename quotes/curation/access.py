"""Tokens with which a curator's programs write: made, found again, revoked.

A token reads `qb_<prefix>_<secret>`: eight public characters to find it by, and 256 random bits, of which only a SHA-256
is kept. A slow hash, as for passwords, would guard against guessing; nobody guesses 256 bits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets

from django.contrib.auth.models import User
from django.utils import timezone

from quotes.curation.verbs import Actor, CurationError, verb
from quotes.models import ApiToken

USUAL = dt.timedelta(days=90)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_SHAPE = re.compile(r"qb_(?P<prefix>[a-z2-7]{8})_(?P<secret>[0-9a-f]{64})")
# A use is noted to the hour, so that reading does not write with every request.
_NOTED = dt.timedelta(hours=1)


@verb
def make_token(*, user: User, name: str, expires_at: dt.datetime | None = None) -> tuple[ApiToken, str]:
    """A new token, and its text, which can never be had again. It works for 90 days unless told otherwise.

    Raises ValidationError when it has no name, or expires in the past or after more than a year.
    """
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    secret = secrets.token_hex(32)
    now = timezone.now()
    token = ApiToken(
        user=user,
        name=name.strip(),
        prefix=prefix,
        digest=_digest(secret),
        created_at=now,
        expires_at=expires_at or now + USUAL,
    )
    token.full_clean()
    token.save()
    return token, f"qb_{prefix}_{secret}"


@verb
def revoke_token(*, token: ApiToken, actor: Actor) -> ApiToken:
    """The token opens nothing any more. Once more changes nothing: it stays revoked as of the first time."""
    if isinstance(actor, User) and token.user_id != actor.pk and not actor.is_superuser:
        raise CurationError(["This token is somebody else's."])
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    return ApiToken.objects.select_related("user").get(pk=token.pk)


def find_token(text: str) -> ApiToken | None:
    """The token that the text is, if it is one that opens the door now; its use is noted. Else None, whatever the reason."""
    match = _SHAPE.fullmatch(text)
    if not match:
        return None
    now = timezone.now()
    token = ApiToken.objects.usable(now).select_related("user").filter(prefix=match["prefix"]).first()
    # Compared in the same time whether there is such a token or not.
    is_it = hmac.compare_digest(_digest(match["secret"]), token.digest if token else "0" * 64)
    if token is None or not is_it:
        return None
    ApiToken.objects.filter(pk=token.pk).not_used_since(now - _NOTED).update(last_used_at=now)
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
