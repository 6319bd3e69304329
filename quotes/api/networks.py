"""`quotes/network/`: who stands with whom, under any filters, as JSON, GraphML, a matrix in CSV, or DL."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import orjson
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from quotes import networks
from quotes.api import limits
from quotes.api.base import ReadView, raise_refusals
from quotes.api.caching import entity_tag
from quotes.api.exports import telling_when_busy
from quotes.api.problems import BadParameters
from quotes.api.renderers import JSONRenderer
from quotes.networks import files
from quotes.publication import streaming
from quotes.publication.changes import last_change
from quotes.publication.filters import QuoteFilterSet, StandingField
from quotes.publication.models import PublishedQuote
from quotes.publication.network_documents import NetworkDocument, Question, build
from quotes.publication.networks import ACTORS
from quotes.publication.parameters import ChoiceField, refuse
from quotes.vocabulary import Standing

MOST_CELLS = 4_000_000
MODES = ("twomode", "onemode")
DEFAULTS: Mapping[str, str] = {
    one.name: one.default for one in dataclasses.fields(Question) if isinstance(one.default, str)
}
_AGGREGATIONS = {"twomode": networks.TWO_MODE_AGGREGATIONS, "onemode": networks.ONE_MODE_AGGREGATIONS}
_NORMALIZATIONS = {"twomode": networks.TWO_MODE_NORMALIZATIONS, "onemode": networks.ONE_MODE_NORMALIZATIONS}
# By the value of `format`: the media type, first the one that Content-Type gives; and how a file's name ends.
FORMATS: Mapping[str, tuple[str, str]] = {
    "graphml": ("application/graphml+xml", "graphml"),
    "csv": ("text/csv", "csv"),
    "dl": ("text/plain", "dl"),
}


def _one_of(values: Iterable[str], help_text: str, default: str) -> ChoiceField:
    return ChoiceField(choices=list(dict.fromkeys(values)), is_many=False, help_text=f"{help_text} Default: {default}.")


class NetworkParameters(forms.Form):
    """What `quotes/network/` takes besides the filters. Names, values and defaults are those of rDNA where it has them."""

    mode = _one_of(MODES, "Actors by topics, or actors (topics) by actors (topics).", DEFAULTS["mode"])
    of = _one_of(["actors", "topics"], "What a one-mode network ties.", DEFAULTS["of"])
    actor = _one_of(ACTORS, "Who acts: the organization, the one at its top, or the person.", DEFAULTS["actor"])
    actor_standing = StandingField(
        help_text="The standing at which a person's words count for an organization. Default: current."
    )
    aggregation = _one_of(
        [*networks.TWO_MODE_AGGREGATIONS, *networks.ONE_MODE_AGGREGATIONS],
        "What becomes of support and opposition. twomode: ignore, subtract, combine; onemode: ignore, congruence,"
        " conflict, subtract.",
        DEFAULTS["aggregation"],
    )
    normalization = _one_of(
        [*networks.TWO_MODE_NORMALIZATIONS, *networks.ONE_MODE_NORMALIZATIONS],
        "What weights are divided by. twomode: no, activity, prominence; onemode: no, average, jaccard, cosine.",
        DEFAULTS["normalization"],
    )
    duplicates = _one_of(
        networks.DUPLICATES,
        "Count once what an actor says of a topic again and again in one document or period.",
        DEFAULTS["duplicates"],
    )
    isolates = _one_of(["0", "1"], "1: with those who have no kept statement.", DEFAULTS["isolates"])
    format = _one_of(["json", *FORMATS], "The format of the answer; the Accept header says it as well.", "json")

    def clean(self) -> dict[str, Any]:
        """With defaults. Errors of what does not go together."""
        asked: dict[str, Any] = super().clean() or {}
        asked |= {name: value for name, value in DEFAULTS.items() if not asked.get(name)}
        mode = asked["mode"]
        for name, possible in (("aggregation", _AGGREGATIONS[mode]), ("normalization", _NORMALIZATIONS[mode])):
            if asked[name] not in possible:
                self._refuse(name, refuse("contradiction", f"With mode={mode} it is one of {', '.join(possible)}."))
        if asked.get("aggregation") == "combine" and asked.get("normalization", "no") != "no":
            self._refuse(
                "normalization",
                refuse("contradiction", "Combined weights are names, not amounts: nothing divides them."),
            )
        if "of" in self.data and mode == "twomode":
            self._refuse("of", refuse("nothing_to_modify", "It is for mode=onemode; a two-mode network has both."))
        if "actor_standing" in self.data and asked["actor"] == "speaker":
            self._refuse(
                "actor_standing", refuse("nothing_to_modify", "It is for organizations; here actors are people.")
            )
        asked["actor_standing"] = tuple(asked.get("actor_standing") or [Standing.CURRENT.value])
        return asked

    def _refuse(self, name: str, error: ValidationError) -> None:
        """One error for each parameter is enough."""
        if name not in self.errors:
            self.add_error(name, error)


class QuoteNetwork(ReadView):
    """The discourse network of the matching quotes."""

    parameters_class: ClassVar[type[NetworkParameters]] = NetworkParameters

    def get_renderers(self) -> list[BaseRenderer]:
        others = [
            type(name, (JSONRenderer,), {"media_type": media_type, "format": name})()
            for name, (media_type, _) in FORMATS.items()
        ]
        return [JSONRenderer(), *others]

    def get(self, request: Request) -> HttpResponseBase:
        return self.answer_in_state(request, self.ask)

    def ask(self, request: Request) -> Callable[[], HttpResponseBase]:
        parameters = NetworkParameters(request.query_params)
        filterset = QuoteFilterSet(request.query_params, PublishedQuote.objects.all(), others=list(parameters.fields))
        raise_refusals(filterset.refusals(), parameters)
        asked = parameters.cleaned_data
        return lambda: self.answer(request, filterset, asked)

    def answer(self, request: Request, filterset: QuoteFilterSet, asked: dict[str, Any]) -> HttpResponseBase:
        """From one state of the publication, in one of the places for whole result sets: all that matches is read."""
        name = str(request.accepted_renderer.format)
        reader = ":".join(limits.reader(request, request.auth))
        with telling_when_busy(), streaming.place(reader), streaming.snapshot():
            etag = entity_tag(request, last_change(using=settings.EXPORTS_ALIAS))
            network, document = _build(filterset, asked)
        if name == "json":
            return HttpResponse(orjson.dumps(document), headers={"Content-Type": "application/json", "ETag": etag})
        media_type, extension = FORMATS[name]
        body = _written(name, network, document)
        parameter = "" if name == "graphml" else "; charset=utf-8"
        disposition = f'attachment; filename="network.{extension}"'
        headers = {"Content-Type": media_type + parameter, "Content-Disposition": disposition, "ETag": etag}
        return HttpResponse(body, headers=headers)


def _build(filterset: QuoteFilterSet, asked: Mapping[str, Any]) -> tuple[networks.Network, NetworkDocument]:
    try:
        return build(filterset, Question(**{name: asked[name] for name in (*DEFAULTS, "actor_standing")}))
    except networks.TooLarge as error:
        message = f"This network has {error}. Narrow the question, or ask for actor=root_organization."
        raise BadParameters({"mode": [refuse("too_many_ties", message)]}) from error


def _written(name: str, network: networks.Network, document: NetworkDocument) -> bytes:
    if name == "graphml":
        # Gephi shows `label`, DNA's other readers `name`.
        nodes = {node["id"]: {**node, "label": node["name"]} for node in document["nodes"]}
        edges = [(edge["source"], edge["target"], {"weight": float(edge["weight"])}) for edge in document["edges"]]
        about = {
            "applied": orjson.dumps(document["applied"]).decode(),
            "counts": orjson.dumps(document["counts"]).decode(),
        }
        return files.graphml(nodes, edges, about)
    cells = len(network.rows) * len(network.columns)
    if cells > MOST_CELLS:
        message = f"The matrix has {cells:,} cells, more than {MOST_CELLS:,}. GraphML and JSON hold ties alone."
        raise BadParameters({"format": [refuse("too_many_ties", message)]})
    times = Counter(node["name"] for node in document["nodes"])
    labels = {
        node["id"]: node["name"] if times[node["name"]] == 1 else f"{node['name']} ({node['slug']})"
        for node in document["nodes"]
    }
    return files.csv_matrix(network, labels) if name == "csv" else files.dl(network, labels)
