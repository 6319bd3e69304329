"""Sentences as a reporter builds them around quotations: frames (the reporter's words) and quotations in their order."""

from dataclasses import dataclass, field

from quotes.extraction.marks import Quotation
from quotes.extraction.paragraphs import Paragraph
from quotes.extraction.tokens import Token, tokens

WIDE_STOPS = frozenset("。\uff01\uff1f")
STOPS = frozenset(".!?") | WIDE_STOPS
ENDS = STOPS | frozenset("…—–")


@dataclass(slots=True)
class Frame:
    """The reporter's words between two quotations, or before the first, or after the last of a sentence."""

    words: list[Token]


@dataclass(slots=True)
class Sentence:
    """Frames and quotations by turns; `after` is the frame behind a quotation that may belong to it although it ended."""

    parts: list[Frame | Quotation] = field(default_factory=list)

    @property
    def quotations(self) -> list[Quotation]:
        return [part for part in self.parts if isinstance(part, Quotation)]


def sentences(text: str, paragraph: Paragraph, inside: list[Quotation]) -> list[Sentence]:
    """The sentences of a paragraph whose quotations are `inside`."""
    done: list[Sentence] = []
    current = Sentence()
    at = paragraph.start
    for quotation in inside:
        current = _frames(text, at, quotation.opens, done, current)
        if current.parts and isinstance(current.parts[-1], Quotation) and _ended(text, current.parts[-1]):
            done.append(current)
            current = Sentence()
        current.parts.append(quotation)
        at = quotation.closes
    current = _frames(text, at, paragraph.end, done, current)
    if current.parts:
        done.append(current)
    return done


def _frames(text: str, start: int, end: int, done: list[Sentence], current: Sentence) -> Sentence:
    """Cut text[start:end] at the ends of its sentences; returns the sentence that is still open."""
    words = tokens(text, start, end)
    first = 0
    if (
        words
        and current.parts
        and isinstance(current.parts[-1], Quotation)
        and _begins_anew(text, current.parts[-1], words)
    ):
        done.append(current)
        current = Sentence()
    for number, token in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else None
        if token.word in STOPS and _is_stop(text, token, following, end):
            current.parts.append(Frame(words[first : number + 1]))
            done.append(current)
            current, first = Sentence(), number + 1
    if words[first:]:
        current.parts.append(Frame(words[first:]))
    return current


def _is_stop(text: str, token: Token, following: Token | None, end: int) -> bool:
    if token.end == end or text[token.end].isspace():
        return following is None or not following.word[0].islower()
    return token.word in WIDE_STOPS


def _ended(text: str, quotation: Quotation) -> bool:
    return text[quotation.end - 1] in ENDS or text[quotation.closes : quotation.closes + 1] in ENDS


def _begins_anew(text: str, quotation: Quotation, words: list[Token]) -> bool:
    """A quotation that ended its sentence, and a frame behind it that begins with a capital."""
    return text[quotation.end - 1] in STOPS and words[0].word[0].isupper()
