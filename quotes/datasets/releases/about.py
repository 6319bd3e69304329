"""What no database knows of a data set: its title, who stands behind it, under which licence it is. From a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class AboutError(ValueError):
    """What is wrong with the file; it names the file, the key and the value."""


@dataclass(frozen=True, slots=True)
class About:
    """`creators` have a name each and may have an `orcid` and an `affiliation`; `license` is an SPDX identifier."""

    title: str
    description: str
    license: str
    license_url: str
    creators: tuple[dict[str, str], ...]
    keywords: tuple[str, ...] = ()
    homepage: str = ""
    contact: str = ""
    identifier: str = field(default="", metadata={"help": "A DOI, where there is one."})


_NEEDED = ("title", "description", "license", "license_url", "creators")
_OF_A_CREATOR = {"name", "orcid", "affiliation"}


def read_about(path: Path) -> About:
    """The file's content. Raises AboutError for what is missing, unknown or of another type."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AboutError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AboutError(f"{path}: {error}") from error
    known = {one.name for one in fields(About)}
    for name in found:
        if name not in known:
            raise AboutError(f"{path}: there is no key {name!r}; known are {', '.join(sorted(known))}")
    for name in _NEEDED:
        if not found.get(name):
            raise AboutError(f"{path}: {name} is missing")
    for name, value in found.items():
        _check(path, name, value)
    lists = {name: tuple(found.get(name, ())) for name in ("creators", "keywords")}
    return About(**{**found, **lists})


def _check(path: Path, name: str, value: Any) -> None:
    if name == "creators":
        if not isinstance(value, list) or not all(isinstance(one, dict) and one.get("name") for one in value):
            raise AboutError(f"{path}: creators is a list of tables, each with a name")
        for one in value:
            if unknown := sorted(set(one) - _OF_A_CREATOR):
                raise AboutError(f"{path}: a creator has no key {unknown[0]!r}")
            if not all(isinstance(part, str) for part in one.values()):
                raise AboutError(f"{path}: what is said of a creator are strings, not {one!r}")
    elif name == "keywords":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise AboutError(f"{path}: keywords is a list of strings, not {value!r}")
    elif not isinstance(value, str):
        raise AboutError(f"{path}: {name} is a string, not {value!r}")
