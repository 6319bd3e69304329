"""Removals, noted by triggers; rounds of coding, marked like every source, and taken out of public at once when reopened."""

from importlib import import_module

from django.db import migrations

earlier = import_module("quotes.publication.migrations.0002_triggers")

FUNCTIONS = """
-- After entities or redirects were written or deleted: a slug that nothing public has any more is noted as removed, one that
-- something has again is not. The lock, for whoever deletes by hand: numbers must follow the order of commits.
CREATE FUNCTION publication_note_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        DELETE FROM publication_removal AS removal USING new_rows
            WHERE removal.kind = new_rows.kind AND removal.slug = new_rows.slug;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM publication_lock();
        INSERT INTO publication_removal AS removal (kind, slug, change)
            SELECT gone.kind, gone.slug, publication_next_change()
            FROM (SELECT DISTINCT kind, slug FROM old_rows) AS gone
            WHERE NOT EXISTS (SELECT FROM publication_publishedentity AS entity
                              WHERE entity.kind = gone.kind AND entity.slug = gone.slug)
              AND NOT EXISTS (SELECT FROM publication_publishedredirect AS redirect
                              WHERE redirect.kind = gone.kind AND redirect.slug = gone.slug)
            ON CONFLICT (kind, slug) DO UPDATE SET change = excluded.change;
    END IF;
    RETURN NULL;
END $$;

-- The same after quotes and tombstones, which have uids.
CREATE FUNCTION publication_note_uids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        DELETE FROM publication_removal AS removal USING new_rows
            WHERE removal.kind = 'quote' AND removal.slug = new_rows.uid::text;
    ELSE
        PERFORM publication_lock();
        INSERT INTO publication_removal AS removal (kind, slug, change)
            SELECT 'quote', gone.uid::text, publication_next_change() FROM old_rows AS gone
            WHERE NOT EXISTS (SELECT FROM publication_publishedquote AS quote WHERE quote.uid = gone.uid)
              AND NOT EXISTS (SELECT FROM publication_tombstone AS stone WHERE stone.uid = gone.uid)
            ON CONFLICT (kind, slug) DO UPDATE SET change = excluded.change;
    END IF;
    RETURN NULL;
END $$;

-- Of codings it is noted only that some have gone: which ones there were in a round that is open again, nobody is to know.
CREATE FUNCTION publication_note_codings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows) THEN
        PERFORM publication_lock();
        INSERT INTO publication_removal AS removal (kind, slug, change) VALUES ('coding', '', publication_next_change())
            ON CONFLICT (kind, slug) DO UPDATE SET change = excluded.change;
    END IF;
    RETURN NULL;
END $$;

-- A withdrawal never waits for the worker: whoever withdraws by SQL takes the public rows away in the same statement.
CREATE OR REPLACE FUNCTION publication_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows JOIN old_rows USING (id)
               WHERE old_rows.status = 'published' AND new_rows.status <> 'published') THEN
        PERFORM publication_lock();
        DELETE FROM publication_publishedquote AS row USING new_rows
            WHERE row.id = new_rows.id AND new_rows.status <> 'published';
        DELETE FROM publication_publishedcoding AS row USING new_rows
            WHERE row.quote_key = new_rows.id AND new_rows.status <> 'published';
    END IF;
    RETURN NULL;
END $$;

-- Nor does the reopening of a round, by whatever means: its codings leave in the same statement.
CREATE FUNCTION publication_reopen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows WHERE old_rows.closed_at IS NOT NULL) THEN
        PERFORM publication_lock();
        DELETE FROM publication_publishedcoding AS row USING old_rows
            WHERE row.round = old_rows.number AND NOT EXISTS (
                SELECT FROM quotes_codinground AS round
                WHERE round.number = old_rows.number AND round.closed_at IS NOT NULL);
    END IF;
    RETURN NULL;
END $$;
"""

UNDO = f"""
DROP FUNCTION publication_note_slugs(), publication_note_uids(), publication_note_codings(), publication_reopen() CASCADE;
{earlier.FUNCTIONS[earlier.FUNCTIONS.index("CREATE FUNCTION publication_withdraw") : earlier.FUNCTIONS.index("-- Totals")]}
""".replace("CREATE FUNCTION publication_withdraw", "CREATE OR REPLACE FUNCTION publication_withdraw")

# The tables whose rows are noted when they go, by what function, and after which events.
NOTED = (
    ("publication_publishedentity", "publication_note_slugs", ("INSERT", "UPDATE", "DELETE")),
    ("publication_publishedredirect", "publication_note_slugs", ("INSERT", "UPDATE", "DELETE")),
    ("publication_publishedquote", "publication_note_uids", ("INSERT", "DELETE")),
    ("publication_tombstone", "publication_note_uids", ("INSERT", "DELETE")),
    ("publication_publishedcoding", "publication_note_codings", ("DELETE",)),
    ("quotes_codinground", "publication_reopen", ("UPDATE", "DELETE")),
)


def trigger(table: str, function: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {function}_{event.lower()} AFTER {event} ON {table} {earlier.TRANSITIONS[event]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


class Migration(migrations.Migration):
    dependencies = (("publication", "0003_changes"), ("quotes", "0003_coding_rounds"))
    operations = (
        migrations.RunSQL(FUNCTIONS, UNDO),
        *(
            migrations.RunSQL(trigger(table, function, event), migrations.RunSQL.noop)
            for table, function, events in NOTED
            for event in events
        ),
        *(
            migrations.RunSQL(statement, f"DROP TRIGGER publication_mark_{event.lower()} ON quotes_codinground")
            for event, statement in zip(
                earlier.TRANSITIONS,
                earlier.triggers("quotes_codinground", "publication_mark", "publication_mark('round', 'number')"),
                strict=True,
            )
        ),
    )
