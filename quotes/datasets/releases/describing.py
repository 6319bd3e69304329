"""What a release says of itself: a Frictionless data package, Croissant, a citation file, a data statement."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotes.datasets.releases.about import About
from quotes.datasets.releases.changes import HEADER
from quotes.datasets.releases.croissant import croissant_of
from quotes.datasets.releases.tables import RELEASED, ReleaseTable, WrittenFile
from quotes.vocabulary import (
    CODEBOOK_VERSION,
    ArticleStatus,
    Certainty,
    Genre,
    OrganizationKind,
    QuoteKind,
    SourceType,
    Stance,
    Venue,
    Verification,
)

MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".md": "text/markdown",
    ".cff": "application/yaml",
    ".txt": "text/plain",
}
_DATETIMES = {"timestamp": "datetime"}
# Closed vocabularies, by table's kind and column.
_VOCABULARIES: Mapping[tuple[str, str], Iterable[str]] = {
    ("quote", "kind"): QuoteKind.values,
    ("quote", "source_type"): SourceType.values,
    ("quote", "venue"): Venue.values,
    ("quote", "verification"): Verification.values,
    ("quote", "genre"): Genre.values,
    ("quote", "article_status"): ArticleStatus.values,
    ("coding", "stance"): Stance.values,
    ("coding", "certainty"): Certainty.values,
    ("organization", "kind"): OrganizationKind.values,
    ("article", "genre"): Genre.values,
    ("article", "status"): ArticleStatus.values,
}
# By table: its columns that name rows of others, and which.
_REFERENCES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "quotes": (
        ("speaker", "people", "slug"),
        ("organization", "organizations", "slug"),
        ("article", "articles", "slug"),
        ("outlet", "organizations", "slug"),
    ),
    "codings": (("quote", "quotes", "uid"), ("topic", "topics", "slug")),
    "organizations": (("parent", "", "slug"),),
    "articles": (("outlet", "organizations", "slug"),),
    "topics": (("parent", "", "slug"),),
}
LISTS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "withdrawn": (
        "Quotes that were published once and are withdrawn, with the reason. Do not use them.",
        ("uid", "withdrawn_on", "reason"),
        ("uid",),
    ),
    "redirects": (
        "Old slugs, of what was merged or renamed since, and what they are now.",
        ("kind", "slug", "target"),
        ("kind", "slug"),
    ),
    "changes": ("What happened to the quotes since the release before.", HEADER, ("uid",)),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the descriptions are made from."""

    version: str
    released: dt.date
    about: About
    previous: str | None
    files: tuple[WrittenFile, ...]
    folder: Path

    def file(self, name: str) -> WrittenFile:
        return next(one for one in self.files if one.name == name)


def media_type(name: str) -> str:
    """The media type of a release's file."""
    return MEDIA_TYPES[Path(name).suffix]


def data_package(told: Told) -> str:
    """datapackage.json (Frictionless): the CSV tables with their schemas, so that any validator checks them."""
    about = told.about
    described = {
        "profile": "data-package",
        "name": "quotebase",
        "title": about.title,
        "description": about.description,
        "version": told.version,
        "created": f"{told.released.isoformat()}T00:00:00Z",
        "keywords": list(about.keywords),
        "homepage": about.homepage,
        "id": about.identifier,
        "licenses": [{"name": about.license, "path": about.license_url}],
        "contributors": [{"title": one["name"], "role": "author"} for one in about.creators],
        "codebook_version": CODEBOOK_VERSION,
        "resources": [
            *(_resource(told, f"{table.name}.csv", table.about, _schema(table)) for table in RELEASED),
            *(
                _resource(told, f"{name}.csv", text, _plain_schema(columns, key))
                for name, (text, columns, key) in LISTS.items()
            ),
        ],
    }
    return _json({name: value for name, value in described.items() if value not in ("", [])})


def _resource(told: Told, name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    file = told.file(name)
    return {
        "name": Path(name).stem,
        "path": name,
        "profile": "tabular-data-resource",
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "dialect": {"lineTerminator": "\r\n", "delimiter": ",", "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _schema(table: ReleaseTable) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        field: dict[str, Any] = {
            "name": column.name,
            "type": _DATETIMES.get(column.type, column.type),
            "description": column.meaning,
        }
        constraints: dict[str, Any] = {"required": True} if column.name in table.key else {}
        if (table.kind, column.name) in _VOCABULARIES:
            constraints["enum"] = list(_VOCABULARIES[table.kind, column.name])
        if constraints:
            field["constraints"] = constraints
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}
    if references := _REFERENCES.get(table.name):
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": resource, "fields": target}}
            for column, resource, target in references
        ]
    return schema


def _plain_schema(columns: Iterable[str], key: Iterable[str]) -> dict[str, Any]:
    fields = [{"name": name, "type": "date" if name.endswith("_on") else "string"} for name in columns]
    return {"fields": fields, "primaryKey": list(key), "missingValues": [""]}


def croissant(told: Told) -> str:
    """croissant.json (MLCommons Croissant 1.0): the same tables for machine-learning loaders."""
    return _json(
        croissant_of(
            told.about,
            version=told.version,
            released=told.released,
            citation=cited(told),
            tables=[(table, told.file(f"{table.name}.csv")) for table in RELEASED],
        )
    )


def cited(told: Told) -> str:
    """One line to cite the release with."""
    names = "; ".join(one["name"] for one in told.about.creators)
    where = told.about.identifier or told.about.homepage
    return f"{names} ({told.released.year}). {told.about.title}, version {told.version} [data set]. {where}".strip()


def citation(told: Told) -> str:
    """CITATION.cff 1.2.0. Strings are written as JSON has them, which YAML takes."""
    about = told.about
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this data set, please cite it."',
        "type: dataset",
        f"title: {_quoted(about.title)}",
        f"abstract: {_quoted(about.description)}",
        f"version: {_quoted(told.version)}",
        f"date-released: {told.released.isoformat()}",
        f"license: {about.license}",
    ]
    if about.homepage:
        lines.append(f"url: {_quoted(about.homepage)}")
    if about.identifier:
        lines.append(f"doi: {_quoted(about.identifier.removeprefix('https://doi.org/'))}")
    if about.keywords:
        lines += ["keywords:", *(f"  - {_quoted(word)}" for word in about.keywords)]
    lines.append("authors:")
    for one in about.creators:
        lines.append(f"  - name: {_quoted(one['name'])}")
        lines += [f"    {name}: {_quoted(one[name])}" for name in ("orcid", "affiliation") if one.get(name)]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def licence(told: Told) -> str:
    """Under what licence the data are, and what it cannot license."""
    about = told.about
    return (
        f"{about.title}, version {told.version}\n\n"
        f"This data set (the selection, the structure, the codings, the descriptions) is under {about.license}:\n"
        f"{about.license_url}\n\n"
        "The quoted words are those of the people who said them, printed by the outlets that are named with each quote.\n"
        "They are quoted here, with their source, for research and documentation. The articles themselves belong to their\n"
        "publishers and are not part of this data set: it has their addresses, and the SHA-256 of the text that was read.\n"
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
