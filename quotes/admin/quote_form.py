"""The form of a quote: its words are typed, its segments computed; and what the database holds is said first, kindly."""

from __future__ import annotations

from typing import Any

from django import forms

from quotes.admin.curated import CuratedForm
from quotes.admin.text_panel import latest_snapshot
from quotes.admin.words import anchor_lines, read_starts, split_lines
from quotes.anchoring import AnchorError, words_at
from quotes.models import Snapshot
from quotes.vocabulary import SourceType, Verification


class QuoteForm(CuratedForm):
    words = forms.CharField(
        widget=forms.Textarea(
            attrs={"rows": 3, "cols": 80, "class": "vLargeTextField qb-words", "spellcheck": "false", "dir": "auto"}
        ),
        help_text="Verbatim, without the quotation marks. A quotation that its attribution splits: one line for each part.",
    )
    starts = forms.CharField(
        label="Starts at",
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField qb-starts", "inputmode": "numeric"}),
        help_text="Needed only where the words stand more than once: the position of each line, such as 120, 310.",
    )

    class Meta:
        widgets = {
            "framing": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "verification_note": forms.Textarea(attrs={"rows": 2, "cols": 80}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["words"] = "\n".join(" ".join(exact.split()) for exact in self.instance.exacts)
            self.initial["starts"] = ", ".join(
                str(segment["start"]) for segment in self.instance.segments if "start" in segment
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_source(cleaned)
        self._check_relations(cleaned)
        if {"words", "starts", "article", "snapshot"} <= set(cleaned):
            self._anchor(cleaned)
        return cleaned

    def _check_source(self, cleaned: dict[str, Any]) -> None:
        is_person = cleaned.get("source_type") == SourceType.PERSON
        speaks_for, organization = cleaned.get("speaks_for_organization"), cleaned.get("organization")
        if is_person and not cleaned.get("speaker"):
            self.add_error("speaker", "The source is a person: say who.")
        if not is_person and cleaned.get("speaker"):
            self.add_error(
                "speaker", "Only a person's quote has a speaker. Change the source type, or leave this empty."
            )
        if not is_person and speaks_for:
            self.add_error("speaks_for_organization", "Only a person speaks for an organization.")
        if is_person and speaks_for and not organization:
            self.add_error("organization", "Say which organization the person speaks for.")
        if is_person and organization and not speaks_for:
            self.add_error(
                "organization", "Only for a person who speaks for it; else it belongs to the capacities below."
            )
        if cleaned.get("source_type") == SourceType.ORGANIZATION and not organization:
            self.add_error("organization", "Say which organization is the source.")

    def _check_relations(self, cleaned: dict[str, Any]) -> None:
        root = cleaned.get("same_utterance_as")
        if root and root.pk == self.instance.pk:
            self.add_error("same_utterance_as", "A quote cannot repeat itself.")
        elif root and root.same_utterance_as_id:
            first = root.same_utterance_as
            self.add_error("same_utterance_as", f"That quote repeats another one itself. Name the first: {first}.")
        elif root and self.instance.pk and self.instance.repetitions.exists():
            self.add_error("same_utterance_as", "Other quotes repeat this one, so it is the first appearance itself.")
        if (via := cleaned.get("reported_via")) and via.pk == self.instance.pk:
            self.add_error("reported_via", "A quote cannot be reported via itself.")

    def _anchor(self, cleaned: dict[str, Any]) -> None:
        """Set the text and segments of the instance, or say on a field why they cannot be."""
        snapshot: Snapshot | None = cleaned["snapshot"]
        if snapshot is None and not self.instance.pk:
            snapshot = cleaned["snapshot"] = latest_snapshot(cleaned["article"])
        if snapshot and snapshot.article_id != cleaned["article"].pk:
            self.add_error("snapshot", "This snapshot is of another article.")
            return
        if not self.instance.pk or {"words", "starts", "snapshot"}.intersection(self.changed_data):
            self._place_words(cleaned, snapshot)
        if "words" in cleaned and "verification" in cleaned:
            self._check_attestation(cleaned["verification"], snapshot)

    def _place_words(self, cleaned: dict[str, Any], snapshot: Snapshot | None) -> None:
        lines, quote = split_lines(cleaned["words"]), self.instance
        if not lines:
            self.add_error("words", "Quotation marks alone are no words.")
        elif snapshot and snapshot.text is not None:
            try:
                quote.segments = anchor_lines(snapshot.text, lines, read_starts(cleaned["starts"]))
            except AnchorError as error:
                self.add_error("words", str(error))
                return
            quote.text = words_at(snapshot.text, quote.segments)
        elif snapshot and quote.segments:
            reason = "The text of this snapshot is not kept here, so the words cannot be anchored in it anew."
            self.add_error("words", f"{reason} Leave them as they are, or choose another snapshot or none.")
        else:
            quote.text, quote.segments = " ".join(lines), [_context_alone(segment) for segment in quote.segments]

    def _check_attestation(self, verification: str, snapshot: Snapshot | None) -> None:
        quote = self.instance
        if verification == Verification.ATTESTED and not (snapshot and quote.segments):
            self.add_error("verification", "Attested means: the words stand in a snapshot. Anchor them in one first.")
        text = snapshot.text if snapshot else None
        is_held = verification != Verification.UNVERIFIED and text is not None and quote.segments
        if is_held and words_at(text or "", quote.segments) != quote.text:
            self.add_error(
                "words", "These are not the words that stand in the snapshot at their place. Place them anew."
            )


def _context_alone(segment: dict[str, Any]) -> dict[str, Any]:
    """The segment without its position: there is no text that it would be a position of."""
    return {key: value for key, value in segment.items() if key in {"prefix", "suffix"}}
