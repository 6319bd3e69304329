"""Files that are uploaded to the admin, in a folder of the test's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.admin.conftest import client_of
from tests.waiting import member

PLACE = "/admin/quotes/import/new/"
_VOTE = "https://gazette.example/vote,The vote,Lantern Gazette,2025-03-04"
TABLE = f"""id,text,speaker_name,organization,role,standing,article_url,headline,outlet,published
h1,The lanterns watch everyone.,Ottoline Varga,Harbor Watch,warden,current,{_VOTE}
h2,Put them out.,Bertil Quill,Zoning Council,clerk,former,{_VOTE}
"""


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    """Where uploads are kept meanwhile."""
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def as_a_curator(db: None) -> Client:
    return client_of(member("ruth", "curator"))


@pytest.fixture
def as_an_editor(db: None) -> Client:
    return client_of(member("miro", "editor"))


def quotebank_lines(*names: str, qids: list[str] | None = None) -> str:
    """A line for each name, in articles of their own."""
    lines = [
        {
            "quoteID": f"2019-04-01-{number:06}",
            "quotation": f"The lanterns are number {number}, and they watch everyone.",
            "speaker": name,
            "qids": qids or [],
            "date": "2019-04-01 07:12:00",
            "numOccurrences": 1,
            "probas": [[name, "0.72"], ["Bertil Quill", "0.2"], ["None", "0.08"]],
            "urls": [f"https://gazette.example/{number}"],
            "phase": "E",
        }
        for number, name in enumerate(names, 1)
    ]
    return "\n".join(json.dumps(line) for line in lines)


def look(client: Client, content: str | bytes, name: str = "harbor-notes.csv", **said: str) -> Any:
    """The answer to a file that is chosen."""
    raw = content.encode() if isinstance(content, str) else content
    data = {"step": "look", "status": "draft", "file": SimpleUploadedFile(name, raw), **said}
    return client.post(PLACE, data)


def bring_in(client: Client, page: Any, **changes: str) -> Any:
    """The answer to "Bring in" on a page that shows what would become of a file."""
    assert page.status_code == 200, page
    context = page.context
    assert "preview" in context, context["form"].errors
    data = {
        "step": "bring_in",
        "upload": context["kept"].token,
        "shown": context["preview"].digest,
        "defaults": context["defaults"],
        **{name: context["said"][name] for name in ("format", "source", "status")},
    }
    return client.post(PLACE, data | changes)


def faults(page: Any) -> str:
    """What the page says is wrong."""
    assert page.status_code == 200, page
    return " ".join([*page.context.get("faults", []), *(str(one) for one in page.context["form"].errors.values())])
