"""The objects of a Popolo file, each with its place; whatever was never asked for is left out, and can be named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from quotes.anchoring import normalise_text
from quotes.datasets.importing.json_text import Number
from quotes.datasets.importing.refusals import Refusal, shown
from quotes.datasets.importing.tables import check_cell
from quotes.partial_dates import PartialDate

_TIMED = re.compile(r"(\d{4}-\d{2}-\d{2})T[0-9:]+(Z|[+-][0-9:]+)")


class MemberError(ValueError):
    """A value that is not taken: where it stands ("persons[3].name"), what stands there, what would be right."""

    def __init__(self, path: str, value: object, code: str, detail: str) -> None:
        super().__init__(detail)
        self.path, self.value, self.code = path, value, code

    def refusal(self) -> Refusal:
        return Refusal(self.code, str(self), None, self.path, shown(str(self.value)))


@dataclass(slots=True)
class Member:
    """An object at its place. It remembers what was asked of it."""

    path: str
    members: dict[str, Any]
    asked: set[str] = field(default_factory=set)

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str, most: int = 300) -> str:
        """A text without the space around it; "" where there is none. Ids may be numbers. Raises MemberError."""
        self.asked.add(name)
        value = self.members.get(name)
        if value is None:
            return ""
        is_id = name in ("id", "identifier") or name.endswith("_id")
        if not isinstance(value, str) or (isinstance(value, Number) and not is_id):
            raise MemberError(self.at(name), value, "not_text", "A text is expected here.")
        if refusal := check_cell(0, name, value):
            raise MemberError(self.at(name), value, refusal.code, refusal.detail)
        text = normalise_text(value).strip()
        if len(text) > most:
            raise MemberError(self.at(name), value, "too_long", f"{len(text):,} characters; at most {most:,}.")
        return text

    def date(self, name: str) -> str | None:
        """A partial date; of a date with a time, the day. Raises MemberError."""
        said = self.text(name)
        if not said:
            return None
        timed = _TIMED.fullmatch(said)
        try:
            return str(PartialDate(timed[1] if timed else said))
        except ValueError as error:
            raise MemberError(self.at(name), said, "invalid_date", f"{error}.") from None

    def object(self, name: str) -> Member:
        """An object; one without members where there is none. Raises MemberError."""
        self.asked.add(name)
        return _member(self.at(name), self.members.get(name) or {})

    def objects(self, name: str) -> list[Member]:
        """A list of objects; empty where there is none. Raises MemberError."""
        self.asked.add(name)
        found = self.members.get(name) or []
        if not isinstance(found, list):
            raise MemberError(self.at(name), found, "not_a_list", "A list of objects is expected here.")
        return [_member(f"{self.at(name)}[{number}]", one) for number, one in enumerate(found)]

    def unasked(self) -> Iterator[str]:
        """The names of what it says and nobody asked for."""
        for name, value in self.members.items():
            if name not in self.asked and value not in (None, "", [], {}):
                yield name


def _member(path: str, value: Any) -> Member:
    if not isinstance(value, dict):
        raise MemberError(path, value, "not_an_object", "An object, {…}, is expected here.")
    return Member(path, value)
