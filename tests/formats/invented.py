"""Two quotes that nobody said, as stored documents: one split in two segments, with everything that is awkward to write in
it; one of an organization, of which little is known."""

from __future__ import annotations

import copy
from typing import Any

WATCH = {
    "slug": "harbor-watch",
    "name": "Harbor Watch & Sons",
    "short_name": "Watch",
    "kind": "advocacy",
    "api_url": "/api/v1/organizations/harbor-watch/",
}
GAZETTE = {
    "slug": "lantern-gazette",
    "name": "The Lantern Gazette",
    "short_name": "",
    "kind": "media",
    "api_url": "/api/v1/organizations/lantern-gazette/",
}
VARGA = {"slug": "ottoline-varga", "name": "Ottoline Varga", "api_url": "/api/v1/people/ottoline-varga/"}
DESK = {"slug": "night-desk", "name": "Night Desk", "api_url": "/api/v1/people/night-desk/"}
LANTERNS = {
    "slug": "lanterns",
    "name": "Lanterns",
    "proposition": "The council should light “every” lantern.",
    "api_url": "/api/v1/topics/lanterns/",
}
ARTICLE = {
    "slug": "the-lantern-vote",
    "title": "50% of {all} lanterns & 3_000 #lamps: “lit”",
    "url": "https://gazette.example/vote?a=1&b={2}",
    "archive_url": "https://archive.example/2025/vote",
    "outlet": GAZETTE,
    "authors": [VARGA, DESK],
    "published": "2025-03",
    "language": "en",
    "genre": "news",
    "status": "corrected",
    "status_note": "A name was misspelt.",
    "api_url": "/api/v1/articles/the-lantern-vote/",
}

SPLIT: dict[str, Any] = {
    "uid": "0195adac-8702-7db3-80c1-01a224290376",
    "api_url": "/api/v1/quotes/0195adac-8702-7db3-80c1-01a224290376/",
    "permalink": "/quotes/0195adac-8702-7db3-80c1-01a224290376/",
    "text": "=Every lantern,\n“all” of them will be lit 🏮.",
    "display": "“=Every lantern,\n“all” of them” […] “will be lit 🏮.”",
    "kind": "direct",
    "source_type": "person",
    "speaker": VARGA,
    "source_label": "Ottoline Varga, of the watch",
    "affiliations": [
        {
            "organization": WATCH,
            "role": "warden",
            "role_as_stated": "the warden; acting",
            "standing": "current",
            "is_primary": True,
        },
        {
            "organization": GAZETTE,
            "role": "columnist",
            "role_as_stated": "",
            "standing": "former",
            "is_primary": False,
        },
    ],
    "organization": WATCH,
    "speaks_for_organization": True,
    "cue": "said",
    "framing": "",
    "venue": "hearing",
    "said_on": "2025-02",
    "dated": {"date": "2025-02", "basis": "said", "precision": "month"},
    "stances": [
        {
            "topic": LANTERNS,
            "stance": "support",
            "certainty": "low",
            "justification": "“Every” is plain.",
            "coder": "adjudicator",
            "codebook_version": "1.0",
        }
    ],
    "verification": "disputed",
    "verification_note": "The speaker denies it.",
    "evidence": [
        {
            "kind": "document",
            "url": "https://archive.example/minutes",
            "description": "The minutes.",
            "provided_on": "2025-04-01",
        }
    ],
    "article": ARTICLE,
    "snapshot": {"sha256": "ab" * 32, "length": 400, "retrieved_at": "2025-03-05T10:00:00Z"},
    "segments": [
        {
            "start": 20,
            "end": 49,
            "exact": "=Every lantern,\n“all” of them",
            "prefix": "The council met. “",
            "suffix": "” said Varga, “",
        },
        {"start": 64, "end": 78, "exact": "will be lit 🏮.", "prefix": "” said Varga, “", "suffix": "” So it ended."},
    ],
    "same_utterance_as": "01994258-7f02-712f-bf7c-fbfbf0309e47",
    "reported_via": None,
    "citation": {
        "id": "0195adac-8702-7db3-80c1-01a224290376",
        "type": "article-newspaper",
        "title": "50% of {all} lanterns & 3_000 #lamps: “lit”",
        "author": [{"family": "Varga", "given": "Ottoline"}, {"literal": "Night and Day Desk"}],
        "container-title": "The Lantern Gazette",
        "issued": {"date-parts": [[2025, 3]]},
        "URL": "https://gazette.example/vote?a=1&b={2}",
        "archive_location": "https://archive.example/2025/vote",
        "accessed": {"date-parts": [[2025, 3, 5]]},
        "language": "en",
        "note": "Quoted: Ottoline Varga",
    },
}

OF_ORGANIZATION: dict[str, Any] = copy.deepcopy(SPLIT) | {
    "uid": "01994258-7f02-712f-bf7c-fbfbf0309e47",
    "api_url": "/api/v1/quotes/01994258-7f02-712f-bf7c-fbfbf0309e47/",
    "permalink": "/quotes/01994258-7f02-712f-bf7c-fbfbf0309e47/",
    "text": "that the lamps were “too bright”",
    "display": "that the lamps were “too bright”",
    "kind": "indirect",
    "source_type": "organization",
    "speaker": None,
    "source_label": "",
    "affiliations": [],
    "speaks_for_organization": False,
    "said_on": None,
    "dated": {"date": None, "basis": "unknown", "precision": None},
    "stances": [],
    "verification": "unverified",
    "verification_note": "",
    "evidence": [],
    "article": ARTICLE
    | {"outlet": None, "authors": [], "published": None, "archive_url": "", "status": "current", "status_note": ""},
    "snapshot": None,
    "segments": [{"start": None, "end": None, "exact": "that the lamps were “too bright”", "prefix": "", "suffix": ""}],
    "same_utterance_as": None,
    "citation": {
        "id": "01994258-7f02-712f-bf7c-fbfbf0309e47",
        "type": "article-newspaper",
        "title": "50% of {all} lanterns & 3_000 #lamps: “lit”",
        "URL": "https://gazette.example/vote?a=1&b={2}",
        "language": "en",
        "note": "Quoted: Harbor Watch & Sons",
    },
}

BOTH = [SPLIT, OF_ORGANIZATION]


def quote(**members: Any) -> dict[str, Any]:
    """The split quote with other members."""
    return copy.deepcopy(SPLIT) | members
