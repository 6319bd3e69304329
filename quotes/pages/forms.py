"""The filter form of the list: plain HTML, whose fields are the API's parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from quotes.pages import wording
from quotes.publication.models import PublishedEntity
from quotes.vocabulary import EntityKind

# Of the organizations that the form suggests; any other can be typed.
MOST_SUGGESTED = 500
_STANDINGS = {"former": "former", "incoming": "incoming", "unknown": "not stated", "any": "any"}


@dataclass(frozen=True)
class Option:
    """A choice of the form."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Form:
    """The filter form with what was asked: five fields of its own, everything else carried along unseen."""

    q: str
    affiliation: str
    topics: list[Option]
    stances: list[Option]
    standings: list[Option]
    carried: list[tuple[str, str]]
    organizations: list[tuple[str, str]]


def filter_form(data: QueryDict, topics: Sequence[PublishedEntity]) -> Form:
    """The form, filled with the question, broken or not (one query for the organizations that it suggests)."""
    own = ("q", "affiliation", "topic", "stance", "affiliation_status")
    organizations = PublishedEntity.objects.of_kind(EntityKind.ORGANIZATION).by_name()
    return Form(
        q=data.get("q", ""),
        affiliation=",".join(data.getlist("affiliation")),
        topics=_options({row.slug: row.name for row in topics}, ",".join(data.getlist("topic"))),
        stances=_stance_options(data),
        standings=_options(_STANDINGS, ",".join(data.getlist("affiliation_status"))),
        carried=[(name, value) for name in data if name not in (*own, "cursor") for value in data.getlist(name)],
        organizations=list(organizations.values_list("slug", "name")[:MOST_SUGGESTED]),
    )


def _options(choices: Mapping[str, str], chosen: str) -> list[Option]:
    """The choices, and what was asked for if it is none of them (several at once, say)."""
    options = [Option(value, label, value == chosen) for value, label in choices.items()]
    if chosen and chosen not in choices:
        options.append(Option(chosen, chosen, True))
    return options


def _stance_options(data: QueryDict) -> list[Option]:
    chosen = {part for value in data.getlist("stance") for part in value.split(",")}
    shown = [stance for stance in wording.STANCES if stance in wording.TAKEN or stance in chosen]
    return [Option(stance, wording.STANCES[stance].label, stance in chosen) for stance in shown]
