"""Reading a text paragraph by paragraph: which quotations belong together, and under which attribution."""

from quotes.extraction import attribution as attributions
from quotes.extraction.attribution import Attribution
from quotes.extraction.clauses import is_named, is_title
from quotes.extraction.drafts import Draft, Spot
from quotes.extraction.indirect import Statement, statements
from quotes.extraction.marks import Quotation
from quotes.extraction.people import People
from quotes.extraction.sentences import Frame, Sentence
from quotes.extraction.tokens import Token, tokens

SET_OFF = frozenset(",:—–")
FAR = 12  # words between a quotation and a cue behind it that may still be its own


class Reader:
    """The drafts found so far, and what the next paragraph may go on with."""

    def __init__(self, text: str, people: People) -> None:
        self.text = text
        self.people = people
        self.drafts: list[Draft] = []
        self.statements: list[Statement] = []
        self.ended: dict[int, int] = {}  # the last sentence of each paragraph
        self.continues: Draft | None = None  # its last quotation was not closed: the next paragraph may go on with it
        self.pending: list[Quotation] = []  # quotations that filled the paragraph before, still unattributed
        self.pending_in = -1
        self.colon: list[Token] | None = None  # the last words of the paragraph before, if it ended with a colon

    def read(self, paragraph: int, sentences: list[Sentence]) -> None:
        """One paragraph: its sentences in their order."""
        for number, sentence in enumerate(sentences):
            self._hear(sentence)
            for place, part in enumerate(sentence.parts):
                if isinstance(part, Quotation):
                    self._place(Spot(part, paragraph, number, place, sentences))
            self.colon = None
            self.statements.extend(statements(sentence))
        self.ended[paragraph] = len(sentences) - 1
        last = sentences[-1].parts[-1] if sentences else None
        if isinstance(last, Frame) and last.words[-1].word == ":":
            self.colon = last.words
        if self.continues is not None and self.continues.paragraph != paragraph:
            self.continues = None
        if self.pending_in != paragraph:
            self.pending = []

    def _hear(self, sentence: Sentence) -> None:
        frames = [part.words for part in sentence.parts if isinstance(part, Frame)]
        if frames:
            spoke = [subject for frame in frames for subject in attributions.subjects(frame)]
            self.people.heard(frames[0][0].start, attributions.first_subject(frames[0]), spoke)

    def _place(self, spot: Spot) -> None:
        """Join a quotation to a draft, make one of it, keep it for the next paragraph, or leave it out."""
        last = self.drafts[-1] if self.drafts else None
        here = last if last and (last.paragraph, last.sentence) == (spot.paragraph, spot.sentence) else None
        own = self._governing(spot, here)
        if self._is_no_quote(spot, own):
            return
        if own is None and spot.opens_paragraph and self.colon:
            own = attributions.before(self.colon)
        if own is not None:
            self._open(spot, own, last)
        elif spot.opens_paragraph and self.continues is not None:
            self._append(self.continues, spot)
        elif last is not None and self._goes_on(last, spot):
            self._append(last, spot)
        elif spot.opens_paragraph and (not spot.quotation.is_closed or spot.is_whole_paragraph):
            self.pending.append(spot.quotation)
            self.pending_in = spot.paragraph

    def _is_no_quote(self, spot: Spot, own: Attribution | None) -> bool:
        """The title of a work or a name, unless a verb of saying announces the words at once: “said, “…””."""
        frame = spot.frame
        if frame and is_named(frame):
            return True
        quotation = spot.quotation
        if not is_title(tokens(self.text, quotation.start, min(quotation.end, quotation.start + 300))):
            return False
        is_announced = own is not None and not own.is_behind and not own.is_framing
        return not (is_announced and frame and frame[-1].word in ",:")

    def _open(self, spot: Spot, own: Attribution, last: Draft | None) -> None:
        is_set_off = not spot.frame or spot.frame[-1].word in SET_OFF
        draft = Draft([spot.quotation], own, is_set_off, spot.paragraph, spot.sentence)
        if spot.opens_paragraph and own.is_behind:
            draft.quotations = [*self.pending, spot.quotation]
        self.pending = []
        following = spot.next_frame
        if own.is_behind and following and following[0].start <= own.start <= following[-1].start:
            draft.sentence += 1
        if own.mention is None and last is not None and last.paragraph == spot.paragraph:
            draft.speaker_from = last
        self.drafts.append(draft)
        self.continues = None if spot.quotation.is_closed else draft

    def _append(self, draft: Draft, spot: Spot) -> None:
        draft.quotations.append(spot.quotation)
        draft.paragraph, draft.sentence = spot.paragraph, spot.sentence
        self.continues = None if spot.quotation.is_closed else draft

    def _goes_on(self, last: Draft, spot: Spot) -> bool:
        """Whether a quotation without a cue of its own continues the last draft: “A,” said X. “B.”"""
        if last.paragraph == spot.paragraph and last.sentence == spot.sentence:
            return True
        if last.paragraph == spot.paragraph and last.sentence == spot.sentence - 1:
            return spot.place == 0 and last.is_set_off
        is_next = last.paragraph == spot.paragraph - 1 and last.sentence == self.ended[last.paragraph]
        return is_next and spot.is_whole_paragraph and last.is_set_off

    def _governing(self, spot: Spot, here: Draft | None) -> Attribution | None:
        """The attribution of the quotation itself; `here` is the draft of one before it in its sentence."""
        ending = self.text[spot.quotation.end - 1]
        ends_with_comma = ending in ",—–-?!" or self.text[spot.quotation.closes : spot.quotation.closes + 1] == ","
        own = self._before(spot, here)
        if own is not None and (own.is_adjacent or not ends_with_comma):
            return own
        if spot.after and (here is None or ends_with_comma):
            behind = attributions.behind(spot.after)
            if behind is not None and not self._announces_next(spot) and (here is None or behind.gap < FAR):
                return behind
        if spot.after is None and spot.frame is None and here is None and spot.next_frame:
            return self._next_sentence(spot.next_frame)
        return own

    def _before(self, spot: Spot, here: Draft | None) -> Attribution | None:
        frame = spot.frame
        if not frame:
            return None
        if here is None or not here.is_behind:
            return attributions.before(frame)
        own = attributions.before([token for token in frame if token.start >= here.used])
        # “A,” said X, referring to the plan, “b.”: the cue between is no cue of the second half.
        resumes = own is not None and own.is_framing and own.gap > 2 and frame[-1].word == ","
        return None if resumes else own

    @staticmethod
    def _announces_next(spot: Spot) -> bool:
        """After the “b” plan failed, X said: “…”: the cue behind the fragment is the next quotation’s."""
        frame, after = spot.frame, spot.after
        return frame is not None and after is not None and after[-1].word == ":" and frame[-1].word not in SET_OFF

    @staticmethod
    def _next_sentence(frame: list[Token]) -> Attribution | None:
        """“Why?” Neva Corrin asked.: the frame is a sentence of its own by its capital alone."""
        found = attributions.behind(frame)
        is_own = found is not None and found.mention is not None and found.gap <= FAR and not found.is_framing
        return found if is_own else None
