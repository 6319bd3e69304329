"""What was said: quotes with everything about them on one page; their capacities and evidence as lists."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from quotes.admin.blindness import visible_to
from quotes.admin.curated import CuratedAdmin
from quotes.admin.filters import (
    AffiliationFilter,
    CapacityOrganizationFilter,
    ImportFilter,
    InboxFilter,
    QuoteOutletFilter,
    SpeakerFilter,
    StanceFilter,
    StandingFilter,
    TopicFilter,
)
from quotes.admin.importing.origin import origins
from quotes.admin.links import add_url, is_key, link
from quotes.admin.quote_form import QuoteForm
from quotes.admin.quote_inlines import CapacityInline, CodingInline, EvidenceInline
from quotes.admin.reviewing.screen import ReviewAdmin
from quotes.admin.rights import actor, is_editor, may_touch
from quotes.admin.text_panel import latest_snapshot, panel
from quotes.admin.transitions import TransitionsAdmin
from quotes.admin.workbench.screen import lead_to_workbench
from quotes.models import Article, Evidence, Quote, QuoteAffiliation, Snapshot
from quotes.vocabulary import Status, Verification


class QuoteList(ChangeList):
    """The list reads what its columns show in a fixed number of queries; the change page has no use for that."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows: Any = super().get_queryset(request, exclude_parameters)
        return rows.for_projection(among=visible_to(request))


