"""The settings, on a developer's machine: however pytest is started, nothing of production is asked for."""

import os

os.environ["QUOTEBASE_MODE"] = "local"

from quotebase.settings import *  # noqa: F403 - a settings module is its names; the mode must be set before

# A test's rows are in a transaction of the default connection, which no other sees. tests/test_routing.py tries the others.
PUBLICATION_ALIAS = EXPORTS_ALIAS = "default"
# Tests ask thousands of times a minute; tests/api/test_limits.py sets rates of its own.
RATE_LIMITS: dict[str, tuple[int, int] | None] = {"anonymous": None, "token": None}
