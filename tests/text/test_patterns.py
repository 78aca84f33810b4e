"""Expressions that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from govcode.text.patterns import later


def test_nothing_is_compiled_before_it_is_used_and_then_once() -> None:
    broken = later("(")
    with pytest.raises(re.error):
        broken()
    words = later("[a-z]+", re.IGNORECASE)
    assert words().findall("江城 A b") == ["A", "b"]
    assert words() is words()
