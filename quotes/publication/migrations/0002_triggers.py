"""What keeps the publication true without Python: marks on every source table, totals, immediate withdrawal."""

from django.db import migrations

# Which row of the sources a change of each table makes stale: (kind of source, column with its key).
SOURCES = {
    "quotes_quote": ("quote", "id"),
    "quotes_quoteaffiliation": ("quote", "quote_id"),
    "quotes_coding": ("quote", "quote_id"),
    "quotes_evidence": ("quote", "quote_id"),
    "quotes_person": ("person", "id"),
    "quotes_organization": ("organization", "id"),
    "quotes_affiliation": ("affiliation", "id"),
    "quotes_article": ("article", "id"),
    "quotes_authorship": ("article", "article_id"),
    "quotes_snapshot": ("article", "article_id"),
    "quotes_topic": ("topic", "id"),
    "quotes_redirect": ("redirect", "id"),
}

FUNCTIONS = """
CREATE SEQUENCE publication_change;

CREATE FUNCTION publication_next_change() RETURNS bigint LANGUAGE sql VOLATILE
RETURN nextval('publication_change');

CREATE FUNCTION publication_lock() RETURNS void LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(hashtextextended('publication', 0));

-- After any statement on a source table: note the rows that really changed, and wake the worker when this commits.
CREATE FUNCTION publication_mark() RETURNS trigger LANGUAGE plpgsql AS $$
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
        'INSERT INTO publication_stalemark (kind, key) SELECT DISTINCT %L, changed.%I FROM (%s) AS changed',
        TG_ARGV[0], TG_ARGV[1], changed
    );
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        PERFORM pg_notify('publication_stale', '');
    END IF;
    RETURN NULL;
END $$;

-- A withdrawal never waits for the worker: whoever withdraws by SQL takes the public row away in the same statement.
CREATE FUNCTION publication_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows JOIN old_rows USING (id)
               WHERE old_rows.status = 'published' AND new_rows.status <> 'published') THEN
        PERFORM publication_lock();
        DELETE FROM publication_publishedquote AS row USING new_rows
            WHERE row.id = new_rows.id AND new_rows.status <> 'published';
    END IF;
    RETURN NULL;
END $$;

-- Totals by code: a facet code counts listed rows, a mention code counts all.
CREATE FUNCTION publication_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- The rows' codes with +1 or -1, by operation; transition tables can only be named where they exist.
    gained text := 'SELECT unnest(facets), 1 FROM new_rows WHERE listed UNION ALL SELECT unnest(mentions), 1 FROM new_rows';
    lost text := 'SELECT unnest(facets), -1 FROM old_rows WHERE listed UNION ALL SELECT unnest(mentions), -1 FROM old_rows';
BEGIN
    EXECUTE format(
        'INSERT INTO publication_total AS total (code, quotes)
            SELECT code, sum(n) FROM (%s) AS part(code, n) GROUP BY code HAVING sum(n) <> 0 ORDER BY code
            ON CONFLICT (code) DO UPDATE SET quotes = total.quotes + excluded.quotes',
        CASE TG_OP WHEN 'INSERT' THEN gained WHEN 'DELETE' THEN lost ELSE gained || ' UNION ALL ' || lost END
    );
    RETURN NULL;
END $$;
"""

# CASCADE takes the triggers along.
UNDO = """
DROP FUNCTION publication_mark(), publication_withdraw(), publication_count() CASCADE;
DROP FUNCTION publication_lock(), publication_next_change();
DROP SEQUENCE publication_change;
"""

TRANSITIONS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}


def triggers(table: str, name: str, call: str) -> list[str]:
    """One AFTER STATEMENT trigger for each event: transition tables allow neither several events nor column lists."""
    return [
        f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} {transition} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {call}"
        for event, transition in TRANSITIONS.items()
    ]


class Migration(migrations.Migration):
    dependencies = (("publication", "0001_tables"), ("quotes", "0002_tables"))
    operations = (
        migrations.RunSQL(FUNCTIONS, UNDO),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for table, (kind, column) in SOURCES.items()
            for statement in triggers(table, "publication_mark", f"publication_mark('{kind}', '{column}')")
        ),
        migrations.RunSQL(
            "CREATE TRIGGER publication_withdraw AFTER UPDATE ON quotes_quote "
            f"{TRANSITIONS['UPDATE']} FOR EACH STATEMENT EXECUTE FUNCTION publication_withdraw()",
            migrations.RunSQL.noop,
        ),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in triggers("publication_publishedquote", "publication_count", "publication_count()")
        ),
        migrations.RunSQL(
            "CREATE INDEX publication_total_zero ON publication_total (code) WHERE quotes = 0",
            "DROP INDEX publication_total_zero",
        ),
    )
