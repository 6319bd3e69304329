"""The settings, for a server of the benchmarks' own. QUOTEBASE_BENCHMARK_DATABASE names the database on it."""

import os

os.environ["QUOTEBASE_MODE"] = "local"

from quotebase import environment
from quotebase.settings import *  # noqa: F403 - a settings module is its names; the mode must be set before
from quotebase.settings import DATABASES, LOCAL_FOLDER

# As one would set a machine of 8 GB that serves nothing else; for every candidate the same.
SERVER = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "30min",
    # Data that can be made again at any time need not survive a crash of the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}

for _database in DATABASES.values():
    if _database["ENGINE"] == "quotebase.postgres":
        _database["NAME"] = environment.read("QUOTEBASE_BENCHMARK_DATABASE", "benchmarks")
        _database["OPTIONS"] = {
            **_database["OPTIONS"],
            "data_folder": LOCAL_FOLDER / "benchmarks" / "postgres",
            "server_options": SERVER,
        }

# What is measured is the answer, not the counting of who asked.
RATE_LIMITS = {"anonymous": None, "token": None}
ROOT_URLCONF = "benchmarks.urls"
