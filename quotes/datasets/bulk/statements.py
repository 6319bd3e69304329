"""What a line of a collected corpus says: statements, each one occurrence in one article; and the checks on its values.

These corpora are made by machines: they know addresses and probabilities, and no capacities or stances.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from quotes.anchoring import CONTEXT
from quotes.datasets.importing.refusals import CellError, shown
from quotes.models.fields import WIKIDATA_ID
from quotes.partial_dates import PartialDate

# What stands for no letter or mark; a lone surrogate is no text at all.
_UNTEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
# Characters; of an address, bytes: an index takes no longer ones.
_MOST = {"text": 1_000_000, "url": 2_000, "title": 500, "speaker": 300, "id": 150}
_MOMENTS = (
    re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ][0-9:.,]+(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{2,6}Z?)?", re.ASCII),
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A name, with the Wikidata ids that the source thinks possible: one, several or none."""

    name: str
    wikidata_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One occurrence of words in one article.

    `utterance` joins the occurrences of the same words, "" where the source does not say which are; their ids begin with it and
    an @. `digest` is of what must be the same when the id comes again.
    """

    row: int
    external_id: str
    digest: str
    text: str
    url: str
    title: str = ""
    utterance: str = ""
    speaker: Speaker | None = None
    probability: float | None = None
    published: str | None = None
    language: str = "en"
    prefix: str = ""
    suffix: str = ""
    told: Mapping[str, Any] | None = None

    @property
    def segments(self) -> list[dict[str, str]]:
        """The words' surroundings, where the source gives them; no place, since there is no text to have one in."""
        if not (self.prefix or self.suffix):
            return []
        return [{"prefix": self.prefix[-CONTEXT:], "suffix": self.suffix[:CONTEXT]}]


def digest_of(*values: Any) -> str:
    """SHA-256 of what was said, whatever the order of its members."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def words(value: Any, column: str, *, most: str = "text", is_needed: bool = True) -> str:
    """A text, NFC, without white space around it; a name, title or id on one line. Raises CellError, naming the column."""
    if value is None and is_needed:
        raise CellError(column, "", "missing", f"{column} is missing.")
    text = _plain(value, column)
    text = text.strip() if most == "text" else " ".join(text.split())
    if not text and is_needed:
        raise CellError(column, "", "missing", f"{column} is empty.")
    if len(text) > _MOST[most]:
        raise CellError(column, text, "too_long", f"{len(text):,} characters; at most {_MOST[most]:,}.")
    return text


def surroundings(value: Any, column: str) -> str:
    """What stands before or after words: the space between belongs to it. Raises CellError."""
    return _plain(value, column)


def _plain(value: Any, column: str) -> str:
    """A text without what is none, NFC, with line ends of LF; "" for null. Raises CellError."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CellError(column, shown(repr(value)), "invalid", f"{column} is not a text.")
    if found := _UNTEXT.search(value):
        detail = f"The character U+{ord(found[0]):04X}, which stands for no letter or mark."
        raise CellError(column, value.encode("utf-8", "replace").decode(), "control_character", detail)
    text = value if unicodedata.is_normalized("NFC", value) else unicodedata.normalize("NFC", value)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def address(value: Any, column: str) -> str:
    """An http(s) address. Raises CellError."""
    url = words(value, column, most="url")
    if not _ADDRESS.fullmatch(url):
        raise CellError(column, url, "invalid", "Not a web address such as https://gazette.example/vote.")
    if (length := len(url.encode())) > _MOST["url"]:
        raise CellError(column, url, "too_long", f"{length:,} bytes; at most {_MOST['url']:,}.")
    # The scheme alone: hosts and paths are the source's.
    scheme, _, rest = url.partition(":")
    return f"{scheme.lower()}:{rest}"


def day(value: Any, column: str) -> str | None:
    """The day of a date or a moment (`2019-04-01`, `2019-04-01 07:12:00`, `20190401…`), None where there is none.

    A month or a year alone (`2019-04`, `2019`) is taken as it is. Raises CellError.
    """
    text = words(value, column, most="id", is_needed=False)
    if not text:
        return None
    moment = next(filter(None, (shape.fullmatch(text) for shape in _MOMENTS)), None)
    try:
        return str(PartialDate("-".join(moment.group(1, 2, 3)) if moment else text))
    except ValueError as error:
        raise CellError(column, text, "invalid", f"{error}.") from None


def probability(value: Any, column: str) -> float:
    """A number from 0 to 1, also as text. Raises CellError."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if isinstance(value, bool) or not 0 <= number <= 1:
        raise CellError(column, shown(str(value)), "invalid", "Not a probability from 0 to 1.")
    return number


def count(value: Any, column: str) -> int | None:
    """A whole number from 0, None where there is none. Raises CellError."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise CellError(column, shown(repr(value)), "invalid", f"{column} is not a whole number from 0.")
    return value


def wikidata_ids(value: Any, column: str) -> tuple[str, ...]:
    """Wikidata ids, each once, the smallest first: their order in a file says nothing. Raises CellError."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise CellError(column, shown(repr(value)), "invalid", f"{column} is not a list.")
    for one in value:
        if not isinstance(one, str) or not re.search(WIKIDATA_ID, one) or "\n" in one:
            raise CellError(column, shown(str(one)), "invalid", "Not a Wikidata id such as Q42.")
    return tuple(sorted(set(value), key=lambda one: (len(one), one)))


def member(value: Mapping[str, Any], name: str, kind: type) -> Any:
    """The value of a member that must be there. Raises CellError."""
    found = value.get(name)
    if not isinstance(found, kind):
        if found is None:
            raise CellError(name, "", "missing", f"{name} is missing.")
        raise CellError(name, shown(repr(found)), "invalid", f"{name} is not a {kind.__name__}.")
    return found
