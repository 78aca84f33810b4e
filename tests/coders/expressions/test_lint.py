"""Rules that can never fire are found before they are used."""

from __future__ import annotations

import pytest

from govcode.codebook.parse import parse_codebook
from govcode.coders.expressions.lint import check_expressions, dead_parts
from govcode.coders.expressions.parser import parse
from govcode.text.segment import Segmenter

SEGMENT = Segmenter().segment


@pytest.mark.parametrize(
    "source",
    [
        "word:公园",
        "征求+意见 | 征求意见",
        "title: 公园",
        "near(公园, 门票, 5)",
        "count(公园) >= 1",
        "a*b",
        "word:公*",
        "not good",
    ],
)
def test_living_expressions_pass(source: str) -> None:
    living = source.replace("征求+意见", "公开+征求").replace("not good", '"not good"')
    assert not list(dead_parts(parse(living), SEGMENT))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("word:征求意", "segmentation never gives '征求意'"),
        ("公+园", "look for the string 公园"),
        ("政務", "cleaning makes it '政务'"),
        ("😀", "cleaning"),
        ('"http://a.cn/b"', "cleaning"),
        ("公园 & !公园", "absence"),
        ("count(公园) < 0", "no number is < 0"),
        ("length < 0", "no number"),
        ("学校 | title: word:征求意", "征求意"),
    ],
)
def test_dead_expressions_are_found(source: str, words: str) -> None:
    assert any(words in reason for reason in dead_parts(parse(source), SEGMENT))


def test_problems_carry_lines_and_slugs() -> None:
    text = """id = "x"
version = "1"
title = "x"
[[codes]]
id = "a"
label = "a"
definition = "a"
counts = "a"
[[codes]]
id = "b"
label = "b"
definition = "b"
counts = "b"
[lists]
unused = 'x'
[expressions]
a = [
  '公园',
  { weight = 2, match = 'word:征求意' },
  '(学校',
  { weight = 0, match = '公园' },
]
"""
    book, problems = parse_codebook(text)
    assert book is not None and not problems
    found = {(p.line, p.slug) for p in check_expressions(book, SEGMENT)}
    assert found == {
        (19, "never-matches"), (20, "bad-expression"), (21, "no-weight"), (21, "double-expression"),
        (0, "unused-list"), (0, "no-expression"),
    }  # fmt: skip
