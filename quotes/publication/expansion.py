"""References made whole: in as many queries as there are tables, whatever the number of documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from quotes.publication.members import references_at
from quotes.publication.models import PublishedEntity
from quotes.publication.serving import entities_json


def expand(documents: Sequence[Any], paths: Iterable[str]) -> None:
    """Put whole documents in the place of the references at the paths, in all of the documents: two queries.

    A reference that is inside another one, such as `article.outlet`, is expanded after it.
    """
    # An outer one is replaced by a document that holds the same inner references, so order decides nothing but the work.
    for path_group in _by_depth(paths):
        places = [place for path in path_group for place in references_at(documents, path)]
        whole = _read({reference["api_url"] for _, _, reference in places})
        for container, key, reference in places:
            container[key] = whole.get(reference["api_url"], reference)


def _by_depth(paths: Iterable[str]) -> list[list[str]]:
    ordered = sorted(set(paths))
    nested = [path for path in ordered if any(path.startswith(f"{other}.") for other in ordered)]
    return [group for group in ([path for path in ordered if path not in nested], nested) if group]


def _read(addresses: set[str]) -> dict[str, Any]:
    """The documents of the entities, by address. Slugs are unique within a kind only."""
    slugs = {address.split("/")[-2] for address in addresses}
    rows = list(PublishedEntity.objects.with_slugs(slugs)) if slugs else []
    documents = [orjson.loads(orjson.dumps(one)) for one in entities_json(rows)]
    return {document["api_url"]: document for document in documents if document["api_url"] in addresses}
