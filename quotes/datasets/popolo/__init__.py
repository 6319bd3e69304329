"""Popolo (http://www.popoloproject.com/specs/): people, organizations and memberships of other programs, in and out.

    file bytes → members (objects with their place) → reading (what each says) → matching → planning → applying
    published people → writing → a file

In, it is looked at first (`plan_popolo`), then written, whole or not at all (`apply_popolo`). Out, it is what is public.
"""

from quotes.datasets.popolo.applying import apply_popolo
from quotes.datasets.popolo.describing import lines
from quotes.datasets.popolo.planning import PopoloPlan, plan_popolo
from quotes.datasets.popolo.writing import Losses, write

POPOLO = "popolo"

__all__ = ["POPOLO", "Losses", "PopoloPlan", "apply_popolo", "lines", "plan_popolo", "write"]
