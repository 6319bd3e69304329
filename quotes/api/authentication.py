"""Who asks, by the token in the Authorization header (RFC 6750): `Bearer qb_…`; `Token qb_…` is understood alike."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from quotes.curation.access import find_token
from quotes.models import ApiToken

CHALLENGE = 'Bearer realm="quotebase"'
_SCHEMES = {b"bearer", b"token"}


class TokenAuthentication(BaseAuthentication):
    """The token's user; nobody where there is no header or an empty one.

    Whatever else is in the header is refused, with one and the same 401: that a token was revoked, or whose it was, is
    nobody's business who holds it.
    """

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        header = get_authorization_header(request).strip()
        if not header:
            return None
        scheme, _, text = header.partition(b" ")
        token = find_token(text.strip().decode("latin-1")) if scheme.lower() in _SCHEMES else None
        if token is None:
            raise AuthenticationFailed("This is no valid token: none at all, or one that has expired or was revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE
