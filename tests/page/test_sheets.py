from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.errors import HashMismatchError, InputError
from govcode.page.ledger import Choice, Ledger
from govcode.page.sheets import Taken, open_sheets
from govcode.page.store import store_path

BOOK = load_codebook()


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def take(path: Path, closing: ExitStack) -> Taken:
    return open_sheets([path], BOOK, closing)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_order_of_the_sheet_is_kept_and_bad_rows_are_counted(tmp_path: Path, closing: ExitStack) -> None:
    sheet = write(tmp_path / "s.csv", "post_id,title,text\n9,b,\n1,,a\n9,b,again\n,x,no id\n5,, \n0012,c,d\n")
    taken = take(sheet, closing)
    assert [p.post_id for p in taken.sheets[0].store.posts()] == ["9", "1", "0012"]
    assert taken.excluded == {"duplicate-id": 1, "no-id": 1, "empty": 1}


def test_a_sheet_is_read_once_and_again_only_when_it_has_changed(tmp_path: Path) -> None:
    sheet = write(tmp_path / "s.csv", "post_id,text\n1,a\n")
    with ExitStack() as first:
        take(sheet, first)
    store = store_path(sheet)
    assert store.exists()
    with ExitStack() as second:
        taken = take(sheet, second)
        Ledger(taken.sheets[0].store, "li", codebook=BOOK.hash).record("1", Choice("service"))
    write(sheet, "post_id,text\n2,b\n1,a\n")
    with ExitStack() as third:
        assert take(sheet, third).sheets[0].store.count() == 2
    write(sheet, "post_id,text\n1,changed\n")
    with ExitStack() as fourth, pytest.raises(InputError, match="read differently"):
        take(sheet, fourth)


def test_a_sheet_drawn_for_one_coder_knows_the_name(tmp_path: Path, closing: ExitStack) -> None:
    sheet = write(tmp_path / "s.csv", "post_id,text,coder\n1,a,li\n2,b,li\n")
    assert take(sheet, closing).sheets[0].store.get("coder") == "li"
    sheet = write(tmp_path / "t.csv", "post_id,text,coder\n1,a,li\n2,b,wang\n")
    assert take(sheet, closing).sheets[0].store.get("coder") == ""


def test_codings_of_another_codebook_are_not_mixed_in(tmp_path: Path, closing: ExitStack) -> None:
    sheet = write(tmp_path / "s.csv", "post_id,text\n1,a\n")
    store = take(sheet, closing).sheets[0].store
    Ledger(store, "li", codebook="sha256:" + "0" * 64).record("1", Choice("x"))
    with pytest.raises(HashMismatchError, match="another codebook"):
        take(sheet, closing)


@pytest.mark.parametrize(
    ("text", "message"),
    [("id,text\n1,a\n", "no column 'post_id'"), ("post_id,body\n1,a\n", "no column 'text'"),
     ("post_id,text\n", "holds no post"), ("", "is empty")],
)  # fmt: skip
def test_what_is_no_sheet_is_told_in_one_sentence(
    tmp_path: Path, closing: ExitStack, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        take(write(tmp_path / "s.csv", text), closing)
    with pytest.raises(InputError, match="no such sheet"):
        take(tmp_path / "absent.csv", closing)
