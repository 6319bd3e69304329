"""Made-up corpora in the shape of Quotebank: pseudo-words, people and outlets that do not exist; the same each time."""

from __future__ import annotations

import bz2
import gzip
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SYLLABLES = ["ba", "ko", "ri", "ta", "lu", "men", "sor", "vi", "dal", "qu", "ne", "pra", "go", "hel", "mi", "tuz"]
_OPENERS: dict[str, Any] = {".bz2": bz2.open, ".gz": gzip.open}
_WORDS = 5_000


def write_quotebank(path: Path, lines: int, *, seed: int = 7) -> None:
    """So many quotation-centric lines; compressed as the name ends."""
    opener = _OPENERS.get(path.suffix, open)
    with opener(path, "wt", encoding="utf-8") as stream:
        for line in quotebank_lines(lines, seed=seed):
            stream.write(line + "\n")


def quotebank_lines(count: int, *, seed: int = 7) -> Iterator[str]:
    """A fifth of the quotations stand at several addresses, a third have no speaker, and a seventh of the speakers two ids."""
    chance = random.Random(seed)  # noqa: S311 - no secrets here
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(_WORDS)]
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(_WORDS)))
    people = [_person(number, chance, words) for number in range(max(200, count // 20))]
    fame = list(itertools.accumulate((rank + 1) ** -0.8 for rank in range(len(people))))
    for number in range(count):
        day = f"{2015 + number * 5 // count}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        places = 1 if chance.random() < 0.8 else chance.randint(2, 5)
        name, ids = ("None", []) if chance.random() < 0.35 else chance.choices(people, cum_weights=fame)[0]
        likely = round(chance.uniform(0.4, 0.99), 4)
        value = {
            "quoteID": f"{day}-{number:06}",
            "quotation": " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(6, 40))),
            "speaker": name,
            "qids": ids,
            "date": f"{day} 08:00:00",
            "numOccurrences": places,
            "probas": [[name, str(likely)], ["Ota Zed" if name == "None" else "None", str(round(1 - likely, 4))]],
            "urls": [_address(chance, words, count) for _ in range(places)],
            "phase": "E",
        }
        yield json.dumps(value)


def _person(number: int, chance: random.Random, words: list[str]) -> tuple[str, list[str]]:
    ids = [f"Q{900_000_000 + number}"] + ([f"Q{950_000_000 + number}"] if chance.random() < 0.15 else [])
    return f"{chance.choice(words).title()} {chance.choice(words).title()}", ids


def _address(chance: random.Random, words: list[str], count: int) -> str:
    return f"https://outlet{chance.randint(1, 500)}.example/{chance.choice(words)}/{chance.randint(1, count * 2)}"
