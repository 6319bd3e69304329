"""Editors' screens about a round: where its coders disagree and how far they agree, the final word, and closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from quotes.admin.double_coding.desk import JUST_SAVED, CodingDeskAdmin, at, desk_address, named_quote, named_topic
from quotes.admin.double_coding.judging import STANCES, JudgementForm, decisions, passage
from quotes.admin.rights import actor, is_editor
from quotes.agreement import category_agreement, cohen_kappa, confusion
from quotes.curation import close_round
from quotes.curation.adjudication import (
    Agreement,
    Dispute,
    Key,
    adjudicate,
    agreed_codings,
    agreements,
    confirm_agreed,
    disputed_keys,
    disputes,
)
from quotes.curation.coding import coder_code
from quotes.curation.refusals import REFUSALS, explain
from quotes.models import Coding, CodingRound, Quote, Topic
from quotes.vocabulary import Stance

_LISTED = 25


class AdjudicationAdmin(CodingDeskAdmin):
    """The editors' screens, to be mixed into the admin of rounds; with the coders' beside them."""

    def get_urls(self) -> list[URLPattern]:
        screens = (
            ("disagreements", self.disagreements_view),
            ("adjudicate", self.adjudicate_view),
            ("close", self.close_view),
        )
        own = [
            path(f"<int:key>/{name}/", self.admin_site.admin_view(view), name=f"quotes_codinground_{name}")
            for name, view in screens
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if row := context.get("original"):
            context["round_tools"] = self._tools(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def _tools(self, request: HttpRequest, row: CodingRound) -> list[tuple[str, str]]:
        """Label and address of the screens that the user may open."""
        tools = [("Code", desk_address(row))] if self.may_code(request, row) else []
        if is_editor(request):
            tools.append(("Disagreements", _address("disagreements", row)))
            tools += [("Close…", _address("close", row))] if row.closed_at is None else []
        return tools

    def disagreements_view(self, request: HttpRequest, key: int) -> HttpResponse:
        row, topic = self._editors_round(request, key), named_topic(request)
        if request.method == "POST" and topic is not None:
            return self._confirm(request, row, topic)
        is_all = request.GET.get("show") == "all"
        keys = disputed_keys(round=row.number, topic=topic, is_open=not is_all)
        page = Paginator(keys, _LISTED).get_page(request.GET.get("p"))
        found = agreements(round=row.number)
        here = _address("disagreements", row)
        return self.screen(
            request,
            "admin/quotes/disagreements.html",
            row,
            title=f"Disagreements in round {row}",
            topic=topic,
            is_all=is_all,
            page=page,
            page_range=page.paginator.get_elided_page_range(page.number),
            rows=[(one, at(_address("adjudicate", row), one.topic, one.quote)) for one in _on(page, row)],
            summaries=[(one, at(here, one.topic)) for one in found],
            table=next((_table(one) for one in found if one.topic == topic), None),
            agreed=len(agreed_codings(round=row.number, topic=topic)) if topic else 0,
            here=here,
            open_address=at(here, topic),
            all_address=at(here, topic, show="all"),
            begin=at(_address("adjudicate", row), topic),
        )

    def adjudicate_view(self, request: HttpRequest, key: int) -> HttpResponse:
        row, topic = self._editors_round(request, key), named_topic(request)
        keys = disputed_keys(round=row.number, topic=topic, is_open=False)
        dispute = self._dispute(request, row, topic, keys)
        if dispute is None:
            messages.info(request, "Nothing is left to adjudicate here.")
            return HttpResponseRedirect(at(_address("disagreements", row), topic))
        if request.method == "POST":
            form = JudgementForm(request.POST)
            if form.is_valid():
                try:
                    adjudicate(
                        quote=dispute.quote,
                        topic=dispute.topic,
                        round=row,
                        judgement=form.judgement,
                        actor=actor(request),
                    )
                except REFUSALS as refusal:
                    form.add_error(None, explain(refusal))
                else:
                    request.session[JUST_SAVED] = f"adjudicate/{row.pk}/{dispute.topic.slug}:{dispute.quote.uid}"
                    messages.success(request, f"Final: {Stance(form.judgement['stance']).label}.")
                    return HttpResponseRedirect(_next_open(row, dispute))
        else:
            form = JudgementForm(initial=_known(dispute.final))
        return self._show_dispute(request, row, keys, dispute, form)

    def close_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What closing does, to be confirmed."""
        row = self._editors_round(request, key)
        if request.method == "POST":
            try:
                closed = close_round(number=row.number, actor=actor(request))
            except REFUSALS as refusal:
                messages.error(request, " ".join(explain(refusal)))
            else:
                messages.success(request, f"Round {closed} is closed.")
            return HttpResponseRedirect(reverse("admin:quotes_codinground_change", args=[row.pk]))
        judged = Coding.objects.judged_in(row.number)
        return self.screen(
            request,
            "admin/quotes/close_round.html",
            row,
            title=f"Close round {row}",
            codings=judged.count(),
            coders=judged.order_by().values("coder").distinct().count(),
            unsettled=len(disputed_keys(round=row.number)),
            disagreements=_address("disagreements", row),
            back_to=reverse("admin:quotes_codinground_change", args=[row.pk]),
        )

    def _editors_round(self, request: HttpRequest, key: int) -> CodingRound:
        """The round, for editors alone: whoever sees these pages codes blind no more."""
        if not is_editor(request):
            raise PermissionDenied
        return self.round_or_404(request, key)

    def _confirm(self, request: HttpRequest, row: CodingRound, topic: Topic) -> HttpResponse:
        try:
            number = confirm_agreed(round=row, topic=topic, actor=actor(request))
        except REFUSALS as refusal:
            messages.error(request, " ".join(explain(refusal)))
        else:
            messages.success(request, f"{number} {'quote is' if number == 1 else 'quotes are'} final as coded.")
        return HttpResponseRedirect(at(_address("disagreements", row), topic))

    def _dispute(self, request: HttpRequest, row: CodingRound, topic: Topic | None, keys: list[Key]) -> Dispute | None:
        """The disagreement that the address names, or the first that is open."""
        quote = named_quote(request, Quote.objects.all())
        wanted = [key for key in keys if quote and key[0] == quote.pk]
        found = disputes((wanted or disputed_keys(round=row.number, topic=topic))[:1], round=row.number)
        return found[0] if found else None

    def _show_dispute(
        self,
        request: HttpRequest,
        row: CodingRound,
        keys: list[Key],
        dispute: Dispute,
        form: JudgementForm,
    ) -> HttpResponse:
        keys = [key for key in keys if key[1] == dispute.topic.pk]
        place = (dispute.quote.pk, dispute.topic.pk)
        before, after = [key for key in keys if key < place][-1:], [key for key in keys if key > place][:1]
        return self.screen(
            request,
            "admin/quotes/adjudicate.html",
            row,
            title=f"Adjudicate round {row}",
            dispute=dispute,
            quote=dispute.quote,
            passage=passage(dispute.quote),
            judgements=[(coding, STANCES[Stance(coding.stance)][0]) for coding in dispute.codings],
            own=next((one for one in dispute.codings if one.coder == coder_code(actor(request))), None),
            form=form,
            decisions=decisions(),
            open_number=len(disputed_keys(round=row.number, topic=dispute.topic)),
            number=len(keys),
            here=_dispute_address(row, dispute),
            saved=request.session.pop(JUST_SAVED, ""),
            before=_beside_address(row, before),
            after=_beside_address(row, after),
            disagreements=at(_address("disagreements", row), dispute.topic),
        )


