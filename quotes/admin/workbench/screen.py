"""The workbench: an article's text with its quotes marked, and the form of one of them beside it; all by the keyboard.

A page, and below its address what it asks and sends, as JSON. Whoever may change articles and add quotes works here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from quotes.admin.links import add_url, change_url, is_key
from quotes.admin.rights import actor
from quotes.admin.text_panel import latest_snapshot
from quotes.admin.workbench.bodies import Problem, read_body
from quotes.admin.workbench.data import labels, open_round, page_state, record, records
from quotes.admin.workbench.making import make, make_organization
from quotes.admin.workbench.people import describe, describe_organizations, find_organizations, find_people
from quotes.admin.workbench.saving import move, remove, save
from quotes.curation import verb
from quotes.curation.refusals import REFUSALS, explain, worded
from quotes.models import Article, Quote, Snapshot
from quotes.vocabulary import OrganizationKind, Status

_LONGEST_SEARCH = 200
_USER = "X-Quotebase-User"
Answer = dict[str, Any]


def workbench_url(article: int, *, quote: Quote | None = None) -> str:
    """The article's workbench, at the quote and in its text where one is named."""
    asked = {"quote": quote.pk, "snapshot": quote.snapshot_id} if quote else {}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("admin:quotes_article_workbench", args=[article]) + (f"?{query}" if query else "")


def may_use_workbench(request: HttpRequest) -> bool:
    return request.user.has_perms(("quotes.change_article", "quotes.add_quote"))


def lead_to_workbench(answer: Any, request: HttpRequest, article: int, *, quote: Quote | None = None) -> Any:
    """The page of a record, with a button to the workbench for those who may use it."""
    if may_use_workbench(request):
        answer.context_data["related_lists"].insert(0, ("Workbench", workbench_url(article, quote=quote)))
    return answer


