"""Bad bodies are refused with what is wrong and where; none of them is ever an error of ours, or half of it saved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from quotes.api.curation.bodies import check_body
from quotes.api.curation.shapes import PersonMembers
from quotes.api.problems import BadBody
from quotes.models import Article, Person, Quote
from tests import factories
from tests.api_curation.asking import BASE, CLIENT, Program, told

pytestmark = pytest.mark.django_db

VARGA = {"slug": "ottoline-varga", "name": "Ottoline Varga", "sort_name": "Varga, Ottoline"}
VOTE = {"slug": "the-lantern-vote", "url": "https://gazette.example/vote", "title": "The vote"}


def raw(**changes: Any) -> bytes:
    return json.dumps({**VARGA, **changes}).encode()


MALFORMED = {
    "nothing": (b"", "required"),
    "no json": (b"{", "malformed_json"),
    "null": (b"null", "not_an_object"),
    "a list": (b"[]", "not_an_object"),
    "a number": (b"1", "not_an_object"),
    "trailing garbage": (raw() + b"garbage", "malformed_json"),
    "two objects": (raw() + raw(), "malformed_json"),
    "a byte order mark": (b"\xef\xbb\xbf" + raw(), "byte_order_mark"),
    "utf-16": (raw().decode().encode("utf-16"), "not_utf8"),
    "broken utf-8": (b'{"name": "\xff\xfe"}', "not_utf8"),
    "an encoded surrogate": (b'{"name": "\xed\xa0\x80"}', "not_utf8"),
    "a duplicate member": (b'{"name": "a", "slug": "b", "name": "c"}', "duplicate_member"),
    "a nested duplicate": (b'{"x": {"a": 1, "a": 2}}', "duplicate_member"),
    "NaN": (b'{"name": NaN}', "not_a_number"),
    "Infinity": (b'{"name": [-Infinity]}', "not_a_number"),
    "1e400": (b'{"name": 1e400}', "number_out_of_range"),
    "-1e400": (b'{"name": -1e400}', "number_out_of_range"),
    "a huge integer": (b'{"name": ' + b"9" * 5000 + b"}", "number_out_of_range"),
    "16 digits": (b'{"name": ' + b"9" * 16 + b"}", "number_out_of_range"),
    "endless lists": (b"[" * 100_000, "too_deep"),
    "endless objects": (b'{"a":' * 50_000, "too_deep"),
    "21 levels": (b'{"a":' * 21 + b"1" + b"}" * 21, "too_deep"),
    "a nul": (raw(name="a\0b"), "nul"),
    "a nul in a name": (raw(**{"a\0b": 1}), "nul"),
    "a nul far inside": (raw(extra={"a": [{"b": "\0"}]}), "nul"),
    "half a surrogate pair": (b'{"name": "a\\ud800"}', "lone_surrogate"),
    "the other half": (b'{"extra": {"\\udc00": 1}}', "lone_surrogate"),
    "a raw control character": (b'{"name": "a\x01b"}', "malformed_json"),
    "a comment": (b"{/* */}", "malformed_json"),
    "single quotes": (b"{'name': 'a'}", "malformed_json"),
    "a trailing comma": (b'{"name": "a",}', "malformed_json"),
}


@pytest.mark.parametrize(("body", "code"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_json_object_is_refused(curator: Program, body: bytes, code: str) -> None:
    errors = told(curator.send("POST", "people/", body), 400)["errors"]
    assert {error["code"] for error in errors} == {code}
    assert {error["location"] for error in errors} == {"body"}
    assert not Person.objects.exists()


def test_twenty_levels_are_read(curator: Program) -> None:
    body = b'{"a":' * 20 + b"1" + b"}" * 20
    assert told(curator.send("POST", "people/", body), 400)["errors"][0]["code"] != "too_deep"


def test_a_pair_of_surrogates_is_a_character(curator: Program) -> None:
    assert told(curator.send("POST", "people/", raw(name="Lamp 🏮")), 201)["name"] == "Lamp 🏮"


WRONG = {
    "a number for text": ({"name": 1}, "name", "wrong_type"),
    "true for text": ({"name": True}, "name", "wrong_type"),
    "null for text": ({"name": None}, "name", "wrong_type"),
    "a list for text": ({"name": ["a"]}, "name", "wrong_type"),
    "an object for text": ({"name": {"a": "b"}}, "name", "wrong_type"),
    "text for a list": ({"aliases": "O. Varga"}, "aliases", "wrong_type"),
    "a number in a list": ({"aliases": ["a", 1]}, "aliases[1]", "wrong_type"),
    "a slug that is a list": ({"slug": ["a"]}, "slug", "wrong_type"),
    "a slug that is a number": ({"slug": -1}, "slug", "wrong_type"),
    "a slug that is a fraction": ({"slug": 1.5}, "slug", "wrong_type"),
    "a slug that is a look-up": ({"slug": {"name__startswith": "A"}}, "slug", "wrong_type"),
    "a slug of capitals": ({"slug": "Ottoline"}, "slug", "invalid"),
    "a slug with a line end": ({"slug": "ottoline\n"}, "slug", "control_character"),
    "a long slug": ({"slug": "a" * 101}, "slug", "max_length"),
    "a long name": ({"name": "a" * 301}, "name", "max_length"),
    "a long name inside": ({"aliases": ["a" * 301]}, "aliases", "item_invalid"),
    "an empty name": ({"name": ""}, "name", "blank"),
    "white space": ({"name": " \t\u00a0\u2003".replace("\t", "")}, "name", "blank"),
    "white space in a list": ({"aliases": ["  "]}, "aliases[0]", "blank"),
    "a line break in a name": ({"name": "Ottoline\nVarga"}, "name", "control_character"),
    "a control character": ({"name": "Ottoline\u0007"}, "name", "control_character"),
    "twice the same name": ({"aliases": ["a", "a"]}, "aliases", "twice"),
    "too many names": ({"aliases": [str(number) for number in range(101)]}, "aliases", "too_many"),
    "no Wikidata id": ({"wikidata_id": "P1"}, "wikidata_id", "invalid"),
    "an unknown member": ({"nmae": "x"}, "nmae", "unknown_member"),
    "a private member": ({"id": 1}, "id", "unknown_member"),
    "a prototype": ({"__proto__": {"x": 1}}, "__proto__", "unknown_member"),
}


@pytest.mark.parametrize(("change", "param", "code"), WRONG.values(), ids=WRONG)
def test_a_member_of_the_wrong_kind_is_named(curator: Program, change: Any, param: str, code: str) -> None:
    error = curator.refused("people/", {**VARGA, **change})
    assert (error["param"], error["code"]) == (param, code)
    assert not Person.objects.exists()
    factories.make_person(slug="neva")
    error = curator.refused("people/neva/", change, method="PATCH")
    assert (error["param"], error["code"]) == (param, code)


def test_a_misspelt_member_is_refused_with_what_was_meant(curator: Program) -> None:
    error = curator.refused("people/", {**VARGA, "alises": []})
    assert (error["param"], error["suggestion"]) == ("alises", "aliases")


def test_every_fault_is_said(curator: Program) -> None:
    errors = curator.make("people/", {"name": 1, "x": 2, "aliases": [3]}, status=400)["errors"]
    assert [(error["param"], error["code"]) for error in errors] == [
        ("aliases[0]", "wrong_type"),
        ("name", "wrong_type"),
        ("slug", "required"),
        ("sort_name", "required"),
        ("x", "unknown_member"),
    ]


def test_thousands_of_faults_are_not_all_said(curator: Program) -> None:
    assert len(curator.make("people/", {f"k{n}": n for n in range(20_000)}, status=400)["errors"]) == 50
    errors = curator.make("quotes/", {"words": [1] * 100_000}, status=400)["errors"]
    assert len(errors) <= 50


def test_a_long_list_is_refused_without_comparing_each_text_with_each() -> None:
    class Counted(str):
        compared = 0
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Counted.compared += 1
            assert Counted.compared < 200_000, "more than two comparisons for each item"
            return str.__eq__(self, other)

    texts = [Counted(f"n{number}") for number in range(100_000)]
    for aliases in (texts, [0, *texts]):
        with pytest.raises(BadBody, match="At most 100 may be in this list"):
            check_body(PersonMembers, {**VARGA, "aliases": aliases}, is_change=False)


ADDRESSES = [
    "http://a.example/\r\nX: 1",
    "http://u:p@a.example/",
    "https://user@a.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://a.example/",
    "//a.example/",
    "https://",
    "https://a b.example/",
    "https://a.example/" + "x" * 2000,
    " https://a.example/",
]


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("member", ["url", "archive_url"])
def test_a_web_address_is_one_that_everybody_may_open(curator: Program, member: str, url: str) -> None:
    assert curator.refused("articles/", {**VOTE, member: url})["param"] == member
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "date", ["9999-12-31", "2101", "2025-02-30", "2025-2-3", "yesterday", "2024-01-01T00:00:00Z", "0000", "٢٠٢٤"]
)
def test_a_date_is_one_of_the_calendar_and_of_our_time(curator: Program, date: str) -> None:
    assert curator.refused("articles/", {**VOTE, "published": date})["param"] == "published"


@pytest.mark.parametrize("date", [[2024, 1, 1], 2024, True, {}])
def test_a_date_is_text(curator: Program, date: Any) -> None:
    assert curator.refused("articles/", {**VOTE, "published": date})["code"] == "wrong_type"


@pytest.mark.parametrize("date", ["2099", "2099-01-01", "2100-12"])
def test_nothing_was_said_in_the_future(curator: Program, date: str) -> None:
    factories.make_article(slug="the-vote")
    body = {"article": "the-vote", "words": ["A."], "kind": "direct", "speaker": factories.make_person().slug}
    error = curator.refused("quotes/", {**body, "said_on": date})
    assert (error["param"], error["code"]) == ("said_on", "future")
    assert not Quote.objects.exists()
    curator.make("articles/", {**VOTE, "published": date})


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=XX",
        "application/x-pickle",
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/json; charset=utf-16",
        "application/json; charset=bz2_codec",
        "application/json; charset=undefined",
        "application/json; charset=punycode",
        "application/json; charset=" + "a" * 3000,
        "nonsense",
        "",
    ],
)
def test_another_media_type_or_charset_is_a_415(curator: Program, kind: str) -> None:
    told(curator.send("POST", "people/", raw(), content_type=kind), 415)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "APPLICATION/JSON"]
)
def test_utf_8_may_be_named(curator: Program, kind: str) -> None:
    told(curator.send("POST", "people/", raw(), content_type=kind), 201)


def test_a_merge_patch_may_say_that_it_is_one(curator: Program) -> None:
    factories.make_person(slug="neva")
    tag = curator.tag("people/neva/")
    kind = "application/merge-patch+json"
    answer = curator.send("PATCH", "people/neva/", {"name": "Neva Corrin"}, if_match=tag, content_type=kind)
    assert told(answer, 200)["name"] == "Neva Corrin"


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "x", "identity, gzip"])
def test_a_compressed_body_is_a_415(curator: Program, coding: str) -> None:
    told(curator.send("POST", "people/", raw(), content_encoding=coding), 415)


def test_a_body_has_a_megabyte_at_most_and_a_text_five(curator: Program) -> None:
    told(curator.send("POST", "people/", raw(name="a" * (1 << 20))), 413)
    factories.make_article(slug="the-vote")
    address = "articles/the-vote/snapshots/"
    assert curator.make(address, {"text": "lit " * (1 << 20)})["length"] == 4 << 20
    told(curator.send("POST", address, {"text": "lit " * (5 << 18)}), 413)


def test_what_is_announced_too_long_is_not_read(curator: Program) -> None:
    headers = {"authorization": f"Bearer {curator.text}"}
    answer = CLIENT.post(
        f"{BASE}people/", raw(), content_type="application/json", headers=headers, CONTENT_LENGTH=str(12 << 20)
    )
    told(answer, 413)


def test_a_body_in_chunks_is_not_taken_for_none(curator: Program) -> None:
    headers = {"authorization": f"Bearer {curator.text}", "transfer-encoding": "chunked"}
    answer = CLIENT.post(f"{BASE}people/", raw(), content_type="application/json", headers=headers, CONTENT_LENGTH="")
    assert told(answer, 400)["errors"][0]["code"] == "no_length"


def test_a_text_of_white_space_is_none(curator: Program) -> None:
    factories.make_article(slug="the-vote")
    assert curator.refused("articles/the-vote/snapshots/", {"text": " \n\t"})["code"] == "blank"


def test_the_members_that_a_record_has_beside_can_stay_out(curator: Program) -> None:
    assert curator.make("people/", VARGA) == {**VARGA, "aliases": [], "wikidata_id": None}


def test_a_change_of_nothing_changes_nothing(curator: Program) -> None:
    factories.make_person(slug="neva")
    before = curator.tag("people/neva/")
    curator.change("people/neva/", {})
    assert curator.tag("people/neva/") == before


def test_no_error_tells_what_the_server_is_made_of(curator: Program) -> None:
    for body in ({**VARGA, "name": "a" * 301}, {"slug": 1}, {**VARGA, "wikidata_id": "Q" + "9" * 50}):
        said = curator.send("POST", "people/", body).content
        assert not any(word in said for word in (b"django", b"psycopg", b"quotes_", b"Traceback"))
