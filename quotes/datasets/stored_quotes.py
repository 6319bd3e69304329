"""Whole quotes as CSV and NDJSON, from the records and documents that are stored: joined in batches, never taken apart."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from itertools import chain
from typing import Any

from quotes.datasets.formats import FORMATS, Context, Format
from quotes.datasets.formats.csv_lines import stored as csv_batch
from quotes.datasets.formats.csv_lines import stored_header
from quotes.datasets.formats.ndjson import stored as ndjson_batch
from quotes.publication import streaming
from quotes.publication.models import PublishedQuote


def are_enough(queryset: Any, written: Format) -> bool:
    """Whether what is stored suffices for these rows, all of each, in this format."""
    return queryset.model is PublishedQuote and written in (FORMATS["csv"], FORMATS["ndjson"])


def chunks(
    queryset: Any, written: Format, context: Context, progress: Callable[[int], object] = lambda rows: None
) -> Generator[bytes, None, None]:
    """What `written` makes of the quotes, to the byte, in constant memory. `progress` is told of rows as they are written."""
    is_csv = written is FORMATS["csv"]
    with contextlib.closing(streaming.stored(queryset, "record" if is_csv else "document")) as batches:
        first = next(batches, [])  # before anything is said: the question may fail
        if is_csv:
            yield stored_header()
        for batch in chain([first], batches):
            if batch:
                yield csv_batch(batch, context.root) if is_csv else ndjson_batch(batch)
                progress(len(batch))
