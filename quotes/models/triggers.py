"""Rules that need a look at other rows, as triggers: they hold for the admin, the API, imports and SQL by hand alike."""

import pghistory
import pgtrigger

_TREE_IS_ACYCLIC = """
    PERFORM pg_advisory_xact_lock(hashtextextended(TG_TABLE_NAME, 0));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT tree.parent_id FROM {meta.db_table} AS tree JOIN above ON tree.id = above.id
            WHERE tree.parent_id IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION '% "%" would be its own ancestor', TG_TABLE_NAME, NEW.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acyclic_parents';
    END IF;
    RETURN NULL;
"""


def acyclic_parents() -> pgtrigger.Trigger:
    """No row is its own ancestor through `parent`.

    Two concurrent moves could each be fine and make a ring together: the whole tree is locked while one is checked.
    """
    return pgtrigger.Trigger(
        name="acyclic_parents",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        condition=pgtrigger.Q(new__parent__isnull=False),
        func=pgtrigger.Func(_TREE_IS_ACYCLIC),
    )


def history(*, exclude: tuple[str, ...] = ()) -> pghistory.track:
    """A class decorator: every insert, update and delete of the table is kept, with who did it and why."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude) or None
    )
