"""The words of tables and pages, in Chinese and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache
def words() -> Mapping[str, tuple[str, str]]:
    """Return all wordings: key -> Chinese, English."""
    text = (files("govcode.reports") / "words.toml").read_text(encoding="utf-8")
    return {key: (chinese, english) for key, (chinese, english) in tomllib.loads(text).items()}


def word(key: str, language: str) -> str:
    """Return a wording in `zh` or `en`."""
    return words()[key][language != "zh"]
