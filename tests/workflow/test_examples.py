"""Choosing examples and reading evidence."""

from __future__ import annotations

import pytest

from govcode.profiles.base import CodedPost
from govcode.workflow.examples import Shelf, evidence_terms


@pytest.mark.parametrize(
    ("cell", "terms"),
    [
        ("征求意见 +1.20 (title); 草案 +0.80; 停水 -0.31 (headline)", ("征求意见", "草案", "停水")),
        ("[A1] 征求意见 | 草案 & !决算 +2.50 (text: 征求意见; title: 草案)", ("征求意见", "草案")),
        ("[I2] title: (召开 | 举行) & 会议 +3.90 (title: 召开; title: 会议; …)", ("召开", "会议")),
        ("[S1] title: /(能|可以).{1,20}(吗|么)/ +1.30 (title: 能上学吗)", ("能上学吗",)),
        ("", ()),
    ],
)
def test_evidence_of_both_coders_is_read(cell: str, terms: tuple[str, ...]) -> None:
    assert evidence_terms(cell) == terms


def test_the_surest_are_kept_whatever_the_order() -> None:
    rows = [
        ({"p_x": p, "text": "…"}, CodedPost(str(i), f"甲{i}", "", None, "x", status="coded"))
        for i, p in enumerate((0.5, 0.9, 0.7, 0.6, 0.95))
    ]
    kept = []
    for order in (rows, rows[::-1]):
        shelf = Shelf()
        for row, post in order:
            shelf.offer(row, post)
        kept.append([e.post_id for e in shelf.examples()["x"]])
    assert kept[0] == kept[1] == ["4", "1", "2"]


def test_unsure_and_uncodable_posts_are_no_examples() -> None:
    shelf = Shelf()
    shelf.offer({}, CodedPost("1", "甲", "", None, "x", status="unsure"))
    shelf.offer({}, CodedPost("2", "甲", "", None, "NA", status="uncodable"))
    assert shelf.examples() == {}
