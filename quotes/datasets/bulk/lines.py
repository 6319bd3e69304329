"""A file of lines that may be larger than memory: plain, gzip or bzip2, whatever its name says."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from quotes.datasets.importing.refusals import ImportRefused, Refusal

MAX_LINE = 20_000_000  # bytes; Quotebank's longest articles have some hundred thousand
_OPENERS: dict[bytes, Callable[[BinaryIO], IO[bytes]]] = {
    b"\x1f\x8b": lambda raw: cast(IO[bytes], gzip.GzipFile(fileobj=raw)),
    b"BZh": lambda raw: cast(IO[bytes], bz2.BZ2File(raw)),
}


def sha256_of(path: Path) -> str:
    """SHA-256 of the file as it lies there, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def numbered_lines(path: Path, read_bytes: Callable[[int], object] = lambda count: None) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, from 1; empty ones are left out.

    `read_bytes` hears how many more bytes of the file, as it lies there, have been read. Raises ImportRefused where the file
    is damaged, or a line is no line.
    """
    number = 0
    with path.open("rb") as raw:
        stream = _opened(raw)
        at = 0
        try:
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if len(line) > MAX_LINE:
                    raise _refused(
                        "too_long", f"A line of more than {MAX_LINE:,} bytes: this is no JSON Lines.", number
                    )
                if (now := raw.tell()) != at:
                    read_bytes(now - at)
                    at = now
                if line := line.strip():
                    yield number, line
        except (EOFError, OSError, zlib.error) as error:
            detail = f"The file ends too early, or is damaged, after line {number:,}: {error}."
            raise _refused("damaged", detail, number + 1) from error


def _opened(raw: BinaryIO) -> IO[bytes]:
    beginning = raw.read(3)
    raw.seek(0)
    for signature, opener in _OPENERS.items():
        if beginning.startswith(signature):
            return opener(raw)
    return raw


def _refused(code: str, detail: str, row: int) -> ImportRefused:
    return ImportRefused([Refusal(code, detail, row)])
