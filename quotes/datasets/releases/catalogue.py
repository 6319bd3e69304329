"""The releases that there are: folders, each with its manifest."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

MANIFEST = "release.json"
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,39}")
SUMS = "SHA256SUMS"
LATEST = "latest"
_UNLISTED = {MANIFEST: "application/json", SUMS: "text/plain"}


@dataclass(frozen=True, slots=True)
class Release:
    """A frozen data set. `manifest` is its release.json."""

    version: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def files(self) -> list[dict[str, Any]]:
        """name, bytes, sha256, media_type, and rows where there are any. The manifest lists all but itself and the sums."""
        return [*self.manifest["files"], *(self._own(name, kind) for name, kind in _UNLISTED.items())]

    def _own(self, name: str, media_type: str) -> dict[str, Any]:
        content = (self.folder / name).read_bytes()
        return {
            "name": name,
            "bytes": len(content),
            "sha256": sha256(content).hexdigest(),
            "media_type": media_type,
        }


def list_releases(folder: Path) -> list[Release]:
    """All releases in the folder, the newest first. What is half made begins with a dot, and is none."""
    found = []
    for path in folder.glob(f"*/{MANIFEST}") if folder.is_dir() else ():
        version = path.parent.name
        if VERSION.fullmatch(version):
            found.append(Release(version, path.parent, json.loads(path.read_text(encoding="utf-8"))))
    return sorted(found, key=lambda one: (one.manifest["released"], _natural(one.version)), reverse=True)


def find_release(folder: Path, version: str) -> Release | None:
    """The release of that version, or the newest for `latest`."""
    releases = list_releases(folder)
    if version == LATEST:
        return releases[0] if releases else None
    return next((one for one in releases if one.version == version), None)


def _natural(version: str) -> list[tuple[int, str]]:
    """
    >>> _natural("1.10") > _natural("1.9")
    True
    """
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", version) if part]
