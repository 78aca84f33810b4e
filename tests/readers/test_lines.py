"""Rows of a posts table that other processes read are those that would be read here, whatever their damage."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.readers import decoding, first_pass, jsonl
from govcode.readers.base import Account
from govcode.readers.first_pass import Seen
from govcode.readers.pieces import ROWS, Batch, Piece, Unread, gathered, rows_in
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post

GOOD = ['{"post_id": "a", "text": "明早停水"}', '{"post_id": "b", "title": "停水通知", "own": [1, {"x": null}]}',
        '{"post_id": "c", "text": "plain"}', '{"post_id": 7, "text": null}', '{"post_id": 7.0, "text": {"x": 1}}']  # fmt: skip
ODD = [
    *(line.encode() for line in ('{"post_id": "late", "晚": 1}', '{"post_id": "dup", "post_id": "e"}', "[1, 2]", "null")),
    b"", b"  ", b'{"post_id": "broken', b'{"post_id": "n", "text": NaN}', b'{"post_id": "s", "text": "\\ud800x"}',
    b'{"post_id": "c", "text": "a\x01b"}', b'{"post_id": "z", "text": "a\x00b"}', b'{"post_id": "r"}\r',
    b'\xef\xbb\xbf{"post_id": "bom"}', b'{"post_id": "bad", "text": "\xff\xfe\x81"}', b'{"a": 1}{"b": 2}',
    '{"post_id": "gb", "text": "停水通知"}'.encode("gb18030"),
]  # fmt: skip
LINES = st.lists(st.sampled_from([*(line.encode() for line in GOOD), *ODD]), min_size=1, max_size=40)


class Pipe(io.RawIOBase):
    """Bytes that come a few at a time and once."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self._data.readinto(memoryview(buffer)[:50])


def stream_of(path: Path, data: bytes, patch: pytest.MonkeyPatch, *, pipe: bool):
    if not pipe:
        path.write_bytes(data)
        return read_posts([str(path)])
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(data))))
    return read_posts(["-"], form="jsonl")


def told(posts: list[Post], excluded: list[Excluded], stream) -> tuple[object, ...]:
    return posts, excluded, dict(stream.repairs), stream.notes, stream.columns


def read_ahead(stream, order: random.Random) -> tuple[object, ...]:
    """Read all pieces in any order, as far ahead as can be, then settle them."""
    pieces = list(gathered(stream.pieces))
    numbers = list(range(len(pieces)))
    order.shuffle(numbers)
    read = {n: pieces[n].rows.read() for n in numbers}
    posts = [post for n in range(len(pieces)) for post in read[n][0]]
    excluded = [item for n, piece in enumerate(pieces) for item in piece.settle(read[n][1])]
    return told(posts, excluded, stream)


def read_here(stream) -> tuple[object, ...]:
    items = list(stream.posts)
    return told(
        [i for i in items if isinstance(i, Post)], [i for i in items if isinstance(i, Excluded)], stream
    )


@settings(deadline=None, max_examples=150)
@given(
    lines=LINES, chunk=st.integers(1, 200), pipe=st.booleans(), marked=st.booleans(),
    end=st.sampled_from([b"", b"\n"]), order=st.randoms(use_true_random=False),
)  # fmt: skip
def test_pieces_read_anywhere_hold_the_same(tmp_path_factory, lines, chunk, pipe, marked, end, order) -> None:
    data = decoding.codecs.BOM_UTF8 * marked + GOOD[0].encode() + b"\n" + b"\n".join(lines) + end
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "CHUNK", chunk)
        here = read_here(stream_of(path, data, patch, pipe=pipe))
        assert read_ahead(stream_of(path, data, patch, pipe=pipe), order) == here


