"""A plan in lines, for a terminal. What is made is named, so that a misspelt name is seen before it exists."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.datasets.popolo.planning import PopoloPlan
from quotes.vocabulary import EntityKind

_MOST = 200


def lines(plan: PopoloPlan) -> Iterator[str]:
    """What would become of the file; every refusal with its place and the value that stands there."""
    yield f"{plan.file.name}: Popolo, of the collection {plan.file.collection}"
    for name, kind in (("people", EntityKind.PERSON), ("organizations", EntityKind.ORGANIZATION)):
        yield f"  {name:<14}  {len(plan.new(kind)):>7,} new  {len(plan.matched(kind)):>7,} matched"
    yield f"  {'affiliations':<14}  {len(plan.memberships):>7,} new  {plan.known:>7,} known"
    yield f"  {'refused':<14}  {len(plan.refusals):>7,}"
    for what in plan.left_out:
        yield f"  left out: {what}"
    for kind in (EntityKind.PERSON, EntityKind.ORGANIZATION):
        yield from _most(f"  new {kind:<12}  {one.slug:<30}  {one.bearer.name}" for one in plan.new(kind))
    yield from _most(f"  differs  {line}" for line in plan.differences)
    yield from _most(f"  {one.column or 'file':<24}  {one.value or '':<30}  {one.detail}" for one in plan.refusals)


def _most(lines: Iterator[str]) -> Iterator[str]:
    """The first of them, and how many more there are."""
    more = 0
    for number, line in enumerate(lines):
        if number < _MOST:
            yield line
        else:
            more += 1
    if more:
        yield f"  … and {more:,} more"
