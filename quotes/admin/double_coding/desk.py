"""A coder's screen: one quote after another, judged by keys, blind to everybody else's judgements."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from quotes.admin.double_coding.judging import JudgementForm, decisions, passage
from quotes.admin.rights import actor, is_editor
from quotes.curation.desk import Desk, Judgement, beside, judge, take_back
from quotes.curation.refusals import REFUSALS, explain
from quotes.models import CodingRound, Quote, Topic
from quotes.vocabulary import Stance

# In the session: what was saved last at each desk, so that it can be taken back; and what was, to be looked at again.
_SAVED = "quotebase.desk.saved"
_UNDONE = "quotebase.desk.undone"
# And which draft in the browser (place and quote) the next screen may forget.
JUST_SAVED = "quotebase.desk.just_saved"
_KEPT = 20


def desk_address(row: CodingRound, topic: Topic | None = None, quote: Quote | None = None) -> str:
    """The coder's screen of a round; at a topic and a quote, where they are given."""
    return at(reverse("admin:quotes_codinground_code", args=[row.pk]), topic, quote)


def at(address: str, topic: Topic | None = None, quote: Quote | None = None, **others: str) -> str:
    """The address with the topic and the quote in its query."""
    named = {"topic": topic.slug if topic else "", "quote": str(quote.uid) if quote else "", **others}
    query = urlencode({name: value for name, value in named.items() if value})
    return f"{address}?{query}" if query else address


