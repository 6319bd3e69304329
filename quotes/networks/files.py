"""Networks as files: GraphML for Gephi, visone, igraph and networkx, a matrix as CSV, and UCINET's DL.

Matrices are laid out as DNA lays them out, with two differences: quotation marks in a CSV label are doubled rather than changed,
and numbers are written in full, not to six places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from quotes.networks.matrices import Network

# Of what XML 1.0 cannot hold, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
Attributes = Mapping[str, Any]


def graphml(nodes: Mapping[str, Attributes], edges: Iterable[tuple[str, str, Attributes]], about: Attributes) -> bytes:
    """An undirected graph. Values are strings, numbers and booleans; None is left out. `about` is of the graph itself."""
    edges = list(edges)
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for domain, rows in (("graph", [about]), ("node", nodes.values()), ("edge", [row for _, _, row in edges])):
        for name, kind in _columns(rows).items():
            key = {"id": f"{domain}.{name}", "for": domain, "attr.name": name, "attr.type": kind}
            ElementTree.SubElement(root, "key", key)
    graph = ElementTree.SubElement(root, "graph", id="network", edgedefault="undirected")
    _add_data(graph, "graph", about)
    for node, attributes in nodes.items():
        _add_data(ElementTree.SubElement(graph, "node", id=node), "node", attributes)
    for source, target, attributes in edges:
        _add_data(ElementTree.SubElement(graph, "edge", source=source, target=target), "edge", attributes)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _columns(rows: Iterable[Attributes]) -> dict[str, str]:
    """Each attribute's type in GraphML, in the order of first appearance; a column of whole and other numbers is of doubles."""
    found: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None and found.get(name) != "double":
                found[name] = _TYPES[type(value)]
    return found


def _add_data(parent: ElementTree.Element, domain: str, attributes: Attributes) -> None:
    for name, value in attributes.items():
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            ElementTree.SubElement(parent, "data", key=f"{domain}.{name}").text = _NOT_IN_XML.sub("\ufffd", text)


def csv_matrix(network: Network, labels: Mapping[str, str]) -> bytes:
    """The matrix, `;` between cells, labels in quotation marks, the corner empty."""
    lines = [";".join(['""', *(_quoted(labels[column]) for column in network.columns)])]
    for row, weights in zip(network.rows, network.matrix(), strict=True):
        lines.append(";".join([_quoted(labels[row]), *map(number, weights)]))
    return ("\n".join(lines) + "\n").encode()


def _quoted(label: str) -> str:
    return '"' + label.replace('"', '""') + '"'


def dl(network: Network, labels: Mapping[str, str]) -> bytes:
    """UCINET's full matrix. It has no way to write a quotation mark within a label: these are left out, as DNA does."""

    def written(names: Iterable[str]) -> list[str]:
        return ['"' + " ".join(labels[name].replace('"', "").replace("'", "").split()) + '"' for name in names]

    if network.mode == "onemode":
        head = [f"dl n = {len(network.rows)}, format = fullmatrix", "labels:", *written(network.rows)]
    else:
        sizes = f"nr = {len(network.rows)}, nc = {len(network.columns)}"
        head = [f"dl {sizes}, format = fullmatrix", "row labels:", *written(network.rows)]
        head += ["col labels:", *written(network.columns)]
    lines = [" ".join(map(number, weights)) for weights in network.matrix()]
    return ("\n".join([*head, "data:", *lines]) + "\n").encode()


def number(weight: float) -> str:
    """A weight as it is written: whole numbers without a point.

    >>> number(3.0), number(-0.25), number(1 / 3)
    ('3', '-0.25', '0.3333333333333333')
    """
    return str(int(weight)) if float(weight).is_integer() else repr(float(weight))
