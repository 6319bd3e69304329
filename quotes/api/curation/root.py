"""Where everything is that a token opens; and what lies nowhere, which is not told to whoever has none."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.curation.views import CurationView
from quotes.curation.coding import coder_code

_LISTS = ("people", "organizations", "affiliations", "articles", "topics", "quotes")


class HasToken(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None


class Root(CurationView):
    """Where everything is, and who the token's user is here."""

    permission_classes: tuple[type[BasePermission], ...] = (HasToken,)

    def get(self, request: Request) -> Response:
        lists = {name: request.build_absolute_uri(f"{request.path}{name}/") for name in _LISTS}
        roles = sorted(self.user.groups.values_list("name", flat=True))
        user = {"name": self.user.get_username(), "roles": roles, "coder": coder_code(self.user)}
        token: Any = request.auth
        return Response({**lists, "user": user, "token_expires_at": token.expires_at})


@extend_schema(exclude=True)
class Nowhere(CurationView):
    """Any address that no other has."""

    permission_classes: tuple[type[BasePermission], ...] = (HasToken,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound("There is nothing at this address.")
