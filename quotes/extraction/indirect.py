"""Indirect statements: sentences without quotation marks that a strong cue marks as somebody's words in the reporter's wording.

What the writer says of himself (“I think”, “we note”) is left out.
"""

from collections.abc import Iterator

from quotes.extraction.attribution import TELLING, cue_length
from quotes.extraction.mentions import Mention, left_of, right_of
from quotes.extraction.sentences import Frame, Sentence
from quotes.extraction.tokens import Token
from quotes.extraction.words import DAYS, INDIRECT_CUES, PARTICIPLES, PREPOSITIONS, word_set

LONGEST = 200  # words of a sentence that are looked at
SHORTEST = 4  # words of a statement
OPENERS = word_set(
    "he she they it we i you there this that these those the a an his her their its our my no not most many some all"
)
Statement = tuple[tuple[int, int], tuple[int, int], Mention]


def statements(sentence: Sentence) -> Iterator[Statement]:
    """Of a sentence without quotations: places of the statement and of its cue, and the speaker's mention."""
    if len(sentence.parts) != 1 or not isinstance(sentence.parts[0], Frame):
        return
    words = sentence.parts[0].words[:LONGEST]
    while words and not words[-1].is_word:
        words = words[:-1]
    found = _according(words) or _trailing(words) or _leading(words)
    if found is None or found[2].pronoun in {"i", "we"}:
        return
    (start, end), cue, mention = found
    spoken = [token for token in words if start <= token.start < end and token.is_word]
    if len(spoken) >= SHORTEST:
        yield (spoken[0].start, end), cue, mention


def _according(words: list[Token]) -> Statement | None:
    """“According to X, …” or “…, according to X”."""
    for at, token in enumerate(words[:-2]):
        if token.low != "according" or words[at + 1].low != "to":
            continue
        mention = right_of(words, at + 2)
        if mention is None:
            return None
        cue = (token.start, words[at + 1].end)
        if at == 0:
            comma = next(
                (number for number, each in enumerate(words) if each.word == "," and each.start >= mention.end), 0
            )
            return ((words[comma + 1].start, words[-1].end), cue, mention) if 0 < comma < len(words) - 1 else None
        end = at - 1 if words[at - 1].word == "," else at
        return ((words[0].start, words[end - 1].end), cue, mention) if end > 0 else None
    return None


def _trailing(words: list[Token]) -> Statement | None:
    """“The plan has failed, X said (on Monday).”"""
    for at in range(len(words) - 1, max(len(words) - 12, 2), -1):
        if not _is_cue(words, at) or any(token.word == "," for token in words[at:]):
            continue
        mention = left_of(words[:at], at)
        if mention is None or (
            at + 1 < len(words) and words[at + 1].low not in PREPOSITIONS and words[at + 1].word not in DAYS
        ):
            return None
        first = next((number for number, token in enumerate(words) if token.start == mention.start), 0)
        if first < 2 or words[first - 1].word != ",":
            return None
        return (words[0].start, words[first - 2].end), (words[at].start, words[at].end), mention
    return None


def _leading(words: list[Token]) -> Statement | None:
    """“X said that the plan has failed.”"""
    for at in range(1, len(words) - SHORTEST):
        if not _is_cue(words, at):
            continue
        mention = left_of(words, at)
        first = _statement_start(words, at + cue_length(words, at))
        if mention is None or first is None:
            return None
        end = _statement_end(words, first)
        return (words[first].start, words[end - 1].end), (words[at].start, words[at].end), mention
    return None


def _is_cue(words: list[Token], at: int) -> bool:
    return words[at].low in INDIRECT_CUES and cue_length(words, at) > 0


def _statement_start(words: list[Token], after: int) -> int | None:
    """Behind “that” if it comes soon; else at once, if the next word may open a clause."""
    for number in range(after, min(after + 12, len(words) - 1)):
        if words[number].low == "that" and (number == after or not words[number - 1].is_word or words[after].low in PREPOSITIONS
                or words[after].word in DAYS or words[after - 1].low in TELLING):  # fmt: skip
            return number + 1
        if words[number].word in ";:":
            break
    while after < len(words) and words[after].word in DAYS:
        after += 1
    if words[after - 1].low in TELLING or after >= len(words):
        return None
    return after if words[after].low in OPENERS or words[after].is_capital else None


def _statement_end(words: list[Token], first: int) -> int:
    """The end of the sentence, or where a cue of its own goes on: “…, adding that”, “… but said”."""
    for number in range(first + SHORTEST, len(words) - 1):
        if words[number].word == "," and words[number + 1].low in PARTICIPLES:
            return number
        if words[number].low in {"and", "but"} and words[number + 1].low in INDIRECT_CUES:
            return number - 1 if words[number - 1].word == "," else number
    return len(words)
