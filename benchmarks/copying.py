"""Writes rows by COPY into the tables of the sources."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

Rows = dict[str, list[tuple[Any, ...]]]

COLUMNS: dict[str, str] = {
    "quotes_organization": "id slug name short_name aliases kind country parent_id",
    "quotes_person": "id slug name sort_name aliases",
    "quotes_topic": "id slug name proposition parent_id",
    "quotes_affiliation": "id role kind start organization_id person_id",
    "quotes_codinground": "id number name instructions opened_at closed_at",
    "quotes_article": "id slug url title published language genre archive_url status status_note outlet_id",
    "quotes_authorship": "position article_id person_id",
    "quotes_snapshot": "id length sha256 retrieved_at article_id",
    "quotes_quote": "id uid text segments kind source_type speaker_id organization_id speaks_for_organization source_label "
    "cue framing venue said_on verification verification_note status published_at withdrawn_at withdrawn_reason article_id "
    "snapshot_id snapshot_length same_utterance_as_id",
    "quotes_quoteaffiliation": "role_as_stated standing is_primary affiliation_id quote_id speaker_id",
    "quotes_coding": "quote_id topic_id stance coder round certainty justification codebook_version is_final",
    "quotes_evidence": "kind url description provided_by provided_on quote_id",
}


def write(connection: psycopg.Connection[Any], rows: Rows) -> None:
    """COPY the rows into their tables."""
    for table, members in rows.items():
        columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in members:
                copy.write_row(row)
