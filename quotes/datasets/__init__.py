"""Data in and out in bulk: fixtures, formats, releases."""
