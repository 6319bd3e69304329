"""Corpora collected by machines, a million lines and more, brought in through COPY in constant memory.

    a file of lines → reading (batches of statements) → looking (what would become of it) → bringing (staged, resolved, written)

`look` writes nothing; `bring_in` writes batch by batch, each whole, and goes on where it was ended. What a line says is checked
before anything is written; names are matched by Wikidata id, else by a name that one alone bears, and doubtful ones wait.
"""

from quotes.datasets.bulk.bringing import STARTS, bring_in, unfinished
from quotes.datasets.bulk.looking import Look, look
from quotes.datasets.bulk.reading import FORMATS, CorpusFile
from quotes.datasets.bulk.speakers import Fate

__all__ = ["FORMATS", "STARTS", "CorpusFile", "Fate", "Look", "bring_in", "look", "unfinished"]
