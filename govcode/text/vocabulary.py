"""User dictionaries and stop words: plain text files, one word a line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from govcode.errors import InputError


class UserWord(NamedTuple):
    """A word that segmentation must know; without a frequency it is made frequent enough to hold together."""

    word: str
    frequency: int | None = None


def read_user_dictionary(path: str | Path) -> tuple[UserWord, ...]:
    """Read jieba's user dictionary form: `word [frequency] [tag]` a line; tags are not used.

    A BOM, CRLF, blank lines, comments (#) and repeated words do no harm; the first line of a word counts.
    """
    words: dict[str, UserWord] = {}
    for line in _lines(path):
        word, *rest = line.split()
        frequency = next((int(part) for part in rest if part.isdigit()), None)
        words.setdefault(word, UserWord(word, frequency))
    return tuple(words.values())


def read_stop_words(path: str | Path) -> frozenset[str]:
    """Read stop words, one a line (BOM, CRLF, blank lines and # comments do no harm)."""
    return frozenset(_lines(path))


def _lines(path: str | Path) -> list[str]:
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}).", hint="Check the path of the word list."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is not UTF-8 (byte {error.start + 1}).", hint="Save the word list as UTF-8."
        ) from error
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
