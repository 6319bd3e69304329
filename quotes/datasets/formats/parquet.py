"""Parquet: the flat tables with real types, for data frames and databases. An empty cell is null.

Batches of CSV are typed by Arrow's own reader: a stored record is never taken apart in Python, and the tables cannot differ.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from quotes.datasets.formats.csv_lines import lines
from quotes.datasets.formats.rows import Context, Row
from quotes.datasets.formats.stored import instant
from quotes.datasets.formats.tables import TABLES, Sheet, sheet
from quotes.publication.records import Column

if TYPE_CHECKING:
    import pyarrow as pa

# Whichever is reached first; rows of ordinary length never reach the other.
ROWS_IN_GROUP = 10_000
BYTES_IN_GROUP = 2**24


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """A Parquet file (zstd), a row group at a time. Filters, codebook version and date are in its metadata, the columns'
    meanings in the fields'."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = sheet(kind, rows, context)
    sink, schema = _Sink(), _schema(table.columns, _metadata(kind, context))
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for batch in _batches(table):
            writer.write_table(_typed(batch, schema), row_group_size=ROWS_IN_GROUP)
            yield sink.taken()
    yield sink.taken()


def _batches(table: Sheet) -> Iterator[bytes]:
    """The rows as CSV without header, so many at once as a row group holds."""
    records = islice(lines(table), 1, None)
    batch, count = bytearray(), 0
    for record in records:
        batch += record.encode()
        count += 1
        if count == ROWS_IN_GROUP or len(batch) > BYTES_IN_GROUP:
            yield bytes(batch)
            batch, count = bytearray(), 0
    if batch:
        yield bytes(batch)


def _typed(batch: bytes, schema: pa.Schema) -> pa.Table:
    from pyarrow import csv

    return csv.read_csv(
        io.BytesIO(batch),
        # One block: a record must not be cut at a block's border, however long it is.
        read_options=csv.ReadOptions(column_names=schema.names, block_size=len(batch) + 1, use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True, check_utf8=False
        ),
    ).cast(schema)


def _schema(columns: Iterable[Column[Any]], metadata: dict[bytes | str, bytes | str]) -> pa.Schema:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "boolean": pa.bool_(),
        "integer": pa.int64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", tz="UTC"),
    }
    fields = [pa.field(one.name, types[one.type], metadata={"description": one.meaning}) for one in columns]
    return pa.schema(fields, metadata=metadata)


def _metadata(kind: str, context: Context) -> dict[bytes | str, bytes | str]:
    stated = {
        "rows": TABLES[kind].name,
        "applied": orjson.dumps(context.applied, default=str).decode(),
        "codebook_version": context.codebook_version,
        "generated_at": instant(context.generated_at),
        "source": context.root,
        "release": context.release,
    }
    return {name: value for name, value in stated.items() if value is not None}


class _Sink(io.RawIOBase):
    """A file that gives away what was written to it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        self._length += len(part)
        return len(part)

    def tell(self) -> int:
        return self._length

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken, self._parts = b"".join(self._parts), []
        return taken
