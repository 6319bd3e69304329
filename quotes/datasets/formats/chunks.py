"""Lines as chunks of bytes: the first at once, so that a reader sees an answer; then pieces large enough to be cheap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SIZE = 64 * 1024


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines as UTF-8: the first by itself, the others in chunks of about SIZE.

    >>> list(encoded(["a,b\\n", "1,2\\n", "3,4\\n"]))
    [b'a,b\\n', b'1,2\\n3,4\\n']
    """
    lines = iter(lines)
    for line in lines:
        yield line.encode()
        break
    batch: list[str] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if size >= SIZE:
            yield "".join(batch).encode()
            batch, size = [], 0
    if batch:
        yield "".join(batch).encode()