def _as_json(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """The view's answer as JSON; what refuses it as sentences by member, with nothing saved."""

    @wraps(view)
    def run(self: WorkbenchAdmin, request: HttpRequest, key: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            article = self._article(request, key)
            _check_user(request)
            return JsonResponse(view(self, request, article, *args, **kwargs))
        except Problem as problem:
            return JsonResponse(problem.body, status=problem.status)
        except ValidationError as error:
            return _refused(_by_member(worded(error)))
        except REFUSALS as refusal:
            return _refused({"": explain(refusal)})

    return run


class WorkbenchAdmin(admin.ModelAdmin):
    """To be mixed into the articles' admin."""

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[Callable[..., HttpResponse], str]] = {
            "": (self.workbench_view, "workbench"),
            "quotes/": (self.workbench_quotes, "workbench_quotes"),
            "quotes/<int:quote>/remove/": (self.workbench_remove, "workbench_remove"),
            "quotes/<int:quote>/submit/": (self.workbench_submit, "workbench_submit"),
            "quotes/<int:quote>/return/": (self.workbench_return, "workbench_return"),
            "people/": (self.workbench_people, "workbench_people"),
            "organizations/": (self.workbench_organizations, "workbench_organizations"),
        }
        mine = [
            path(f"<int:key>/workbench/{rest}", self.admin_site.admin_view(view), name=f"quotes_article_{name}")
            for rest, (view, name) in views.items()
        ]
        return [*mine, *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = tuple(super().get_list_display(request))
        return (*columns, "workbench") if may_use_workbench(request) else columns

    @admin.display(description="workbench")
    def workbench(self, article: Article) -> str:
        return format_html('<a href="{}">Mark quotes</a>', workbench_url(article.pk))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().render_change_form(request, context, *args, **kwargs)
        article = context.get("original")
        return lead_to_workbench(answer, request, article.pk) if article else answer

    def workbench_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The page; of the article's latest text that is kept, or of the `snapshot` that is asked for."""
        try:
            article = self._article(request, key)
        except Problem as problem:
            raise (PermissionDenied if problem.status == 403 else Http404)(str(problem)) from problem
        snapshot = self._snapshot(request, article)
        is_kept = snapshot is not None and snapshot.text is not None
        context = {
            **self.admin_site.each_context(request),
            "title": f"Workbench: {article}",
            "opts": self.opts,
            "article": article,
            "snapshot": snapshot,
            "snapshots": article.snapshots.told_by_hash(),
            "state": page_state(article, snapshot, actor(request)) if snapshot and is_kept else None,
            "labels": labels(),
            "kinds_of_organizations": OrganizationKind.choices,
            "add_quote": add_url("quote", article=article.pk),
            "article_url": change_url(article),
            "user_header": _USER,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/quotes/workbench.html", context)

    @_as_json
    def workbench_quotes(self, request: HttpRequest, article: Article) -> Answer:
        """The article's quotes as they are now; or, with POST, one saved."""
        user = actor(request)
        if _is_post(request):
            body = read_body(request)
            return {"quote": record(verb(save)(article, body, user), user)}
        quotes = article.quotes.for_record().order_by("pk")
        return {"quotes": records(quotes, user), "round": open_round()}

    @_as_json
    def workbench_remove(self, request: HttpRequest, article: Article, quote: int) -> Answer:
        _must_post(request)
        verb(remove)(article, quote, read_body(request), actor(request))
        return {"removed": quote}

    @_as_json
    def workbench_submit(self, request: HttpRequest, article: Article, quote: int) -> Answer:
        return _moved(request, article, quote, to=Status.IN_REVIEW)

    @_as_json
    def workbench_return(self, request: HttpRequest, article: Article, quote: int) -> Answer:
        return _moved(request, article, quote, to=Status.DRAFT)

    @_as_json
    def workbench_people(self, request: HttpRequest, article: Article) -> Answer:
        """People whom the words of `q` may mean; or, with POST, one made, or given an affiliation."""
        user = actor(request)
        if _is_post(request):
            return verb(make)(article, read_body(request), user)
        words = _words(request)
        found = find_people(words, article, user) if words else []
        return {"people": describe(found, article, list(article.quotes.for_record()))}

    @_as_json
    def workbench_organizations(self, request: HttpRequest, article: Article) -> Answer:
        """Organizations that the words of `q` may mean; or, with POST, one made."""
        if _is_post(request):
            return {"organization": verb(make_organization)(read_body(request), actor(request))}
        words = _words(request)
        return {"organizations": describe_organizations(find_organizations(words) if words else [])}

    def _article(self, request: HttpRequest, key: int) -> Article:
        article = self.get_object(request, str(key))
        if not may_use_workbench(request):
            raise Problem(403, "forbidden", "The workbench is for those who may change articles and add quotes.")
        if article is None:
            raise Problem(404, "gone", "This article is not there (any more).")
        return article

    def _snapshot(self, request: HttpRequest, article: Article) -> Snapshot | None:
        asked = request.GET.get("snapshot", "")
        if not asked:
            return latest_snapshot(article)
        found = article.snapshots.filter(pk=asked).first() if is_key(asked) else None
        if found is None:
            raise Http404(f"The article has no snapshot {asked[:40]!r}.")
        return found


def _moved(request: HttpRequest, article: Article, quote: int, *, to: str) -> Answer:
    _must_post(request)
    user = actor(request)
    return {"quote": record(verb(move)(article, quote, read_body(request), user, to=to), user)}


def _is_post(request: HttpRequest) -> bool:
    if request.method not in {"GET", "POST", "HEAD"}:
        raise Problem(405, "method", f"{request.method} means nothing here.")
    return request.method == "POST"


def _must_post(request: HttpRequest) -> None:
    if not _is_post(request):
        raise Problem(405, "method", "This address only takes POST.")


def _check_user(request: HttpRequest) -> None:
    """A page that one user opened is not written from in another's name, who logged in meanwhile in another tab."""
    opened_by = request.headers.get(_USER, "")
    if _is_post(request) and opened_by != str(request.user.pk):
        name = request.user.get_username()
        raise Problem(403, "another_user", f"You are logged in as {name} now, and somebody else opened this page.")


def _words(request: HttpRequest) -> str:
    words = request.GET.get("q", "").strip()
    if "\0" in words or len(words) > _LONGEST_SEARCH:
        raise Problem(400, "invalid", f"Search for up to {_LONGEST_SEARCH} characters.", errors={"q": ["Too long."]})
    return words


def _refused(errors: dict[str, list[str]]) -> JsonResponse:
    detail = " ".join(sentence for sentences in errors.values() for sentence in sentences)
    return JsonResponse({"code": "invalid", "detail": detail, "errors": errors}, status=400)


def _by_member(error: Any) -> dict[str, list[str]]:
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return {"" if name == NON_FIELD_ERRORS else name: list(sentences) for name, sentences in found.items()}
