"""Regular expressions that are compiled when they are first used.

To compile all expressions that some post may need takes longer than to code a post.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

Later = Callable[[], re.Pattern[str]]


def later(pattern: str, flags: int = 0) -> Later:
    """Return a function that returns the expression, compiled once."""
    return cache(lambda: re.compile(pattern, flags))
