"""The people whom a text names, and whom a surname or a pronoun means at a place."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from quotes.extraction.marks import Quotation
from quotes.extraction.mentions import Mention
from quotes.extraction.tokens import TOKEN, Token, as_token
from quotes.extraction.words import COMMON, DAYS, HE, ORGANIZED, PARTICLES, SHE, TITLES

LOOK_BACK = 12  # mentions before a pronoun that are looked at


class People:
    """Names in the reporter's words, in the order of the text."""

    def __init__(self, text: str, quoted: Sequence[Quotation], names: Iterable[str]) -> None:
        self.full: dict[str, str] = {}
        self.gender: dict[str, str] = {}
        self.sentences: list[tuple[int, list[str], list[str]]] = []
        for name in names:
            parts = name.split()
            if parts:
                self.full[folded(parts[-1])] = name
        runs = list(_runs(text, quoted))
        for run, _ in runs:
            if len(run) > 1 and _is_person(run):
                self.full.setdefault(folded(run[-1].word), " ".join(without_possessive(token.word) for token in run))
        for run, title in runs:
            surname = folded(run[-1].word)
            if surname in self.full and _is_person(run):
                gender = "he" if title in HE else "she" if title in SHE else ""
                if gender:
                    self.gender.setdefault(self.full[surname], gender)

    def named(self, mention: Mention) -> str:
        """The full name of a mention that is a name: the one known, or the words themselves; "" for others."""
        if not mention.is_name:
            return ""
        words = [without_possessive(token.word) for token in mention.words]
        known = self.full.get(folded(words[-1]), "")
        if len(words) == 1:
            return known or words[0]
        return known if known and folded(known.split()[0]) == folded(words[0]) else " ".join(words)

    def heard(self, start: int, first: Mention | None, spoke: list[Mention]) -> None:
        """A sentence that begins at `start`: whom its cues have for subjects, and whom it names first."""
        leading = [first] if first else []
        self.sentences.append((start, self._known(spoke), self._known(leading)))

    def _known(self, mentions: list[Mention]) -> list[str]:
        names = [self.named(mention) for mention in mentions if mention.is_name]
        return [name for name in names if folded(name.split()[-1]) in self.full]

    def meant(self, pronoun: str, at: int) -> str:
        """Whom “he” or “she” at a place means: who spoke last or led the last sentence, unless the text tells another gender."""
        if pronoun not in {"he", "she"}:
            return ""
        place = bisect_left(self.sentences, (at, [], []))
        for _, spoke, leading in reversed(self.sentences[max(0, place - LOOK_BACK) : place]):
            for name in [*reversed(spoke), *leading]:
                if self.gender.get(name, pronoun) == pronoun:
                    self.gender.setdefault(name, pronoun)
                    return name
        return ""


def _runs(text: str, quoted: Sequence[Quotation]) -> Iterable[tuple[list[Token], str]]:
    """Runs of capitalised words outside quotations, cut behind titles; with the title folded."""
    starts = [0, *(quotation.closes for quotation in quoted)]
    ends = [*(quotation.opens for quotation in quoted), len(text)]
    for at, end in zip(starts, ends, strict=True):
        run: list[Token] = []
        for match in TOKEN.finditer(text, at, end):
            if not run and not match.group()[0].isupper():
                continue
            token = as_token(match)
            adjoins = not run or text[run[-1].end : token.start].isspace()
            is_part = token.is_capital and token.word not in DAYS and (bool(run) or token.low not in COMMON)
            if adjoins and run and (is_part or token.low in PARTICLES):
                run.append(token)
            else:
                yield from _finished(run)
                run = [token] if is_part and (adjoins or token.low not in COMMON) else []
            if run and token.low.endswith("'s"):
                yield from _finished(run)
                run = []
        yield from _finished(run)


def _finished(run: list[Token]) -> Iterable[tuple[list[Token], str]]:
    if not run:
        return
    while run and run[-1].low in PARTICLES:
        run = run[:-1]
    cut = max((number + 1 for number, token in enumerate(run[:-1]) if token.low in TITLES), default=0)
    title = run[cut - 1].low if cut else ""
    if run[cut:]:
        yield run[cut:], title


def _is_person(run: list[Token]) -> bool:
    words = [token.low for token in run]
    return (
        len(run) <= 5
        and not any(word in ORGANIZED or word in TITLES for word in words)
        and words[-1] not in COMMON
        and not (len(run[-1].word) > 1 and run[-1].word.isupper() and len(run) > 1)
    )


def without_possessive(word: str) -> str:
    """A name without its possessive ending."""
    for ending in ("'s", "’s"):
        if word.endswith(ending):
            return word[: -len(ending)]
    return word.rstrip("'’")


def folded(word: str) -> str:
    return without_possessive(word).casefold().rstrip(".")
