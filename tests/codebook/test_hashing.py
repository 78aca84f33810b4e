"""The hash follows what measures and nothing else."""

from __future__ import annotations

import random
import re

import pytest

from govcode.codebook.load import read_text
from govcode.codebook.parse import parse_codebook

SHIPPED = read_text("functions")[0]


def hashes(text: str) -> tuple[str, str]:
    book, _ = parse_codebook(text)
    assert book is not None
    return book.hash, book.rules_hash


def changed(old: str, new: str) -> str:
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1)


def test_comments_and_white_space_do_not_count() -> None:
    text = "# a remark\n" + SHIPPED.replace(" = ", "   =  ").replace("\n\n", "\n\n\n# more\n")
    assert hashes(text) == hashes(SHIPPED)


def test_order_of_keys_does_not_count() -> None:
    parts = re.split(r"\n(?=\[)", SHIPPED)
    shuffled = []
    for part in parts:
        head, *keys = part.rstrip().split("\n")
        if head.startswith(("[[forms]]", "[[examples]]")):
            random.Random(7).shuffle(keys)
        shuffled.append("\n".join([head, *keys]) + "\n")
    assert hashes("\n".join(shuffled)) == hashes(SHIPPED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('tie_break = ["appeal", "service"', 'tie_break = ["service", "appeal"'),
        ("minimum = 8", "minimum = 9"),
        ('id = "I2"\ncode = "information"\nhard = true', 'id = "I2"\ncode = "information"'),
        ("以告知事实为主要目的", "以告知为主要目的"),
        ("按目的编码,不按语气", "按语气编码"),
        ('id = "INF13"', 'id = "INF14"'),
    ],
)
def test_what_a_coder_follows_counts(old: str, new: str) -> None:
    assert hashes(changed(old, new))[0] != hashes(SHIPPED)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "draft-2"', 'version = "3"'),
        ("alpha = 0.80", "alpha = 0.81"),
        ("Codebook as written", "M"),
    ],
)
def test_what_no_coder_follows_does_not_count(old: str, new: str) -> None:
    assert hashes(changed(old, new)) == hashes(SHIPPED)


def test_expressions_count_for_the_rule_coder_only() -> None:
    text = SHIPPED.partition("[expressions]")[0] + "\n[expressions]\nI1 = [{ weight = 2, match = 'a' }]\n"
    other = text.replace("weight = 2", "weight = 3")
    assert hashes(text)[0] == hashes(other)[0] == hashes(SHIPPED)[0]
    assert hashes(text)[1] != hashes(other)[1]
