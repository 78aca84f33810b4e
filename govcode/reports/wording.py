"""The words of tables and pages, in Chinese and English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = (files("govcode.reports") / "phrases.toml").read_text(encoding="utf-8")
    return tuple((re.compile(pattern), chinese) for pattern, chinese in tomllib.loads(text).items())


def told(sentence: str, language: str) -> str:
    """Return what a result says of itself in `zh` or `en`; a sentence that is not known stays English."""
    if language == "zh":
        for pattern, chinese in _phrases():
            if (found := pattern.fullmatch(sentence)) is not None:
                return found.expand(chinese)
    return sentence


@lru_cache
def words() -> Mapping[str, tuple[str, str]]:
    """Return all wordings: key -> Chinese, English."""
    text = (files("govcode.reports") / "words.toml").read_text(encoding="utf-8")
    return {key: (chinese, english) for key, (chinese, english) in tomllib.loads(text).items()}


def reason_name(slug: str, language: str) -> str:
    """Return why a row was left out, in words; a reason without words as its slug."""
    return word(f"reason_{slug}", language) if f"reason_{slug}" in words() else slug


def word(key: str, language: str) -> str:
    """Return a wording in `zh` or `en`."""
    return words()[key][language != "zh"]
