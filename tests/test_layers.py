"""The house has floors: a module imports its own room and what lies below, never a peer (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = [
    {"partial_dates"},
    {"anchoring", "citations", "networks", "agreement", "extraction"},
    {"vocabulary"},
    {"search"},
    {"querysets"},
    {"models"},
    {"publication"},
    {"curation", "datasets", "reading", "replication"},
    {"admin", "api", "pages", "management"},
]
FLOOR = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
WITHOUT_DJANGO = LAYERS[0] | LAYERS[1]


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the app with the room that it is in; migrations and the app's own start are the framework's."""
    for path in sorted((ROOT / "quotes").rglob("*.py")):
        parts = path.relative_to(ROOT / "quotes").with_suffix("").parts
        if "migrations" not in parts and parts[0] not in {"__init__", "apps"}:
            yield parts[0], path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize(
    ("room", "path"), [pytest.param(*module, id=str(module[1].relative_to(ROOT))) for module in modules()]
)
def test_a_module_imports_only_its_own_room_and_what_lies_below(room: str, path: Path) -> None:
    assert room in FLOOR, f"{room} is on no floor: add it to LAYERS and to docs/architecture.md"
    for name in imports(path):
        if name.startswith("quotebase"):
            pytest.fail(f"{path.name} imports the project: {name}")
        if name.startswith("quotes."):
            other = name.split(".")[1]
            # Model modules name querysets as types; querysets name models only for the type checker.
            if room == "querysets" and other == "models":
                assert "if TYPE_CHECKING" in path.read_text(encoding="utf-8")
                continue
            assert other == room or FLOOR[other] < FLOOR[room], f"{path.name} ({room}) imports {name}"


@pytest.mark.parametrize("room", sorted(WITHOUT_DJANGO))
def test_the_lowest_floor_knows_no_django(room: str) -> None:
    for own_room, path in modules():
        if own_room == room:
            foreign = [name for name in imports(path) if name.startswith(("django", "rest_framework"))]
            assert not foreign, f"{path.name} imports {foreign}"


API = ROOT / "quotes" / "api"


def is_curators_face(path: Path) -> bool:
    """Behind a token: the addresses for curators, and who knows whose token it is."""
    return path == API / "authentication.py" or path.is_relative_to(API / "curation")


def test_public_faces_reach_no_model_of_the_sources() -> None:
    """What is not published cannot leak through a face that cannot name it."""
    for room, path in modules():
        if room in {"api", "pages"} and not is_curators_face(path):
            named = [name for name in imports(path) if name.startswith(("quotes.models", "quotes.querysets"))]
            assert not named, f"{path.name} imports {named}"


def test_the_public_api_knows_nothing_of_the_curators_api() -> None:
    for room, path in modules():
        if room in {"api", "pages"} and not is_curators_face(path):
            named = [name for name in imports(path) if name.startswith("quotes.api.curation")]
            assert not named, f"{path.name} imports {named}"
