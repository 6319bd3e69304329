"""Whether quoted words stand alone as a sentence (direct), are a fragment (partial), or the title of a work (no quote)."""

from quotes.extraction.tokens import Token
from quotes.extraction.words import FINITE, NAMING, SUBJECTS, word_set

SMALL = word_set("a an the of and or in on at to for by with from as vs v de la el")
LOOKED_AT = 60


def stands_alone(words: list[Token], *, is_set_off: bool) -> bool:
    """Whether the words are at least one clause; `is_set_off`: a comma, a colon or a new sentence sets them off from the frame.

    Without a grammar this goes by the first word and by the finite verbs of everyday English.
    """
    spoken = [word for word in words[:LOOKED_AT] if word.is_word]
    if not spoken:
        return False
    if is_set_off and (spoken[0].is_capital or not spoken[0].word[0].islower()):
        return True
    if is_set_off and len(spoken) > 3 and _has_verb(spoken[1:]):
        return True
    if any(word.word in ".!?" for word in words[1:-1]) and _has_verb(spoken):
        return True
    if spoken[0].low in SUBJECTS and ("'" in spoken[0].low or _has_verb(spoken[1:5])):
        return True
    return spoken[0].is_capital and len(spoken) > 3 and _has_verb(spoken[1:9])


def _has_verb(words: list[Token]) -> bool:
    return any(word.low in FINITE or word.low.endswith(("n't", "'s", "'re", "'m", "'ll", "'ve")) for word in words)


def is_title(words: list[Token]) -> bool:
    """Words printed as the titles of works are: all capitalised but the small ones, and no end of a sentence among them."""
    spoken = [word for word in words[:LOOKED_AT] if word.is_word]
    capitals = [word for word in spoken if word.is_capital or word.word[0].isdigit()]
    return (
        2 <= len(spoken) <= 14
        and spoken[0].word[0].isupper()
        and all(word.is_capital or word.low in SMALL or word.word[0].isdigit() for word in spoken)
        and len(capitals) >= 2
        and (spoken[0].low not in SUBJECTS or len(capitals) > 2 or not _has_verb(spoken))
    )


def is_named(frame: list[Token]) -> bool:
    """A frame that announces a name or a term rather than words that somebody uttered: “the film titled”."""
    last = [token for token in frame[-4:] if token.is_word]
    return bool(last) and (
        last[-1].low in NAMING or (len(last) > 1 and last[-1].low == "as" and last[-2].low == "known")
    )
