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

    An old slug that leads somewhere else counts as taken, and so does what is `reserved`. Two queries.
    """
    wishes = {name: _wishes(kind, name) for name in dict.fromkeys(names)}
    every = {slug for pair in wishes.values() for slug in pair}
    taken = {*reserved, *model.objects.filter(slug__in=every).values_list("slug", flat=True)}
    taken |= set(Redirect.objects.filter(kind=kind, slug__in=every).values_list("slug", flat=True))
    chosen: dict[str, str] = {}
    for name, (plain, suffixed) in wishes.items():
        chosen[name] = suffixed if plain in taken else plain
        taken.add(chosen[name])
    return chosen


def _wishes(kind: EntityKind, name: str) -> tuple[str, str]:
    plain = slugify(search.fold(name)).replace("_", "-")[:_LENGTH].strip("-")
    plain = re.sub("-+", "-", plain) or str(kind)
    return plain, f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
