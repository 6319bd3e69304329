"""What statements mean: topics, and the codings of quotes toward them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from quotes import curation
from quotes.admin.blindness import known
from quotes.admin.curated import CuratedAdmin, CuratedForm
from quotes.admin.double_coding.adjudication import AdjudicationAdmin
from quotes.admin.filters import CodedTopicFilter
from quotes.admin.links import list_url
from quotes.admin.rights import actor, is_editor
from quotes.curation.coding import check_and_hold, coder_code, may_code
from quotes.models import Coding, CodingRound, Topic
from quotes.vocabulary import EntityKind


@admin.register(Topic)
class TopicAdmin(CuratedAdmin):
    list_display = ("name", "proposition", "parent", "slug")
    list_select_related = ("parent",)
    search_fields = ("name", "proposition", "=slug")
    search_help_text = "Name, proposition or slug"
    fields = ("name", "slug", "proposition", "parent")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    redirects_as = EntityKind.TOPIC

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """A topic that somebody coded toward cannot be deleted, and who tries would learn of it."""
        return super().has_delete_permission(request, obj) and is_editor(request)

    def related_lists(self, record: Topic) -> list[tuple[str, str]]:
        return [("Quotes", list_url("quote", topic=record.pk)), ("Codings", list_url("coding", topic=record.pk))]


@admin.register(CodingRound)
class CodingRoundAdmin(AdjudicationAdmin, CuratedAdmin):
    """Rounds. Closing one makes its codings public, and reopening takes them back: both are an editor's actions."""

    list_display = ("number", "name", "opened_at", "closed_at")
    search_fields = ("name", "instructions")
    search_help_text = "Name or instructions"
    fields = ("number", "name", "instructions", "opened_at", "closed_at")
    readonly_fields = ("closed_at",)
    ordering = ("number",)
    actions = ("close", "reopen")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return is_editor(request)

    def has_change_permission(self, request: HttpRequest, obj: CodingRound | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CodingRound | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    @admin.action(description="Close selected rounds: their codings become public", permissions=["publish"])
    def close(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            closed = curation.close_round(number=row.number, actor=actor(request))
            self.message_user(request, f"Round {closed} is closed.", messages.SUCCESS)

    @admin.action(description="Reopen selected rounds: their codings leave the public", permissions=["publish"])
    def reopen(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            opened = curation.reopen_round(number=row.number, actor=actor(request))
            self.message_user(request, f"Round {opened} is open.", messages.SUCCESS)

    def related_lists(self, record: CodingRound) -> list[tuple[str, str]]:
        return [("Codings", list_url("coding", round=record.number))]


def _may_touch(request: HttpRequest, row: CodingRound | None) -> bool:
    """What is closed is public, so only editors change it."""
    return row is None or row.closed_at is None or is_editor(request)


class CodingForm(CuratedForm):
    """Says first whose codings one may not write: what the database would say of such a row tells whether there is one."""

    only_coder = ""

    def clean_coder(self) -> str:
        coder: str = self.cleaned_data["coder"]
        if self.only_coder and coder != self.only_coder:
            raise ValidationError(
                f"Your code as a coder is {self.only_coder}: others' codings are changed by editors alone."
            )
        return coder


@admin.register(Coding)
class CodingAdmin(CuratedAdmin):
    form = CodingForm
    list_display = ("quote", "topic", "stance", "is_final", "coder", "round", "certainty")
    list_select_related = ("quote__speaker", "quote__organization", "topic")
    list_filter = (CodedTopicFilter, "stance", "is_final", "round", "certainty", "codebook_version")
    search_fields = ("quote__text", "coder", "justification")
    search_help_text = "Words of the quote, coder or justification"
    autocomplete_fields = ("quote", "topic")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """What one must not know of is not there: in the list, its counts, its search, and at its own address."""
        return known(request, super().get_queryset(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"only_coder": "" if is_editor(request) else coder_code(actor(request))})

    def get_readonly_fields(self, request: HttpRequest, obj: Coding | None = None) -> Any:
        """A coder codes; what is served as "the stance" is an editor's decision."""
        return () if is_editor(request) else ("is_final",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The form begins with the user's code; who is no editor codes under no other."""
        given = super().get_changeform_initial_data(request)
        return {"coder": coder_code(actor(request)), **given}

    def has_change_permission(self, request: HttpRequest, obj: Coding | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_code(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Coding | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_code(request.user, obj)

    def save_model(self, request: HttpRequest, obj: Coding, form: Any, change: bool) -> None:
        """The permissions looked at the coding as it was, this looks at what it would be; and at both until it is saved."""
        check_and_hold(request.user, *Coding.objects.filter(pk=obj.pk), obj)
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        check_and_hold(request.user, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        check_and_hold(request.user, *queryset)
        super().delete_queryset(request, queryset)
