"""Reading the public agenda."""

from __future__ import annotations

from pathlib import Path

import pytest

from govcode.errors import InputError
from govcode.profiles.alignment import Issue
from govcode.workflow.agenda import read_agenda, read_series


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


ISSUES = (Issue("停水", ("停水", "供水"), 1), Issue("噪声", ("噪声",), 1), Issue("交通", ("拥堵",), 1))


def test_a_series_is_counts_by_month(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "议题,月份,件数\n停水,2023-01,30\n停水,2023-02,20\n噪声,2023-02,9\n别的,2023-02,1\n", "utf-8"
    )
    found = read_series(str(path), ISSUES)
    assert (found.unit, found.together, found.messages) == ("month", None, 0)
    assert dict(found.counts["停水"]) == {"2023-01": 30, "2023-02": 20}


def test_a_series_is_messages_by_week_and_pairs_of_issues(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "published_at,text\n2023-01-04,供水和噪声\n2023-01-06 08:00,停水\n2023/01/12,拥堵\n2023-01-12,天气\n",
        encoding="utf-8",
    )
    found = read_series(str(path), ISSUES)
    assert (found.unit, found.messages) == ("week", 4)
    assert dict(found.counts["停水"]) == {"2023-01-02": 2}
    assert dict(found.counts["交通"]) == {"2023-01-09": 1}
    assert found.together == {("停水", "噪声"): 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [("a,b\n1,2\n", "has no column period"), ("date,text\nmorgen,x\n", "line 2: 'morgen' is not a date")],
)
def test_a_series_that_is_none_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_series(str(tmp_path / "s.csv"), ISSUES)
