"""The expression language: what it matches, and where an error stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders.expressions.errors import ExpressionError
from govcode.coders.expressions.parser import parse
from govcode.coders.expressions.unit import Unit
from govcode.errors import GovcodeError

TITLE = "云州公园条例公开征求意见"
BODY = "即日起 征求 社会 意见 。 App 上线 ， 意见 请 发 邮箱 。 拨打 12345 咨询"


def unit(title: str = TITLE, body: str = BODY) -> Unit:
    """A unit whose words are what stands between blanks."""
    return Unit(title, body, str.split)


def found(expression: str, title: str = TITLE, body: str = BODY) -> list[str] | None:
    u = unit(title, body)
    spans = parse(expression, {"call": "拨打 | 咨询"}).match(u, u.all)
    return None if spans is None else [u.text[a:b] for a, b in spans]


@pytest.mark.parametrize(
    ("expression", "places"),
    [
        ("意见", ["意见", "意见", "意见"]),
        ("征求意见", ["征求意见"]),
        ("title: 意见", ["意见"]),
        ("标题：意见", ["意见"]),
        ("text: 征求意见", None),
        ("公园 & 邮箱", ["公园", "邮箱"]),
        ("公园 and 学校", None),
        ("学校 | 公园", ["公园"]),
        ("学校 or 公园", ["公园"]),
        ("（公园｜学校）＆邮箱", ["公园", "邮箱"]),
        ("公园 & !学校", ["公园"]),
        ("not 公园", None),
        ("not 学校", []),
        ("公园 & not (学校 | 邮箱)", None),
        ("a | 公园 & 邮箱", ["公园", "邮箱"]),
        ('"征求 社会"', ["征求 社会"]),
        ("“上线 ，”", ["上线 ，"]),
        ("公园*意见", ["公园条例公开征求意见"]),
        ("上线*邮箱", ["上线 ， 意见 请 发 邮箱"]),
        ("即日起*邮箱", None),
        ("app", ["app"]),
        ("APP", ["app"]),
        ("ap", None),
        ("ap*", ["app"]),
        ("1234", None),
        ("12345", ["12345"]),
        ("word:意见", ["意见", "意见"]),
        ("word:意", None),
        ("word:意*", ["意见", "意见"]),
        ("征求+社会", ["征求 社会"]),
        ("征求 + 社会 + 意见", ["征求 社会 意见"]),
        ("征求+意见", None),
        ("near(社会, 征求, 1)", ["社会", "征求"]),
        ("before(社会, 征求, 5)", None),
        ("before(社会, 意见, 1)", ["社会", "意见"]),
        ("near(即日起, 邮箱, 3)", None),
        ("near(学校 | 上线, 意见, 2)", ["上线", "意见"]),
        ("count(意见) >= 3", ["意见", "意见", "意见"]),
        ("count(意见) > 3", None),
        ("count(意见 | 邮箱) = 4", ["意见", "意见", "意见", "邮箱"]),
        ("count(学校) < 1", []),
        ("text: count(意见) >= 3", None),
        ("length > 1000", None),
        ("title: length <= 12", []),
        ("/征求.{0,4}意见/", ["征求意见", "征求 社会 意见"]),
        (r"/\d+/", ["12345"]),
        ("start: 云州", ["云州"]),
        ("start: 咨询", None),
        ("end: 咨询", ["咨询"]),
        ("text: start: 即日起", ["即日起"]),
        ("$call", ["拨打", "咨询"]),
        ("$call & 公园  # a remark", ["拨打", "咨询", "公园"]),
    ],
)
def test_what_an_expression_matches(expression: str, places: list[str] | None) -> None:
    assert found(expression) == places


def test_without_a_title_the_opening_stands_for_it() -> None:
    assert found("title: 停水", "", "#云州#【今晚停水】请储水。") == ["停水"]
    assert found("title: 储水", "", "#云州#【今晚停水】请储水。") is None
    assert found("title: 停水", "", "今晚停水。请储水。") == ["停水"]


def test_without_a_body_the_title_is_the_body() -> None:
    assert found("text: 停水", "今晚停水", "") == ["停水"]


@pytest.mark.parametrize(
    ("expression", "line", "column", "words"),
    [
        ("", 1, 1, "empty"),
        ("(公园", 1, 4, r"'\)' is missing for the '\(' at column 1"),
        ("公园)", 1, 3, "closes nothing"),
        ("公园 学校", 1, 4, "put | or &"),
        ("公园 |", 1, 5, "the end"),
        ("公园 |\n  & 学校", 2, 3, "not '&'"),
        ("near(公园, 3)", 1, 1, "two parts"),
        ("near(公园, 学校)", 1, 12, "number of words"),
        ("near(!公园, 学校, 3)", 1, 6, "must have a place"),
        ("count(公园)", 1, 10, "comparison"),
        ("count(公园) > x", 1, 13, "whole number"),
        ("/(a+)+/", 1, 1, "repeats what already repeats"),
        (r"/(a)\1/", 1, 1, "references"),
        ("/(a/", 1, 1, "cannot be used"),
        ("/a", 1, 1, "not closed"),
        ("titel: 公园", 1, 1, "unknown scope 'titel:'"),
        ("$calls", 1, 1, r"lists: \$call"),
        ('"公园', 1, 1, "not closed"),
        ("公园 | #早安#", 1, 6, "quote it"),
        ("*", 1, 1, "nothing to look for"),
        ("word: ", 1, 7, "a word is expected"),
        ("(" * 60 + "a" + ")" * 60, 1, 41, "too deeply"),
    ],
)
def test_errors_name_line_and_column(expression: str, line: int, column: int, words: str) -> None:
    with pytest.raises(ExpressionError, match=words) as raised:
        parse(expression, {"call": "拨打"})
    assert (raised.value.line, raised.value.column) == (line, column)


def test_lists_that_contain_themselves_are_refused() -> None:
    with pytest.raises(ExpressionError, match="contains itself"):
        parse("$a", {"a": "x | $b", "b": "$a"})


@settings(deadline=None)
@given(st.text(alphabet='公园a1 ()|&!+*,:"/$<>=\\{}[]?.^\n“”（）', max_size=30))
def test_any_text_is_read_or_refused_in_one_sentence(source: str) -> None:
    try:
        node = parse(source)
    except GovcodeError as error:
        assert "\n" not in error.message.replace(source, "")
    else:
        u = unit()
        node.match(u, u.all)
        node.anchors()
