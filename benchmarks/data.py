"""Makes a database full of quotes that nobody said: invented people, organizations, outlets and words, unevenly frequent.

By COPY into the tables of the sources, so that a million takes minutes, and with a fixed seed, so that it is the same million
each time. The published rows come from the project's own projection afterwards (benchmarks.databases).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from benchmarks.copying import COLUMNS, Rows, write
from benchmarks.frequencies import (
    CERTAINTIES,
    GENRES,
    KINDS,
    LANGUAGES,
    ORGANIZATION_KINDS,
    SOURCES,
    STANCES,
    STANDINGS,
    VENUES,
    VERIFICATIONS,
    Shares,
)
from benchmarks.words import Writer, Zipf
from quotes.vocabulary import CODEBOOK_VERSION, Stance

SEED = 6
BATCH = 10_000
EPOCH = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
DAYS = 11 * 365
NEEDS_EVIDENCE = ("confirmed", "disputed", "retracted", "fabricated")
ROLES = ("spokesperson", "director", "officer", "counsel", "member", "analyst", "chair")


@dataclass
class Cast:
    """Who and what the quotes are by and about; people's affiliations are `(key, organization)`."""

    random: Random
    writer: Writer
    size: int
    outlets: list[int] = field(default_factory=list)
    organizations: list[int] = field(default_factory=list)
    affiliations: list[list[tuple[int, int]]] = field(default_factory=list)
    topics: list[int] = field(default_factory=list)

    def choose(self, shares: Shares) -> str:
        return self.random.choices(shares[0], cum_weights=shares[1])[0]


def fill(connection: psycopg.Connection[Any], quotes: int) -> None:
    """Fill the empty tables of the sources with so many quotes, and all they need. Memory does not grow with the quotes."""
    random = Random(SEED)  # noqa: S311 - nothing here is secret
    cast = Cast(random, Writer(random), quotes)
    connection.execute("SET session_replication_role = replica")  # neither history nor marks: nobody edited this
    write(connection, people_and_places(cast))
    for batch in statements(cast):
        write(connection, batch)
    for table, columns in COLUMNS.items():
        if columns.startswith("id "):
            name = sql.Identifier(table)
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                    sql.Literal(table), name
                )
            )
    connection.execute("SET session_replication_role = origin")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def people_and_places(cast: Cast) -> Rows:
    """Organizations in a tree, outlets, topics in a tree, people and what they are where."""
    organizations = list(_organizations(cast))
    topics = list(_topics(cast))
    people = list(_people(cast))
    return {
        "quotes_organization": organizations,
        "quotes_topic": topics,
        "quotes_person": people,
        "quotes_affiliation": list(_affiliations(cast)),
        "quotes_codinground": [(1, 1, "Blind", "", EPOCH, EPOCH), (2, 2, "Adjudication", "", EPOCH, EPOCH)],
    }


