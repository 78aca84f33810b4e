"""A table is the same read in one piece, in pieces of any size, or line by line."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.readers import decoding, delimited
from govcode.readers.tables import open_table
from govcode.records import Row

HEADERS = ("甲,乙,丙\n", "甲,乙,丙\r\n", "甲,乙\n", "甲\n", "\n甲;乙;丙\n", "甲,乙,丙,,\n", '"甲\n一",乙\n')
NOISE = [
    *"a文1 ,,,,\"\"\n\n;\t\r", "\r\n", "\ufeff", "\xa0\n", "\u2028", '""', '"q"', "x,y,z\n", "甲,乙,丙\n", "甲,乙,丙\r\n",
]  # fmt: skip
TABLES = st.builds(
    lambda head, body: (head + "".join(body)).encode(),
    st.sampled_from(HEADERS),
    st.lists(st.sampled_from(NOISE), max_size=120),
)


def read(data: bytes, patch: pytest.MonkeyPatch, *, piece: int, carried: int = 1 << 20, lines: bool = False):
    patch.setattr(decoding, "CHUNK", piece)
    patch.setattr(delimited, "LONGEST_CARRIED", carried)
    if lines:
        patch.setattr(delimited._Reader, "_whole_piece", _put_aside)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(data)
        table = open_table(path)
        items = [
            (i.line, [*i.values.values()]) if isinstance(i, Row) else (i.line, i.reason, i.row) for i in table
        ]
    return table.columns, items, dict(table.repairs)


def _put_aside(self, text: str, header: list[str], columns: tuple[str, ...]) -> Iterator[Row]:
    self.again.extend(io.StringIO(text, newline=""))
    return ""
    yield  # a generator, as the method it stands for


def check(data: bytes, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        whole = read(data, patch, piece=1 << 18)
        assert read(data, patch, piece=piece) == whole
        assert read(data, patch, piece=piece, carried=8) == whole
        assert read(data, patch, piece=1 << 18, lines=True) == whole


@settings(deadline=None, max_examples=60)
@given(data=TABLES, piece=st.integers(1, 64))
def test_pieces_of_any_size_give_the_same_rows(data: bytes, piece: int) -> None:
    check(data, piece)


@pytest.mark.slow
@settings(deadline=None, max_examples=1000)
@given(data=TABLES, piece=st.integers(1, 64))
def test_a_thousand_noisy_tables_read_in_pieces(data: bytes, piece: int) -> None:
    check(data, piece)
