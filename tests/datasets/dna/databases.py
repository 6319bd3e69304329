"""Databases as DNA 3 makes them, in as few words as its tables allow."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT NOT NULL);
CREATE TABLE CODERS(ID INTEGER NOT NULL PRIMARY KEY, Name TEXT NOT NULL, Password TEXT NOT NULL);
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL, Coder INTEGER,
    Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT '', Section TEXT NOT NULL DEFAULT '',
    Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL, DataType TEXT NOT NULL, StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER NOT NULL,
    Stop INTEGER NOT NULL, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value INTEGER NOT NULL);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value INTEGER NOT NULL);
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL DEFAULT '');
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Entity INTEGER NOT NULL);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER, VariableId INTEGER, Value TEXT DEFAULT '');
"""
# Two statements of two documents, by DNA's coder 2, one of them behind an emoji; a further variable, and an annotation.
ROWS = """
INSERT INTO SETTINGS VALUES ('version', '3.0.11'), ('date', '2025-02-05');
INSERT INTO CODERS VALUES (1, 'Admin', ''), (2, 'Coder 1', '');
INSERT INTO DOCUMENTS VALUES
    (3, 'The lamps', 'She said: Let them listen, all of them. So be it.', 2, '', 'Lantern Gazette', '', '', 'news', 1714521600),
    (4, 'Again', '💡 “Put them out.”', 2, '', 'Lantern Gazette', '', 'https://gazette.example/again', '', 1714608000);
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement'), (3, 'Annotation');
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
    (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'strength', 'integer', 1), (11, 'note', 'long text', 3);
INSERT INTO STATEMENTS VALUES (7, 1, 3, 10, 39, 2), (8, 1, 4, 4, 17, 2), (9, 3, 3, 0, 3, 2);
INSERT INTO ENTITIES VALUES (1, 1, ''), (2, 1, 'Neva Corrin'), (3, 1, 'Bertil Quill'), (4, 2, 'Lamp Office'), (5, 2, ''),
    (6, 3, 'Lamps should listen.');
INSERT INTO DATASHORTTEXT (StatementId, VariableId, Entity) VALUES
    (7, 1, 2), (7, 2, 4), (7, 3, 6), (8, 1, 3), (8, 2, 5), (8, 3, 6);
INSERT INTO DATABOOLEAN (StatementId, VariableId, Value) VALUES (7, 4, 1), (8, 4, 0);
INSERT INTO DATAINTEGER (StatementId, VariableId, Value) VALUES (7, 5, 3), (8, 5, 1);
INSERT INTO DATALONGTEXT (StatementId, VariableId, Value) VALUES (9, 11, 'Look at this again.');
"""


def database(folder: Path, *further: str, sql: str = TABLES + ROWS) -> bytes:
    """The bytes of a database, after some more SQL."""
    path = folder / "theirs.dna"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(sql)
    for one in further:
        connection.executescript(one)
    connection.close()
    return path.read_bytes()
