"""What all addresses for curators have in common: a token and a right, never a cache; lists, records, and their writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from quotes.api import limits
from quotes.api.authentication import TokenAuthentication
from quotes.api.curation.bodies import check_body
from quotes.api.curation.etags import check_header, check_match, etag
from quotes.api.curation.json_body import JSONBody, MergePatchBody
from quotes.api.curation.writing import write
from quotes.api.problems import BadBody, BadParameters
from quotes.curation import delete_record
from quotes.publication.paging import ListParameters, Order, link, link_header, read_page, write_cursor
from quotes.publication.parameters import refuse
from quotes.publication.suggestions import closest

_ACTIONS = {"POST": "add", "PATCH": "change", "DELETE": "delete"}


class HasRight(BasePermission):
    """Who has no token is asked for one (401); whose user lacks the right is told which it is (403)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return False
        right = view.right(str(request.method))
        if not request.user.has_perm(right):
            raise PermissionDenied(f"The user of this token lacks the right {right}.")
        return True


class CurationView(APIView):
    """An address for curators. It takes a token, and no parameters unless it says so; its answers are nobody else's."""

    authentication_classes = (TokenAuthentication,)
    permission_classes: tuple[type[BasePermission], ...] = (HasRight,)
    parser_classes: tuple[type[BaseParser], ...] = (JSONBody,)
    model: ClassVar[Any]
    parameters: tuple[str, ...] = ()

    @property
    def user(self) -> Any:
        """The token's user."""
        return self.request.user

    def right(self, method: str) -> str:
        """The permission that a request of this method needs."""
        return f"quotes.{_ACTIONS.get(method, 'view')}_{self.model._meta.model_name}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        limits.count(request)
        super().initial(request, *args, **kwargs)
        refusals = {name: [_unknown_parameter(name, self.parameters)] for name in request.query_params}
        refusals = {name: found for name, found in refusals.items() if name not in self.parameters}
        if refusals:
            raise BadParameters(refusals)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(answer, ("Authorization",))
        limits.tell(request._request, answer)
        return answer

    def read_body(self, shape: type, *, is_change: bool = False) -> dict[str, Any]:
        """The body, which is of the shape. Raises BadBody."""
        meta = self.request.META
        if meta.get("HTTP_TRANSFER_ENCODING") and not meta.get("CONTENT_LENGTH"):
            raise BadBody.of("no_length", "Send the body with its Content-Length, not in chunks.")
        body: dict[str, Any] = dict(self.request.data)
        check_body(shape, body, is_change=is_change)
        return body

    def write(self, change: Callable[[], Any]) -> Any:
        return write(self.request, change)


class RecordsView(CurationView):
    """Records of one model: how they are read from the database, shown, and found by what an address names."""

    shape: ClassVar[type]
    members: ClassVar[type]

    def rows(self) -> Any:
        """The records that the user may know of, with all that is shown of them."""
        return self.model.objects.all()

    def record(self, row: Any) -> Mapping[str, Any]:
        """What is shown of a row, and what its ETag stands for."""
        raise NotImplementedError

    def find(self, rows: Any, **place: Any) -> Any:
        """The row that the address names, or None."""
        return rows.filter(**place).first()

    def address(self, row: Any) -> str:
        """The row's own address, root-relative."""
        raise NotImplementedError

    def save(self, row: Any, body: dict[str, Any]) -> Any:
        """The row, saved with what the body says of it; `row` is a new one where there was none."""
        raise NotImplementedError

    def existing(self, **place: Any) -> Any:
        """The row that the address names. Raises NotFound."""
        row = self.find(self.rows(), **place)
        if row is None:
            raise NotFound("There is no such record.")
        return row

    def locked(self, **place: Any) -> Any:
        """The row as it is now, which nobody else changes before this transaction ends. Raises NotFound."""
        row = self.find(self.rows().select_for_update(of=("self",)), **place)
        if row is None:
            raise NotFound("There is no such record.")
        return row

    def answer(self, row: Any, *, status: int = 200) -> Response:
        """The record with its ETag; of a new or renamed one, with its address."""
        fresh = self.rows().get(pk=row.pk)
        record = self.record(fresh)
        headers = {"ETag": etag(record)}
        address = self.address(fresh)
        if status == 201:
            headers["Location"] = address
        elif address != self.request.path:
            headers["Content-Location"] = address
        return Response(record, status=status, headers=headers)


