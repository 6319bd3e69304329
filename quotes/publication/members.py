"""Which members of a document a reader wants: `fields`, `omit`, and `expand` for references that become whole documents.

A member is named by its path, `article.outlet.name`; through a list it means the member of each. The names that exist are read
off the shapes (quotes.publication.shapes), so that a misspelt one is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, get_args, get_type_hints, is_typeddict

from quotes.publication import shapes

# {name: the members below it, or None where there are none}
Tree = Mapping[str, Any]

# What a reference becomes when it is expanded.
_WHOLE: Mapping[type, type] = {
    shapes.Reference: shapes.PersonDocument,
    shapes.OrganizationReference: shapes.OrganizationDocument,
    shapes.TopicReference: shapes.TopicDocument,
    shapes.ArticleReference: shapes.ArticleDocument,
}


@lru_cache(maxsize=256)
def known_paths(shape: type, expanded: frozenset[str] = frozenset()) -> list[str]:
    """The path of every member of the shape, outer ones first, with those of references that are to be expanded."""
    return [path for path, _ in _walk(shape, "", expanded)]


@cache
def expandable_paths(shape: type) -> list[str]:
    """The paths of the references that can be expanded."""
    return [path for path, below in _walk(shape, "", frozenset()) if below in _WHOLE]


def _walk(shape: type, prefix: str, expanded: frozenset[str]) -> Iterator[tuple[str, type | None]]:
    hints = get_type_hints(shape)
    if prefix and prefix[:-1] in expanded:
        hints |= {"quote_count": int, "modified": str}
    for name, hint in hints.items():
        path, below = f"{prefix}{name}", _typed_dictionary(hint)
        yield path, below
        if below:
            yield from _walk(_WHOLE[below] if path in expanded else below, f"{path}.", expanded)


def _typed_dictionary(hint: Any) -> type | None:
    if is_typeddict(hint):
        return hint
    return next((found for part in get_args(hint) if (found := _typed_dictionary(part))), None)


def tree(paths: Iterable[str]) -> Tree:
    """The paths as a tree; a member that is named itself is wanted whole, whatever is named below it.

    >>> tree(["uid", "article.title", "article.outlet.name"])
    {'uid': None, 'article': {'title': None, 'outlet': {'name': None}}}
    """
    root: dict[str, Any] = {}
    for path in paths:
        *above, name = path.split(".")
        node: dict[str, Any] | None = root
        for part in above:
            if node is not None:
                node = node.setdefault(part, {})
        if node is not None:
            node[name] = None
    return root


def pick(value: Any, wanted: Tree | None) -> Any:
    """The value with the wanted members alone, in its own order.

    >>> pick({"uid": 1, "authors": [{"slug": "a", "name": "A"}], "kind": "direct"}, tree(["authors.slug", "uid"]))
    {'uid': 1, 'authors': [{'slug': 'a'}]}
    """
    if wanted is None or value is None:
        return value
    if isinstance(value, list):
        return [pick(one, wanted) for one in value]
    return {name: pick(member, wanted[name]) for name, member in value.items() if name in wanted}


def drop(value: Any, unwanted: Tree) -> Any:
    """The value without the unwanted members.

    >>> drop({"uid": 1, "authors": [{"slug": "a", "name": "A"}], "kind": "direct"}, tree(["authors.slug", "kind"]))
    {'uid': 1, 'authors': [{'name': 'A'}]}
    """
    if isinstance(value, list):
        return [drop(one, unwanted) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: drop(member, unwanted[name]) if name in unwanted else member
        for name, member in value.items()
        if name not in unwanted or unwanted[name] is not None
    }


def references_at(value: Any, path: str) -> Iterator[tuple[Any, Any, Any]]:
    """Every reference at the path, as (container, key, reference), so that it can be replaced."""
    name, _, rest = path.partition(".")
    for one in value if isinstance(value, list) else [value]:
        found = one.get(name) if isinstance(one, dict) else None
        if not found:
            continue
        if rest:
            yield from references_at(found, rest)
        elif isinstance(found, list):
            yield from ((found, place, reference) for place, reference in enumerate(found))
        else:
            yield one, name, found
