"""What is asked: values drawn as readers would, the frequent ones more often; and combinations that nobody thought of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection

from quotes.vocabulary import Certainty, QuoteKind, SourceType, Stance, Standing, Venue, Verification

Parameters = Mapping[str, str]


@dataclass
class Draws:
    """Values of entities by frequency, from a database that is filled."""

    random: Random
    topics: Sequence[tuple[str, str]]
    organizations: Sequence[str]
    speakers: Sequence[str]
    outlets: Sequence[str]
    uids: Sequence[str]
    years: Sequence[int]
    common_words: Sequence[str]
    words: Sequence[str]

    def of(self, question: str) -> Parameters:
        """The parameters of one such question."""
        choose = self.random.choice
        topic, stance = choose(self.topics)
        return {
            "topic+stance": lambda: {"topic": topic, "stance": stance},
            "organization": lambda: {"affiliation": choose(self.organizations)},
            "speaker": lambda: {"speaker": choose(self.speakers)},
            "outlet": lambda: {"outlet": choose(self.outlets)},
            "detail": lambda: {"uid": choose(self.uids)},
            "search+stance": lambda: {"q": choose(self.words), "stance": stance, "ordering": "relevance"},
            "facet topics of outlet": lambda: {"facet": "topic", "limit": "100", "outlet": choose(self.outlets)},
            "facet topics": lambda: {"facet": "topic", "limit": "100"},
        }[question]()

    def several(self, question: str, count: int) -> list[Parameters]:
        return [self.of(question) for _ in range(count)]

    def any_filters(self, most: int = 5) -> Parameters:
        """One to `most` filters at random: most such combinations find little or nothing."""
        choose = self.random.choice
        topic, stance = choose(self.topics)
        possible = {
            "topic": lambda: topic,
            "stance": lambda: choose([stance, choose(Stance.values)]),
            "stance__not": lambda: choose(Stance.values),
            "certainty": lambda: choose(Certainty.values),
            "affiliation": lambda: choose(self.organizations),
            "affiliation__not": lambda: choose(self.organizations),
            "speaker": lambda: choose(self.speakers),
            "speaker__not": lambda: choose(self.speakers),
            "outlet": lambda: choose(self.outlets),
            "outlet__not": lambda: choose(self.outlets),
            "kind": lambda: choose(QuoteKind.values),
            "source_type": lambda: choose(SourceType.values),
            "venue": lambda: choose(Venue.values),
            "venue__not": lambda: choose(Venue.values),
            "verification": lambda: choose(Verification.values),
            "language": lambda: choose(["en", "es", "pt", "pt-BR", "de", "fr", "nl"]),
            "dated_after": lambda: str(choose(self.years)),
            "dated_before": lambda: str(choose(self.years)),
            "q": lambda: choose([*self.words, *self.common_words]),
        }
        names = self.random.sample(sorted(possible), self.random.randint(1, most))
        asked = {name: str(possible[name]()) for name in names}
        if "affiliation" in asked and self.random.random() < 0.4:
            asked["affiliation_status"] = choose([*Standing.values, "any"])
        if "topic" in asked and self.random.random() < 0.3:
            asked["topic_scope"] = "descendants"
        return asked


_KNOWN = "EXISTS (SELECT FROM publication_publishedentity AS known WHERE known.slug = {}.slug)"
# The same rows each time, and any of them.
_ANY = "ORDER BY hashint8({}.id) LIMIT 2000"


def draws(seed: int) -> Draws:
    """What can be drawn from the database of the default connection."""
    return Draws(
        random=Random(seed),  # noqa: S311 - nothing here is secret
        topics=_rows(
            "SELECT topic.slug, coding.stance FROM quotes_coding AS coding JOIN quotes_topic AS topic ON topic.id = topic_id"
            f" WHERE is_final AND {_KNOWN.format('topic')} {_ANY.format('coding')}"
        ),
        organizations=_column(
            "SELECT at.slug FROM quotes_quoteaffiliation AS said JOIN quotes_affiliation AS job ON job.id = affiliation_id"
            f" JOIN quotes_organization AS at ON at.id = organization_id WHERE {_KNOWN.format('at')} {_ANY.format('said')}"
        ),
        speakers=_column(
            "SELECT person.slug FROM quotes_quote AS quote JOIN quotes_person AS person ON person.id = speaker_id"
            f" WHERE {_KNOWN.format('person')} {_ANY.format('quote')}"
        ),
        outlets=_column(
            "SELECT outlet.slug FROM quotes_article AS article JOIN quotes_organization AS outlet ON outlet.id = outlet_id"
            f" WHERE {_KNOWN.format('outlet')} {_ANY.format('article')}"
        ),
        uids=_column(f"SELECT uid::text FROM publication_publishedquote AS quote WHERE listed {_ANY.format('quote')}"),
        years=list(range(2015, 2026)),
        **_words(),
    )


def _words() -> dict[str, Any]:
    """The twenty commonest words of the quotes, and others by frequency."""
    counts = _rows(
        "SELECT word, ndoc FROM ts_stat('SELECT search FROM publication_publishedquote WHERE mod(id, 50) = 0')"
        " WHERE length(word) > 3 ORDER BY ndoc DESC, word LIMIT 2000"
    )
    words = [word for word, _ in counts]
    return {"common_words": words[:20], "words": words[20:600:3]}


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _column(sql: str) -> list[str]:
    return [row[0] for row in _rows(sql)]
