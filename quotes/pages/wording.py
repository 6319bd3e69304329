"""The words that readers see for the vocabularies, dates and citations. Pure: plain values in, text out."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple
from urllib.parse import quote as percent_encode

from quotes.partial_dates import PartialDate
from quotes.vocabulary import QuoteKind, Stance, Standing, Verification


class Word(NamedTuple):
    """A short label, a sign that says the same without colour, and what it means."""

    label: str
    sign: str
    meaning: str


# From one end of the debate to the other: the order of bars, columns and legends.
STANCES: dict[str, Word] = {
    Stance.SUPPORT: Word("Support", "+", "A position for the proposition can be inferred from the words."),
    Stance.MIXED: Word("Mixed", "±", "The statement itself asserts something for and something against."),
    Stance.NEUTRAL: Word("Neutral", "=", "The subject is addressed without a position: facts, timetables, findings."),
    Stance.UNCLEAR: Word("Unclear", "?", "A position seems meant, but its direction cannot be decided."),
    Stance.OPPOSE: Word("Oppose", "−", "A position against can be inferred, or reservations without any support."),  # noqa: RUF001 - a minus sign
    Stance.NOT_ADDRESSED: Word("Not addressed", "∅", "Looked at, and the statement does not speak of the subject."),
}
BETWEEN = (Stance.MIXED, Stance.NEUTRAL, Stance.UNCLEAR)
TAKEN = (Stance.SUPPORT, *BETWEEN, Stance.OPPOSE)

VERIFICATIONS: dict[str, Word] = {
    Verification.UNVERIFIED: Word("Not verified", "○", "Nobody has checked these words yet."),
    Verification.ATTESTED: Word(
        "As printed",
        "◐",
        "The words stand so, to the character, in the text that was read on the day given. That proves what was printed, "
        "not that it was said: nobody has compared it with a recording, a document or the source.",
    ),
    Verification.CONFIRMED: Word("Confirmed", "●", "Checked against a primary source; the evidence is listed."),
    Verification.DISPUTED: Word(
        "Disputed", "!", "The wording, the attribution or the context is contested. Do not repeat it without saying so."
    ),
    Verification.RETRACTED: Word(
        "Retracted", "✕", "The publisher took these words back. They stand here as a record, not as something said."
    ),
    Verification.FABRICATED: Word(
        "Fabricated", "✕", "These words were shown to be invented. Nobody said them: they stand here as a warning."
    ),
}

KINDS: dict[str, Word] = {
    QuoteKind.DIRECT: Word("Direct quotation", "“”", "The quotation marks hold at least one whole clause."),
    QuoteKind.PARTIAL: Word("Quoted fragment", "“…”", "A few quoted words inside the reporter's own sentence."),
    QuoteKind.INDIRECT: Word(
        "Reported speech", "»", "The reporter's wording, without quotation marks. Do not print it inside any."
    ),
}

STANDINGS: dict[str, Word] = {
    Standing.CURRENT: Word("current", "", "Holds the role when the words are said, as the article tells it."),
    Standing.FORMER: Word("former", "", "Held the role before."),
    Standing.INCOMING: Word("incoming", "", "Is about to hold it."),
    Standing.UNKNOWN: Word("standing not stated", "", "The article does not say."),
}


def in_capacity(role: str, organization: str, standing: str) -> str:
    """One line for a capacity.

    >>> in_capacity("deputy director", "Harbour Board", "former")
    'former deputy director, Harbour Board'
    >>> in_capacity("nurse", "Saint Orla’s Infirmary", "unknown")
    'nurse, Saint Orla’s Infirmary (standing not stated)'
    """
    line = ", ".join(part for part in (role, organization) if part)
    if standing in {Standing.FORMER, Standing.INCOMING}:
        return f"{standing} {line}"
    return f"{line} (standing not stated)" if standing == Standing.UNKNOWN else line


def written(date: str | None) -> str:
    """A partial date as a reader writes it; empty for none.

    >>> written("2025-09-04"), written("2025-09"), written("2025"), written(None)
    ('4 September 2025', 'September 2025', '2025', '')
    """
    if not date:
        return ""
    start, precision = PartialDate(date).start, PartialDate(date).precision
    if precision == "year":
        return f"{start:%Y}"
    return f"{start:%B %Y}" if precision == "month" else f"{start.day} {start:%B %Y}"


def read_on(moment: str) -> str:
    """The day of a document's `retrieved_at`, written out.

    >>> read_on("2025-09-13T09:12:00Z")
    '13 September 2025'
    """
    return written(moment[:10])


def web_address(address: str) -> str:
    """The address if it leads to the web, else nothing: what is stored elsewhere may not become a link here.

    >>> web_address("https://gazette.example/1"), web_address("javascript:alert(1)")
    ('https://gazette.example/1', '')
    """
    return address if address.lower().startswith(("http://", "https://")) else ""


def is_made_up(address: str) -> bool:
    """Whether the address can belong to nobody (RFC 2606): only demonstrations cite such outlets.

    >>> is_made_up("https://harbor-ledger.example/1"), is_made_up("https://example-news.org/1")
    (True, False)
    """
    return bool(re.match(r"https?://[^/?#]*\.example(:[0-9]+)?([/?#]|$)", address.lower()))


def at_words(address: str, exact: str) -> str:
    """The address with a text fragment, at which browsers scroll to the words (WICG Scroll To Text Fragment).

    >>> at_words("https://gazette.example/1", "no, not-ever")
    'https://gazette.example/1#:~:text=no%2C%20not%2Dever'
    """
    if not (address := web_address(address)):
        return ""
    return f"{address.partition('#')[0]}#:~:text={percent_encode(exact, safe='').replace('-', '%2D')}"


def day(moment: dt.datetime) -> str:
    """The day of a moment, written out."""
    return written(moment.date().isoformat())
