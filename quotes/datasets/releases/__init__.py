"""Frozen data sets: what was public at one moment, in a folder that others can check without this program's database."""

from quotes.datasets.releases.about import About, AboutError, read_about
from quotes.datasets.releases.catalogue import Release, find_release, list_releases
from quotes.datasets.releases.making import ReleaseError, make_release
from quotes.datasets.releases.verifying import Finding, verify_release

__all__ = [
    "About",
    "AboutError",
    "Finding",
    "Release",
    "ReleaseError",
    "find_release",
    "list_releases",
    "make_release",
    "read_about",
    "verify_release",
]
