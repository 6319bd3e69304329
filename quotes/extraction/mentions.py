"""Who is meant: noun phrases beside a cue, cut to the mention of the speaker."""

from dataclasses import dataclass

from quotes.extraction.tokens import Token
from quotes.extraction.words import (
    AUXILIARIES,
    CLAUSE_BREAKS,
    DAYS,
    PARTICLES,
    PREPOSITIONS,
    PRONOUNS,
    TITLES,
    word_set,
)

PHRASE = 40  # words of a noun phrase with its apposition that are looked at
HEAD_OF = word_set("of from at for in with on")
RELATIVE = word_set("who which that")
BREAKS = frozenset(",;:—–-()[]…/|•")


@dataclass(frozen=True, slots=True)
class Mention:
    """[start, end) of the words that name the speaker."""

    start: int
    end: int
    words: tuple[Token, ...]

    @property
    def is_pronoun(self) -> bool:
        return len(self.words) == 1 and self.pronoun in PRONOUNS

    @property
    def pronoun(self) -> str:
        """The first word, folded, without what is contracted to it: “I’ve” is “i”."""
        return self.words[0].low.split("'")[0]

    @property
    def is_name(self) -> bool:
        return all(token.is_capital or token.low in PARTICLES for token in self.words) and not self.is_pronoun


def left_of(words: list[Token], at: int) -> Mention | None:
    """The subject that ends before words[at], or None where there is none."""
    end = at
    while end and (
        words[end - 1].low in AUXILIARIES or (words[end - 1].low.endswith("ly") and not words[end - 1].is_capital)
    ):
        end -= 1
    if end and words[end - 1].low == "to":
        end = _before_infinitive(words, end - 1)
    if not end:
        return None
    last = words[end - 1]
    if last.word in (",", "—", "–", "-", ")"):
        return _before_apposition(words, end)
    if last.low in RELATIVE:
        antecedent = _phrase(words, end - 2 if end > 1 and words[end - 2].word == "," else end - 1)
        return antecedent or Mention(last.start, last.end, (last,))
    return _phrase(words, end)


def _before_infinitive(words: list[Token], end: int) -> int:
    """“He went on to say”: where the subject ends."""
    first = end
    while first and end - first < 3 and words[first - 1].is_word and not words[first - 1].is_capital:
        if words[first - 1].low in PRONOUNS:
            break
        first -= 1
    return first


def _before_apposition(words: list[Token], end: int) -> Mention | None:
    """“Neva Corrin, a lawyer, said”: the phrase before the comma that opens the apposition."""
    opening = "(" if words[end - 1].word == ")" else words[end - 1].word
    for number in range(end - 2, max(end - PHRASE, -1), -1):
        if (
            words[number].word != opening
            or not number
            or not words[number - 1].is_word
            or words[number - 1].low.isdigit()
        ):
            continue
        found = _phrase(words, number)
        if found and (found.is_name or found.words[0].low in {"the", "a", "an", "one"}):
            return found
    return None


def _phrase(words: list[Token], end: int) -> Mention | None:
    """The noun phrase that ends before words[end]."""
    first = end
    while first and end - first < PHRASE:
        token = words[first - 1]
        if token.low in CLAUSE_BREAKS or token.word in BREAKS or not (token.is_word or token.word in "&'’.$%#@"):
            break
        first -= 1
    return _cut(words[first:end])


def right_of(words: list[Token], at: int) -> Mention | None:
    """The subject that begins at words[at], behind an inverted cue: “said Neva Corrin, a lawyer”."""
    end = at
    is_common = at < len(words) and not words[at].is_capital
    while end < len(words) and end - at < PHRASE:
        token = words[end]
        if not (token.is_word or token.word in "&'’@#.") or (token.word == "." and end == len(words) - 1):
            break
        may_link = token.low in HEAD_OF and is_common and end > at and not words[end - 1].is_capital
        is_of = token.low in {"of", "for"} and end > at and is_common
        if (
            (token.low in PREPOSITIONS or token.low in CLAUSE_BREAKS)
            and not (may_link or is_of)
            and not token.is_capital
        ):
            break
        if token.word in DAYS:
            break
        end += 1
    if end == at:
        return None
    if words[at].low in PRONOUNS:
        end = at + 1
    return _cut(words[at:end], is_inverted=True)


def _cut(phrase: list[Token], *, is_inverted: bool = False) -> Mention | None:
    """A noun phrase cut to the mention: a pronoun, the name at its end, the name before “of”, or all of it."""
    while phrase and (phrase[-1].word in DAYS or not phrase[-1].word[-1].isalnum()) and not _is_initial(phrase[-1]):
        phrase = phrase[:-1]
    while phrase and not phrase[0].is_word:
        phrase = phrase[1:]
    if not phrase:
        return None
    if phrase[-1].low in PRONOUNS:
        return _mention(phrase[-1:])
    first = name_start(phrase, len(phrase))
    if first < len(phrase):
        if first > 1 and phrase[first - 1].low in HEAD_OF:
            head = name_start(phrase, first - 1)
            if head < first - 1:
                return _mention(without_titles(phrase[head : first - 1]))
            return _mention(_without_adverbial(phrase))
        return _mention(without_titles(phrase[first:]))
    return _mention(_without_adverbial(phrase))


def _without_adverbial(phrase: list[Token]) -> list[Token]:
    """“on Monday the agency”: the phrase from its last article or possessive, if a preposition begins it."""
    if phrase[0].low in PREPOSITIONS:
        for number in range(1, len(phrase)):
            if phrase[number].low in {"the", "a", "an", "his", "her", "their", "its", "one"}:
                return phrase[number:]
    return phrase


def name_start(phrase: list[Token], end: int) -> int:
    """Where the run of capitalised words that ends before phrase[end] begins; `end` if there is none.

    A possessive ends a run: “Corrin’s lawyer Arno Vale” names Arno Vale.
    """
    first = end
    while first:
        token = phrase[first - 1]
        if first < end and token.low.endswith(("'s", "s'")):
            break
        is_part = token.is_capital and token.word not in DAYS and (first < end or token.low != "the")
        is_particle = token.low in PARTICLES and first < end and first > 1 and phrase[first - 2].is_capital
        if is_part or is_particle:
            first -= 1
        else:
            break
    return first


def without_titles(run: list[Token]) -> list[Token]:
    """A run of capitalised words without what stands before the name: “Chief Neva Corrin”."""
    cut = max((number + 1 for number, token in enumerate(run[:-1]) if token.low in TITLES), default=0)
    while cut < len(run) - 1 and run[cut].low in {"the", "a", "an", "in", "on", "but", "and", "as", "for"}:
        cut += 1
    return run[cut:]


def _is_initial(token: Token) -> bool:
    return token.word.endswith(".") and len(token.word) > 1


def _mention(words: list[Token]) -> Mention | None:
    return Mention(words[0].start, words[-1].end, tuple(words)) if words else None
