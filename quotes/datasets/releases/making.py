"""Making a release: everything from one snapshot of the publication, into a folder that appears whole or not at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import orjson
from django.conf import settings

from quotes.datasets.releases import changes, describing, statement
from quotes.datasets.releases.about import About
from quotes.datasets.releases.catalogue import LATEST, MANIFEST, SUMS, VERSION, Release, list_releases
from quotes.datasets.releases.tables import (
    RELEASED,
    WRITTEN,
    WrittenFile,
    redirects,
    withdrawn,
    write_chunks,
    write_list,
    write_tables,
)
from quotes.publication import streaming
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote
from quotes.vocabulary import CODEBOOK_VERSION


class ReleaseError(ValueError):
    """Why there is no release; a sentence for who asked for it."""


def make_release(
    *,
    version: str,
    about: About,
    folder: Path,
    released: dt.date,
    progress: Callable[[int], object] = lambda rows: None,
) -> Release:
    """Freeze what is public now as `folder/version`. The same published data, version, date and `about` give the same bytes.

    Raises ReleaseError where the version is taken, or no name for a folder.
    """
    target = folder / version
    if not VERSION.fullmatch(version) or version == LATEST:
        raise ReleaseError(f"{version!r} is no version: letters, digits, points and hyphens, such as 2026.1")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if target.exists():
            raise ReleaseError(f"{target} is there already. A release never changes: choose another version.")
        previous = next(iter(list_releases(folder)), None)
        draft = folder / f".{version}.draft"
        shutil.rmtree(draft, ignore_errors=True)  # what a killed process has left
        draft.mkdir()
        try:
            manifest = _write(draft, version, about, released, previous, progress)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Release(version, target, manifest)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One release at a time: two at once would write into one draft, and each call the other's the one before."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(f"Another release is being made in {folder}.") from error
        yield


def count_rows() -> int:
    """How many rows a release of what is public now writes, over all tables and formats."""
    alias = settings.EXPORTS_ALIAS
    models = (PublishedQuote, PublishedCoding, PublishedEntity)
    return len(WRITTEN) * sum(model.objects.using(alias).count() for model in models)


def _write(
    draft: Path,
    version: str,
    about: About,
    released: dt.date,
    previous: Release | None,
    progress: Callable[[int], object],
) -> dict[str, object]:
    with streaming.snapshot():
        files = write_tables(draft, version, progress=progress)
        files.append(write_list(draft / "withdrawn.csv", ("uid", "withdrawn_on", "reason"), withdrawn()))
        files.append(write_list(draft / "redirects.csv", ("kind", "slug", "target"), redirects()))
    before = previous.folder if previous else None
    files.append(write_list(draft / "changes.csv", changes.HEADER, changes.changes(before, draft)))
    told = describing.Told(version, released, about, previous.version if previous else None, tuple(files), draft)
    documents = {
        "CHANGES.md": changes.summary(draft, told.previous),
        "CITATION.cff": describing.citation(told),
        "CODEBOOK.md": (settings.BASE_DIR / "docs" / "codebook.md").read_text(encoding="utf-8"),
        "DATA_STATEMENT.md": statement.data_statement(told),
        "LICENSE.txt": describing.licence(told),
        "README.md": statement.readme(told),
        "croissant.json": describing.croissant(told),
        "datapackage.json": describing.data_package(told),
    }
    for name, text in documents.items():
        size, digest = write_chunks(draft / name, [text.encode()])
        files.append(WrittenFile(name, size, digest))
    manifest: dict[str, object] = {
        "version": version,
        "released": released.isoformat(),
        "title": about.title,
        "previous": told.previous,
        "codebook_version": CODEBOOK_VERSION,
        "license": about.license,
        "applied": {"published": True, "tables": [table.name for table in RELEASED]},
        "files": [
            {
                **{name: value for name, value in asdict(file).items() if value is not None},
                "media_type": describing.media_type(file.name),
            }
            for file in sorted(files, key=lambda file: file.name)
        ],
    }
    write_chunks(draft / MANIFEST, [orjson.dumps(manifest, option=orjson.OPT_INDENT_2), b"\n"])
    _write_sums(draft)
    return manifest


def _write_sums(draft: Path) -> None:
    """As `sha256sum --check` reads them."""
    names = sorted(path.name for path in draft.iterdir())
    sums = [f"{_digest(draft / name)}  {name}\n" for name in names]
    (draft / SUMS).write_text("".join(sums), encoding="utf-8")


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
