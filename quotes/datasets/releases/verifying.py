"""Checking a release without a database: its files against their sums, its rows against what the package says of them.

It reads what is there and imports nothing of the program that wrote it: only the standard library, and pyarrow for Parquet.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
_MOST_OF_A_FILE = 20
# How often files are read, by their ending: for their sums, for what is in them, and a table for its references and ids, too.
_READINGS = {".csv": 4, ".jsonl": 2, ".parquet": 2}
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: in which file, and where one can say so in which row (the header is row 1), column and value."""

    file: str
    detail: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = "".join([f", row {self.row}" if self.row else "", f", column {self.column}" if self.column else ""])
        shown = f": {self.value[:80]!r}" if self.value else ""
        return f"{self.file}{place}{shown}: {self.detail}"


def bytes_to_read(folder: Path) -> int:
    """About how many bytes `verify_release` reads."""
    return sum(path.stat().st_size * _READINGS.get(path.suffix, 1) for path in folder.iterdir())


def verify_release(folder: Path, progress: Progress = lambda size: None) -> Iterator[Finding]:
    """Everything that is wrong with the release in the folder; nothing where all holds. `progress` is told of bytes read."""
    sums = list(_check_sums(folder, progress))
    yield from sums
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        manifest = json.loads((folder / "release.json").read_text(encoding="utf-8"))
        resources = {one["name"]: one for one in package["resources"]}
        listed = {one["name"]: one for one in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding("datapackage.json", f"cannot be read: {error}")
        return
    yield from _check_manifest(folder, listed)
    keys: dict[tuple[str, str], set[str]] = {}
    for resource in resources.values():
        if (folder / resource["path"]).is_file():
            yield from _first(_check_table(folder, resource, keys, progress))
    for name, resource in resources.items():
        if (folder / resource["path"]).is_file():
            yield from _first(_check_references(folder, name, resource, keys, progress))
    yield from _check_other_formats(folder, resources, listed, progress)


def _first(findings: Iterator[Finding]) -> Iterator[Finding]:
    for number, finding in enumerate(findings):
        if number == _MOST_OF_A_FILE:
            yield Finding(finding.file, "and more like these")
            return
        yield finding


def _check_sums(folder: Path, progress: Progress) -> Iterator[Finding]:
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Finding(SUMS, f"cannot be read: {error}")
        return
    named = set()
    for number, line in enumerate(lines, 1):
        digest, gap, name = line.partition("  ")
        if not gap or Path(name).name != name:
            yield Finding(SUMS, "is no line of sums", number, value=line)
            continue
        named.add(name)
        if not (folder / name).is_file():
            yield Finding(name, "is named in the sums, and is not there")
        elif _digest(folder / name, progress) != digest:
            yield Finding(name, "is not what it was: its SHA-256 is another")
    for path in sorted(folder.iterdir()):
        if path.name not in {*named, SUMS}:
            yield Finding(path.name, "is in the folder, and not in the sums")


class _Told(io.FileIO):
    """A file that tells how much of it is read."""

    def __init__(self, path: Path, progress: Progress) -> None:
        super().__init__(path)
        self.progress = progress

    def readinto(self, buffer: Any, /) -> int:
        size = super().readinto(buffer) or 0
        self.progress(size)
        return size


def _open(path: Path, progress: Progress) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(_Told(path, progress), 1 << 16), encoding="utf-8", newline="")


def _digest(path: Path, progress: Progress) -> str:
    digest = sha256()
    with io.BufferedReader(_Told(path, progress), 1 << 16) as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _check_manifest(folder: Path, listed: dict[str, Any]) -> Iterator[Finding]:
    for name, file in listed.items():
        path = folder / name
        if path.is_file() and path.stat().st_size != file["bytes"]:
            yield Finding(name, f"has {path.stat().st_size} bytes, and release.json says {file['bytes']}")