def _address(name: str, row: CodingRound) -> str:
    return reverse(f"admin:quotes_codinground_{name}", args=[row.pk])


def _dispute_address(row: CodingRound, dispute: Dispute) -> str:
    return at(_address("adjudicate", row), dispute.topic, dispute.quote)


def _beside_address(row: CodingRound, keys: list[Key]) -> str:
    found = disputes(keys, round=row.number)
    return _dispute_address(row, found[0]) if found else ""


def _next_open(row: CodingRound, done: Dispute) -> str:
    """The next of the topic that is open, from the beginning where none comes after; the list, where none is left."""
    keys = disputed_keys(round=row.number, topic=done.topic)
    later = [key for key in keys if key > (done.quote.pk, done.topic.pk)]
    return _beside_address(row, (later or keys)[:1]) or at(_address("disagreements", row), done.topic)


def _on(page: Any, row: CodingRound) -> list[Dispute]:
    return disputes(list(page.object_list), round=row.number)


def _known(coding: Coding | None) -> dict[str, str]:
    if coding is None:
        return {}
    return {"stance": coding.stance, "certainty": coding.certainty, "justification": coding.justification}


def _table(found: Agreement) -> dict[str, Any]:
    """Of two coders who chose what, of more the coincidences: rows of counts under their heads, and agreement by stance."""
    coders, matrix = found.coders, found.matrix
    is_pair = len(coders) == 2
    counts: Any = confusion(found.units, *coders) if is_pair else matrix.pairs
    used = [stance for stance in STANCES if stance in matrix.totals]
    agreeing = category_agreement(matrix)
    rows = [
        {
            "stance": row,
            "cells": [(counts.get((row, column), 0), row == column) for column in used],
            "share": agreeing[row],
        }
        for row in used
    ]
    kappa = cohen_kappa(found.units, *coders).value if is_pair else None
    return {"coders": coders if is_pair else [], "columns": used, "rows": rows, "kappa": kappa}
