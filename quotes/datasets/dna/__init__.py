"""What the Discourse Network Analyzer reads: its event list (CSV) and its own database, a SQLite file.

    quotes → statements (an actor agrees with a topic's proposition, or not) → events, or a database

Only what DNA has a place for goes out; what it has none for is counted (`Losses`). Both come back by quotes.datasets.importing.
"""

from quotes.datasets.dna.database import database
from quotes.datasets.dna.events import event_list
from quotes.datasets.dna.statements import ACTORS, AS_STATED, ROWS_PER, Losses, Selection

__all__ = ["ACTORS", "AS_STATED", "ROWS_PER", "Losses", "Selection", "database", "event_list"]