class Collection(RecordsView):
    """A list of records, in pages; and where new ones are made."""

    order: ClassVar[Order]
    parameters_class: ClassVar[type[ListParameters]] = ListParameters

    def get(self, request: Request, **place: Any) -> Response:
        parameters = self.parameters_class(request.query_params, orderings=self.orderings())
        if parameters.errors:
            raise BadParameters({name: list(found.as_data()) for name, found in parameters.errors.items()})
        rows = self.filtered(self.listed(**place), parameters.cleaned_data)
        try:
            start = parameters.start()
        except ValidationError as error:
            raise BadParameters({"cursor": [error]}) from error
        page = read_page(rows, self.order, parameters.size, start)
        links = {
            relation: request.build_absolute_uri(link(request.path, request.query_params, text)) if text else None
            for relation, text in (
                ("next", page.next and write_cursor(page.next, request.query_params, self.order)),
                ("previous", page.previous and write_cursor(page.previous, request.query_params, self.order)),
            )
        }
        count = {"count": rows.count()} if parameters.cleaned_data["count"] == "1" else {}
        header = link_header(list(links.items()))
        body = {**links, **count, "results": [self.record(row) for row in page.rows]}
        return Response(body, headers={"Link": header} if header else None)

    def post(self, request: Request, **place: Any) -> Response:
        body = self.read_body(self.members)
        return self.answer(self.write(lambda: self.save(self.new(**place), body)), status=201)

    @classmethod
    def orderings(cls) -> dict[str, Order]:
        """The one order there is, under the name that a request may give it."""
        return {("-" if cls.order.descending else "") + cls.order.columns[0].removesuffix("_slug"): cls.order}

    @property
    def parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        is_reading = self.request.method in {"GET", "HEAD"}
        return tuple(self.parameters_class({}, orderings=self.orderings()).fields) if is_reading else ()  # type: ignore[arg-type]

    def listed(self, **place: Any) -> Any:
        return self.rows()

    def filtered(self, rows: Any, asked: Mapping[str, Any]) -> Any:
        """The rows that the parameters ask for."""
        return rows

    def new(self, **place: Any) -> Any:
        """A row that is not saved yet."""
        return self.model()


class Item(RecordsView):
    """One record: read, changed by the members that are sent (RFC 7396), deleted."""

    def get_parsers(self) -> list[Any]:
        is_change = self.request is not None and self.request.method == "PATCH"
        return [JSONBody(), MergePatchBody()] if is_change else [JSONBody()]

    def get(self, request: Request, **place: Any) -> Response:
        return self.answer(self.existing(**place))

    def patch(self, request: Request, **place: Any) -> Response:
        body = self.read_body(self.members, is_change=True)

        def change() -> Any:
            return self.save(self.as_it_was_read(**place), body)

        return self.answer(self.write(change))

    def delete(self, request: Request, **place: Any) -> Response:
        self.write(lambda: delete_record(record=self.as_it_was_read(**place), actor=self.user))
        return Response(status=204)

    def as_it_was_read(self, **place: Any) -> Any:
        """The row, locked, if the user may touch it and it is as If-Match says."""
        row = self.locked(**place)
        self.check_touch(row)
        check_match(check_header(self.request.headers.get("If-Match")), self.record(row))
        return row

    def check_touch(self, row: Any) -> None:
        """Raise PermissionDenied when this row is not the user's to change, although others may be."""


def _unknown_parameter(name: str, known: tuple[str, ...]) -> ValidationError:
    return refuse("unknown_parameter", f"There is no parameter {name[:60]!r} here.", closest(name, known))
