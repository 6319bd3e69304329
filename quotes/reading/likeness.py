"""Whether an article is here already: under the same address written otherwise, or in nearly the same words.

Wire stories stand at many addresses with the same sentences. Which of them are one text, a curator decides; here they are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from quotes import search
from quotes.models import Article, Snapshot

# What sites and mail programs add to an address to follow its readers; the page is the same without.
_TRACKING = re.compile(
    r"utm_\w*|at_\w*|_ga|_hs\w*|mc_[ce]id|[fgdyw]bclid|[gd]clid|msclkid|yclid|igshid|mkt_tok|cmp(id)?|ocid|ncid|ref(_src|_url)?"
    r"|smid|smtyp|sh(are)?|amp|outputtype|guc\w*|fb_\w*|s_cid|xtor|spm|wt\.\w*|trk|partner|campaign(_id)?|__twitter_impression",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(index\.(html?|php)|amp)?/*$", re.IGNORECASE)

# Runs of plain words: typography differs between copies of a text, and with it the letters around quotation marks and dashes.
_RUN = re.compile(r"\b[^\W\d_]++(?:,? [^\W\d_]++){5,}+")
_SENTENCE = re.compile(r"[^.!?\n]+")
_SAMPLED = 8  # runs of words that are looked for in every text
_LONGEST = 120  # code points of one
_LEAST_WORDS = 8  # of a sentence that is compared: shorter ones stand everywhere
_FOUND = 5  # texts that are shown at most
_LEAST_SHARE = 0.2
_MILLISECONDS = 3000


@dataclass(frozen=True)
class Likeness:
    """An article here with a text like the one at hand: `share` of the latter’s sentences, 0 to 1, stand in it."""

    article: Article
    share: float

    @property
    def per_cent(self) -> int:
        return round(100 * self.share)


def without_tracking(url: str) -> str:
    """The address without what was added to follow its readers, and without its fragment.

    >>> without_tracking("https://gazette.example/vote?page=2&utm_source=mail#top")
    'https://gazette.example/vote?page=2'
    """
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    is_changed = len(kept) != len(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(kept) if is_changed else parts.query, fragment=""))


def folded_address(url: str) -> str:
    """What two ways to write an address have in common; "" where it is none.

    >>> folded_address("HTTP://www.Gazette.example/vote/?utm_source=x&b=2&a=1#top")
    'gazette.example/vote?a=1&b=2'
    """
    try:
        parts = urlsplit(without_tracking(url.strip()))
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return ""
    host = host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{place}{_INDEX.sub('', unquote(parts.path))}{'?' if query else ''}{query}" if host else ""


def same_address(urls: Iterable[str]) -> list[Article]:
    """Articles at one of these addresses, however it is written: scheme, www, slash at the end, tracking parameters aside."""
    wanted = {folded for url in urls if (folded := folded_address(url))}
    found: dict[int, Article] = {}
    for folded in wanted:
        for key, url in Article.objects.at_host(_host(folded), _plain(folded)).values_list("pk", "url"):
            if folded_address(url) in wanted:
                found.setdefault(key, Article.objects.get(pk=key))
    return list(found.values())[:_FOUND]


def _host(folded: str) -> str:
    return re.split(r"[/?:]", folded, maxsplit=1)[0]


def _plain(folded: str) -> str:
    """The longest run of the path that is never written otherwise."""
    runs = re.findall(r"[A-Za-z0-9_-]+", folded.partition("/")[2].partition("?")[0])
    return max(runs, key=len, default="")


def alike(text: str, *, except_for: Sequence[int] = ()) -> list[Likeness] | None:
    """Articles (but those of these keys) with a text that shares a fifth or more of the sentences of this one, the likest first.

    A few long runs of words are looked for in every text that is kept, those with several are compared. None when that
    took too long to say.
    """
    runs = _sample(text)
    if not runs:
        return []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(_MILLISECONDS)])
            candidates = list(
                Snapshot.objects.sharing(runs, least=min(2, len(runs)))
                .exclude(article__in=except_for)
                .select_related("article")[: 2 * _FOUND]
            )
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return None
        raise
    return _compared(text, candidates)


def _compared(text: str, candidates: Iterable[Snapshot]) -> list[Likeness]:
    own = _sentences(text)
    best: dict[int, Likeness] = {}
    for snapshot in candidates:
        share = len(own & _sentences(snapshot.text or "")) / max(1, len(own))
        known = best.get(snapshot.article_id)
        if share >= _LEAST_SHARE and (known is None or share > known.share):
            best[snapshot.article_id] = Likeness(snapshot.article, share)
    return sorted(best.values(), key=lambda likeness: -likeness.share)[:_FOUND]


def _sample(text: str) -> list[str]:
    """Long runs of words from all over the text."""
    runs = [(match.start(), match.group()[:_LONGEST]) for match in _RUN.finditer(text)]
    part = max(1, -(-len(text) // _SAMPLED))
    longest: dict[int, str] = {}
    for start, run in runs:
        longest[start // part] = max(longest.get(start // part, ""), run, key=len)
    return list(dict.fromkeys(longest.values()))


def _sentences(text: str) -> set[str]:
    """The sentences of a text, folded, short ones left out."""
    words = (re.findall(r"\w+", search.fold(sentence)) for sentence in _SENTENCE.findall(text))
    return {" ".join(sentence) for sentence in words if len(sentence) >= _LEAST_WORDS}
