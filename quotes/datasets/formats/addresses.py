"""Addresses as formats want them, that are stricter than browsers."""

from __future__ import annotations

import re
from urllib.parse import quote


def iri(url: str) -> str:
    """The address as an IRI: the characters that RFC 3987 does not allow are percent-encoded, nothing else is touched.

    >>> iri("https://gazette.example/é/{1}?a=b%20c")
    'https://gazette.example/é/%7B1%7D?a=b%20c'
    """
    return re.sub(r'[\x00-\x20<>"{}|\\^`]', lambda found: quote(found[0]), url)
