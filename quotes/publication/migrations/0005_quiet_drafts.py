"""Rows that no published quote can show leave no mark: an import of a million drafts is nothing to the publication.

A quote that was never published is shown nowhere; once it was, `published_at` stays. A new person or article is shown by nothing
before a quote says so, which is marked then.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("quotes.publication.migrations.0002_triggers")

# As in 0002; a third argument of the trigger is a condition on the rows that really changed.
MARK = """
CREATE OR REPLACE FUNCTION publication_mark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT * FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT * FROM old_rows'
        ELSE '(SELECT * FROM new_rows EXCEPT ALL SELECT * FROM old_rows) UNION ALL
              (SELECT * FROM old_rows EXCEPT ALL SELECT * FROM new_rows)'
    END;
    marked bigint;
BEGIN
    EXECUTE format(
        'INSERT INTO publication_stalemark (kind, key) SELECT DISTINCT %L, changed.%I FROM (%s) AS changed %s',
        TG_ARGV[0], TG_ARGV[1], changed, coalesce('WHERE ' || TG_ARGV[2], '')
    );
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        PERFORM pg_notify('publication_stale', '');
    END IF;
    RETURN NULL;
END $$;
"""
DROPPED = [f"DROP TRIGGER publication_mark_{event} ON quotes_quote" for event in ("insert", "update", "delete")]
SILENT = ("quotes_person", "quotes_article")


def loud(table: str) -> str:
    """The trigger that 0002 made for new rows of the table."""
    kind, column = earlier.SOURCES[table]
    return earlier.triggers(table, "publication_mark", f"publication_mark('{kind}', '{column}')")[0]


class Migration(migrations.Migration):
    dependencies = (("publication", "0004_removals"),)
    operations = (
        migrations.RunSQL(MARK, migrations.RunSQL.noop),  # without a third argument it is what it was
        migrations.RunSQL(
            [
                *DROPPED,
                *earlier.triggers(
                    "quotes_quote", "publication_mark", "publication_mark('quote', 'id', 'published_at IS NOT NULL')"
                ),
            ],
            [*DROPPED, *earlier.triggers("quotes_quote", "publication_mark", "publication_mark('quote', 'id')")],
        ),
        *(migrations.RunSQL(f"DROP TRIGGER publication_mark_insert ON {table}", loud(table)) for table in SILENT),
    )
