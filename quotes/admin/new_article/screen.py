"""A new article: an address or a text is pasted; what was found in it is confirmed; a snapshot is made; the workbench follows.

Nothing is kept between the steps but what stands in the form, so nothing is lost when a page cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone

from quotes import curation
from quotes.admin.curated import CuratedAdmin
from quotes.admin.links import change_url, is_key
from quotes.admin.new_article.forms import (
    AuthorForms,
    ByLine,
    FoundForm,
    OutletForm,
    SourceForm,
    found_initial,
    names_initial,
)
from quotes.admin.rights import actor
from quotes.curation.bringing import bring_in_article
from quotes.curation.refusals import REFUSALS, explain
from quotes.models import Article
from quotes.reading.articles import ReadArticle, read_article
from quotes.reading.fetching import FetchError, fetch
from quotes.reading.likeness import alike, same_address
from quotes.reading.pasted import read_pasted

_PASTE = "Paste the text of the article below instead; the address is kept."


class NewArticleAdmin(CuratedAdmin):
    """The screen at `article/new/`, to be mixed into the articles’ admin."""

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ("quotes/admin/new_article.css",)})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.new_view)
        return [path("new/", view, name="quotes_article_new"), *super().get_urls()]

    def new_view(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_add_permission(request) and request.user.has_perm("quotes.add_snapshot")):
            raise PermissionDenied
        step = request.POST.get("step", "") if request.method == "POST" else ""
        if step == "read":
            return self._read(request)
        if step in ("save", "check"):
            return self._save(request)
        if step == "again":
            kept = {name: request.POST.get(name, "") for name in ("address", "text")}
            return self._ask(request, SourceForm(initial=kept))
        if is_key(request.POST.get("add_to", "")):
            return self._add_text(request)
        return self._ask(request, SourceForm())

    # Step one: what is pasted

    def _read(self, request: HttpRequest) -> HttpResponse:
        form = SourceForm(request.POST)
        if not form.is_valid():
            return self._ask(request, form)
        address, text = form.cleaned_data["address"], form.cleaned_data["text"]
        if text:
            return self._confirm(request, read_pasted(text), url=address, address=address)
        try:
            page = fetch(address)
        except FetchError as error:
            form.add_error("address", f"{error} {_PASTE}")
            return self._ask(request, form)
        read = read_article(page)
        if not read.text:
            form.add_error("address", f"No text of an article was found on this page. {_PASTE}")
            return self._ask(request, form)
        url = read.canonical_url or page.final_url
        return self._confirm(request, read, url=url, address=address, retrieved_at=page.retrieved_at.isoformat())

    def _ask(self, request: HttpRequest, form: SourceForm) -> HttpResponse:
        return self._page(request, "new_article.html", "New article", form=form, fields=[form["address"], form["text"]])

    # Step two: what was found

    def _confirm(
        self, request: HttpRequest, read: ReadArticle, *, url: str, address: str, retrieved_at: str = ""
    ) -> HttpResponse:
        moment = retrieved_at or timezone.now().isoformat()
        found = FoundForm(initial=found_initial(read, url=url, address=address, retrieved_at=moment))
        rights = self._rights(request)
        outlet = OutletForm(
            prefix="outlet",
            initial={"name": read.outlet_name or _known_outlet(url)},
            may_make=rights["organization"],
        )
        authors = AuthorForms(
            prefix="authors", initial=names_initial(read.authors), form_kwargs={"may_make": rights["person"]}
        )
        return self._show(request, found, outlet, cast(ByLine, authors), _likeness(found.initial, [address]))

    def _save(self, request: HttpRequest) -> HttpResponse:
        rights = self._rights(request)
        found = FoundForm(request.POST)
        outlet = OutletForm(request.POST, prefix="outlet", may_make=rights["organization"])
        authors = cast(ByLine, AuthorForms(request.POST, prefix="authors", form_kwargs={"may_make": rights["person"]}))
        is_whole = all([found.is_valid(), outlet.is_valid(), authors.is_valid()])
        likeness = _likeness(found.cleaned_data, [found.data.get("address", ""), found.data.get("url", "")])
        if likeness["is_known"] and "is_another" in found.cleaned_data and not found.cleaned_data["is_another"]:
            found.add_error("is_another", "Look at what is here already, then say that this is another article.")
            is_whole = False
        if is_whole and request.POST["step"] == "save":
            article = self._bring_in(request, found, outlet, authors)
            if article is not None:
                self.message_user(request, f"{article}: saved, with its text.", messages.SUCCESS)
                return HttpResponseRedirect(_workbench(article))
        return self._show(request, found, outlet, authors, likeness)

    def _bring_in(self, request: HttpRequest, found: FoundForm, outlet: OutletForm, authors: ByLine) -> Article | None:
        """The article that was made; or None, with what is wrong in the form."""
        try:
            return bring_in_article(
                changes=found.changes(),
                outlet=outlet.cleaned_data["record"],
                authors=authors.records(),
                text=found.cleaned_data["text"],
                retrieved_at=found.cleaned_data["retrieved_at"],
                actor=actor(request),
            )
        except ValidationError as error:
            for name, faults in (
                error.error_dict.items() if hasattr(error, "error_dict") else [(None, error.error_list)]
            ):
                found.add_error(name if name in found.fields else None, ValidationError(faults))
        except REFUSALS as refusal:
            found.add_error(None, explain(refusal))
        return None

    def _add_text(self, request: HttpRequest) -> HttpResponse:
        """The text at hand as a new snapshot of an article that is here already."""
        article = Article.objects.filter(pk=request.POST["add_to"]).first()
        found = FoundForm(request.POST)
        found.full_clean()
        if article is None or found["text"].errors:
            return self._save(request)
        try:
            read_at = found.cleaned_data.get("retrieved_at")
            curation.add_snapshot(
                article=article, text=found.cleaned_data["text"], retrieved_at=read_at, actor=actor(request)
            )
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        except REFUSALS as refusal:
            self.message_user(request, " ".join(explain(refusal)), messages.WARNING)
        else:
            self.message_user(request, f"{article}: the text is a new snapshot of it.", messages.SUCCESS)
        return HttpResponseRedirect(_workbench(article))

    def _show(
        self, request: HttpRequest, found: FoundForm, outlet: OutletForm, authors: ByLine, likeness: dict[str, Any]
    ) -> HttpResponse:
        faults = [
            *found.non_field_errors(),
            *authors.non_form_errors(),
            *(["Correct what is marked below."] if found.errors or outlet.errors or any(authors.errors) else []),
        ]
        return self._page(
            request,
            "new_article_found.html",
            "New article: confirm",
            found=found,
            outlet=outlet,
            authors=authors,
            faults=faults if found.is_bound else [],
            media=outlet.media + found.media,
            **likeness,
        )

    def _page(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **more}
        context["media"] = self.media + more.get("media", forms.Media())
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/quotes/{template}", context)

    @staticmethod
    def _rights(request: HttpRequest) -> dict[str, bool]:
        return {name: request.user.has_perm(f"quotes.add_{name}") for name in ("person", "organization")}


def _likeness(values: Mapping[str, Any], addresses: list[str]) -> dict[str, Any]:
    """What is here already: articles at the address, and articles with much the same text."""
    same = same_address([*addresses, str(values.get("url") or "")])
    near = alike(str(values.get("text") or ""), except_for=[article.pk for article in same])
    return {"same": same, "near": near or [], "is_unknown": near is None, "is_known": bool(same or near)}


def _known_outlet(url: str) -> str:
    """The outlet of other articles at the host of the address, where all that name one name the same."""
    host = (urlsplit(url).hostname or "").removeprefix("www.") if "://" in url else ""
    names = list(Article.objects.at_host(f"{host}/", "").outlets()[:2]) if host else []
    return str(names[0]) if len(names) == 1 else ""


def _workbench(article: Article) -> str:
    """Where its quotes are marked; its own page, where there is no workbench."""
    try:
        return reverse("admin:quotes_article_workbench", args=[article.pk])
    except NoReverseMatch:
        return change_url(article)