@admin.register(Quote)
class QuoteAdmin(ReviewAdmin, TransitionsAdmin, CuratedAdmin):
    form = QuoteForm
    change_form_template = "admin/quotes/quote_form.html"
    list_display = ("words", "who", "where", "stances", "state")
    list_select_related = ("speaker", "organization", "article__outlet", "created_by")
    list_filter = (
        InboxFilter,
        "status",
        TopicFilter,
        StanceFilter,
        AffiliationFilter,
        StandingFilter,
        SpeakerFilter,
        QuoteOutletFilter,
        "verification",
        "kind",
        "source_type",
        ("created_by", admin.RelatedOnlyFieldListFilter),
        ImportFilter,
    )
    search_fields = (
        "text",
        "speaker__name",
        "speaker__aliases",
        "source_label",
        "organization__name",
        "organization__short_name",
        "article__title",
        "=uid",
    )
    search_help_text = "Words, speaker, source, organization, title of the article, or uid"
    ordering = ("-id",)
    fieldsets = (
        ("Words", {"fields": (("article", "snapshot"), "words", ("starts", "kind"))}),
        (
            "Source",
            {"fields": (("source_type", "speaker"), ("organization", "speaks_for_organization"), "source_label")},
        ),
        ("Circumstances", {"fields": (("cue", "venue"), "said_on", "framing")}),
        ("Verification", {"fields": ("verification", "verification_note")}),
        ("Relations to other quotes", {"fields": ("same_utterance_as", "reported_via"), "classes": ("collapse",)}),
    )
    autocomplete_fields = ("article", "snapshot", "speaker", "organization", "same_utterance_as", "reported_via")
    inlines = (CapacityInline, CodingInline, EvidenceInline)
    actions = ("submit_for_review", "return_to_draft", "publish", "withdraw", "delete_selected")
    history_includes = ("affiliations", "codings", "evidence")
    save_on_top = True

    @property
    def media(self) -> Media:
        return super().media + Media(js=("admin/js/autocomplete.js", "quotes/admin/quote.js"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuoteList

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Without the imports for those who may not see these."""
        found = super().get_list_filter(request)
        return (
            found if request.user.has_perm("quotes.view_import") else [one for one in found if one is not ImportFilter]
        )

    def has_change_permission(self, request: HttpRequest, obj: Quote | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Quote | None = None) -> bool:
        """What was ever published is withdrawn, with a reason, and never deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    @admin.action(description="Delete selected quotes", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: Any) -> Any:
        kept = queryset.exclude(published_at=None).count()
        if kept:
            text = (
                f"{kept} of the selected quotes had been published. Such quotes are withdrawn, never deleted: left out."
            )
            self.message_user(request, text, messages.WARNING)
        never_public = queryset.filter(published_at=None)
        return delete_selected(self, request, never_public) if never_public.exists() else None

    def save_model(self, request: HttpRequest, obj: Quote, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = actor(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.carry_out_button(request, form.instance)

    def response_add(self, request: HttpRequest, obj: Quote, post_url_continue: str | None = None) -> HttpResponse:
        """The next quote is most often of the same article."""
        answer = super().response_add(request, obj, post_url_continue)
        return (
            HttpResponseRedirect(add_url("quote", article=obj.article_id)) if "_addanother" in request.POST else answer
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From an article's "Add a quote": its latest snapshot too, and what is true of words that stand in one."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        snapshot = self._snapshot_asked_for(request)
        if snapshot:
            initial.setdefault("snapshot", snapshot.pk)
        if snapshot and snapshot.text is not None:
            initial.setdefault("verification", Verification.ATTESTED)
        return initial

    def _snapshot_asked_for(self, request: HttpRequest) -> Any:
        asked = request.POST or request.GET
        key, of_article = asked.get("snapshot", ""), asked.get("article", "")
        if is_key(key):
            return Snapshot.objects.filter(pk=key).first()
        article = Article.objects.filter(pk=of_article).first() if is_key(of_article) else None
        return latest_snapshot(article) if article else None

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        quote = context.get("original")
        context["panel"] = panel(quote.snapshot if quote else self._snapshot_asked_for(request), quote)
        context["buttons"] = self.buttons(request, quote) if self.has_change_permission(request, quote) else []
        context["origins"] = origins(quote) if quote and request.user.has_perm("quotes.view_import") else []
        context["may_withdraw"] = is_editor(request) and quote and quote.status == Status.PUBLISHED
        answer = super().render_change_form(request, context, *args, **kwargs)
        return lead_to_workbench(answer, request, quote.article_id, quote=quote) if quote else answer

    @admin.display(description="words", ordering="text")
    def words(self, quote: Quote) -> str:
        return quote.display if len(quote.display) <= 160 else f"{quote.display[:160].rstrip()}…"

    @admin.display(description="starts at")
    def starts(self, quote: Quote) -> str:
        return ", ".join(str(segment["start"]) for segment in quote.segments if "start" in segment)

    @admin.display(description="who", ordering="speaker__sort_name")
    def who(self, quote: Quote) -> str:
        primary = next(iter(quote.affiliations.all()), None)
        return render_to_string("admin/quotes/cell_who.html", {"quote": quote, "capacity": primary})

    @admin.display(description="where", ordering="article__published")
    def where(self, quote: Quote) -> str:
        return render_to_string("admin/quotes/cell_where.html", {"article": quote.article})

    @admin.display(description="final stances")
    def stances(self, quote: Quote) -> str:
        codings = quote.final_codings  # type: ignore[attr-defined]
        return render_to_string("admin/quotes/cell_stances.html", {"codings": codings})

    @admin.display(description="status, verification", ordering="status")
    def state(self, quote: Quote) -> str:
        return render_to_string("admin/quotes/cell_state.html", {"quote": quote})


class OfAQuoteAdmin(CuratedAdmin):
    """Rows that are added on the quote's page, where the rules over several rows are said; here they are found."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request, obj.quote if obj else None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request, obj.quote if obj else None)

    @admin.display(description="quote")
    def of_quote(self, row: Any) -> str:
        return link(row.quote)


@admin.register(QuoteAffiliation)
class QuoteAffiliationAdmin(OfAQuoteAdmin):
    list_display = ("affiliation", "role_as_stated", "standing", "is_primary", "quote")
    list_select_related = (
        "affiliation__person",
        "affiliation__organization",
        "quote__speaker",
        "quote__organization",
    )
    list_filter = (CapacityOrganizationFilter, "standing", "is_primary")
    search_fields = ("affiliation__person__name", "affiliation__organization__name", "role_as_stated", "quote__text")
    search_help_text = "Person, organization, role as stated, or words of the quote"
    fields = ("of_quote", "affiliation", "role_as_stated", "standing", "is_primary")
    readonly_fields = ("of_quote",)
    autocomplete_fields = ("affiliation",)
    ordering = ("-id",)


@admin.register(Evidence)
class EvidenceAdmin(OfAQuoteAdmin):
    list_display = ("__str__", "kind", "provided_by", "provided_on", "quote")
    list_select_related = ("quote__speaker", "quote__organization")
    list_filter = ("kind", "provided_on")
    search_fields = ("url", "description", "provided_by", "quote__text")
    search_help_text = "URL, description, who provided it, or words of the quote"
    fields = ("of_quote", "kind", "url", "description", "provided_by", "provided_on")
    readonly_fields = ("of_quote",)
    ordering = ("-id",)
