"""Croissant 1.0 (mlcommons.org/croissant/1.0): a data set's tables as schema.org JSON-LD that loaders understand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from quotes.datasets.releases.about import About
from quotes.datasets.releases.tables import ReleaseTable, WrittenFile

# As the specification prints it: every consumer compares with this very context.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "boolean": "sc:Boolean",
    "integer": "sc:Integer",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
}


def croissant_of(
    about: About,
    *,
    version: str,
    released: dt.date,
    citation: str,
    tables: Iterable[tuple[ReleaseTable, WrittenFile]],
) -> dict[str, Any]:
    """The document. Files are found beside it, under their own names."""
    tables = list(tables)
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "quotebase",
        "alternateName": about.title,
        "description": about.description,
        "version": version,
        "datePublished": released.isoformat(),
        "license": about.license_url,
        "citeAs": citation,
        "creator": [{"@type": "sc:Person", "name": one["name"]} for one in about.creators],
        "keywords": list(about.keywords),
        "url": about.homepage,
        "isLiveDataset": False,
        "distribution": [_file(table, file) for table, file in tables],
        "recordSet": [_record_set(table) for table, _ in tables],
    }
    return {name: value for name, value in described.items() if value not in ("", [])}


def _file(table: ReleaseTable, file: WrittenFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": table.about,
        "contentUrl": file.name,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": "text/csv",
        "sha256": file.sha256,
    }


def _record_set(table: ReleaseTable) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.about,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": column.meaning,
                "dataType": _TYPES[column.type],
                "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
            }
            for column in table.columns
        ],
    }
