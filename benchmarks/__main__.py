"""`python -m benchmarks --quotes 20000`: makes the data, asks everybody, and writes a table."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup(set_prefix=False)

from benchmarks import running  # noqa: E402 - what it imports needs the settings

if __name__ == "__main__":
    running.main()
