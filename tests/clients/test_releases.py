"""A release of the debate, validated by the libraries of its formats, and loaded as a reader would."""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from quotes.datasets.releases import verify_release
from tests import running


@pytest.fixture(scope="module")
def folder(run: running.Run, api: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the debate, as somebody downloads it."""
    run.manage("release", "2026.1", "--date", "2026-11-23")
    folder = tmp_path_factory.mktemp("downloaded")
    with urllib.request.urlopen(f"{api}/releases/latest/") as answer:  # noqa: S310 - our own http address
        files = json.load(answer)["files"]
    for file in files:
        urllib.request.urlretrieve(run.root() + file["url"], folder / file["name"])  # noqa: S310
    return folder


def test_what_is_downloaded_is_what_was_frozen(folder: Path) -> None:
    assert list(verify_release(folder)) == []


def test_frictionless_finds_the_package_valid(folder: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="there is no frictionless: run `make clients`")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
    rows = {task.name: task.stats.get("rows", 0) for task in report.tasks}
    assert rows["quotes"] == 224
    assert rows["retracted"] == 4


def test_frictionless_sees_a_wrong_value(folder: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="there is no frictionless: run `make clients`")
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    quotes = tmp_path / "quotes.csv"
    quotes.write_bytes(quotes.read_bytes().replace(b",direct,", b",shouted,", 1))
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_notebook_reads_it_and_draws_three_plots(folder: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib", reason="there is no matplotlib: run `make clients`")
    matplotlib.use("Agg")
    plots = pytest.importorskip("matplotlib.pyplot")
    plots.close("all")
    cells = json.loads((settings.BASE_DIR / "docs" / "release.ipynb").read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert 'Path(".local/releases/2026.1")' in source
    exec(compile(source.replace(".local/releases/2026.1", str(folder)), "release.ipynb", "exec"), {})  # noqa: S102
    titles = [plots.figure(number).axes[0].get_title(loc="left") for number in plots.get_fignums()]
    assert titles == [
        "Stances by topic (quotes that address it)",
        "The gatelight pilot: quotes for and against, by quarter",
        "The gatelight pilot: quotes by kind of organization",
    ]
    bars = [len(plots.figure(number).axes[0].patches) for number in plots.get_fignums()]
    assert min(bars) >= 14
    plots.close("all")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mlcroissant_loads_the_quotes(folder: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="there is no mlcroissant: run `make clients`")
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.issues.warnings == set()
    records = list(dataset.records("topics"))
    assert len(records) == 7
    assert records[0]["topics/slug"].decode() == "congress-oversight-ice-clearview"
    assert sum(1 for _ in dataset.records("quotes")) == 224


def test_the_citation_file_is_yaml_that_says_what_to_cite(folder: Path) -> None:
    yaml = pytest.importorskip("yaml")
    cited = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["cff-version"], cited["type"], cited["version"]) == ("1.2.0", "dataset", "2026.1")
    assert cited["date-released"] == dt.date(2026, 11, 23)
    assert cited["authors"] == [{"name": "The quotebase contributors"}]
