"""SQL functions that the constraints and triggers of the tables use. All immutable, so that CHECKs and indexes may."""

from django.db import migrations

PARTIAL_DATES = """
CREATE FUNCTION partial_date_start(value text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN make_date(left(value, 4)::int, coalesce(nullif(substr(value, 6, 2), ''), '01')::int,
                 coalesce(nullif(substr(value, 9, 2), ''), '01')::int);

CREATE FUNCTION partial_date_end(value text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (partial_date_start(value)
    + CASE length(value) WHEN 4 THEN interval '1 year' WHEN 7 THEN interval '1 month' ELSE interval '1 day' END
    - interval '1 day')::date;

-- Not STRICT: an unknown date (NULL) is in order. A day that the calendar lacks raises "date field value out of range".
CREATE FUNCTION is_partial_date(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL THEN true
    WHEN value ~ '^[0-9]{4}(-[0-9]{2}){0,2}$' THEN partial_date_end(value) IS NOT NULL
    ELSE false
END;

CREATE FUNCTION periods_in_order(earlier text, later text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(partial_date_start(earlier) <= partial_date_end(later), true);
"""

ANCHORS = """
-- Segments are ordered, disjoint, inside a text of `length` code points, and together as long as the quote's words
-- (joined by one space). A quote without a snapshot may have context (prefix, suffix) but no positions. Context is capped,
-- because it is published and the text around it is not ours. Malformed JSON is false, never an error: forms ask this too.
CREATE FUNCTION segments_fit(segments jsonb, length int, words int) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    context CONSTANT int := 32;
    segment jsonb;
    previous int := 0;
    total int := -1;
BEGIN
    IF jsonb_typeof(segments) <> 'array' THEN
        RETURN false;
    END IF;
    FOR segment IN SELECT * FROM jsonb_array_elements(segments) LOOP
        IF jsonb_typeof(segment) <> 'object'
            OR coalesce(jsonb_typeof(segment -> 'prefix'), 'string') <> 'string'
            OR coalesce(jsonb_typeof(segment -> 'suffix'), 'string') <> 'string'
            OR greatest(char_length(segment ->> 'prefix'), char_length(segment ->> 'suffix')) > context
        THEN
            RETURN false;
        END IF;
        IF length IS NULL THEN
            IF segment ? 'start' OR segment ? 'end' THEN
                RETURN false;
            END IF;
            CONTINUE;
        END IF;
        IF coalesce(jsonb_typeof(segment -> 'start') <> 'number' OR jsonb_typeof(segment -> 'end') <> 'number', true)
            OR (segment ->> 'start') !~ '^[0-9]{1,9}$'
            OR (segment ->> 'end') !~ '^[0-9]{1,9}$'
            OR (segment ->> 'start')::int < previous
            OR (segment ->> 'end')::int <= (segment ->> 'start')::int
            OR (segment ->> 'end')::int > length
        THEN
            RETURN false;
        END IF;
        previous := (segment ->> 'end')::int;
        total := total + 1 + previous - (segment ->> 'start')::int;
    END LOOP;
    RETURN total = -1 OR total = words;
END $$;

CREATE FUNCTION words_at(body text, segments jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT string_agg(
        substr(body, (segment ->> 'start')::int + 1, (segment ->> 'end')::int - (segment ->> 'start')::int),
        ' ' ORDER BY position
    ) FROM jsonb_array_elements(segments) WITH ORDINALITY AS part(segment, position)
);

CREATE FUNCTION snapshot_text_fits(body text, length int, sha256_hex text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN char_length(body) = length
    AND encode(sha256(convert_to(body, 'UTF8')), 'hex') = sha256_hex
    AND body IS NFC NORMALIZED
    AND strpos(body, chr(13)) = 0;
"""


class Migration(migrations.Migration):
    dependencies = ()
    operations = (
        migrations.RunSQL(
            PARTIAL_DATES,
            "DROP FUNCTION periods_in_order(text, text), is_partial_date(text), partial_date_end(text), partial_date_start(text)",
        ),
        migrations.RunSQL(
            ANCHORS,
            "DROP FUNCTION segments_fit(jsonb, int, int), words_at(text, jsonb), snapshot_text_fits(text, int, text)",
        ),
    )
