"""The shipped fixtures, published, as in the tests of the API."""

from __future__ import annotations

from tests.api.conftest import demonstration, loaded, reference

__all__ = ["demonstration", "loaded", "reference"]