def _check_table(
    folder: Path, resource: dict[str, Any], keys: dict[tuple[str, str], set[str]], progress: Progress
) -> Iterator[Finding]:
    """Header, types, vocabularies, needed values and the uniqueness of keys; remembers the values that others refer to."""
    name, schema = resource["path"], resource["schema"]
    fields = schema["fields"]
    seen: set[tuple[str, ...]] = set()
    count = 0
    wanted = [(resource["name"], field["name"]) for field in fields if field["name"] in ("uid", "slug")]
    for key in wanted:
        keys[key] = set()
    with _open(folder / name, progress) as file:
        rows = csv.reader(file, strict=True)
        header = next(rows, [])
        expected = [field["name"] for field in fields]
        if header != expected:
            yield Finding(name, f"its columns are {header}, and the package says {expected}", 1)
            return
        try:
            for number, row in enumerate(rows, 2):
                count += 1
                if len(row) != len(fields):
                    yield Finding(name, f"has {len(row)} cells instead of {len(fields)}", number)
                    continue
                for field, value in zip(fields, row, strict=True):
                    if fault := _fault(field, value):
                        yield Finding(name, fault, number, field["name"], value)
                cells = dict(zip(expected, row, strict=True))
                identity = tuple(cells[part] for part in schema["primaryKey"])
                if identity in seen:
                    yield Finding(name, "is there twice", number, ", ".join(schema["primaryKey"]), ", ".join(identity))
                seen.add(identity)
                for key in wanted:
                    keys[key].add(cells[key[1]])
        except (csv.Error, UnicodeDecodeError) as error:
            yield Finding(name, f"cannot be read on: {error}", count + 2)
    if count != resource["rows"]:
        yield Finding(name, f"has {count} rows, and the package says {resource['rows']}")


_TYPES: dict[str, Callable[[str], object]] = {
    "integer": int,
    "date": dt.date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
    "datetime": lambda value: dt.datetime.fromisoformat(value.replace("Z", "+00:00")),
    "string": str,
}


def _fault(field: dict[str, Any], value: str) -> str:
    constraints = field.get("constraints", {})
    if not value:
        return "is empty, and must not be" if constraints.get("required") else ""
    try:
        _TYPES[field["type"]](value)
    except (ValueError, KeyError):
        return f"is no {field['type']}"
    if "enum" in constraints and value not in constraints["enum"]:
        return f"is not one of {', '.join(constraints['enum'])}"
    return ""


def _check_references(
    folder: Path, table: str, resource: dict[str, Any], keys: dict[tuple[str, str], set[str]], progress: Progress
) -> Iterator[Finding]:
    references = resource["schema"].get("foreignKeys", [])
    if not references:
        return
    with _open(folder / resource["path"], progress) as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            for one in references:
                column, target = one["fields"], one["reference"]
                value = row.get(column) or ""
                there = keys.get((target["resource"] or table, target["fields"]), set())
                if value and value not in there:
                    detail = f"is in no row of {target['resource'] or table}"
                    yield Finding(resource["path"], detail, number, column, value)


def _check_other_formats(
    folder: Path, resources: dict[str, Any], listed: dict[str, Any], progress: Progress
) -> Iterator[Finding]:
    """The same rows, under the same identifiers in the same order, in JSON Lines and Parquet."""
    for name, resource in resources.items():
        if f"{name}.jsonl" not in listed:
            continue
        identity = resource["schema"]["primaryKey"][0]
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        with _open(path, progress) as file:
            expected = [row.get(identity) for row in csv.DictReader(file)]
        for ending, read in ((".jsonl", _of_lines), (".parquet", _of_parquet)):
            other = folder / f"{name}{ending}"
            if not other.is_file():
                continue  # the sums have said so
            try:
                found = read(other, identity, progress)
            except (ValueError, KeyError, OSError) as error:
                yield Finding(other.name, f"cannot be read: {error}")
                continue
            if found != expected:
                yield Finding(other.name, f"has other rows than {name}.csv ({len(found)} and {len(expected)})")


def _of_lines(path: Path, identity: str, progress: Progress) -> list[Any]:
    with _open(path, progress) as file:
        return [json.loads(line)[identity] for line in file]


def _of_parquet(path: Path, identity: str, progress: Progress) -> list[Any]:
    import pyarrow.parquet as pq

    found: list[Any] = pq.read_table(path, columns=[identity])[identity].to_pylist()
    progress(path.stat().st_size)
    return found
