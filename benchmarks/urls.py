"""The service's own addresses, and those of the peers that are Django applications as well."""

from importlib.util import find_spec
from typing import Any

from django.urls import path

from benchmarks.peers.model_serializer import QuoteView
from quotebase.urls import urlpatterns as own

urlpatterns: list[Any] = [*own, path("peers/rest/<question>", QuoteView.as_view())]
if find_spec("ninja"):
    from benchmarks.peers.ninja_api import api

    urlpatterns.append(path("peers/ninja/", api.urls))
