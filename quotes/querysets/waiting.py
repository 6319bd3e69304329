"""Quotes that wait for somebody: what the inbox counts, and the lists that it leads to show."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db.models import DateTimeField, Exists, F, Func, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from quotes.querysets.trees import PagedQuerySet
from quotes.vocabulary import UNLISTED, ArticleStatus, ReviewStep, Status, Verification

# What was submitted before steps were kept has waited longest.
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Shorter words are said more than once: “No comment.”
_WORTH_COMPARING = 20
# Words without case and the punctuation at their end, which belongs to the sentence that they are printed in.
_SPOKEN = "lower(rtrim(%(expressions)s, ' .,;:!?…—'))"
# By source (a person, or else the institution: nobody is the same as somebody unnamed) and words, as 64-bit numbers: groups of
# numbers fit into memory, texts do not. Each group is held against its first utterance alone, or forty unlinked copies of a
# wire story would be compared with one another.
_REPEATING = f"""
    WITH said AS MATERIALIZED (
        SELECT array_agg(id) AS members, min(coalesce(same_utterance_as_id, id)) AS first FROM quotes_quote
        WHERE status <> 'withdrawn' AND char_length(text) >= {_WORTH_COMPARING}
            AND coalesce(speaker_id, organization_id) IS NOT NULL
        GROUP BY hashtextextended({_SPOKEN % {"expressions": "text"}}, coalesce(speaker_id, -organization_id))
        HAVING min(coalesce(same_utterance_as_id, id)) <> max(coalesce(same_utterance_as_id, id))
    )
    SELECT repeating.id FROM said
    JOIN quotes_quote AS first ON first.id = said.first
    JOIN quotes_quote AS repeating ON repeating.id = ANY (said.members)
    WHERE coalesce(repeating.same_utterance_as_id, repeating.id) <> first.id
        AND repeating.article_id <> first.article_id
        AND NOT coalesce(repeating.said_on <> first.said_on, false)
"""  # noqa: S608 - put together from this module's own constants

# Texts are long: `|| ''` has each taken out of its compressed store once, not once for each quote.
_GONE = """
    WITH read_again AS (
        SELECT article_id, max(retrieved_at) FILTER (WHERE text IS NOT NULL) AS at FROM quotes_snapshot
        GROUP BY article_id HAVING max(retrieved_at) FILTER (WHERE text IS NOT NULL) > min(retrieved_at)
        ORDER BY at DESC, article_id DESC LIMIT %s
    ), newest AS MATERIALIZED (
        SELECT DISTINCT ON (read.article_id) read.article_id, read.retrieved_at, read.text || '' AS text
        FROM quotes_snapshot AS read JOIN read_again ON read.article_id = read_again.article_id
        WHERE read.text IS NOT NULL AND read.retrieved_at = read_again.at
    )
    SELECT quote.id FROM newest
    JOIN quotes_quote AS quote ON quote.article_id = newest.article_id
    JOIN quotes_snapshot AS own ON own.id = quote.snapshot_id AND own.retrieved_at < newest.retrieved_at
    WHERE EXISTS (
        SELECT FROM (
            SELECT length, sum(length + 1) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - length AS start
            FROM (
                SELECT position, (segment ->> 'end')::int - (segment ->> 'start')::int AS length
                FROM jsonb_array_elements(quote.segments) WITH ORDINALITY AS part(segment, position)
                WHERE segment ? 'start'
            ) AS measured
        ) AS placed
        WHERE strpos(newest.text, substr(quote.text, start::int, length)) = 0
    )
"""
# The articles that were read again last, in whose newest texts words are looked for: `check_quotes` looks at all.
READ_AGAIN = 200


class WaitingQuerySet(PagedQuerySet):
    """Quotes, and what somebody should do about them."""

    def drafts_of(self, user: Any) -> Self:
        """Drafts that the user entered and nobody has returned."""
        return self.filter(status=Status.DRAFT, created_by=user).exclude(self._returned())

    def returned_to(self, user: Any) -> Self:
        """Drafts that the user entered and an editor sent back. One that was sent to review anew is no draft any more."""
        return self.filter(self._returned(), status=Status.DRAFT, created_by=user)

    def in_review(self) -> Self:
        return self.filter(status=Status.IN_REVIEW)

    def in_order_of_submission(self) -> Self:
        """The longest waiting first; `submitted_at` is when a quote was last sent to review."""
        steps = self._related("reviews").filter(quote=OuterRef("pk"), step=ReviewStep.SUBMITTED).order_by("-at", "-id")
        at = Coalesce(Subquery(steps.values("at")[:1]), Value(_LONG_AGO), output_field=DateTimeField())
        return self.annotate(submitted_at=at).order_by("submitted_at", "id")

    def repeating_another(self) -> Self:
        """Words that an earlier quote of the same source has from another article, unless the two are linked as one utterance.

        One of the two is enough to mend it, so only the later is here. Words said on different days are two utterances.
        """
        return self.filter(pk__in=RawSQL(_REPEATING, ()))  # noqa: S611 - a constant

    def said_again(self, quote: Any) -> Self:
        """The other quotes of the quote's words by its source, in any article, unless they are linked as one utterance."""
        source = {"speaker": quote.speaker_id, "organization": quote.organization_id}
        if not any(source.values()):
            return self.none()
        spoken = Func(Value(quote.text), template=_SPOKEN)
        root = quote.same_utterance_as_id or quote.pk
        others = self.filter(**source).exclude(Q(pk=root) | Q(same_utterance_as=root) | Q(pk=quote.pk))
        return others.annotate(spoken=Func(F("text"), template=_SPOKEN)).filter(spoken=spoken)

    def gone_from_their_text(self) -> Self:
        """Quotes whose words, or a segment of them, do not stand in the newest text of their article, which is newer than theirs.

        Looks at the 200 articles that were read again last. What was disputed, withdrawn or corrected since is dealt with.
        """
        is_open = Q(article__status=ArticleStatus.CURRENT) & ~Q(status=Status.WITHDRAWN)
        known = self.filter(is_open).exclude(verification__in=[Verification.DISPUTED, *UNLISTED])
        return known.filter(pk__in=RawSQL(_GONE, [READ_AGAIN]))  # noqa: S611 - a constant

    def disagreed_on(self) -> Self:
        """Quotes that two coders judged differently toward a topic, in one round, and that nobody has decided yet."""
        final = self._related("codings").filter(quote=OuterRef("quote"), topic=OuterRef("topic"), is_final=True)
        groups = self._related("codings").filter(~Exists(final)).order_by().values("quote", "topic", "round")
        differing = groups.annotate(first=Min("stance"), last=Max("stance")).exclude(first=F("last"))
        return self.filter(pk__in=differing.values("quote"))

    def _returned(self) -> Exists:
        return Exists(self._related("reviews").filter(quote=OuterRef("pk"), step=ReviewStep.RETURNED))

    def _related(self, name: str) -> Any:
        """All rows of a related model. Models import these modules, so they are reached through their relations."""
        relation: Any = self.model._meta.get_field(name)
        return relation.related_model._default_manager.all()