def test_most_rows_are_left_unread(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(decoding, "CHUNK", 4000)
    data = "".join(json.dumps({"post_id": str(n), "text": "明早停水"}) + "\n" for n in range(1000)).encode()
    pieces = list(read_posts([str(write(tmp_path, data))]).pieces)
    unread = [p.rows for p in pieces if isinstance(p, Piece) and isinstance(p.rows, Unread)]
    assert sum(map(len, unread)) > 900
    assert sum(map(rows_in, pieces)) == 1000
    assert all(len(rows.data) <= 8000 for rows in unread)


def write(folder: Path, data: bytes, name: str = "t.jsonl") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("name", ["flags", "converted"])
def test_ids_that_must_be_numbered_in_order_are_read_here(tmp_path: Path, monkeypatch, name) -> None:
    monkeypatch.setattr(decoding, "CHUNK", 100)
    row = {
        "flags": {"post_id": "a", "text": "x", "flags": ""},
        "converted": {"正文": "明早停水", "编号": "a"},
    }
    data = (json.dumps(row[name], ensure_ascii=False) + "\n").encode() * 30
    items = list(read_posts([str(write(tmp_path, data))]).pieces)
    assert {type(item) for item in items} == {Post}
    assert len({post.post_id for post in items}) == 30


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("part", [100, 1 << 20])
def test_ids_of_one_table_with_flags_are_left_unread_where_none_comes_twice(
    tmp_path: Path, monkeypatch, repeated: bool, part: int
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", 100)
    monkeypatch.setattr(first_pass, "PART", part)
    rows = [{"post_id": f"p{n}", "text": "x", "flags": ""} for n in range(40)] + [
        {"post_id": "p3", "text": "x"}
    ]
    if repeated:
        rows.append(rows[2])
    table = write(tmp_path, "".join(json.dumps(row) + "\n" for row in rows).encode())
    for paths, unread in [([table], not repeated), ([table, table], False)]:
        here = read_here(read_posts([*map(str, paths)]))
        assert any(isinstance(item, Piece) for item in read_posts([*map(str, paths)]).pieces) is unread
        assert read_ahead(read_posts([*map(str, paths)]), random.Random(5)) == here


@pytest.mark.parametrize("id", ["7", '"7"', "7.0", "null"])
def test_ids_that_become_text_may_come_twice(tmp_path: Path, monkeypatch, id: str) -> None:
    monkeypatch.setattr(decoding, "CHUNK", 40)
    data = '{"post_id": "7", "flags": ""}\n{"post_id": "b"}\n{"post_id": %s, "flags": ""}\n' % id  # noqa: UP031
    table = write(tmp_path, data.replace('"b"', '"b", "text": "x"').encode())
    assert read_ahead(read_posts([str(table)]), random.Random(5)) == read_here(read_posts([str(table)]))


def test_a_damaged_file_that_was_found_tells_the_line_before_the_damage(tmp_path: Path, monkeypatch) -> None:
    known = Seen(dict.fromkeys(["post_id", "text"]), True)
    monkeypatch.setattr(jsonl, "first_pass", lambda _: known)  # the damage came later
    monkeypatch.setattr(decoding, "CHUNK", 5000)
    draw = random.Random(3)
    lines = [
        json.dumps({"post_id": str(n), "text": f"停水{draw.random()}"}, ensure_ascii=False)
        for n in range(12_000)
    ]
    packed = gzip.compress("\n".join([*lines[:100], "no row", *lines[100:]]).encode())
    write(tmp_path, packed[: len(packed) * 2 // 3], "t.jsonl.gz")
    here = read_here(read_posts([str(tmp_path)]))
    assert read_ahead(read_posts([str(tmp_path)]), random.Random(1)) == here
    assert [item.reason for item in here[1]] == ["broken-json", "not-read"]
    assert here[1][1].line > 101


def pieces_of(*data: bytes | str) -> Iterator[Piece]:
    def settle(account: Account) -> tuple[()]:
        return ()

    return (Piece(Unread(part, "t"), settle) for part in data)


def test_small_pieces_of_lines_are_joined_up_to_a_bound() -> None:
    line = b'{"post_id": "a"}\n'
    assert [len(p.rows) for p in gathered(pieces_of(*[line] * (2 * ROWS + 88)))] == [ROWS, ROWS, 88]
    long = b'{"post_id": "%s"}\n' % (b"x" * 700_000)
    assert [len(p.rows) for p in gathered(pieces_of(long, long, line))] == [1, 2]


def test_pieces_of_other_tables_and_open_lines_are_not_joined() -> None:
    line = b'{"post_id": "a"}\n'
    assert [len(p.rows) for p in gathered([*pieces_of(line), *pieces_of(line)])] == [1, 1]
    assert [len(p.rows) for p in gathered(pieces_of(line, line.decode(), line.rstrip(), line))] == [
        1,
        1,
        0,
        1,
    ]


def test_single_posts_come_in_batches_in_their_order() -> None:
    posts = [Post(str(n)) for n in range(600)]
    left_out = Excluded("t", 3, "broken-json")
    *pieces, last = gathered([*posts[:300], left_out, *posts[300:], *pieces_of(b"{}\n")])
    assert [post for piece in pieces for post in piece.rows.read()[0]] == posts
    assert [e for piece in pieces for e in piece.settle(piece.rows.read()[1])] == [left_out]
    assert all(isinstance(piece.rows, Batch) and len(piece.rows) <= ROWS for piece in pieces)
    assert isinstance(last.rows, Unread)


@settings(deadline=None, max_examples=60)
@given(lines=LINES, part=st.integers(1, 300), end=st.sampled_from([b"", b"\n"]))
def test_keys_are_the_same_sought_in_parts(tmp_path_factory, lines, part, end) -> None:
    path = write(tmp_path_factory.getbasetemp(), GOOD[1].encode() + b"\n" + b"\n".join(lines) + end)
    whole = read_posts([str(path)]).columns
    calls = []

    def backwards(work, starts):
        calls.append(len(starts))
        return [*map(work, reversed(starts))][::-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_pass, "PART", part)
        assert read_posts([str(path)], each=backwards).columns == whole
    assert calls == [-(-path.stat().st_size // part)]


@given(sizes=st.lists(st.integers(2, 9), min_size=1, max_size=30), part=st.integers(1, 40))
@settings(deadline=None, max_examples=100)
def test_parts_share_no_line_and_lose_none(tmp_path_factory, sizes, part) -> None:
    lines = [b"x" * (size - 1) + b"\n" for size in sizes]
    path = write(tmp_path_factory.getbasetemp(), b"".join(lines))
    found, read = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_pass, "PART", part)
        patch.setattr(first_pass, "_part", lambda lines: read.extend(lines))
        for start in range(0, sum(sizes), part):
            first_pass._part_from(str(path), start)
            found.append(len(read))
    assert read == lines
    assert found == sorted(found)


def test_packed_bytes_of_a_pipe_are_read_once(monkeypatch) -> None:
    data = gzip.compress(b'{"post_id": "a", "text": "x"}\n' * 3)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(data))))
    assert len(list(read_posts(["-"]).posts)) == 3
