"""A filtered, ordered list: a page of it, or all of it, in any format."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.base import ReadView, raise_refusals
from quotes.api.caching import entity_tag
from quotes.api.exports import chosen_format, rows_of, shaped_chunks, stream_all, write
from quotes.api.problems import BadParameters
from quotes.api.shaping import ShapeParameters, column_names
from quotes.datasets import stored_quotes
from quotes.datasets.exporting import Chunks, all_rows
from quotes.datasets.formats import FORMATS, Context, Format
from quotes.publication.changes import last_change, with_state
from quotes.publication.paging import ListParameters, Order, Page, link, link_header, read_page, write_cursor
from quotes.publication.parameters import ChoiceField, refuse
from quotes.publication.strict_filters import StrictFilterSet

JSON = "json"


class FormatParameters(forms.Form):
    """What says in which format an answer comes; for what holds documents of this kind."""

    def __init__(self, data: QueryDict, *, kind: str | None, written: Format | None) -> None:
        super().__init__(data)
        self.written = written
        self.fields |= format_fields(kind)

    def clean(self) -> dict[str, Any]:
        if "dialect" in self.data and (self.written is None or self.written.name != "csv"):
            self.add_error("dialect", refuse("not_in_this_format", "Only csv has dialects."))
        return super().clean() or {}


def format_fields(kind: str | None) -> dict[str, forms.Field]:
    """The parameters that choose a format, by name. `quotes.api.negotiation` has checked `format` before they are read."""
    formats = [JSON, *(name for name, one in FORMATS.items() if kind in one.kinds)]
    return {
        "format": ChoiceField(
            choices=formats, is_many=False, help_text="The format of the answer; the Accept header says it as well."
        ),
        "dialect": ChoiceField(
            choices=["excel"],
            is_many=False,
            help_text="With format=csv: for opening in a spreadsheet; what it would run as a formula is made text.",
        ),
    }


class ReadingParameters(FormatParameters, ListParameters):
    """What a list takes besides filters and shape."""

    def __init__(
        self, data: QueryDict, *, orderings: Mapping[str, Order], kind: str | None, written: Format | None
    ) -> None:
        ListParameters.__init__(self, data, orderings=orderings)
        self.written = written
        self.fields |= format_fields(kind)

    @property
    def is_paged(self) -> bool:
        """JSON comes in pages; other formats where a page is asked for."""
        return self.written is None or bool({"page_size", "cursor"} & set(self.data))

    def clean(self) -> dict[str, Any]:
        if "count" in self.data and self.written:
            self.add_error("count", refuse("not_in_this_format", "The count comes with JSON."))
        return super().clean()


class ListView(ReadView):
    """A filtered, ordered list."""

    filterset_class: ClassVar[type[StrictFilterSet]]
    parameters_class: ClassVar[type[ReadingParameters]] = ReadingParameters
    orderings: ClassVar[Mapping[str, Order]]
    # The documents' shape, and what is added to the stored ones.
    shape: ClassVar[type]
    added: ClassVar[Sequence[str]] = ()

    # Whether a page is read in one statement, which then tells the state that names it.
    tells_state: ClassVar[bool] = False

    def get(self, request: Request) -> HttpResponseBase:
        if not self.tells_state or "If-None-Match" in request.headers or chosen_format(request):
            return self.answer_in_state(request, self.ask)
        return self.ask(request)()

    def ask(self, request: Request) -> Callable[[], HttpResponseBase]:
        """The question as it is understood; what it returns answers it."""
        data, written = request.query_params, chosen_format(request)
        name = written.name if written else JSON
        parameters = self.parameters_class(data, orderings=self.orderings, kind=self.kind, written=written)
        columns = column_names(self.kind) if written else []
        shape = ShapeParameters(data, shape=self.shape, format=name, columns=columns, added=self.added)
        others = [*parameters.fields, *shape.fields]
        filterset = self.filterset_class(data, self.get_queryset(), others=others)
        raise_refusals(filterset.refusals(), parameters, shape)
        with refusing():
            parameters.start()
        answer = self.answer_whole if written and not parameters.is_paged else self.answer_page
        return lambda: answer(request, filterset, parameters, shape)

    def answer_page(
        self, request: Request, filterset: StrictFilterSet, parameters: ReadingParameters, shape: ShapeParameters
    ) -> HttpResponseBase:
        """A page, with its neighbours, the filters as understood and, when asked for, the count."""
        page, links = self.page(request, filterset, parameters)
        applied = self.applied(filterset, parameters)
        if parameters.written:
            rows = shape.rows(rows_of(page.rows))
            response: HttpResponseBase = write(
                request, parameters.written, str(self.kind), rows, applied, shape.wanted_columns
            )
        else:
            body = {**links, "applied": applied}
            if parameters.cleaned_data["count"] == "1":
                body |= self.counts(filterset, path=request.path)
            response = Response({**body, "results": self.results(page, filterset, parameters, shape)})
        if header := link_header(list(links.items())):
            response["Link"] = header
        if page.state is not None:
            response["ETag"] = entity_tag(request, page.state)
        return response

    def answer_whole(
        self, request: Request, filterset: StrictFilterSet, parameters: ReadingParameters, shape: ShapeParameters
    ) -> HttpResponseBase:
        """Everything that matches, in the order asked for."""
        order, written = parameters.order, parameters.written
        assert written  # noqa: S101 - JSON comes in pages
        if order.is_capped:
            message = "Relevance ranks only the newest matches. Ask for pages, or for another ordering."
            raise BadParameters({"ordering": [refuse("not_whole", message)]})
        queryset = self.ordered(filterset, parameters).order_by(*order.terms())
        kind = str(self.kind)

        def chunks(context: Context) -> Chunks:
            if shape.is_whole and stored_quotes.are_enough(queryset, written):
                return stored_quotes.chunks(queryset, written, context)
            return shaped_chunks(all_rows(queryset), shape.rows, lambda rows: written.write(kind, rows, context))

        return stream_all(request, written, kind, chunks, self.applied(filterset, parameters), shape.wanted_columns)

    def page(
        self, request: Request, filterset: StrictFilterSet, parameters: ReadingParameters
    ) -> tuple[Page, dict[str, str | None]]:
        """The page asked for, and the addresses of its neighbours."""
        order = parameters.order
        with refusing():
            page = self.read(filterset, parameters)
        data = request.query_params
        cursors = {"next": page.next, "previous": page.previous}
        return page, {
            relation: request.build_absolute_uri(link(request.path, data, write_cursor(cursor, data, order)))
            if cursor
            else None
            for relation, cursor in cursors.items()
        }

    def read(self, filterset: StrictFilterSet, parameters: ReadingParameters) -> Page:
        """The page, with its state where one statement tells both."""
        rows, wanted = self.ordered(filterset, parameters), (parameters.order, parameters.size, parameters.start())
        if not self.tells_state:
            return read_page(rows, *wanted)
        page = read_page(with_state(rows), *wanted)
        if page.rows:
            return page
        # No row, so nothing to tell it: asked for first, and then the page once more, which may have a row by now.
        state = last_change()
        page = read_page(with_state(rows), *wanted)
        return page if page.rows else replace(page, state=state)

    def results(
        self, page: Page, filterset: StrictFilterSet, parameters: ReadingParameters, shape: ShapeParameters
    ) -> list[Any]:
        """The documents of the page, as they are wanted."""
        return shape.shaped(self.documents(page.rows))

    def applied(self, filterset: StrictFilterSet, parameters: ReadingParameters) -> dict[str, Any]:
        """The question as it was understood: filters, defaults and order, and the size of a page where there are pages."""
        size = {"page_size": parameters.size} if parameters.is_paged else {}
        return {**filterset.applied(), "ordering": parameters.ordering, **size}

    def get_queryset(self) -> Any:
        raise NotImplementedError

    def ordered(self, filterset: StrictFilterSet, parameters: ReadingParameters) -> Any:
        return filterset.qs

    def counts(self, filterset: Any, *, path: str) -> dict[str, Any]:
        return {"count": filterset.qs.count()}

    def documents(self, rows: list[Any]) -> list[Any]:
        raise NotImplementedError


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """A ValidationError about the cursor, or the parameter that it names, is the request's fault."""
    try:
        yield
    except ValidationError as error:
        raise BadParameters({error.params["param"] if error.params else "cursor": [error]}) from error
