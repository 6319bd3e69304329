"""Releases: what was public at one moment, frozen in a folder that anybody can check."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quotes.curation import close_round, publish, refresh_publication, withdraw
from quotes.datasets.releases import AboutError, Release, ReleaseError, make_release, read_about, verify_release
from quotes.models import Quote
from tests.api.asking import CLIENT, draft, published
from tests.factories import make_coding, make_evidence, make_organization, make_round, make_topic

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 23)
ABOUT = """
title = "Quotes of Port Tarn"
description = "Made up."
license = "CC0-1.0"
license_url = "https://creativecommons.org/publicdomain/zero/1.0/"
homepage = "https://quotes.example"
[[creators]]
name = "The archivists of Port Tarn"
orcid = "https://orcid.org/0000-0000-0000-0000"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "about.toml").write_text(ABOUT, encoding="utf-8")
    return tmp_path


def freeze(folder: Path, version: str = "1", *, day: dt.date = DAY, under: str = "releases") -> Release:
    return make_release(version=version, about=read_about(folder / "about.toml"), folder=folder / under, released=day)


def table(release: Release, name: str) -> list[dict[str, str]]:
    with (release.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong(folder: Path) -> list[str]:
    return [str(finding) for finding in verify_release(folder)]


def test_a_release_holds_what_is_public_and_nothing_else(folder: Path) -> None:
    shown, hidden = published("The lamps listen."), draft("Nobody has checked this.")
    make_coding(shown, make_topic("lamps"), "oppose", round=1, coder="coder-a", is_final=True)
    make_round(1)
    make_coding(shown, make_topic("gates"), "support", round=2, coder="coder-b", is_final=False)
    refresh_publication()
    close_round(number=1, actor=None)
    release = freeze(folder)
    assert [row["uid"] for row in table(release, "quotes")] == [str(shown.uid)]
    assert [(row["topic"], row["coder"]) for row in table(release, "codings")] == [("lamps", "coder-a")]
    everything = b"".join(path.read_bytes() for path in release.folder.iterdir())
    assert str(hidden.uid).encode() not in everything
    assert wrong(release.folder) == []


def test_the_same_data_give_the_same_bytes(folder: Path) -> None:
    for words in ("The lamps listen.", "“Ask them,” she said;\nand left."):
        published(words)
    refresh_publication()
    one, other = freeze(folder, under="one"), freeze(folder, under="other")
    Quote.objects.update(cue="says")  # and back again: times of changes are no part of it
    refresh_publication()
    Quote.objects.update(cue="")
    refresh_publication()
    third = freeze(folder, under="third")
    names = sorted(path.name for path in one.folder.iterdir())
    for release in (other, third):
        assert sorted(path.name for path in release.folder.iterdir()) == names
        for name in names:
            assert (release.folder / name).read_bytes() == (one.folder / name).read_bytes(), name


def test_retracted_quotes_stand_apart(folder: Path) -> None:
    quote = published("The lamps listen.")
    make_evidence(quote)
    Quote.objects.filter(pk=quote.pk).update(verification="retracted")
    refresh_publication()
    release = freeze(folder)
    assert table(release, "quotes") == []
    assert [row["uid"] for row in table(release, "retracted")] == [str(quote.uid)]


def test_a_release_tells_what_changed_since_the_one_before(folder: Path) -> None:
    stays, changes, goes, fades = (published(f"Sentence {number}.") for number in range(4))
    refresh_publication()
    first = freeze(folder, "1.9", day=dt.date(2026, 1, 1))
    assert (table(first, "changes"), first.manifest["previous"]) == ([], None)
    Quote.objects.filter(pk=changes.pk).update(cue="claims")
    make_evidence(fades)
    Quote.objects.filter(pk=fades.pk).update(verification="retracted", verification_note="The outlet took it back.")
    withdraw(quotes=[goes], reason="It was not hers.", actor=None)
    added = published("Sentence 9.")
    refresh_publication()
    second = freeze(folder, "1.10", day=dt.date(2026, 1, 1))
    assert second.manifest["previous"] == "1.9"
    found = {row["uid"]: (row["change"], row["columns"]) for row in table(second, "changes")}
    assert found == {
        str(changes.uid): ("changed", "cue"),
        str(goes.uid): ("withdrawn", ""),
        str(fades.uid): ("retracted", ""),
        str(added.uid): ("added", ""),
    }
    assert str(stays.uid) not in found
    told = (second.folder / "CHANGES.md").read_text(encoding="utf-8")
    assert f"- {goes.uid}: withdrawn. It was not hers." in told
    assert f"- {fades.uid}: retracted. The outlet took it back." in told
    assert wrong(second.folder) == []


def test_a_version_is_taken_once(folder: Path) -> None:
    freeze(folder)
    with pytest.raises(ReleaseError, match="is there already"):
        freeze(folder)
    for version in ("latest", "../1", "", ".1", "a b"):
        with pytest.raises(ReleaseError, match="no version"):
            freeze(folder, version)


def test_what_breaks_off_leaves_nothing(folder: Path) -> None:
    published()
    refresh_publication()

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_release(
            version="1",
            about=read_about(folder / "about.toml"),
            folder=folder / "releases",
            released=DAY,
            progress=stop,
        )
    assert [path.name for path in (folder / "releases").iterdir()] == [".lock"]
    assert freeze(folder).version == "1"


def test_two_releases_are_not_made_at_once(folder: Path) -> None:
    published()
    refresh_publication()
    about = read_about(folder / "about.toml")

    def begin_another(rows: int) -> None:
        with pytest.raises(ReleaseError, match="Another release is being made"):
            freeze(folder, "2")

    make_release(version="1", about=about, folder=folder / "releases", released=DAY, progress=begin_another)
    assert wrong(folder / "releases" / "1") == []
    assert not (folder / "releases" / "2").exists()


@pytest.fixture
def release(folder: Path) -> Release:
    office = make_organization("office")
    for number in range(3):
        quote = published(f"Sentence {number}.", source_type="organization", organization=office)
        make_coding(quote, make_topic(f"topic-{number}"), "support")
    refresh_publication()
    return freeze(folder)


def tamper(release: Release, name: str, old: str, new: str) -> None:
    path = release.folder / name
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def test_verification_names_place_and_value(release: Release) -> None:
    tamper(release, "quotes.csv", ",direct,", ",shouted,")
    tamper(release, "organizations.csv", "office,", "bureau,")
    tamper(release, "quotes.csv", "2025-03-04,2025-03-04", "2025-03-99,2025-03-04")
    found = wrong(release.folder)
    assert "quotes.csv: is not what it was: its SHA-256 is another" in found
    assert "quotes.csv, row 2, column kind: 'shouted': is not one of direct, partial, indirect" in found
    assert "quotes.csv, row 2, column dated_start: '2025-03-99': is no date" in found
    assert "quotes.csv, row 2, column organization: 'office': is in no row of organizations" in found
    assert "organizations.jsonl: has other rows than organizations.csv (1 and 1)" in found


@pytest.mark.parametrize("name", ["quotes.parquet", "CITATION.cff", "release.json", "topics.csv"])
def test_a_file_that_is_missing_is_named(release: Release, name: str) -> None:
    (release.folder / name).unlink()
    assert f"{name}: is named in the sums, and is not there" in wrong(release.folder)


def test_a_row_that_is_missing_or_twice_is_found(release: Release) -> None:
    path = release.folder / "quotes.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert "quotes.csv: has 2 rows, and the package says 3" in wrong(release.folder)
    path.write_bytes(b"".join([*lines[:-1], lines[-2]]))
    assert any("row 4, column uid" in one and "is there twice" in one for one in wrong(release.folder))


def test_a_file_too_many_is_named(release: Release) -> None:
    (release.folder / "notes.txt").write_text("?", encoding="utf-8")
    assert wrong(release.folder) == ["notes.txt: is in the folder, and not in the sums"]


def test_what_is_no_release_is_said_to_be_none(tmp_path: Path) -> None:
    assert any(one.startswith("SHA256SUMS: cannot be read") for one in wrong(tmp_path))
    with pytest.raises(CommandError, match="found wrong"):
        call_command("verify_release", str(tmp_path), stdout=io.StringIO())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "about.toml: "),
        (ABOUT.replace("title", "titel"), "there is no key 'titel'"),
        (ABOUT.replace('license = "CC0-1.0"', ""), "license is missing"),
        (ABOUT.replace('"Made up."', "7"), "description is a string, not 7"),
        (ABOUT.replace("orcid", "id"), "a creator has no key 'id'"),
    ],
)
def test_what_is_wrong_with_the_description_is_said(folder: Path, text: str, message: str) -> None:
    (folder / "about.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AboutError, match=message):
        read_about(folder / "about.toml")


def test_the_commands_make_and_check_a_release(folder: Path) -> None:
    published()
    refresh_publication()
    said = io.StringIO()
    arguments = ["--about", str(folder / "about.toml"), "--folder", str(folder), "--date", "2026-11-23"]
    call_command("release", "2026.1", *arguments, stdout=said)
    assert "quotes.csv" in said.getvalue()
    call_command("verify_release", str(folder / "2026.1"), stdout=said)
    assert said.getvalue().endswith("all holds.\n")
    with pytest.raises(CommandError, match="is there already"):
        call_command("release", "2026.1", *arguments, stdout=said)


class TestServed:
    """`/api/v1/releases/`."""

    @pytest.fixture(autouse=True)
    def served(self, settings: Any, folder: Path) -> None:
        settings.RELEASES_FOLDER = folder / "releases"

    def test_releases_are_listed_the_newest_first(self, folder: Path) -> None:
        assert CLIENT.get("/api/v1/releases/").json() == {"results": []}
        assert CLIENT.get("/api/v1/releases/latest/").status_code == 404
        for version, day in (("1.2", "2026-01-01"), ("1.10", "2026-01-01"), ("0.9", "2025-01-01")):
            freeze(folder, version, day=dt.date.fromisoformat(day))
        (folder / "releases" / ".2.draft").mkdir()
        listed = CLIENT.get("/api/v1/releases/").json()["results"]
        assert [one["version"] for one in listed] == ["1.10", "1.2", "0.9"]
        assert CLIENT.get("/api/v1/releases/latest/").json() == listed[0]
        assert CLIENT.get("/api/v1/releases/1.2/").json() == listed[1]

    def test_a_file_is_what_was_frozen(self, release: Release) -> None:
        document = CLIENT.get("/api/v1/releases/1/").json()
        assert {one["name"] for one in document["files"]} == {path.name for path in release.folder.iterdir()}
        for file in document["files"]:
            response = CLIENT.get(file["url"])
            body = b"".join(response)  # type: ignore[arg-type] # it streams
            assert body == (release.folder / file["name"]).read_bytes()
            assert (len(body), response["ETag"]) == (file["bytes"], f'"{file["sha256"]}"')
            assert response["Content-Type"] == file["media_type"]
            assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        part = CLIENT.get("/api/v1/releases/1/quotes.parquet", headers={"range": "bytes=0-3"})
        assert (part.status_code, b"".join(part)) == (206, b"PAR1")  # type: ignore[arg-type]
        known = {"if-none-match": response["ETag"]}
        assert CLIENT.get(file["url"], headers=known).status_code == 304

    def test_the_latest_file_leads_to_the_file(self, release: Release) -> None:
        response = CLIENT.get("/api/v1/releases/latest/quotes.csv")
        assert (response.status_code, response["Location"]) == (302, "/api/v1/releases/1/quotes.csv")

    @pytest.mark.parametrize("path", ["1/nothing.csv", "2/", "2/quotes.csv", "1/..%2fabout.toml"])
    def test_what_is_not_there_is_404(self, release: Release, path: str) -> None:
        assert CLIENT.get(f"/api/v1/releases/{path}").status_code == 404

    def test_releases_take_no_parameters(self, release: Release) -> None:
        for path in ("", "latest/", "1/quotes.csv"):
            assert CLIENT.get(f"/api/v1/releases/{path}?page=2").status_code == 400


def test_the_manifest_says_what_there_is(release: Release) -> None:
    manifest = json.loads((release.folder / "release.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in manifest["files"]} == {path.name for path in release.folder.iterdir()} - {
        "release.json",
        "SHA256SUMS",
    }
    assert {one["name"]: one.get("rows") for one in manifest["files"]}["quotes.csv"] == 3


def test_a_published_quote_of_a_file_is_the_one_that_the_api_answers(release: Release) -> None:
    [first, *_] = table(release, "quotes")
    assert CLIENT.get(f"/api/v1/quotes/{first['uid']}/").json()["text"] == first["text"]


def test_a_quote_published_twice_is_in_it_once(folder: Path) -> None:
    quote = published()
    withdraw(quotes=[quote], reason="Wrong.", actor=None)
    Quote.objects.filter(pk=quote.pk).update(status="draft", withdrawn_at=None, withdrawn_reason="")
    publish(quotes=[quote], actor=None)
    release = freeze(folder)
    assert [row["uid"] for row in table(release, "quotes")] == [str(quote.uid)]
    assert table(release, "withdrawn") == []
