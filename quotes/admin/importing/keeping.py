"""A file that was uploaded, kept for a while, so that what was looked at is what is brought in without a second upload.

Each is in a folder of its own, with a name that nobody guesses and that only the session of its uploader knows. The folders lie
on a disk that all web processes share, and go once their file is in, when the session has kept a few more, or after some hours.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import UploadedFile

HOURS = 6
# So many looks may be open in as many tabs.
MOST = 3
_KEY = "quotebase.uploads"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_LONGEST_NAME = 200  # bytes; file systems take 255


@dataclass(frozen=True)
class Kept:
    """A file that waits to be brought in; its name is that which it had at home."""

    token: str
    path: Path

    @property
    def refusals(self) -> Path:
        """Where its refusals are written for the download."""
        return self.path.parent.parent / "refusals.csv"


def keep(session: SessionBase, upload: UploadedFile[Any]) -> Kept:
    """The upload on the disk, for the session alone."""
    sweep()
    token = secrets.token_urlsafe(24)
    folder = _folder(token) / "file"
    settings.UPLOADS_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in (folder.parent, folder):
        one.mkdir(mode=0o700)
    kept = Kept(token, folder / plain_name(upload.name or ""))
    with open(kept.path, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        for chunk in upload.chunks():
            file.write(chunk)
    tokens = [*_tokens(session), token]
    for old in tokens[:-MOST]:
        _remove(_folder(old))
    session[_KEY] = tokens[-MOST:]
    return kept


def find(session: SessionBase, token: str) -> Kept | None:
    """The file that this session has kept under the token; None where it has none, or it is gone."""
    if not _TOKEN.fullmatch(token) or token not in _tokens(session):
        return None
    try:
        [path] = (_folder(token) / "file").iterdir()
        os.utime(_folder(token))
    except (OSError, ValueError):
        return None
    return Kept(token, path)


def forget(session: SessionBase, kept: Kept) -> None:
    """It is in, so the file goes."""
    _remove(_folder(kept.token))
    session[_KEY] = [token for token in _tokens(session) if token != kept.token]


def sweep() -> None:
    """Remove what nobody has come back to."""
    oldest = time.time() - HOURS * 3600
    for folder in _folders():
        try:
            is_old = folder.stat().st_mtime < oldest
        except OSError:
            continue  # another process was faster
        if is_old:
            _remove(folder)


def plain_name(name: str) -> str:
    """A name that a file can have: printable, one part of a path, not too long; its ending stays.

    >>> plain_name("../harbor notes.csv"), plain_name("a\\x00b.csv"), plain_name("..")
    ('harbor notes.csv', 'ab.csv', 'file')
    """
    plain = "".join(char for char in name if char.isprintable()).replace("\\", "/").rpartition("/")[2].strip(". ")
    stem, ending = os.path.splitext(plain)
    room = _LONGEST_NAME - len(ending.encode())
    return f"{stem.encode()[: max(room, 0)].decode(errors='ignore')}{ending[: _LONGEST_NAME // 4]}" or "file"


def _tokens(session: SessionBase) -> list[str]:
    return [str(token) for token in session.get(_KEY, [])]


def _folder(token: str) -> Path:
    return settings.UPLOADS_FOLDER / token


def _folders() -> Iterator[Path]:
    """Ours alone, whatever else lies there."""
    found: Iterable[Path] = settings.UPLOADS_FOLDER.iterdir() if settings.UPLOADS_FOLDER.is_dir() else ()
    yield from (path for path in found if _TOKEN.fullmatch(path.name))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
