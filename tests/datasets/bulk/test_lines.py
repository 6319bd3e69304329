"""Files of lines, as they lie there: packed or not, whole or damaged."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from quotes.datasets.bulk import lines
from quotes.datasets.importing import ImportRefused, Refusal

Pack = Callable[[bytes], bytes]
PACKINGS: dict[str, Pack] = {"plain": bytes, "gzip": gzip.compress, "bzip2": bz2.compress}


def numbered(path: Path, content: bytes) -> list[tuple[int, bytes]]:
    path.write_bytes(content)
    return list(lines.numbered_lines(path))


def refused(path: Path, content: bytes) -> Refusal:
    with pytest.raises(ImportRefused) as caught:
        numbered(path, content)
    [refusal] = caught.value.refusals
    return refusal


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.gz", "corpus.bz2", "corpus"])
@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_a_file_is_known_by_its_bytes_whatever_its_name_says(tmp_path: Path, name: str, pack: Pack) -> None:
    assert numbered(tmp_path / name, pack(b"a\nb\n")) == [(1, b"a"), (2, b"b")]


@pytest.mark.parametrize("content", [b"a\nb", b"a\r\nb\r\n", b"\xef\xbb\xbfa\nb\n", b" a \n\tb\n"])
def test_line_ends_marks_and_margins_are_not_the_line(tmp_path: Path, content: bytes) -> None:
    assert numbered(tmp_path / "corpus", content) == [(1, b"a"), (2, b"b")]


def test_empty_lines_count_and_say_nothing(tmp_path: Path) -> None:
    assert numbered(tmp_path / "corpus", b"\na\n\n  \nb\n\n") == [(2, b"a"), (5, b"b")]


@pytest.mark.parametrize("content", [b"", b"\n\n", gzip.compress(b""), bz2.compress(b"")])
def test_an_empty_file_has_no_lines(tmp_path: Path, content: bytes) -> None:
    assert numbered(tmp_path / "corpus", content) == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_an_archive_of_several_streams_is_read_to_its_end(tmp_path: Path, pack: Pack) -> None:
    assert numbered(tmp_path / "corpus", pack(b"a\nb") + pack(b"c\nd\n")) == [(1, b"a"), (2, b"bc"), (3, b"d")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_an_archive_that_ends_too_early_is_refused_with_the_line(tmp_path: Path, pack: Pack) -> None:
    packed = pack(b"".join(b"%d\n" % (number * number) for number in range(20_000)))
    refusal = refused(tmp_path / "corpus", packed[: len(packed) // 2])
    assert refusal.code == "damaged"
    assert "ends too early, or is damaged, after line" in refusal.detail


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_damaged_archive_is_refused(tmp_path: Path, pack: Pack) -> None:
    packed = bytearray(pack(b"".join(b"%d\n" % (number * number) for number in range(20_000))))
    middle = len(packed) // 2
    packed[middle : middle + 64] = bytes(64)
    assert refused(tmp_path / "corpus", bytes(packed)).code == "damaged"


def test_what_follows_an_archive_and_is_none_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "corpus", gzip.compress(b"a\n") + b"rest").code == "damaged"


def test_an_archive_of_a_kind_that_is_not_read_is_no_text(tmp_path: Path) -> None:
    [(_, line), *_] = numbered(tmp_path / "corpus", lzma.compress(b"a\n"))
    assert line.startswith(b"\xfd7zXZ")


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1_000)
    assert numbered(tmp_path / "corpus", b"a\n" + b"x" * 999 + b"\n")[1] == (2, b"x" * 999)
    refusal = refused(tmp_path / "corpus", gzip.compress(b"a\n" + b"x" * 1_001))
    assert (refusal.code, refusal.row) == ("too_long", 2)
    assert "1,000 bytes" in refusal.detail


def test_what_was_read_of_the_file_adds_up_to_its_size(tmp_path: Path) -> None:
    path, counted = tmp_path / "corpus", []
    path.write_bytes(gzip.compress(b"a\nb\n" * 5_000))
    assert len(list(lines.numbered_lines(path, counted.append))) == 10_000
    assert sum(counted) == path.stat().st_size


def test_the_hash_is_of_the_bytes_as_they_lie_there(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_bytes(b"abc")
    assert lines.sha256_of(tmp_path / "corpus").startswith("ba7816bf8f01cfea")
