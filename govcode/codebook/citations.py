"""Border rules cited in what coders write."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ANY_RULE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{1,2}(?![0-9])")
_WORD = re.compile(r"[A-Za-z]+\d+(?:\.\d+)*")


def cited_rules(note: str, rules: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the rules cited in a note, each once; with `rules` given only those, in any case."""
    if not note:
        return ()
    if not rules:
        return tuple(dict.fromkeys(_ANY_RULE.findall(note)))
    known = {rule.casefold(): rule for rule in rules}
    return tuple(dict.fromkeys(known[w.casefold()] for w in _WORD.findall(note) if w.casefold() in known))
