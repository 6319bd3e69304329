"""The tables of a DNA 3.0 database, as DNA itself makes them, and what it expects in them before any document is there.

DNA opens a file whose `version` begins with 3.0, and asks for the password of one of its coders. A password's hash is a random
salt of 16 bytes followed by SHA-256 of salt and password, hashed 100,000 times over, in Base64.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes.datasets.dna.statements import OWN_VARIABLES

# Nobody is kept out by it: what is in the file is public. DNA wants one, and so that the same quotes give the same bytes it is
# always this, with this salt.
PASSWORD = "quotebase"  # noqa: S105
PASSWORD_HASH = "b2YgcHVibGljIHF1b3Rlc/MVF3tWyMmVTlWTpDqMsj+bbXTsPYoi44kmpDghoqQ4"  # noqa: S105
STATEMENT_TYPE = 1
VARIABLES: tuple[tuple[int, str, str], ...] = (
    (1, "person", "short text"),
    (2, "organization", "short text"),
    (3, "concept", "short text"),
    (4, "agreement", "boolean"),
    # Long texts have no entities, so that these are in nobody's way when networks are made.
    *((number, name, "long text") for number, name in enumerate(OWN_VARIABLES, 5)),
)
ENTITY_VARIABLES = {name: number for number, name, kind in VARIABLES if kind == "short text"}
LONG_TEXTS = [number for number, _, kind in VARIABLES if kind == "long text"]
AGREEMENT = 4
ATTRIBUTES = ("Type", "Alias", "Notes")

_ID = "ID INTEGER NOT NULL PRIMARY KEY"
_COLORS = ("Red", "Green", "Blue")
_PERMISSIONS = (
    "AddDocuments",
    "EditDocuments",
    "DeleteDocuments",
    "ImportDocuments",
    "AddStatements",
    "EditStatements",
    "DeleteStatements",
    "EditAttributes",
    "EditRegex",
    "EditStatementTypes",
    "EditCoders",
    "EditCoderRelations",
    "ViewOthersDocuments",
    "EditOthersDocuments",
    "ViewOthersStatements",
    "EditOthersStatements",
)


def _name(column: str, default: str = "") -> str:
    return f"{column} TEXT NOT NULL{default} CHECK (LENGTH({column}) < 191)"


def _flag(column: str, default: int = 1) -> str:
    return f"{column} INTEGER NOT NULL CHECK ({column} BETWEEN 0 AND 1) DEFAULT {default}"


def _between(column: str, least: int, most: int, default: int) -> str:
    return f"{column} INTEGER NOT NULL CHECK ({column} BETWEEN {least} AND {most}) DEFAULT {default}"


def _to(column: str, table: str) -> str:
    return f"FOREIGN KEY({column}) REFERENCES {table}(ID) ON DELETE CASCADE"


def _colors() -> list[str]:
    return [_between(name, 0, 255, 0) for name in _COLORS]


def _values(value: str) -> list[str]:
    """The columns of a table of values: of a statement, for a variable."""
    return [
        _ID,
        "StatementId INTEGER NOT NULL",
        "VariableId INTEGER NOT NULL",
        value,
        _to("StatementId", "STATEMENTS"),
        _to("VariableId", "VARIABLES"),
        "UNIQUE (StatementId, VariableId)",
    ]


TABLES: dict[str, list[str]] = {
    "SETTINGS": ["Property TEXT PRIMARY KEY", "Value TEXT NOT NULL"],
    "CODERS": [
        _ID,
        _name("Name"),
        *_colors(),
        _between("Refresh", 0, 9999, 0),
        _between("FontSize", 1, 99, 14),
        _name("Password"),
        "PopupWidth INTEGER CHECK (PopupWidth BETWEEN 100 AND 9999) DEFAULT 300",
        _flag("ColorByCoder", 0),
        _flag("PopupDecoration", 0),
        _flag("PopupAutoComplete"),
        *(_flag(f"Permission{name}") for name in _PERMISSIONS),
    ],
    "DOCUMENTS": [
        _ID,
        _name("Title"),
        "Text TEXT NOT NULL",
        "Coder INTEGER",
        _name("Author", " DEFAULT ''"),
        _name("Source", " DEFAULT ''"),
        _name("Section", " DEFAULT ''"),
        "Notes TEXT NOT NULL DEFAULT ''",
        _name("Type", " DEFAULT ''"),
        "Date INTEGER NOT NULL",
        _to("Coder", "CODERS"),
    ],
    "STATEMENTTYPES": [_ID, _name("Label"), *_colors()],
    "VARIABLES": [
        _ID,
        _name("Variable"),
        "DataType TEXT NOT NULL CHECK (DataType IN ('boolean', 'integer', 'long text', 'short text')) DEFAULT 'short text'",
        "StatementTypeId INTEGER",
        _to("StatementTypeId", "STATEMENTTYPES"),
        "UNIQUE (Variable, StatementTypeId)",
    ],
    "VARIABLELINKS": [
        _ID,
        "SourceVariableId INTEGER",
        "TargetVariableId INTEGER",
        "CHECK (TargetVariableId != SourceVariableId)",
        _to("SourceVariableId", "VARIABLES"),
        _to("TargetVariableId", "VARIABLES"),
    ],
    "REGEXES": ["Label TEXT PRIMARY KEY CHECK (LENGTH(Label) < 191)", *_colors()],
    "CODERRELATIONS": [
        _ID,
        "Coder INTEGER CHECK (Coder > 0)",
        "OtherCoder INTEGER CHECK (OtherCoder > 0)",
        *(_flag(name) for name in ("viewStatements", "editStatements", "viewDocuments", "editDocuments")),
        "CHECK (Coder != OtherCoder)",
        _to("Coder", "CODERS"),
        _to("OtherCoder", "CODERS"),
    ],
    "STATEMENTS": [
        _ID,
        "StatementTypeId INTEGER",
        "DocumentId INTEGER",
        "Start INTEGER NOT NULL CHECK (Start >= 0)",
        "Stop INTEGER NOT NULL CHECK (Stop >= 0)",
        "Coder INTEGER",
        "CHECK (Start < Stop)",
        _to("StatementTypeId", "STATEMENTTYPES"),
        _to("Coder", "CODERS"),
        _to("DocumentId", "DOCUMENTS"),
    ],
    "DATABOOLEAN": _values("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _values("Value INTEGER NOT NULL DEFAULT 0"),
    "ENTITIES": [
        _ID,
        "VariableId INTEGER NOT NULL",
        _name("Value", " DEFAULT ''"),
        *(f"{name} INTEGER CHECK ({name} BETWEEN 0 AND 255)" for name in _COLORS),
        "ChildOf INTEGER CHECK (ChildOf > 0)",
        "UNIQUE (VariableId, Value)",
        _to("ChildOf", "ENTITIES"),
        _to("VariableId", "VARIABLES"),
    ],
    "DATASHORTTEXT": [*_values("Entity INTEGER NOT NULL"), _to("Entity", "ENTITIES")],
    "DATALONGTEXT": _values("Value TEXT DEFAULT ''"),
    "ATTRIBUTEVARIABLES": [
        _ID,
        "VariableId INTEGER NOT NULL",
        _name("AttributeVariable"),
        "UNIQUE (VariableId, AttributeVariable)",
        _to("VariableId", "VARIABLES"),
    ],
    "ATTRIBUTEVALUES": [
        _ID,
        "EntityId INTEGER NOT NULL",
        "AttributeVariableId INTEGER NOT NULL",
        _name("AttributeValue", " DEFAULT ''"),
        "UNIQUE (EntityId, AttributeVariableId)",
        _to("EntityId", "ENTITIES"),
        _to("AttributeVariableId", "ATTRIBUTEVARIABLES"),
    ],
}


def create_statements() -> Iterator[str]:
    """The tables, in SQL. Constraints on tables stand behind the columns, as SQL wants them."""
    for table, parts in TABLES.items():
        ordered = sorted(parts, key=lambda part: part.startswith(("CHECK", "FOREIGN", "UNIQUE")))
        yield f"CREATE TABLE {table}({', '.join(ordered)})"