class CodingDeskAdmin(admin.ModelAdmin):
    """The screen, to be mixed into the admin of rounds."""

    def get_urls(self) -> list[URLPattern]:
        desk = path("<int:key>/code/", self.admin_site.admin_view(self.code_view), name="quotes_codinground_code")
        return [desk, *super().get_urls()]

    def may_code(self, request: HttpRequest, row: CodingRound) -> bool:
        """Whether the user codes in this round."""
        return row.closed_at is None and request.user.has_perm("quotes.add_coding")

    def code_view(self, request: HttpRequest, key: int) -> HttpResponse:
        row = self.round_or_404(request, key)
        if not request.user.has_perm("quotes.add_coding"):
            raise PermissionDenied
        topic = named_topic(request)
        if topic is None:
            return self._choose_topic(request, row)
        desk = Desk(actor(request), row, topic)
        if request.method == "POST":
            return self._undo(request, desk) if "_undo" in request.POST else self._save(request, desk)
        quote = named_quote(request, desk.quotes()) or desk.next_waiting()
        return self._show(request, desk, quote, self._form(request, desk, quote))

    def round_or_404(self, request: HttpRequest, key: int) -> CodingRound:
        row: CodingRound | None = self.get_object(request, str(key))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def screen(self, request: HttpRequest, template: str, row: CodingRound, **context: Any) -> HttpResponse:
        """A screen about the round, with what all of them show."""
        around = {**self.admin_site.each_context(request), "opts": self.opts, "round": row, "media": self.media}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, {**around, **context})

    def _choose_topic(self, request: HttpRequest, row: CodingRound) -> HttpResponse:
        user = actor(request)
        choices = [
            {"topic": topic, "address": desk_address(row, topic), "progress": Desk(user, row, topic).progress()}
            for topic in Topic.objects.order_by("name", "pk")
        ]
        return self.screen(
            request, "admin/quotes/code.html", row, title=f"Code in round {row}", choices=choices, **_terms(request)
        )

    def _form(self, request: HttpRequest, desk: Desk, quote: Quote | None) -> JudgementForm:
        """With the coder's own judgement where there is one, or with the one that was just taken back."""
        undone = request.session.get(_UNDONE, {})
        own = desk.coding(quote) if quote else None
        if own:
            known = {"stance": own.stance, "certainty": own.certainty, "justification": own.justification}
            return JudgementForm(initial=known)
        is_again = quote is not None and undone.get("place") == [_place(desk), str(quote.uid)]
        return JudgementForm(initial=undone["judgement"] if is_again else None)

    def _show(self, request: HttpRequest, desk: Desk, quote: Quote | None, form: JudgementForm) -> HttpResponse:
        done, number = desk.progress()
        context: dict[str, Any] = {
            "title": f"Code in round {desk.round}",
            "desk": desk,
            "form": form,
            "done": done,
            "number": number,
            "decisions": decisions(),
            "is_undoable": bool(_stack(request, desk)),
            "saved": request.session.pop(JUST_SAVED, ""),
            "topics": desk_address(desk.round),
            **_terms(request),
        }
        if quote is not None:
            quotes = desk.quotes()
            before, after = beside(quotes, quote, before=True), beside(quotes, quote)
            context |= {
                "quote": quote,
                "passage": passage(quote),
                "own": desk.coding(quote),
                "before": desk_address(desk.round, desk.topic, before) if before else "",
                "after": desk_address(desk.round, desk.topic, after) if after else "",
            }
        return self.screen(request, "admin/quotes/code.html", desk.round, **context)

    def _save(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        quote = named_quote(request, desk.quotes())
        if quote is None:
            messages.error(request, "There is no such quote to code any more: it may have been withdrawn.")
            return HttpResponseRedirect(desk_address(desk.round, desk.topic))
        form = JudgementForm(request.POST)
        if form.is_valid():
            try:
                before = judge(desk=desk, quote=quote, judgement=form.judgement)
            except REFUSALS as refusal:
                form.add_error(None, explain(refusal))
            else:
                _remember(request, desk, quote, form.judgement, before)
                said = Stance(form.judgement["stance"]).label
                messages.success(request, f"Saved: {said}. Press u to take it back.")
                return HttpResponseRedirect(desk_address(desk.round, desk.topic, desk.next_waiting(quote)))
        return self._show(request, desk, quote, form)

    def _undo(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        """Take back what was saved last, and show it again as it was filled in."""
        stack = _stack(request, desk)
        if not stack:
            messages.warning(request, "There is nothing to take back.")
            return HttpResponseRedirect(desk_address(desk.round, desk.topic))
        uid, saved, before = stack.pop()
        request.session.modified = True
        quote = desk.quotes().filter(uid=uid).first()
        if quote is None:
            messages.error(request, "The quote was withdrawn meanwhile: your judgement of it is left as it is.")
            return HttpResponseRedirect(desk_address(desk.round, desk.topic))
        try:
            take_back(desk=desk, quote=quote, saved=saved, before=before)
        except REFUSALS as refusal:
            messages.error(request, " ".join(explain(refusal)))
        else:
            request.session[_UNDONE] = {"place": [_place(desk), uid], "judgement": saved}
            messages.success(request, f"Taken back: {Stance(saved['stance']).label}.")
        return HttpResponseRedirect(desk_address(desk.round, desk.topic, quote))


def named_topic(request: HttpRequest) -> Topic | None:
    """The topic that the address names. Raises Http404 where there is none of that slug."""
    slug = request.GET.get("topic", "")
    found = Topic.objects.filter(slug=slug).first() if slug and "\0" not in slug else None
    if slug and found is None:
        raise Http404(f"There is no topic {slug!r}.")
    return found


def named_quote(request: HttpRequest, quotes: Any) -> Any:
    """The one of the quotes that the form or the address names, with all that is shown of it; None without one."""
    given = request.POST.get("quote") or request.GET.get("quote", "")
    try:
        return quotes.for_record().filter(uid=UUID(given)).first()
    except ValueError:
        return None


def _terms(request: HttpRequest) -> dict[str, Any]:
    return {"is_editor": is_editor(request)}


def _place(desk: Desk) -> str:
    return f"{desk.round.pk}/{desk.topic.pk}"


def _stack(request: HttpRequest, desk: Desk) -> list[Any]:
    """What this user saved at the desk, the last at the end: uid of the quote, judgement, and the one before."""
    found: list[Any] = request.session.get(_SAVED, {}).get(_place(desk), [])
    return found


def _remember(request: HttpRequest, desk: Desk, quote: Quote, judgement: Judgement, before: Judgement | None) -> None:
    step = [str(quote.uid), judgement, before]
    everywhere = request.session.get(_SAVED, {})
    request.session[_SAVED] = {**everywhere, _place(desk): [*_stack(request, desk), step][-_KEPT:]}
    request.session[JUST_SAVED] = f"{desk.round.pk}/{desk.topic.slug}:{quote.uid}"
    request.session.pop(_UNDONE, None)
