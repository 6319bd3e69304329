"""What would become of a file, as one page shows it, whatever the file is; and bringing in exactly that."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quotes.admin.importing.keeping import Kept
from quotes.datasets import bulk
from quotes.datasets.bulk import CorpusFile, Fate, Look
from quotes.datasets.importing import (
    ImportPlan,
    ImportRefused,
    Refusal,
    SourceFile,
    apply_import,
    describe,
    plan_import,
)
from quotes.datasets.popolo import POPOLO, PopoloPlan, apply_popolo, plan_popolo
from quotes.models import Import
from quotes.vocabulary import EntityKind, Status

SHOWN = 200
_DECIDED_AFTERWARDS = "Their quotes come in without a speaker; whose they are is decided afterwards, name by name."
_KINDS = {"person": "people", "organization": "organizations", "article": "articles"}


@dataclass(frozen=True)
class Names:
    """Names under one heading, such as the new people: how many, and of the first what stands beside each."""

    label: str
    count: int
    rows: list[tuple[str, str]] = field(default_factory=list)
    hint: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.rows)

    @property
    def is_open(self) -> bool:
        """Whether they are few enough to be seen at once."""
        return self.count <= 12


@dataclass(frozen=True)
class Preview(ABC):
    """What would become of a file. `digest` tells two previews apart that would do different things."""

    name: str
    collection: str
    counts: list[tuple[str, int]]
    names: list[Names]
    left_out: Sequence[str]
    refusals: Sequence[Refusal]
    refused: int
    digest: str
    is_new: bool
    differences: Sequence[str] = ()
    begun: Import | None = None
    # Whether what is refused can be left out; a table comes in whole.
    may_leave_out: bool = False

    @property
    def shown_refusals(self) -> Sequence[Refusal]:
        return self.refusals[:SHOWN]

    @property
    def more_refusals(self) -> int:
        return self.refused - len(self.shown_refusals)

    @property
    def may_apply(self) -> bool:
        return bool(self.begun or (self.is_new and (self.may_leave_out or not self.refused)))

    @abstractmethod
    def bring_in(self, actor: Any, status: Status) -> Import | None:
        """Make it. None where nothing is new by now; raises ImportRefused, having written nothing of a table."""


@dataclass(frozen=True)
class TablePreview(Preview):
    plan: ImportPlan = field(kw_only=True)

    def bring_in(self, actor: Any, status: Status) -> Import | None:
        return apply_import(self.plan, actor=actor, status=status)


@dataclass(frozen=True)
class PopoloPreview(Preview):
    plan: PopoloPlan = field(kw_only=True)

    def bring_in(self, actor: Any, status: Status) -> Import | None:
        return apply_popolo(self.plan, actor=actor)


@dataclass(frozen=True)
class CorpusPreview(Preview):
    file: CorpusFile = field(kw_only=True)
    lines: int = field(kw_only=True)

    def bring_in(self, actor: Any, status: Status) -> Import | None:
        return bulk.bring_in(self.file, rows=self.lines, actor=actor, status=status)


def look(kept: Kept, *, format: str, source: str, defaults: Mapping[str, str]) -> Preview:
    """What would become of the file; nothing is written. Raises ImportRefused where a corpus is damaged."""
    if format in bulk.FORMATS:
        return _of_corpus(CorpusFile(kept.path, format, source).hashed())
    file = SourceFile(kept.path.name, kept.path.read_bytes(), format, source)
    return _of_popolo(plan_popolo(file)) if format == POPOLO else _of_table(plan_import(file, defaults=defaults))


def _of_table(plan: ImportPlan) -> Preview:
    found = describe(plan)
    refused = len({refusal.row for refusal in plan.refusals})
    made = {kind: [(one["name"], one["slug"]) for one in found["made"] if one["kind"] == kind] for kind in _KINDS}
    matched = {kind: [(one.name, one.slug) for one in plan.records if one.kind == kind and one.key] for kind in _KINDS}
    matched["article"] = [(one.title, one.slug) for one in plan.articles if one.key]
    doubtful = [(one["name"], " ".join(one["candidates"])) for one in found["doubtful"]]
    names = [Names("Doubtful names", len(doubtful), doubtful[:SHOWN], hint=_DECIDED_AFTERWARDS)]
    names += [Names(f"New {_KINDS[kind]}", len(rows), rows[:SHOWN]) for kind, rows in made.items()]
    names += [Names(f"Known {_KINDS[kind]}", len(rows), rows[:SHOWN]) for kind, rows in matched.items()]
    return TablePreview(
        name=found["file"],
        collection=found["source"],
        counts=[
            ("rows", found["rows"]),
            ("new quotes", found["new"]),
            ("of them anchored in a text", found["anchored"]),
            ("known already", found["known"]),
            ("refused", refused),
        ],
        names=[one for one in names if one.count],
        left_out=[f"the column {name}" for name in plan.left_out],
        refusals=plan.refusals,
        refused=len(plan.refusals),
        digest=_digest(plan.source, plan.rows, plan.known, plan.refusals, *plan.quotes),
        is_new=bool(plan.quotes),
        plan=plan,
    )


def _of_popolo(plan: PopoloPlan) -> Preview:
    counts, names = [], []
    for label, kind in (("people", EntityKind.PERSON), ("organizations", EntityKind.ORGANIZATION)):
        for what, records in (("new", plan.new(kind)), ("known", plan.matched(kind))):
            counts.append((f"{what} {label}", len(records)))
            rows = [(one.bearer.name, one.slug) for one in records[:SHOWN]]
            names.append(Names(f"{what} {label}".capitalize(), len(records), rows))
    counts += [("new affiliations", len(plan.memberships)), ("known affiliations", plan.known)]
    return PopoloPreview(
        name=plan.file.name,
        collection=plan.file.collection,
        counts=[*counts, ("refused", len(plan.refusals))],
        names=[one for one in names if one.count],
        left_out=plan.left_out,
        differences=plan.differences,
        refusals=plan.refusals,
        refused=len(plan.refusals),
        digest=_digest(plan.records, plan.memberships, plan.known, plan.parents, plan.refusals),
        is_new=not plan.is_nothing_new,
        plan=plan,
    )


def _of_corpus(file: CorpusFile) -> Preview:
    refusals: list[Refusal] = []
    found = bulk.look(file, reject=lambda refusal, line: refusals.append(refusal))
    hints = {Fate.DOUBTFUL: _DECIDED_AFTERWARDS}
    labels = {Fate.NEW: "New people", Fate.DOUBTFUL: "Doubtful names", Fate.MATCHED: "Known people"}
    names = [
        Names(
            label,
            found.people[fate],
            [(one.name, " ".join(one.wikidata_ids)) for one in found.samples[fate]],
            hints.get(fate, ""),
        )
        for fate, label in labels.items()
    ]
    return CorpusPreview(
        name=file.path.name,
        collection=file.collection,
        counts=_counts(found),
        names=[one for one in names if one.count],
        left_out=(),
        refusals=refusals,
        refused=found.refused,
        digest=_digest(_counts(found), found.rows, file.sha256, sorted(found.people.items(), key=str), refusals),
        is_new=bool(found.new),
        begun=bulk.unfinished(file),
        may_leave_out=True,
        file=file,
        lines=found.rows,
    )


def _counts(found: Look) -> list[tuple[str, int]]:
    return [
        ("lines", found.rows),
        ("new quotes", found.new),
        ("of them without a speaker", found.unnamed),
        ("known already", found.known),
        ("twice in the file", found.again),
        ("new articles", found.articles["new"]),
        ("known articles", found.articles["matched"]),
        ("refused", found.refused),
    ]


def _digest(*parts: object) -> str:
    """Of everything that is shown, and of what each name means: another plan has another one."""
    found = hashlib.sha256()
    for part in parts:
        found.update(repr(part).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def told(refused: ImportRefused) -> Iterable[str]:
    """What a file, or the database by now, is refused for, as sentences."""
    return [str(refusal) for refusal in refused.refusals]
