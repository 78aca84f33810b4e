"""What occurs in a text is found, whether texts are looked at alone or together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders.expressions.anchors import FEW, Anchors
from govcode.coders.expressions.matcher import Matcher
from govcode.coders.expressions.parser import parse
from govcode.coders.expressions.unit import Unit

LETTERS = "甲乙丙丁ab \n\U0001f600\U00020000\uffff"
TEXTS = st.lists(st.text(alphabet=LETTERS, max_size=30), max_size=FEW + 4)
ANCHORS = st.sets(st.text(alphabet=LETTERS, min_size=1, max_size=4), max_size=30)


@settings(deadline=None)
@given(ANCHORS, TEXTS)
def test_what_occurs_is_found(anchors: set[str], texts: list[str]) -> None:
    expected = [{anchor for anchor in anchors if anchor in text} for text in texts]
    table = Anchors(anchors)
    assert table.of_many(texts) == expected
    assert list(map(table.of, texts)) == expected


def test_a_separator_inside_a_text_does_no_harm() -> None:
    texts = ["甲\x1f乙", "乙丙", "", "甲", "丙丁"]
    assert Anchors({"甲", "乙丙", "丙丁"}).of_many(texts) == [{"甲"}, {"乙丙"}, set(), {"甲"}, {"丙丁"}]


def test_units_looked_at_together_match_the_same() -> None:
    matcher = Matcher(
        [
            parse(s)
            for s in ("征求 & 意见", "title: (停水 | 停电)", "/第\\d+期/ | !通知", "near(市民, 反映, 3)")
        ]
    )
    texts = [
        ("停水公告", "征求意见"),
        ("", "停水通知，征求意见。"),
        ("通知", "第3期"),
        ("", ""),
        ("市民 反映", "停电 通知"),
    ]
    alone = [list(matcher.matches(Unit(*text, str.split))) for text in texts]
    units = [Unit(*text, str.split) for text in texts]
    matcher.prepare(units)
    assert [list(matcher.matches(unit)) for unit in units] == alone
    assert [number for number, _ in alone[0]] == [0, 1, 2]
