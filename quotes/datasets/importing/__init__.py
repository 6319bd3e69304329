"""A curator's own table of quotes, brought in: first looked at (`plan_import`), then written, whole or not (`apply_import`).

    file bytes → tables (rows of cells) → entries (cleaned values) → planning (matched or to be made) → applying

This is the door for tables that a person keeps: everything is in memory, up to 50 MB and 100,000 rows. What is refused is
said with row, column and value, and nothing is written while anything is refused.
"""

from quotes.datasets.importing.applying import apply_import
from quotes.datasets.importing.describing import PlanDocument, describe
from quotes.datasets.importing.planning import ImportPlan, plan_import
from quotes.datasets.importing.refusals import ImportRefused, Refusal
from quotes.datasets.importing.tables import KINDS, MAX_FILE_BYTES, SourceFile

__all__ = [
    "KINDS",
    "MAX_FILE_BYTES",
    "ImportPlan",
    "ImportRefused",
    "PlanDocument",
    "Refusal",
    "SourceFile",
    "apply_import",
    "describe",
    "plan_import",
]
