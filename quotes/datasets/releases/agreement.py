"""How far the coders of a release agree, topic by topic and round by round, from its codings: Krippendorff's alpha.

It is computed from the released table alone, so that whoever has the release can check it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from quotes import agreement
from quotes.querysets import ADJUDICATOR

_NOTE = (
    "Krippendorff's alpha for nominal data, of each topic, on the quotes that two or more coders judged toward it in a closed "
    "round; adjudicated rows do not count. From .800 usable, from .667 tentative (CODEBOOK.md). The interval is a bootstrap over "
    "quotes with a fixed seed (Zapf et al. 2016)."
)
# As many draws of a unit as an interval may cost: two thousand units are resampled five hundred times.
_DRAWS = 1_000_000
_NOBODY = "no coding of a closed round is in the release"
_ALONE = "fewer than two coders"


def agreement_section(topics: Iterable[str], codings: Iterable[Mapping[str, str]]) -> list[str]:
    """The section of the data statement, in lines of Markdown. `codings` are rows of codings.csv."""
    judged: dict[str, dict[int, list[tuple[str, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in codings:
        if row["coder"] != ADJUDICATOR:
            judged[row["topic"]][int(row["round"])].append((row["quote"], row["coder"], row["stance"]))
    lines = [line for topic in sorted(topics) for line in _topic(topic, judged[topic])]
    head = [
        "| topic | round | quotes judged twice | coders | alpha | 95 % interval | |",
        "|---|---:|---:|---:|---:|---|---|",
    ]
    return ["## Agreement", "", _NOTE, "", *(head + lines if lines else ["There is no topic."])]


def _topic(topic: str, rounds: Mapping[int, list[tuple[str, str, str]]]) -> Iterator[str]:
    if not rounds:
        yield f"| {topic} | | 0 | 0 | | | not measurable: {_NOBODY} |"
    for number, judgements in sorted(rounds.items()):
        units = agreement.units_of(judgements)
        coders = {coder for _, coder, _ in judgements}
        paired = sum(len(unit) > 1 for unit in units)
        yield f"| {topic} | {number} | {paired:,} | {len(coders)} | {_measured(units, len(coders))} |"


def _measured(units: list[dict[str, str]], coders: int) -> str:
    """Alpha, its interval and what it allows, as cells; or why there is none."""
    alpha = agreement.krippendorff_alpha(units)
    if alpha.value is None:
        return f"| | not measurable: {_ALONE if coders < 2 else alpha.reason}"
    resamples = min(1000, max(100, _DRAWS // len(units)))
    interval = agreement.alpha_interval(units, resamples=resamples)
    between = f"{_three(interval.low)} to {_three(interval.high)}" if interval else "not measurable"
    return f"{_three(alpha.value)} | {between} | {agreement.verdict(alpha.value)}"


def _three(value: float) -> str:
    """Three places, as Krippendorff's thresholds have, and no minus before zero.

    >>> _three(0.8), _three(-0.00001)
    ('0.800', '0.000')
    """
    return f"{round(value, 3) + 0:.3f}"
