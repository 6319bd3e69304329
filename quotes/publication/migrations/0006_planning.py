"""The whole lock only where something public goes, so that several processes can project at once; and finer statistics.

A statement trigger fires for a statement that changed nothing, too: each batch of a rebuild took the lock that its siblings share.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("quotes.publication.migrations.0004_removals")

_BEGIN = earlier.FUNCTIONS.index("-- After entities or redirects")
_END = earlier.FUNCTIONS.index("-- Of codings it is noted only")
BEFORE = earlier.FUNCTIONS[_BEGIN:_END].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

FUNCTIONS = """
-- As before, but nothing is looked for where no name can have gone: not by an UPDATE that leaves names as they were.
CREATE OR REPLACE FUNCTION publication_note_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_any_gone boolean := false;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        DELETE FROM publication_removal AS removal USING new_rows
            WHERE removal.kind = new_rows.kind AND removal.slug = new_rows.slug;
    END IF;
    IF TG_OP = 'DELETE' THEN
        is_any_gone := EXISTS (SELECT FROM old_rows);
    ELSIF TG_OP = 'UPDATE' THEN
        is_any_gone := EXISTS (SELECT kind, slug FROM old_rows EXCEPT SELECT kind, slug FROM new_rows);
    END IF;
    IF is_any_gone THEN
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

CREATE OR REPLACE FUNCTION publication_note_uids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        DELETE FROM publication_removal AS removal USING new_rows
            WHERE removal.kind = 'quote' AND removal.slug = new_rows.uid::text;
    ELSIF EXISTS (SELECT FROM old_rows) THEN
        PERFORM publication_lock();
        INSERT INTO publication_removal AS removal (kind, slug, change)
            SELECT 'quote', gone.uid::text, publication_next_change() FROM old_rows AS gone
            WHERE NOT EXISTS (SELECT FROM publication_publishedquote AS quote WHERE quote.uid = gone.uid)
              AND NOT EXISTS (SELECT FROM publication_tombstone AS stone WHERE stone.uid = gone.uid)
            ON CONFLICT (kind, slug) DO UPDATE SET change = excluded.change;
    END IF;
    RETURN NULL;
END $$;
"""


# How many quotes carry a code, or a word, decides between walking the order and asking the index. PostgreSQL remembers the
# commonest: ten for each point of this target, of which a hundred is the default. Then a code of ten rows was thought to have
# two hundred.
STATISTICS = """
ALTER TABLE publication_publishedquote ALTER COLUMN facets SET STATISTICS {0}, ALTER COLUMN search SET STATISTICS {0};
ANALYZE publication_publishedquote (facets, search);
"""


class Migration(migrations.Migration):
    dependencies = (("publication", "0005_quiet_drafts"),)
    operations = (
        migrations.RunSQL(FUNCTIONS, BEFORE),
        # The read servers plan for themselves.
        migrations.RunSQL(STATISTICS.format(2000), STATISTICS.format(-1), hints={"read_servers": True}),
    )