def _organizations(cast: Cast) -> Iterator[tuple[Any, ...]]:
    random, count = cast.random, max(60, cast.size // 400)
    depths = [0]
    for key in range(1, count + 1):
        # A few large trees: most belong under an early one.
        parent = (
            min(random.randrange(1, key), random.randrange(1, key)) if key > 12 and random.random() < 0.75 else None
        )
        if parent and depths[parent] >= 5:
            parent = None
        depths.append(depths[parent] + 1 if parent else 0)
        name = f"{cast.writer.name()} {random.choice(['Office', 'Council', 'Works', 'Bureau', 'Union'])} {key}"
        short = "".join(part[0] for part in name.split()[:3])
        cast.organizations.append(key)
        yield key, f"organization-{key}", name, short, [], cast.choose(ORGANIZATION_KINDS), "", parent
    for key in range(count + 1, count + 1 + max(20, cast.size // 2_500)):
        cast.outlets.append(key)
        yield key, f"outlet-{key}", f"The {cast.writer.name(1)} Gazette {key}", "", [], "media", "", None


def _topics(cast: Cast) -> Iterator[tuple[Any, ...]]:
    for key in range(1, min(99, 41 + cast.size // 10_000)):
        parent = cast.random.randrange(1, key) if key > 8 and cast.random.random() < 0.7 else None
        cast.topics.append(key)
        name = f"{cast.writer.name()} {key}"
        yield key, f"topic-{key}", name, f"{name} should be so.", parent


def _people(cast: Cast) -> Iterator[tuple[Any, ...]]:
    for key in range(1, max(50, cast.size // 12) + 1):
        first, last = cast.writer.name(1), cast.writer.name(1)
        yield key, f"person-{key}", f"{first} {last}", f"{last}, {first}", []


def _affiliations(cast: Cast) -> Iterator[tuple[Any, ...]]:
    places = Zipf(len(cast.organizations), 0.9, cast.random)
    key = 0
    for person in range(1, max(50, cast.size // 12) + 1):
        cast.affiliations.append([])
        for place in places.several(cast.random.choice((1, 1, 2, 3))):
            key += 1
            cast.affiliations[-1].append((key, cast.organizations[place]))
            yield key, cast.random.choice(ROLES), "employment", None, cast.organizations[place], person


def statements(cast: Cast) -> Iterator[Rows]:
    """Articles and their quotes, in batches of about BATCH quotes."""
    reporter = Reporter(cast)
    rows = reporter.fresh()
    while reporter.quotes < cast.size:
        reporter.add_article(rows)
        if len(rows["quotes_quote"]) >= BATCH:
            yield rows
            rows = reporter.fresh()
    yield rows


class Reporter:
    """Writes one article after the other, with the quotes in it."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.random, self.writer = cast, cast.random, cast.writer
        self.articles = self.quotes = 0
        self.speakers = Zipf(len(cast.affiliations), 0.85, cast.random)
        self.organizations = Zipf(len(cast.organizations), 0.9, cast.random)
        self.outlets = Zipf(len(cast.outlets), 0.9, cast.random)
        self.topics = Zipf(len(cast.topics), 1.0, cast.random)
        self.sayings: list[tuple[int, int, str]] = []  # of late: quote, speaker, words

    @staticmethod
    def fresh() -> Rows:
        """No rows yet, of the tables that grow with the quotes."""
        names = list(COLUMNS)
        return {name: [] for name in names[names.index("quotes_article") :]}

    def add_article(self, rows: Rows) -> None:
        """An article with one to seven quotes."""
        self.articles += 1
        key, random, cast = self.articles, self.random, self.cast
        # More of them every year.
        day = EPOCH + dt.timedelta(days=int(DAYS * random.random() ** 0.6), seconds=random.randrange(86_400))
        published = f"{day:%Y-%m-%d}" if random.random() < 0.97 else f"{day:%Y-%m}"
        title = self.writer.phrase(random.randint(4, 10)).capitalize()
        outlet = cast.outlets[self.outlets.draw()]
        url = f"https://news.example/{key}"
        rows["quotes_article"].append(
            (key, f"article-{key}", url, title, published, cast.choose(LANGUAGES), cast.choose(GENRES), "", "current", "", outlet)
        )  # fmt: skip
        journalists = max(10, len(cast.affiliations) // 20)
        for position in range(random.choice((1, 1, 2))):
            # Of different halves, so never twice the same.
            person = 1 + position * journalists + random.randrange(journalists)
            rows["quotes_authorship"].append((position + 1, key, person))
        length = 20_000
        sha256 = hashlib.sha256(url.encode()).hexdigest()
        rows["quotes_snapshot"].append((key, length, sha256, day, key))
        start = 100
        for _ in range(min(random.choice((1, 2, 3, 4, 5, 6, 7)), cast.size - self.quotes)):
            start = self.add_quote(rows, key, day, length, start) + 40

    def add_quote(self, rows: Rows, article: int, day: dt.datetime, length: int, start: int) -> int:
        """A quote that begins there in the article's text, with capacities, codings and evidence; returns where it ends."""
        self.quotes += 1
        key, random, cast = self.quotes, self.random, self.cast
        source = cast.choose(SOURCES)
        words, root, speaker = self._words(source)
        end = start + len(words)
        speaks_for = source == "person" and random.random() < 0.12
        at = cast.affiliations[speaker - 1] if speaker else []
        organization = at[0][1] if speaks_for else self._organization(source)
        kind, verification = cast.choose(KINDS), cast.choose(VERIFICATIONS)
        status = random.choices(("published", "draft", "withdrawn"), cum_weights=(980, 997, 1000))[0]
        uid = _uuid7(day, random)
        rows["quotes_quote"].append(
            (key, uid, words, _segment(start, end), kind, source, speaker, organization, speaks_for,
             "" if source == "person" else self.writer.phrase(2), random.choice(("said", "told", "claims", "")),
             self.writer.phrase(6) if kind == "partial" else "", cast.choose(VENUES), self._said_on(day), verification, "",
             status, day if status != "draft" else None, day if status == "withdrawn" else None,
             "The source took it back." if status == "withdrawn" else "", article, article, length, root)
        )  # fmt: skip
        if verification in NEEDS_EVIDENCE:
            rows["quotes_evidence"].append(("document", "", "A record.", "clerk", day.date(), key))
        for place, (affiliation, _) in enumerate(at[: random.choice((1, 1, 1, 1, 2))]):
            role = random.choice(ROLES)
            rows["quotes_quoteaffiliation"].append(
                (role, cast.choose(STANDINGS), place == 0, affiliation, key, speaker)
            )
        self._code(rows, key)
        if status == "published" and speaker and root is None:
            self.sayings = [*self.sayings[-200:], (key, speaker, words)]
        return end

    def _words(self, source: str) -> tuple[str, int | None, int | None]:
        """What is said, the first quote of the same words, and who says it: one in fifteen has been in the papers before."""
        if source != "person":
            return self.writer.sentence(5, 30), None, None
        if self.sayings and self.random.random() < 0.067:
            root, speaker, words = self.random.choice(self.sayings)
            return words, root, speaker
        return self.writer.sentence(6, 45), None, self.speakers.draw() + 1

    def _organization(self, source: str) -> int | None:
        if source == "person" or (source != "organization" and self.random.random() < 0.4):
            return None
        return self.cast.organizations[self.organizations.draw()]

    def _said_on(self, day: dt.datetime) -> str | None:
        if self.random.random() < 0.5:
            return None
        said = day - dt.timedelta(days=int(self.random.expovariate(0.3)))
        return f"{said:%Y-%m-%d}" if self.random.random() < 0.9 else f"{said:%Y-%m}"

    def _code(self, rows: Rows, quote: int) -> None:
        """Three of four quotes are coded, one in twenty by two coders first."""
        random, cast = self.random, self.cast
        if random.random() < 0.25:
            return
        is_double = random.random() < 0.05
        for place in self.topics.several(random.choice((1, 1, 1, 2, 3))):
            topic, certainty = cast.topics[place], cast.choose(CERTAINTIES)
            # Each topic has a side that most take.
            stance = ("support", "oppose")[place % 2] if random.random() < 0.3 else cast.choose(STANCES)
            final = "adjudicator" if is_double else f"coder-{1 + place % 5}"
            rows["quotes_coding"].append(
                (quote, topic, stance, final, 2 if is_double else 1, certainty, "", CODEBOOK_VERSION, True)
            )
            for coder in ("coder-6", "coder-7") if is_double else ():
                own = random.choice(Stance.values)
                rows["quotes_coding"].append((quote, topic, own, coder, 1, certainty, "", CODEBOOK_VERSION, False))


def _segment(start: int, end: int) -> str:
    return json.dumps([{"start": start, "end": end, "prefix": "", "suffix": ""}])


def _uuid7(moment: dt.datetime, random: Random) -> UUID:
    milliseconds = int(moment.timestamp() * 1_000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62))
