"""Regular expressions have a bounded time, and anchors are what must occur."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders.expressions.patterns import bounded_regex, regex_anchors, string_anchor, string_search


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a*)*b", "(a|a)*b", "(a|aa)+$", "(.*)(.*)(.*)(.*)b", "((a{1,9}){1,9}){1,9}"]
)
def test_patterns_that_could_take_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="repeats"):
        bounded_regex(pattern)


@pytest.mark.parametrize(
    "pattern", [".*a.*b", r"\d+年\d+月\d+日", "(关于|对于).{2,60}的(通知|公告)", "a?b?c?d", "[a-z]+@[a-z]+"]
)
def test_usual_patterns_pass_and_end_soon(pattern: str) -> None:
    search = bounded_regex(pattern)
    start = time.perf_counter()
    for text in ("a" * 6000, "关于" * 3000, "1年1月" * 1500):
        search.search(text)
    assert time.perf_counter() - start < 2


def test_stars_reach_thirty_characters() -> None:
    assert bounded_regex("a.*b").search("a" + "x" * 30 + "b")
    assert not bounded_regex("a.*b").search("a" + "x" * 31 + "b")
    assert bounded_regex(r"\d+").fullmatch("1" * 30)
    assert bounded_regex(r"a[*+]b\+").search("a*b+")


@settings(deadline=None)
@given(
    st.sampled_from(["公园", "ab", "x*y", "app", "公*园", "a*"]),
    st.text(alphabet="公园abxyp 。", max_size=12),
)
def test_a_match_contains_the_anchor(source: str, text: str) -> None:
    search = string_search(source)
    hit = any(search.finditer(text)) if search else source in text
    assert not hit or string_anchor(source) in text


@pytest.mark.parametrize(
    ("pattern", "anchors"),
    [
        ("关于.{2,9}的通知", {"的通知"}),
        ("(甲方|乙方)公告?", {"甲方", "乙方"}),
        ("(通知|公告).{0,9}", {"通知", "公告"}),
        ("[甲乙].*", {"甲", "乙"}),
        (r"\d+", set()),
        (r"通知|\d", set()),
        ("x*", set()),
        ("(ab)+", {"ab"}),
        ("Abc", {"abc"}),
    ],
)
def test_one_of_the_anchors_of_a_pattern_must_occur(pattern: str, anchors: set[str]) -> None:
    assert regex_anchors(pattern) == anchors
