"""The curators' API."""
