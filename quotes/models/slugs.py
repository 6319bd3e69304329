"""Slugs for what is made from a file or a page, where no curator has chosen one."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from quotes import search
from quotes.models.redirects import Redirect
from quotes.vocabulary import EntityKind

# Room for a suffix.
_LENGTH = 90


def free_slugs(kind: EntityKind, model: Any, names: Iterable[str], *, reserved: Iterable[str] = ()) -> dict[str, str]:
    """A slug for each name that nothing has yet; of names that make the same slug, all but one get a suffix of their own.

    An old slug that leads somewhere else counts as taken, and so does what is `reserved`. Two queries, and two more for each time
    that a name is borne by one more than the suffixes reach.
    """
    waiting, chosen, taken = list(dict.fromkeys(names)), dict[str, str](), set(reserved)
    tries = 0
    while waiting:
        wishes = {name: _wishes(kind, name, tries) for name in waiting}
        taken |= _taken(kind, model, {slug for wished in wishes.values() for slug in wished})
        for name, wished in wishes.items():
            if slug := next((one for one in wished if one not in taken), ""):
                chosen[name] = slug
                taken.add(slug)
        waiting, tries = [name for name in waiting if name not in chosen], tries + 1
    return chosen


def _taken(kind: EntityKind, model: Any, slugs: set[str]) -> set[str]:
    there = set(model.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return there | set(Redirect.objects.filter(kind=kind, slug__in=slugs).values_list("slug", flat=True))


def _wishes(kind: EntityKind, name: str, tries: int) -> tuple[str, ...]:
    """The plain slug and one with a suffix of the name's own; at later tries other suffixes, the same ones each time."""
    plain = slugify(search.fold(name)).replace("_", "-")[:_LENGTH].strip("-")
    plain = re.sub("-+", "-", plain) or str(kind)
    if tries:
        return tuple(f"{plain}-{_suffix(f'{name} {number}')}" for number in range(tries * 10, tries * 10 + 10))
    return plain, f"{plain}-{_suffix(name)}"


def _suffix(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]
