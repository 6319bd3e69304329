"""Doubtful names of imported files: their list, most rows first, and the screen on which it is decided whom one means."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from quotes.admin.curated import CuratedAdmin
from quotes.admin.filters import InboxFilter
from quotes.admin.importing.deciding import DecisionForm, candidates_of, free_ids, samples_of
from quotes.admin.importing.origin import decide_url
from quotes.admin.links import change_url, link, list_url
from quotes.admin.rights import actor
from quotes.curation.doubts import decide_speaker, make_speaker
from quotes.curation.refusals import REFUSALS, explain, worded
from quotes.models import DoubtfulSpeaker, Person

_COUNTED = 100
# The column of the numbers of rows.
_ROWS = 2
_WIKIDATA = "https://www.wikidata.org/wiki/"


class DecidedFilter(admin.SimpleListFilter):
    title = "decision"
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("no", "to be decided"), ("yes", "decided")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        return queryset.undecided() if self.value() == "no" else queryset.decided()


class NameList(ChangeList):
    """The list says that it is in the order of the rows, where nobody has chosen another."""

    def get_ordering_field_columns(self) -> Any:
        return super().get_ordering_field_columns() if ORDER_VAR in self.params else {_ROWS: "desc"}


@admin.register(DoubtfulSpeaker)
class DoubtfulSpeakerAdmin(CuratedAdmin):
    """The names; a decision is made on its own screen and changed on the quotes' pages."""

    list_display = ("title", "ids", "row_count", "of_import", "decision")
    list_select_related = ("batch", "decided_by")
    list_filter = (InboxFilter, DecidedFilter, ("batch", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "=speaker_slug")
    search_help_text = "Name, or slug of who was chosen"
    fields = ("name", "ids", "row_count", "of_import", "decision")
    readonly_fields = fields
    actions = None
    keeps_drafts = False

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ("quotes/admin/importing.css",)})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NameList

    def get_queryset(self, request: HttpRequest) -> Any:
        return DoubtfulSpeaker.objects.with_rows().select_related(*self.list_select_related)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Not as an attribute, where Django asks for fields and knows no counts."""
        return ["-rows", "name", "pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DoubtfulSpeaker | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DoubtfulSpeaker | None = None) -> bool:
        return False

    def related_lists(self, record: DoubtfulSpeaker) -> list[tuple[str, str]]:
        return [] if record.speaker_slug else [("Decide", decide_url(record))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        return [path("<int:key>/decide/", view, name="quotes_doubtfulspeaker_decide"), *super().get_urls()]

    def decide_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The name, whom it may mean, the choice; then straight to the next name."""
        if not request.user.has_perm("quotes.change_doubtfulspeaker"):
            raise PermissionDenied
        doubt = DoubtfulSpeaker.objects.with_rows().select_related("batch", "decided_by").filter(pk=key).first()
        if doubt is None:
            if request.method != "POST":
                raise Http404
            said = "This name is not there any more: its import was taken back meanwhile. Nothing was decided."
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(_go_on(None))
        if doubt.speaker_slug:
            self.message_user(request, _was_decided(doubt, request), messages.WARNING)
            return HttpResponseRedirect(_go_on(doubt) if request.method == "POST" else change_url(doubt))
        found = candidates_of(doubt)
        may_make = request.user.has_perm("quotes.add_person")
        form = DecisionForm(
            request.POST if request.method == "POST" else None, doubt=doubt, found=found, may_make=may_make
        )
        if form.is_bound and form.is_valid() and (answer := self._decide(request, doubt, form)):
            return answer
        return self._show(request, doubt, found, form)

    def _decide(self, request: HttpRequest, doubt: DoubtfulSpeaker, form: DecisionForm) -> HttpResponse | None:
        """Where to go on; None, with what is wrong in the form, where nothing was decided."""
        try:
            if form.is_new:
                person = make_speaker(doubt=doubt, wikidata_id=form.cleaned_data["wikidata_id"], actor=actor(request))
                said = "somebody new"
            else:
                person = form.person
                decide_speaker(doubt=doubt, person=person, actor=actor(request))
                said = person.slug
        except DoubtfulSpeaker.DoesNotExist:
            return self.decide_view(request, doubt.pk)
        except ValidationError as error:
            form.add_error("wikidata_id" if form.is_new else None, worded(ValidationError(error.messages)))
            return None
        except REFUSALS as refusal:
            now = DoubtfulSpeaker.objects.filter(pk=doubt.pk).first()
            if now is None or now.speaker_slug:
                return self.decide_view(request, doubt.pk)
            form.add_error(None, explain(refusal))
            return None
        rows = f"{doubt.rows:,} row{'' if doubt.rows == 1 else 's'}"  # type: ignore[attr-defined]
        self.message_user(
            request,
            format_html('{}: <a href="{}">{}</a> ({}), for {}.', doubt.name, change_url(person), person, said, rows),
            messages.SUCCESS,
        )
        following = _go_on(doubt)
        if following == reverse("admin:quotes_inbox"):
            self.message_user(request, "No other name is in doubt.", messages.INFO)
        return HttpResponseRedirect(following)

    def _show(self, request: HttpRequest, doubt: DoubtfulSpeaker, found: Any, form: DecisionForm) -> HttpResponse:
        left = DoubtfulSpeaker.objects.undecided().order_by()[:_COUNTED].count()
        following = _following(doubt)
        chosen = str(form["who"].value() or "")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Whose words: {doubt.name}",
            "crumb": doubt.name,
            "opts": self.opts,
            "media": self.media + form.media,
            "doubt": doubt,
            "ids": [(one, f"{_WIKIDATA}{one}") for one in doubt.wikidata_ids],
            "free_ids": free_ids(doubt, found),
            "candidates": [(one, chosen == str(one.person.pk)) for one in found],
            "chosen": chosen,
            "samples": samples_of(doubt),
            "form": form,
            "wikidata": _WIKIDATA,
            "may_make": any(value == "new" for value, _ in form.fields["who"].choices),  # type: ignore[attr-defined]
            "left": str(left) if left < _COUNTED else f"{_COUNTED - 1}+",
            "following": decide_url(following) if following else "",
            "import_url": change_url(doubt.batch),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/quotes/doubt.html", context)

    @admin.display(description="name", ordering="name")
    def title(self, doubt: DoubtfulSpeaker) -> str:
        return doubt.name

    @admin.display(description="Wikidata ids")
    def ids(self, doubt: DoubtfulSpeaker) -> str:
        return format_html_join(
            " ",
            '<a href="{}" rel="noreferrer noopener" target="_blank">{}</a>',
            ((f"{_WIKIDATA}{one}", one) for one in doubt.wikidata_ids),
        )

    @admin.display(description="rows", ordering="rows")
    def row_count(self, doubt: DoubtfulSpeaker) -> str:
        return f"{doubt.rows:,}"  # type: ignore[attr-defined]

    @admin.display(description="import", ordering="batch")
    def of_import(self, doubt: DoubtfulSpeaker) -> str:
        return link(doubt.batch)

    @admin.display(description="who it is", ordering="decided_at")
    def decision(self, doubt: DoubtfulSpeaker) -> str:
        if not doubt.speaker_slug:
            return format_html('<a href="{}">Decide</a>', decide_url(doubt))
        by = f" by {doubt.decided_by.get_username()}" if doubt.decided_by else ""
        when = f"{doubt.decided_at:%Y-%m-%d}" if doubt.decided_at else ""
        address = list_url("person", q=doubt.speaker_slug)
        return format_html(
            '<a href="{}">{}</a> <span class="qb-beside">{}{}</span>', address, doubt.speaker_slug, when, by
        )


def _following(doubt: DoubtfulSpeaker) -> DoubtfulSpeaker | None:
    """The undecided name behind this one, most rows first."""
    queue = DoubtfulSpeaker.objects.undecided().exclude(pk=doubt.pk).with_rows()
    return queue.behind(doubt, doubt.rows).first()  # type: ignore[attr-defined]


def _go_on(doubt: DoubtfulSpeaker | None) -> str:
    """To the next name; behind the last one to the first that was left; else to the inbox."""
    following = _following(doubt) if doubt else None
    following = following or DoubtfulSpeaker.objects.undecided().with_rows().first()
    return decide_url(following) if following else reverse("admin:quotes_inbox")


def _was_decided(doubt: DoubtfulSpeaker, request: HttpRequest) -> str:
    person = Person.objects.filter(slug=doubt.speaker_slug).first()
    who = f"{person} ({doubt.speaker_slug})" if person else doubt.speaker_slug
    by = f" by {doubt.decided_by.get_username()}" if doubt.decided_by else ""
    more = " Your choice was not needed, and nothing was changed by it." if request.method == "POST" else ""
    return f"{doubt.name} was decided meanwhile{by}: {who}.{more}"
