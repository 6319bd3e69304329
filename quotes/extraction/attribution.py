"""Attribution: the cue that governs a quotation and the subject that it has, looked for before it and behind it."""

from dataclasses import dataclass

from quotes.extraction.mentions import Mention, left_of, right_of
from quotes.extraction.tokens import Token
from quotes.extraction.words import (
    AS_NOUNS,
    AUXILIARIES,
    BEFORE_NOUN,
    COMMON,
    CUES,
    DAYS,
    FRAMING,
    PARTICIPLES,
    PHRASAL,
    PRONOUNS,
    SPEECH,
    TITLES,
    WEAK,
    word_set,
)

BEHIND = 45  # words of a frame behind a quotation that are looked at
TELLING = word_set("told tells tell telling assured assures informed")
COMPOUND = word_set("a ont hat haben ha han")  # “a déclaré”, “hat erklärt”
PASSIVE = word_set("is are was were be been being")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue at [start, end), and who its subject is; `gap` counts the words between cue and quotation."""

    start: int
    end: int
    mention: Mention | None
    is_behind: bool = False
    is_framing: bool = False  # “called it “…””: a verb that frames a fragment
    is_adjacent: bool = True  # a comma, a colon or nothing between cue and quotation
    gap: int = 0


def before(frame: list[Token]) -> Attribution | None:
    """The attribution in the frame before a quotation: its last cue."""
    for at in range(len(frame) - 1, max(len(frame) - 120, -1), -1):
        if frame[at].low == "to" and at and frame[at - 1].low == "according":
            return _according(frame, at - 1, is_behind=False)
        length = cue_length(frame, at)
        if length:
            gap = [token for token in frame[at + length :] if token.is_word]
            is_adjacent = not gap or frame[-1].word in ",:"
            if frame[at].low in WEAK and not is_adjacent and len(gap) > 4:
                continue
            is_inverted = at == 0 and frame[-1].word == ":"
            return Attribution(
                frame[at].start,
                frame[at + length - 1].end,
                right_of(frame, 1) if is_inverted else subject_before(frame, at),
                is_framing=frame[at].low in FRAMING and frame[at].low not in SPEECH,
                is_adjacent=is_adjacent,
                gap=len(gap),
            )
    return _before_colon(frame) if frame and frame[-1].word == ":" else None


def _before_colon(frame: list[Token]) -> Attribution | None:
    """“Neva Corrin, The Example: “…””, as interviews are printed; or a sentence without a cue that announces words."""
    mention = first_subject(frame)
    if mention is None or len(frame) > 60:
        return None
    return Attribution(-1, -1, mention)


def behind(frame: list[Token]) -> Attribution | None:
    """The attribution in the frame behind a quotation: its first cue, inverted (“said X”) or not (“X said”)."""
    words = frame[:BEHIND]
    first = 0
    while first < len(words) and not words[first].is_word:
        first += 1
    for at in range(first, len(words)):
        if words[at].low == "according" and at + 1 < len(words) and words[at + 1].low == "to":
            return _according(words, at, is_behind=True)
        length = cue_length(words, at)
        if not length:
            continue
        found = _behind_cue(words, first, at, length)
        if found:
            return found
    return None


def _behind_cue(words: list[Token], first: int, at: int, length: int) -> Attribution | None:
    low = words[at].low
    is_first = all(
        word.low in AUXILIARIES | COMPOUND or (word.low.endswith("ly") and not word.is_capital)
        for word in words[first:at]
    )
    mention = None
    if is_first:
        if low not in TELLING:
            mention = right_of(words, at + length)
        if mention is None and low not in PARTICIPLES and low not in FRAMING and words[at + length : at + length + 1]:
            return _found(words, at, length, None, first)
    else:
        mention = left_of(words[first:at], at - first)
    if mention is None or low in PARTICIPLES:
        return None
    if low in WEAK and low not in {"read", "reads"}:
        return None
    return _found(words, at, length, mention, first)


def _found(words: list[Token], at: int, length: int, mention: Mention | None, first: int) -> Attribution:
    return Attribution(
        words[at].start,
        words[at + length - 1].end,
        mention,
        is_behind=True,
        is_framing=words[at].low in FRAMING and words[at].low not in SPEECH,
        gap=at - first,
    )


def _according(words: list[Token], at: int, *, is_behind: bool) -> Attribution:
    return Attribution(words[at].start, words[at + 1].end, right_of(words, at + 2), is_behind=is_behind)


def cue_length(words: list[Token], at: int) -> int:
    """How many words the cue at words[at] has; 0 if there is none."""
    token = words[at]
    following = words[at + 1].low if at + 1 < len(words) else ""
    previous = words[at - 1].low if at else ""
    if (token.low, following) in PHRASAL and previous not in BEFORE_NOUN:
        return 2
    if token.low not in CUES or (token.is_capital and at and words[at - 1].is_word):
        return 0
    if token.low in AS_NOUNS and token.low != CUES[token.low] and not _has_agent(words, at):
        return 0
    if previous in PASSIVE and CUES[token.low] in {
        "say",
        "report",
        "believe",
        "think",
        "call",
        "use",
        "offer",
        "charge",
        "estimate",
    }:
        return 0
    if token.low == CUES[token.low] and not _may_be_plain(words, at):
        return 0
    return 1


def _may_be_plain(words: list[Token], at: int) -> bool:
    """“they say”, “to say”, “would say”, “officials say”: a plain form is a verb there."""
    previous = words[at - 1] if at else None
    return previous is not None and (
        previous.low in AUXILIARIES
        or previous.low in {"to", "they", "we", "i", "you", "who", "people"}
        or (
            previous.low.endswith("s")
            and previous.low not in {"this", "his", "its"}
            and not previous.low.endswith("'s")
        )
    )


def _has_agent(words: list[Token], at: int) -> bool:
    """“Vale claims”, “the group claims”, not “her wild claims”: whether a form that may be a noun is a verb."""
    previous = words[at - 1] if at else None
    if previous is None or previous.is_capital or previous.low in PRONOUNS or previous.word in ",)—–":
        return previous is not None and previous.low not in BEFORE_NOUN - {"that", "and", "or"}
    if previous.low in AUXILIARIES or previous.low in {"who", "which", "that", "and"}:
        return True
    return (
        previous.is_word
        and at > 1
        and words[at - 2].low in {"the", "a", "an", "his", "her", "their"}
        and _is_followed_as_verb(words, at)
    )


def _is_followed_as_verb(words: list[Token], at: int) -> bool:
    """Whether what follows a form speaks for a verb: nothing, a mark, “that”, an article or a pronoun."""
    following = words[at + 1] if at + 1 < len(words) else None
    return following is None or not following.is_word or following.low in BEFORE_NOUN | PRONOUNS


def subject_before(frame: list[Token], at: int) -> Mention | None:
    """The subject of the cue at frame[at]; behind a comma or “and” that of an earlier cue in the frame, or the first name."""
    previous = frame[at - 1] if at else None
    is_shared = previous is not None and (
        previous.word == "," or previous.low in {"and", "but", "then", "by", "before", "after", "to"}
    )
    if not is_shared or frame[at].low not in PARTICIPLES:
        found = left_of(frame, at)
        if found:
            return found
    for earlier in range(at - 1, max(at - 60, -1), -1):
        if frame[earlier].low != "to" and cue_length(frame, earlier):
            return subject_before(frame, earlier) if earlier else None
    return first_subject(frame[:at])


def first_subject(frame: list[Token]) -> Mention | None:
    """The first name or pronoun of a frame that may be a subject."""
    for number, token in enumerate(frame[:60]):
        if token.low in {"he", "she", "they", "i", "we", "it"}:
            return Mention(token.start, token.end, (token,))
        if token.is_capital and token.low not in COMMON and token.word not in DAYS:
            if number and frame[number - 1].low in {"in", "on", "at", "for", "of", "from", "with", "to", "by"}:
                continue
            end = number + 1
            while end < len(frame) and frame[end].is_capital:
                end += 1
            if frame[end - 1].low.endswith("'s"):
                continue
            end = _past_titles(frame, end)
            return left_of(frame[number:end], end - number)
    return None


def subjects(frame: list[Token]) -> list[Mention]:
    """Subjects of the cues in a frame, quotation or not: who speaks in the sentence."""
    found = []
    for at in range(min(len(frame), 200)):
        if cue_length(frame, at):
            mention = right_of(frame, at + 1) if at == 0 else left_of(frame, at)
            if mention is not None:
                found.append(mention)
    return found


def _past_titles(frame: list[Token], end: int) -> int:
    """“Band member Neva”, “Republican nominee Neva Corrin”: the end of the name behind lower-case titles, if there is one."""
    later = end
    while later < len(frame) and later - end < 3 and frame[later].low in TITLES and not frame[later].is_capital:
        later += 1
    if later == end or later == len(frame) or not frame[later].is_capital:
        return end
    while later < len(frame) and frame[later].is_capital:
        later += 1
    return later
