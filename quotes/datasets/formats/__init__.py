"""The formats of the REST API, as pure writers: rows in, chunks of bytes out, in constant memory.

`FORMATS` by the value of `?format=`; `EXCEL_CSV` is CSV with `dialect=excel`. JSON itself is the API's own. Nothing is fetched
before the first chunk is asked for: whoever asks for it before sending a status line can still answer with an error. Large
libraries are imported when they are first needed.
"""

from __future__ import annotations

from collections.abc import Mapping

from quotes.datasets.formats import bibtex, csl, csv_lines, jsonld, ndjson, parquet, ris, xlsx
from quotes.datasets.formats.rows import Context, Format, Row, Write
from quotes.datasets.formats.tables import TABLES

__all__ = ["EXCEL_CSV", "FORMATS", "TABLES", "Context", "Format", "Row"]

_TABLES = frozenset(TABLES)
_NODES = _TABLES - {"coding"}
_CITED = frozenset({"quote", "article"})
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _format(name: str, write: Write, kinds: frozenset[str], *accepts: str, parameter: str = "") -> Format:
    """The first of the types that Accept may name is the one that Content-Type gives, with its parameter."""
    takes_fields = kinds == _TABLES
    return Format(name, accepts[0] + parameter, accepts, name, kinds, write, takes_fields)


_UTF8 = "; charset=utf-8"
EXCEL_CSV = _format("csv", csv_lines.write_excel, _TABLES, "text/csv", parameter=_UTF8)
FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        _format("csv", csv_lines.write, _TABLES, "text/csv", parameter=_UTF8),
        _format("xlsx", xlsx.write, _TABLES, _SHEET),
        _format("ndjson", ndjson.write, _TABLES, "application/x-ndjson", "application/ndjson", "application/jsonl"),
        _format("parquet", parquet.write, _TABLES, "application/vnd.apache.parquet"),
        _format("jsonld", jsonld.write, _NODES, "application/ld+json"),
        _format("bib", bibtex.write, _CITED, "application/x-bibtex", "text/x-bibtex", parameter=_UTF8),
        _format("ris", ris.write, _CITED, "application/x-research-info-systems", parameter=_UTF8),
        _format("csl", csl.write, _CITED, "application/vnd.citationstyles.csl+json"),
    )
}
