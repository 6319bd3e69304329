"""What a coder and an adjudicator have before them alike: the words in their paragraph, and the form for a judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms

from quotes.admin.text_panel import Run, excerpts
from quotes.curation.desk import Judgement
from quotes.models import Coding, Quote
from quotes.vocabulary import Certainty, Stance

# In the order of their keys, 1 to 6. A sign beside each word, so that it is not the colour that tells them apart.
STANCES = {
    Stance.SUPPORT: ("+", "A position for it can be inferred from the words."),
    Stance.OPPOSE: ("−", "A position against it, or reservations without any supporting element."),  # noqa: RUF001 - a minus sign
    Stance.MIXED: ("±", "The statement itself asserts something for and something against."),
    Stance.NEUTRAL: ("=", "Addressed, and no position is taken: facts, timetables, findings."),
    Stance.UNCLEAR: ("?", "A position seems meant, but its direction cannot be decided."),
    Stance.NOT_ADDRESSED: ("∅", "The statement does not speak of it."),
}
# The codebook's questions, in their order, and what an answer leads to.
DECISIONS = (
    ("Is the subject addressed?", "No", Stance.NOT_ADDRESSED),
    ("Is a position taken?", "No", Stance.NEUTRAL),
    ("Both for and against, in the statement itself?", "Yes", Stance.MIXED),
    ("Can its direction be decided?", "No", Stance.UNCLEAR),
)


@dataclass(frozen=True)
class Option:
    """A button of the form: what it stands for, and the key that presses it."""

    value: str
    label: str
    key: str
    is_chosen: bool
    sign: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Passage:
    """The words in their paragraph, as runs; or, where the text is not kept, with the context that each segment carries."""

    runs: list[Run] = field(default_factory=list)
    excerpts: list[dict[str, str]] = field(default_factory=list)


class JudgementForm(forms.Form):
    stance = forms.ChoiceField(choices=Stance.choices, error_messages={"required": "Choose a stance: keys 1 to 6."})
    certainty = forms.ChoiceField(choices=Certainty.choices, initial=Certainty.HIGH)
    justification = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "qb-justification", "dir": "auto"})
    )

    @property
    def judgement(self) -> Judgement:
        """What was decided, once the form is valid."""
        read: Any = self.cleaned_data
        return {name: read[name] for name in ("stance", "certainty", "justification")}  # type: ignore[return-value]

    def stances(self) -> list[Option]:
        chosen = self["stance"].value()
        return [
            Option(stance, stance.label, str(number), stance == chosen, *STANCES[stance])
            for number, stance in enumerate(STANCES, start=1)
        ]

    def certainties(self) -> list[Option]:
        chosen = self["certainty"].value()
        return [Option(one, one.label, one.value[0], one == chosen) for one in Certainty]


def decisions() -> list[dict[str, str]]:
    """The order in which the codebook asks, with the key that an answer leads to."""
    keys = {stance: str(number) for number, stance in enumerate(STANCES, start=1)}
    return [
        {"question": question, "answer": answer, "key": keys[stance], "stance": stance.label}
        for question, answer, stance in DECISIONS
    ]


def sign(coding: Coding) -> str:
    """The sign of the coding's stance."""
    return STANCES[Stance(coding.stance)][0]


def passage(quote: Quote) -> Passage:
    """The paragraph that the quote stands in, from the first of its segments to the last."""
    text = quote.snapshot.text if quote.snapshot else None
    places = [(one["start"], one["end"]) for one in quote.segments if "start" in one]
    if text is None or not places:
        return Passage(excerpts=excerpts(quote))
    left, right = _paragraph(text, places[0][0], places[-1][1])
    runs = []
    for start, end in places:
        runs += [Run(text[left:start]), Run(text[start:end], is_this=True)]
        left = end
    return Passage(runs=[*runs, Run(text[left:right])])


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """From the break before the words to the one behind them: blank lines where the text has any, else line ends."""
    gap = "\n\n" if "\n\n" in text else "\n"
    before, after = text.rfind(gap, 0, start), text.find(gap, end)
    return (before + len(gap) if before >= 0 else 0), (after if after >= 0 else len(text))
