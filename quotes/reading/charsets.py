"""Which characters the bytes of a page are, when servers and pages say it wrongly or not at all.

In the order of the Encoding and HTML standards, but for one thing: bytes that are valid UTF-8, and not mere ASCII, are UTF-8
whatever was declared. By chance they hardly ever are, and to quote “naïve” as “naÃ¯ve” is the commoner mistake.
"""

from __future__ import annotations

import codecs
import re

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]{1,40})""", re.IGNORECASE)
# Encodings that pages are written in. Python knows more, and some of them (utf-7, unicode_escape) turn text into other text.
_KNOWN = re.compile(
    r"utf-?8|(windows|cp)-?(125[0-8]|874)|iso-?8859-?\d{1,2}|koi8-?[ru]|shift[_-]?jis|euc-?(jp|kr)|gb(k|2312|18030)|big5"
    r"|iso-?2022-?jp|mac(intosh|-?roman|-?cyrillic)",
    re.IGNORECASE,
)
# What the Encoding standard reads as windows-1252, since that is what pages that say so are written in.
_LATIN = re.compile(r"iso-?8859-?1|(us-)?ascii|latin-?1", re.IGNORECASE)
_LOOKED_AT = 4096


def decode_page(content: bytes, declared: str | None) -> str:
    """The text of a page; `declared` is the charset that its server named. What is no character is U+FFFD.

    >>> decode_page("naïve".encode(), "iso-8859-1"), decode_page("“naïve”".encode("cp1252"), "utf-8")
    ('naïve', '“naïve”')
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    found = _META.search(content[:_LOOKED_AT])
    named = [_codec(name) for name in (declared, found and found[1].decode("ascii")) if name]
    if "iso2022_jp" in named:  # written in ASCII bytes, so it always looks like UTF-8, too
        return content.decode("iso2022_jp", "replace")
    for candidate in ("utf-8", *filter(None, named)):
        try:
            return content.decode(candidate)
        except UnicodeDecodeError:
            continue
    return content.decode(next((name for name in named if name and name != "utf-8"), "cp1252"), "replace")


def _codec(label: str) -> str | None:
    """Python's name of an encoding that pages are written in."""
    if _LATIN.fullmatch(label):
        return "cp1252"
    try:
        return codecs.lookup(label).name if _KNOWN.fullmatch(label) else None
    except LookupError:
        return None
