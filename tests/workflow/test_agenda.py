"""Reading the public agenda."""

from __future__ import annotations

from pathlib import Path

import pytest

from govcode.errors import InputError
from govcode.workflow.agenda import read_agenda


def test_issues_of_several_months_add_up(tmp_path: Path) -> None:
    path = tmp_path / "12345.csv"
    path.write_text(
        "月份,议题,关键词,件数\n1,停水,停水|供水,30\n2,停水,停水,20\n1,噪声,,9\n1,交通,拥堵、停车,5%\n",
        encoding="utf-8",
    )
    issues = {i.name: (i.words, i.weight) for i in read_agenda(str(path))}
    assert issues == {"停水": (("停水", "供水"), 50), "噪声": (("噪声",), 9), "交通": (("拥堵", "停车"), 5)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "has no column issue"),
        ("issue,words,weight\nx,x,1\n", "has 1 issues"),
        ("issue,words,weight\nx,x,many\n", "line 2: 'many' is not a weight"),
        ("issue,words,weight\nx,x,-1\n", "is not a weight"),
    ],
)
def test_a_table_that_is_none_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_agenda(str(path))
