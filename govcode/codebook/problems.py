"""What is wrong with a codebook, and in which line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong: its line (0: the file as a whole), a slug, a sentence.

    A `warning` does not keep the codebook from being used.
    """

    line: int
    slug: str
    message: str
    warning: bool = False


def did_you_mean(word: str, known: list[str]) -> str:
    """Return ` (did you mean 'x'?)` where a known word is near, else an empty string."""
    near = get_close_matches(word, known, n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
