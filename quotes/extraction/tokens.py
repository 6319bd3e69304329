"""The reporter's text in words and marks of punctuation, with their places."""

import re
from typing import NamedTuple

ABBREVIATIONS = """
    Mr Mrs Ms Dr Sen Sens Rep Reps Gov Govs Lt Col Gen Sgt Capt Rev Prof St Jr Sr Jan Feb Mar Apr Aug Sept Oct Nov Dec
    vs Inc Corp Co No Ltd Mass Conn Calif Fla Tex Pa Va Ill Mich Minn Wis Colo Ariz Ore Wash Okla Tenn Ga Ala Miss La
    Ark Mo Kan Neb Nev Md Del
"""
TOKEN = re.compile(
    rf"(?:[^\W\d_]\.){{2,9}}|\b(?:{'|'.join(sorted(ABBREVIATIONS.split(), key=len, reverse=True))})\.|\b[A-Z]\.(?=\s)"
    r"|\w{1,64}(?:['’\-\u2011]\w{1,64}){0,9}|[^\w\s]"
)


class Token(NamedTuple):
    """A word or a mark: its place, as printed, and folded for lookup."""

    start: int
    end: int
    word: str
    low: str

    @property
    def is_word(self) -> bool:
        return self.word[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.word[0].isupper()


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of text[start:end], places counted in the whole text.

    >>> [token.word for token in tokens("Mr. Vale’s plan.", 0, 16)]
    ['Mr.', 'Vale’s', 'plan', '.']
    """
    return [as_token(match) for match in TOKEN.finditer(text, start, end)]


def as_token(match: re.Match[str]) -> Token:
    """The token that a match of TOKEN stands for."""
    word = match.group()
    return Token(match.start(), match.end(), word, word.lower().replace("’", "'").rstrip(".") or word)
