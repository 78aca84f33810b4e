"""Any table, damaged in any of the known ways: it comes back, or its rows are excluded; never a traceback."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govcode.errors import GovcodeError
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post
from govcode.writers.tables import open_writer

CASES_IN_THE_SLOW_SUITE = 20_000
IDS = st.from_regex(r"[1-9]\d{3,15}", fullmatch=True).filter(lambda i: not (len(i) > 15 and i.endswith("0")))
# Chinese first, so that the encoding of a line is beyond doubt; then whatever people and machines write.
TEXTS = st.builds(
    lambda head, tail: head + tail,
    st.text("停水通知请市民注意防范暴雨发布", min_size=2, max_size=6),
    st.text(st.characters(exclude_categories=["Cs", "Co", "Cn"], exclude_characters="\0\ufeff"), max_size=30),
)
PLAIN = st.text("停水通知请市民注意防范abc，。,\"'\n 1", min_size=2, max_size=30).filter(str.strip)
ROWS = st.lists(
    st.fixed_dictionaries({"微博id": IDS, "标题": PLAIN.map(lambda t: "题" + t), "正文": TEXTS.map(lambda t: "文" + t),
                           "发布时间": st.sampled_from(["2023-05-01 08:30", "2023/5/1", "45047", "昨天", ""]),
                           "阅读数": st.sampled_from(["1", "10万+", "", "100001"])}),
    min_size=1, max_size=8, unique_by=lambda row: row["微博id"],
)  # fmt: skip
COLUMNS = ("微博id", "标题", "正文", "发布时间", "阅读数")
FORMS = ("csv", "tsv", "jsonl")


def written(rows: list[dict], form: str, folder: str) -> bytes:
    path = Path(folder) / f"w.{form}"
    with open_writer(path, COLUMNS) as writer:
        for row in rows:
            writer.write(row)
    return path.read_bytes()


def items_of(data: bytes, name: str, folder: str) -> list[Post | Excluded]:
    path = Path(folder) / name
    path.write_bytes(data)
    return list(read_posts([str(path)]))


def lines_of(data: bytes) -> list[bytes]:
    return data.split(b"\n")


# What keeps every row, though not always every character.
def in_gb18030(data: bytes) -> bytes:
    return data.decode().encode("gb18030")


def in_utf16(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


def with_mark(data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


def with_crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def packed(data: bytes) -> bytes:
    return gzip.compress(data)


def with_blank_lines(data: bytes) -> bytes:
    return b"\n\n" + data + b"\n \n"


def with_nul(data: bytes) -> bytes:
    return data.replace("文".encode(), "文\0".encode())


def in_two_encodings(data: bytes) -> bytes:
    return b"\n".join(x.decode().encode("gb18030") if n % 2 else x for n, x in enumerate(lines_of(data)))


KEEPING = (in_gb18030, in_utf16, with_mark, with_crlf, packed, with_blank_lines, with_nul, in_two_encodings)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def check_kept(rows: list[dict], form: str, damage) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = written(rows, form, folder)
        undamaged = items_of(data, f"a.{form}", folder)
        assert [p.post_id for p in undamaged if isinstance(p, Post)] == [row["微博id"] for row in rows]
        items = items_of(damage(data), f"b.{form}" + ".gz" * (damage is packed), folder)
        assert len(items) == len(rows)
        assert [p.post_id for p in items if isinstance(p, Post)] == [row["微博id"] for row in rows]
        if damage not in (with_crlf, with_nul):
            assert [p.text for p in items if isinstance(p, Post)] == [p.text for p in undamaged]


@QUICK
@given(ROWS, st.sampled_from(FORMS), st.sampled_from(KEEPING))
def test_damage_that_keeps_every_row(rows: list[dict], form: str, damage) -> None:
    check_kept(rows, form, damage)


@QUICK
@given(ROWS, st.integers(0, 7), st.integers(1, 3))
def test_rows_with_too_many_or_too_few_cells_are_accounted_for(
    rows: list[dict], place: int, extra: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            row["标题"], row["正文"] = row["标题"].replace("\n", "").replace('"', ""), "文"
        lines = written(rows, "csv", folder).decode().splitlines()
        place = 1 + place % len(rows)
        lines[place] += ",多" * extra
        items = items_of("\n".join(lines).encode(), "a.csv", folder)
        assert len(items) == len(rows)
        lines[place] = rows[place - 1]["微博id"] + ",题"
        assert len(items_of("\n".join(lines).encode(), "b.csv", folder)) == len(rows)


@QUICK
@given(ROWS, ROWS)
def test_files_joined_with_their_headers(first: list[dict], second: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = with_mark(written(first, "csv", folder)) + with_mark(written(second, "csv", folder))
        assert len(items_of(data, "a.csv", folder)) == len(first) + len(second)


@QUICK
@given(ROWS)
def test_ids_guarded_against_excel_come_back(rows: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.csv"
        with open_writer(path, COLUMNS, excel=True) as writer:
            for row in rows:
                writer.write(row)
        assert [p.post_id for p in read_posts([str(path)])] == [row["微博id"] for row in rows]


def check_survives(rows: list[dict], form: str, cut: float, flips: list[tuple[float, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = bytearray(written(rows, form, folder))
        for where, byte in flips:
            data[int(where * (len(data) - 1))] = byte
        del data[int(cut * len(data)) :]
        try:
            items = items_of(bytes(data), f"a.{form}", folder)
        except GovcodeError as error:
            assert error.message
            assert "\n" not in error.message
        else:
            assert all(isinstance(item, Post | Excluded) for item in items)


FLIPS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6)


@QUICK
@given(ROWS, st.sampled_from(FORMS), st.floats(0, 1), FLIPS)
def test_any_bytes_give_posts_or_one_sentence(rows: list[dict], form: str, cut: float, flips) -> None:
    check_survives(rows, form, cut, flips)


@QUICK
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.xlsx", "a.html", "a.xml", "a.md", "a.txt",
                                                 "a.parquet", "a.tsv", "a.csv.gz", "a.zip", "a"]))  # fmt: skip
def test_noise_gives_posts_or_one_sentence(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            items_of(data, name, folder)
        except GovcodeError as error:
            assert error.message


LONG = settings(
    max_examples=CASES_IN_THE_SLOW_SUITE // 2, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
@LONG
@given(ROWS, st.sampled_from(FORMS), st.sampled_from(KEEPING))
def test_ten_thousand_tables_keep_every_row(rows: list[dict], form: str, damage) -> None:
    check_kept(rows, form, damage)


@pytest.mark.slow
@LONG
@given(ROWS, st.sampled_from(FORMS), st.floats(0, 1), FLIPS)
def test_ten_thousand_broken_files_give_no_traceback(rows: list[dict], form: str, cut: float, flips) -> None:
    check_survives(rows, form, cut, flips)
