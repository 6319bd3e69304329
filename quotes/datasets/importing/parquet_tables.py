"""Parquet: the same columns with types. Rows are counted as those of the same table in a spreadsheet: the first one is row 2."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from quotes.datasets.importing.columns import Header, read_header
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import MAX_FILE_BYTES, MAX_ROWS, Row

_BATCH = 1_000


def parquet_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The header and the rows. Raises ImportRefused for what is no Parquet, or too large."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if len(content) > MAX_FILE_BYTES:
        raise _refused("too_large", f"The file has {len(content):,} bytes; at most {MAX_FILE_BYTES:,} come in here.")
    try:
        file = pq.ParquetFile(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise _refused("not_parquet", f"This is no Parquet file, or a part of one: {shown(str(error))}") from error
    if file.metadata.num_rows > MAX_ROWS:
        raise _refused("too_many_rows", f"More than {MAX_ROWS:,} rows. Cut the table into several files.")
    header = read_header(file.schema_arrow.names)
    return header, _rows(file, header)


def _rows(file: Any, header: Header) -> Iterator[Row]:
    import pyarrow as pa

    number = 1
    try:
        for batch in file.iter_batches(_BATCH):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield _row(number, dict(zip(header.columns, values, strict=True)))
    except (pa.ArrowException, OSError) as error:
        raise _refused("not_parquet", f"The file cannot be read on after row {number}: {shown(str(error))}") from error


def _row(number: int, values: dict[str, Any]) -> Row:
    cells, refusals = {}, []
    for column, value in values.items():
        if not column:
            continue
        if isinstance(value, (list, dict, bytes)):
            detail = "A text is expected here, not a list, an object or bytes."
            refusals.append(Refusal("not_text", detail, number, column, shown(str(value))))
        else:
            cells[column] = _text(value)
    return Row(number, cells, tuple(refusals))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return "" if value is None else str(value)


def _refused(code: str, detail: str) -> ImportRefused:
    return ImportRefused([Refusal(code, detail)])
