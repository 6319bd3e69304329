"""Drafts of proposals, and the places in a text that they are made at."""

from dataclasses import dataclass

from quotes.extraction.attribution import Attribution
from quotes.extraction.marks import Quotation
from quotes.extraction.sentences import Frame, Sentence
from quotes.extraction.tokens import Token


@dataclass(slots=True)
class Draft:
    """Quotations that make one quote, with what governs them and the last sentence that they reach into."""

    quotations: list[Quotation]
    attribution: Attribution
    is_set_off: bool  # a comma, a colon or a new sentence sets the first quotation off from the frame
    paragraph: int
    sentence: int
    speaker_from: "Draft | None" = None  # whose speaker it has, for want of one of its own

    @property
    def is_behind(self) -> bool:
        return self.attribution.is_behind

    @property
    def used(self) -> int:
        """Where the attribution ends: words before it are no cue of a later quotation."""
        mention = self.attribution.mention
        return max(self.attribution.end, mention.end if mention else 0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A quotation in its place: part `place` of sentence `sentence` of paragraph `paragraph`."""

    quotation: Quotation
    paragraph: int
    sentence: int
    place: int
    sentences: list[Sentence]  # of the paragraph

    @property
    def frame(self) -> list[Token] | None:
        """The reporter’s words before the quotation in its sentence."""
        return self._words(self.place - 1)

    @property
    def after(self) -> list[Token] | None:
        """The reporter’s words behind the quotation in its sentence."""
        return self._words(self.place + 1)

    @property
    def next_frame(self) -> list[Token] | None:
        """The next sentence, if it is all the reporter’s."""
        if self.sentence + 1 == len(self.sentences):
            return None
        parts = self.sentences[self.sentence + 1].parts
        return parts[0].words if len(parts) == 1 and isinstance(parts[0], Frame) else None

    @property
    def opens_paragraph(self) -> bool:
        return self.place == 0 and self.sentence == 0

    @property
    def is_whole_paragraph(self) -> bool:
        return self.place == 0 and len(self.sentences) == len(self.sentences[0].parts) == 1

    def _words(self, place: int) -> list[Token] | None:
        parts = self.sentences[self.sentence].parts
        if not 0 <= place < len(parts):
            return None
        part = parts[place]
        return part.words if isinstance(part, Frame) else None
