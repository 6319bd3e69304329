"""What servers send is bounded in size, kind and time, however they mean it."""

from __future__ import annotations

import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from quotes.reading.fetching import MAX_BYTES, fetch_under
from tests.reading import PAGE, answer, code_for, loopback_rules, serving


def packed(body: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(("encoding", "wbits"), [("gzip", 31), ("x-gzip", 31), ("deflate", 15)])
def test_a_packed_page_is_unpacked(encoding: str, wbits: int) -> None:
    with serving(answer(packed(PAGE, wbits), Content_Encoding=encoding)) as server:
        assert fetch_under(loopback_rules(server), server.url()).content == PAGE


def test_a_page_of_the_limit_is_read_and_a_byte_more_is_too_large() -> None:
    with serving(answer(bytes(MAX_BYTES))) as server:
        assert len(fetch_under(loopback_rules(server), server.url()).content) == MAX_BYTES
    assert code_for(answer(bytes(MAX_BYTES + 1))) == "too_large"
    assert code_for(answer(bytes(MAX_BYTES + 1), Content_Length="")) == "too_large"


@pytest.mark.parametrize(("encoding", "wbits"), [("gzip", 31), ("deflate", 15)])
def test_a_bomb_is_stopped_while_it_unpacks(encoding: str, wbits: int) -> None:
    bomb = answer(packed(bytes(100 * 2**20), wbits), Content_Encoding=encoding)
    tracemalloc.start()
    try:
        assert code_for(bomb) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BYTES
    finally:
        tracemalloc.stop()


def test_a_bomb_within_a_bomb_is_not_unpacked() -> None:
    twice = gzip.compress(gzip.compress(bytes(2**20)))
    assert code_for(answer(twice, Content_Encoding="gzip, gzip")) == "not_text"


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(PAGE, mtime=0)[:-9]])
def test_what_is_not_packed_as_it_says_is_no_page(body: bytes) -> None:
    assert code_for(answer(body, Content_Encoding="gzip")) == "unreachable"


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "aes128gcm"])
def test_a_packing_that_was_not_asked_for_is_refused(encoding: str) -> None:
    assert code_for(answer(Content_Encoding=encoding)) == "not_text"


@pytest.mark.parametrize(
    "content_type",
    ["", "application/pdf", "image/svg+xml", "application/json", "text/html-sandboxed", "text/css", "multipart/mixed"],
)
def test_only_html_and_plain_text_are_read(content_type: str) -> None:
    assert code_for(answer(content_type=content_type)) == "not_text"


# Servers that mean ill


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"SSH-2.0-lantern\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: lantern\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 100_000 + b"\r\n",
        b"HTTP/9.9 999 \xff\r\n\r\n",
        b"\x16\x03\x01" + bytes(200),
    ],
)
def test_what_is_no_proper_answer_is_no_page(response: bytes) -> None:
    assert code_for(response) == "unreachable"


def dripping(first: bytes, drop: bytes, pause: threading.Event) -> Iterator[bytes]:
    yield first
    while not pause.wait(0.02):
        yield drop


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (answer(Content_Length="900000"), b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["header", "body", "interim answers", "silence"],
)
def test_a_server_that_answers_drop_by_drop_is_left_when_time_is_over(first: bytes, drop: bytes) -> None:
    over = threading.Event()
    began = time.monotonic()
    assert code_for(lambda request: dripping(first, drop, over), seconds=0.4) == "unreachable"
    assert time.monotonic() - began < 5
    over.set()
