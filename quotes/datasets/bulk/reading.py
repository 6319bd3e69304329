"""A corpus as batches of statements, with everything that is refused on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from quotes.datasets.bulk import gdelt, quotebank
from quotes.datasets.bulk.lines import numbered_lines, sha256_of
from quotes.datasets.bulk.statements import Statement
from quotes.datasets.importing.refusals import CellError, Refusal, shown

READERS: Mapping[str, Callable[[int, Mapping[str, Any]], Iterator[Statement]]] = {
    "gdelt": gdelt.read_line,
    "quotebank": quotebank.read_line,
}
FORMATS = tuple(sorted(READERS))
# What one transaction takes: enough to pay for its overhead, little enough to be in memory twice.
BATCH = 10_000
_BATCH_BYTES = 32_000_000  # of lines, where they are long


@dataclass(frozen=True)
class CorpusFile:
    """A file of lines on disk. `source` names the collection that its ids are unique in: the format, unless said."""

    path: Path
    format: str
    source: str = ""
    sha256: str = field(default="", repr=False)

    @property
    def collection(self) -> str:
        return self.source or self.format

    def hashed(self) -> CorpusFile:
        """With the SHA-256 of its bytes."""
        return CorpusFile(self.path, self.format, self.source, sha256_of(self.path))


@dataclass(slots=True)
class Batch:
    """Some lines, `size` bytes: what they say, and what is refused of them. `last` is the number of the last line."""

    last: int = 0
    lines: int = 0
    size: int = 0
    statements: list[Statement] = field(default_factory=list)
    refused: list[tuple[Refusal, bytes]] = field(default_factory=list)


def batches(
    file: CorpusFile,
    *,
    after: int = 0,
    most: int = BATCH,
    read_bytes: Callable[[int], object] = lambda count: None,
) -> Iterator[Batch]:
    """The file in pieces of about `most` statements, lines up to `after` left out unread. Raises ImportRefused where the file is
    damaged.
    """
    read = READERS[file.format]
    batch = Batch()
    for number, line in numbered_lines(file.path, read_bytes):
        if number <= after:
            continue
        batch.last = number
        batch.lines += 1
        batch.size += len(line)
        try:
            batch.statements += _read(read, number, line)
        except CellError as error:
            batch.refused.append((error.at(number), line))
        if max(batch.lines, len(batch.statements)) >= most or batch.size >= _BATCH_BYTES:
            yield batch
            batch = Batch()
    if batch.lines:
        yield batch


def _read(read: Callable[[int, Mapping[str, Any]], Iterator[Statement]], number: int, line: bytes) -> list[Statement]:
    """All statements of the line, or CellError."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        place = f"character {error.pos + 1}"
        raise CellError(
            "", shown(line.decode("utf-8", "replace")), "not_json", f"Not JSON: {error.msg} at {place}."
        ) from None
    if not isinstance(value, dict):
        raise CellError("", shown(line.decode("utf-8", "replace")), "not_json", "Not an object.")
    return list(read(number, value))
