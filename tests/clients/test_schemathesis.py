"""schemathesis asks generated questions, right and wrong ones, and finds nothing in the answers: all its checks are on.

An ordinary run asks some hundreds, always the same. `make fuzz` sets QUOTEBASE_FUZZ_EXAMPLES: then all phases run, with more than
5,000 questions, others each time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.clients.packages import needed

needed("schemathesis")

CONFIG = "tests/clients/schemathesis.toml"
THOROUGH = os.environ.get("QUOTEBASE_FUZZ_EXAMPLES")
ALL_PHASES = ["--phases", "examples,coverage,fuzzing,stateful"]
ORDINARY = ["--phases", "fuzzing", "--max-examples", "10", "--generation-deterministic"]


def test_schemathesis_finds_nothing(root: str, tmp_path: Path) -> None:
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program
    amount = [*ALL_PHASES, "--max-examples", THOROUGH, "--generation-database", "none"] if THOROUGH else ORDINARY
    command = [program, "--config-file", CONFIG, "run", f"{root}/api/schema/", "--checks", "all"]
    made = subprocess.run(
        [*command, *amount, "--continue-on-failure", "--no-color"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    generated = re.search(r"(\d+) generated", made.stdout)
    assert generated, made.stdout
    assert int(generated[1]) >= (5_000 if THOROUGH else 300), made.stdout
    print(generated[0])
