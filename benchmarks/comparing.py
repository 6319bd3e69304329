"""Puts the same questions to all candidates: first to see that they answer alike, then to time them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.candidates import OURS, Candidate, Outcome, Parameters
from benchmarks.timing import Ask, Ratio, Times, compare, ratio


class Different(AssertionError):
    """Two candidates answered the same question differently: their times would compare nothing."""


@dataclass(frozen=True)
class Compared:
    """The times of a question's candidates, by name."""

    question: str
    times: dict[str, Times]

    def ratio(self, name: str, to: str = OURS) -> Ratio:
        return ratio(self.times[name], self.times[to])


def compared(question: str, candidates: Sequence[Candidate], asked: Sequence[Parameters], *, rounds: int) -> Compared:
    """The times of all candidates that know the question, after each was seen to give the same answers."""
    able = [one for one in candidates if question in one.questions]
    for parameters in asked:
        _see_that_all_agree(question, able, parameters)

    def ask(candidate: Candidate, parameters: Parameters) -> Ask:
        return lambda: candidate.ask(question, parameters)

    asks = {one.name: [ask(one, parameters) for parameters in asked] for one in able}
    return Compared(question, compare(asks, rounds=rounds))


def _see_that_all_agree(question: str, candidates: Sequence[Candidate], parameters: Parameters) -> None:
    found = {one.name: one.read(one.ask(question, parameters)) for one in candidates}
    first = candidates[0]
    for other in candidates[1:]:
        is_ranked = question.startswith("search") and not other.ranks_alike
        expected, given = (_unordered(found[one.name]) if is_ranked else found[one.name] for one in (first, other))
        if expected != given:
            raise Different(f"{question} {dict(parameters)}: {first.name}: {expected}; {other.name}: {given}")


def _unordered(outcome: Outcome) -> Outcome:
    """What can be compared where each ranks by a formula of its own: all that matches, or that it is more than a page."""
    return sorted(outcome) if len(outcome) < 25 else [f"{len(outcome)}"]
