"""Records that may be one and the same: names that differ in accents, case or punctuation alone; articles that came in twice.

Likeness is found by hash joins over folded columns, one pass over a table however long it is: no index holds a folded alias.
"""

from __future__ import annotations

from django.db.models.expressions import RawSQL

# What two spellings of a name differ in, beside accents and case. (Letters that Unicode does not take apart: as quotes.search.)
_UNDIVIDED = ("øłđı", "oldi")
_IGNORED = " .,;:()/&+_-–—‐‑'\"’‘“”„«»…"  # noqa: RUF001 - the very signs that are confused
# Marks are taken off only where there may be some: most names are ASCII.
_FOLDED = """
    translate(lower(
        CASE WHEN octet_length(name) = char_length(name) THEN name
        ELSE regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g') END
    ), %s, %s)
"""
_FOLDING = [_UNDIVIDED[0] + _IGNORED, _UNDIVIDED[1]]

# A different Wikidata id says that two of a name are two.
_PEOPLE = "NOT coalesce(one.wikidata_id <> other.wikidata_id, false)"
# A bureau has its namesakes abroad; and what was renamed, or is a unit of the other, shares names with it rightly.
_ORGANIZATIONS = f"""
    {_PEOPLE} AND (one.country = other.country OR '' IN (one.country, other.country))
    AND one.id IS DISTINCT FROM other.successor_id AND other.id IS DISTINCT FROM one.successor_id
    AND one.id IS DISTINCT FROM other.parent_id AND other.id IS DISTINCT FROM one.parent_id
"""
_SHARING_A_NAME = """
    WITH named AS MATERIALIZED (
        SELECT DISTINCT id, {folded} AS key
        FROM (SELECT id, unnest({names}) AS name FROM {table}) AS spelt WHERE name <> ''
    )
    SELECT one.id FROM named AS a JOIN named AS b ON a.key = b.key AND a.id <> b.id AND a.key <> ''
    JOIN {table} AS one ON one.id = a.id JOIN {table} AS other ON other.id = b.id
    WHERE {may_be_one}
"""
# An outlet does not print two articles under one title on one day, nor one text under two addresses. Two outlets do: a wire
# story is an article in each.
_ARTICLES = """
    SELECT one.id FROM quotes_article AS one JOIN quotes_article AS other
        ON lower(one.title) = lower(other.title) AND one.published = other.published AND one.id <> other.id
    WHERE one.outlet_id IS NOT DISTINCT FROM other.outlet_id
    UNION
    SELECT one.id FROM quotes_snapshot AS read JOIN quotes_snapshot AS again
        ON read.sha256 = again.sha256 AND read.article_id <> again.article_id
    JOIN quotes_article AS one ON one.id = read.article_id JOIN quotes_article AS other ON other.id = again.article_id
    WHERE one.outlet_id IS NOT DISTINCT FROM other.outlet_id
"""


def people() -> RawSQL:
    """The keys of people who share a name or alias with another, but for accents, case and punctuation."""
    return _sharing_a_name("quotes_person", "array_prepend(name, aliases)", _PEOPLE)


def organizations() -> RawSQL:
    """The keys of organizations that share a name, short name or alias with another one that is not their unit or successor."""
    names = "array_append(array_prepend(name, aliases), short_name)"
    return _sharing_a_name("quotes_organization", names, _ORGANIZATIONS)


def articles() -> RawSQL:
    """The keys of articles that an outlet seems to have twice: one title on one day, or one text."""
    return RawSQL(_ARTICLES, ())  # noqa: S611 - a constant


def _sharing_a_name(table: str, names: str, may_be_one: str) -> RawSQL:
    sql = _SHARING_A_NAME.format(folded=_FOLDED, names=names, table=table, may_be_one=may_be_one)
    return RawSQL(sql, _FOLDING)  # noqa: S611 - put together from this module's own constants
