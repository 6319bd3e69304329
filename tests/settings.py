"""The settings, on a developer's machine: however pytest is started, nothing of production is asked for."""

import os

os.environ["QUOTEBASE_MODE"] = "local"

from quotebase.settings import *  # noqa: F403 - a settings module is its names; the mode must be set before
