"""Where a quote's words stand: from what a program sends to segments of a snapshot. To the character; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from quotes.anchoring import anchor_words, normalise_text, segment_at, words_at
from quotes.models import Quote

_LISTED = 6


def place(
    quote: Quote,
    *,
    words: Sequence[str] | None,
    starts: Sequence[int | None],
    segments: Sequence[Mapping[str, int]] | None,
) -> None:
    """Set the quote's text and segments: from words, or from places; from the words it has, in another snapshot.

    Without a snapshot the words are what they are, and stand nowhere. Raises ValidationError, naming the member, where
    words do not stand in the text, stand there several times, or there is no text to look into.
    """
    if words is not None and segments is not None:
        raise _refusal("segments", "either_or", "Give the words or their places, not both.")
    exacts = [normalise_text(one) for one in words] if words is not None else quote.exacts
    if quote.snapshot is None:
        if segments is not None:
            raise _refusal("segments", "no_snapshot", "There is no snapshot that these would be places of.")
        quote.text, quote.segments = " ".join(exacts), []
        return
    text = quote.snapshot.text
    if text is None:
        raise _refusal(
            "snapshot", "text_not_kept", "The text of this snapshot is not kept: nothing can be placed in it."
        )
    quote.segments = _taken(text, segments) if segments is not None else _found(text, exacts, starts)
    quote.text = words_at(text, quote.segments)


def _taken(text: str, places: Sequence[Mapping[str, int]]) -> list[dict[str, Any]]:
    before = 0
    for number, one in enumerate(places):
        if not before <= one["start"] < one["end"] <= len(text):
            rule = f"Places are in order, do not overlap, hold something, and end by {len(text)}."
            raise _refusal(f"segments[{number}]", "out_of_place", rule)
        before = one["end"]
    return [segment_at(text, one["start"], one["end"]) for one in places]


def _found(text: str, exacts: Sequence[str], starts: Sequence[int | None]) -> list[dict[str, Any]]:
    if len(starts) > len(exacts):
        raise _refusal("starts", "too_many", f"{len(starts)} places for {len(exacts)} segments.")
    segments: list[dict[str, Any]] = []
    for number, exact in enumerate(exacts):
        after = segments[-1]["end"] if segments else 0
        wanted = starts[number] if number < len(starts) else None
        start = _start(text, exact, after, wanted, number)
        segments += anchor_words(text, [exact], after=start)
    return segments


def _start(text: str, exact: str, after: int, wanted: int | None, number: int) -> int:
    places = _places(text, exact, after)
    if wanted is not None:
        if wanted not in places:
            raise _refusal(f"starts[{number}]", "not_there", f"The words do not stand at {wanted}.")
        return wanted
    if not places:
        where = f"after {after}, where the segment before ends" if after else "in the snapshot"
        raise _refusal(f"words[{number}]", "not_in_text", f"These words do not stand {where}, to the character.")
    if len(places) > 1:
        listed = ", ".join(map(str, places[:_LISTED])) + (", …" if len(places) > _LISTED else "")
        said = f"These words stand {len(places)} times, at {listed}. Say in `starts` which place is meant."
        raise _refusal(f"words[{number}]", "ambiguous_words", said)
    return places[0]


def _places(text: str, exact: str, after: int) -> list[int]:
    """Every place at or after `after`, overlapping ones included. None for no words."""
    places: list[int] = []
    at = text.find(exact, after) if exact else -1
    while at >= 0:
        places.append(at)
        at = text.find(exact, at + 1)
    return places


def _refusal(member: str, code: str, detail: str) -> ValidationError:
    return ValidationError({member: ValidationError(detail, code=code)})
