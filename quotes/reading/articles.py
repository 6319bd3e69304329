"""What an article says of itself: title, byline, outlet, date, address and text, taken from a fetched page.

trafilatura finds them (docs/decisions/0012-guarded-fetch.md); what a page claims is held here to what a record can be. All of it
is a proposal that a curator confirms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import lxml.html

from quotes.anchoring import normalise_text
from quotes.models.fields import LANGUAGE_TAG
from quotes.partial_dates import PartialDate
from quotes.reading.addresses import PORTS, AddressError, read_address
from quotes.reading.charsets import decode_page
from quotes.reading.fetching import FetchedPage

if TYPE_CHECKING:
    from trafilatura.settings import Document

MAX_TITLE, MAX_NAME, MAX_AUTHORS = 500, 300, 20
# News pages have a few thousand elements. Of some shapes, ten times as many would take half a minute to look through.
_MOST_ELEMENTS = 15_000

# Controls that a text has no use for; the others of their kind end a line or stand between words.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile(r"[\x0b\x0c\x85]")

_DATES = {"original_date": True, "extensive_search": False}


@dataclass(frozen=True)
class ReadArticle:
    """What was found; None or empty where the page does not say. `text` is normalised as a snapshot's is."""

    title: str | None
    authors: tuple[str, ...]
    outlet_name: str | None
    published: PartialDate | None
    language: str | None
    canonical_url: str | None
    text: str


def read_article(page: FetchedPage) -> ReadArticle:
    """The article on a page. Nothing is fetched, and no page is bad enough to raise an error."""
    source = decode_page(page.content, page.charset).replace("\0", "\ufffd")
    if page.content_type == "text/plain":
        return ReadArticle(None, (), None, None, None, None, _text(source))
    tree = _tree(source)
    found = _extract(tree, page.final_url) if tree is not None else None
    if tree is None or found is None:
        return ReadArticle(None, (), None, None, None, None, "")
    return ReadArticle(
        title=_line(found.title, MAX_TITLE),
        authors=_authors(found.author),
        outlet_name=_outlet(found, page.final_url),
        published=_date(found.date, source),
        language=_language(tree),
        canonical_url=_canonical(tree, page.final_url),
        text=_text(found.text or ""),
    )


def without_controls(text: str) -> str:
    """A text without control characters but line ends and tabs: nobody sees them, and search marks what it found with some.

    >>> without_controls("The\\x02 vote\\x0cLit\\x9d.\\t")
    'The vote\\nLit.\\t'
    """
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _text(source: str) -> str:
    return without_controls(normalise_text(source)).strip()


def _tree(source: str) -> lxml.html.HtmlElement | None:
    import trafilatura  # a tenth of a second, which every start would pay

    tree = trafilatura.load_html(source)
    if tree is None or sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return None
    return tree


def _extract(tree: lxml.html.HtmlElement, url: str) -> Document | None:
    # Recall: a paragraph too many does no harm, one too few leaves quotes without their place.
    import trafilatura
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(
        tree,
        url=url,
        favor_recall=True,
        include_comments=False,
        date_extraction_params=dict(_DATES),
        with_metadata=True,
    )
    return found if isinstance(found, Document) else None


def _line(text: str | None, most: int) -> str | None:
    """One line of printable characters, or None."""
    plain = "".join(char if char.isprintable() else " " for char in normalise_text(text or ""))
    return " ".join(plain.split())[:most].strip() or None


def _outlet(found: Document, final_url: str) -> str | None:
    """The site's name; where the page has none, trafilatura says the host, which is no name."""
    name, host = _line(found.sitename, MAX_NAME), urlsplit(final_url).hostname or ""
    return name if name and name.casefold().removeprefix("www.") != host.removeprefix("www.") else None


def _authors(byline: str | None) -> tuple[str, ...]:
    names = [_line(name, MAX_NAME) for name in (byline or "").split(";")]
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_AUTHORS]


def _date(text: str | None, source: str) -> PartialDate | None:
    """The date, as precise as the page has it: of a month or a year alone, the finder makes the first day."""
    text = text or ""
    if text not in source:
        text = text.removesuffix("-01-01") if text.endswith("-01-01") else text.removesuffix("-01")
    try:
        return PartialDate(text)
    except ValueError:
        return None


def _language(tree: lxml.html.HtmlElement) -> str | None:
    """What the page calls its language, where that is a BCP 47 tag."""
    tag = (tree.get("lang") or "").strip().replace("_", "-")
    primary, hyphen, rest = tag.partition("-")
    tag = primary.lower() + hyphen + rest
    return tag if len(tag) <= 35 and re.search(LANGUAGE_TAG, tag) else None


def _canonical(tree: lxml.html.HtmlElement, final_url: str) -> str | None:
    """The address that the page gives as its own, if it is on the same host: no page speaks for another site."""
    for link in tree.iterfind(".//link[@rel='canonical']"):
        try:
            address = read_address(
                urljoin(final_url, (link.get("href") or "").strip()), ports=frozenset(PORTS.values())
            )
        except (AddressError, ValueError):
            return None
        is_own = address.host.removeprefix("www.") == (urlsplit(final_url).hostname or "").removeprefix("www.")
        return address.url if is_own else None
    return None
