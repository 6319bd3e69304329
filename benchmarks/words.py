"""Words and names that plainly nobody has: made of syllables, and as unevenly frequent as those of a language."""

from __future__ import annotations

from itertools import accumulate
from random import Random

_BEGINNINGS = tuple("b br d dr f g gl h j k kl l m n p pl r s sk t tr v w z".split())  # noqa: SIM905 - read more easily
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ei", "oa")
_ENDS = ("bel", "dak", "fim", "gor", "kast", "lud", "mip", "nax", "pon", "rov", "tulk", "vek", "zam")
AT_ONCE = 100_000


class Zipf:
    """Draws positions of a list, the first the likeliest: the n-th with a weight of 1 / n ** exponent."""

    def __init__(self, size: int, exponent: float, random: Random) -> None:
        self._weights = list(accumulate(1 / (place + 1) ** exponent for place in range(size)))
        self._random = random
        self._drawn = iter([0][:0])

    def draw(self) -> int:
        """One position."""
        for position in self._drawn:
            return position
        self._drawn = iter(self._random.choices(range(len(self._weights)), cum_weights=self._weights, k=AT_ONCE))
        return next(self._drawn)

    def several(self, most: int) -> list[int]:
        """From one to `most` different positions."""
        return list(dict.fromkeys(self.draw() for _ in range(most)))


def invented_words(count: int, random: Random) -> list[str]:
    """So many different words, none of them a stop word, and none the stem of another."""
    words: dict[str, None] = {}
    while len(words) < count:
        middle = random.choice(_MIDDLES) + random.choice("bdgklmnprtvz") if random.random() < 0.7 else ""
        words[random.choice(_BEGINNINGS) + middle + random.choice(_MIDDLES) + random.choice(_ENDS)] = None
    return list(words)


class Writer:
    """Writes sentences of a fixed vocabulary in which a few words are very common and most are rare."""

    def __init__(self, random: Random, *, size: int = 8_000) -> None:
        self.words = invented_words(size, random)
        self._places = Zipf(size, 1.0, random)
        self._random = random

    def phrase(self, length: int) -> str:
        """So many words."""
        return " ".join(self.words[self._places.draw()] for _ in range(length))

    def sentence(self, shortest: int, longest: int) -> str:
        """A sentence of so many words."""
        return self.phrase(self._random.randint(shortest, longest)).capitalize() + "."

    def name(self, parts: int = 2) -> str:
        """A name of so many words, each of them equally likely: names are not made of common words."""
        return " ".join(word.capitalize() for word in self._random.choices(self.words, k=parts))
