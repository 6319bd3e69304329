"""Full-text search: the configuration, how text is made ready for it, and how a reader's query is read. Knows no model.

The embedded server has no `unaccent`, so accents and case are folded here, in the text and in the query alike. PostgreSQL's
parser may take curly quotation marks for letters under C.UTF-8 (`“This` and `ICE’s` became one token each in a trial), so
typographic punctuation becomes spaces.
"""

import unicodedata
from collections.abc import Mapping

from django.db.models import CharField, Func, Value
from django.db.models.expressions import Expression

CONFIG = "english"
MAX_QUERY_LENGTH = 500
# Ranking every match of a common word took 2.1 s at five million rows in a trial; the newest thousand, 2 ms at any size.
RANKED = 1_000

# Letters that Unicode does not take apart into a base and a mark, and a letter that is used as an apostrophe.
_UNDIVIDED = str.maketrans("øØłŁđĐ\u0131\u02bc", "oOlLdDi ")
_QUOTATION_MARKS = "“”„‟«»"


class _Folded(dict[int, str]):
    """What stands for each character, once it is taken apart: found out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "" if unicodedata.combining(char) else " " if _is_typographic(char) else char
        self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text without accents, case and typographic punctuation, as it is indexed and searched.

    >>> fold("“Señor Ångström’s view”—no…"), fold("Sølvane")
    (' senor angstrom s view  no...', 'solvane')
    """
    if text.isascii():  # a tenth of the time
        return text.casefold()
    return unicodedata.normalize("NFKD", text.translate(_UNDIVIDED)).translate(_FOLDED).casefold()


def _is_typographic(char: str) -> bool:
    return ord(char) > 127 and unicodedata.category(char)[0] in "PZC"


def vector(weighted: Mapping[str, str]) -> str:
    """The SQL of a tsvector of columns by weight (A to D), e.g. {"A": "names", "B": "words"}. They hold folded text."""
    parts = (f"setweight(to_tsvector('{CONFIG}', {column}), '{weight}')" for weight, column in sorted(weighted.items()))
    return f"({' || '.join(parts)})"


def query_text(q: str) -> str:
    """A reader's query made ready for `websearch_to_tsquery`: "exact phrase", or, -not; curly marks quote as straight ones do.

    >>> query_text("“Face scans” or Señor -drone")
    '"face scans" or senor -drone'
    """
    straight = "".join('"' if char in _QUOTATION_MARKS else char for char in q)
    return fold(straight)


def query(q: str) -> Expression:
    """The tsquery expression of a reader's query."""
    return Func(
        Value(CONFIG),
        Value(query_text(q)),
        function="websearch_to_tsquery",
        template="%(function)s(%(expressions)s)",
        output_field=CharField(),
    )
