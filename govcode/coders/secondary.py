"""A second function in the same post, as far as expressions can tell.

The codebook's procedure asks for a passage of at least one whole sentence that meets the rule of its
code and takes a fifth of the body or holds a complete channel or call. Here: the second code needs the
score the codebook sets, and the sentences in which it fires, without those of the primary code, must be a
fifth of the body (or hold twice that score).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from govcode.codebook.model import Codebook
from govcode.coders.expressions.unit import SENTENCE, Span, Unit

SHARE = 0.2
_CLAUSE = re.compile(r"[^。！？!?；;，,\s|｜丨\n]+")


class Hit(Protocol):
    """What fired: for which code, how heavy, where."""

    @property
    def code(self) -> str:
        """Code id."""

    @property
    def weight(self) -> float:
        """Weight it counted for."""

    @property
    def spans(self) -> list[Span]:
        """Places in the unit."""


def second_function(
    codebook: Codebook, unit: Unit, primary: str, scores: Mapping[str, float], fired: Sequence[Hit]
) -> str:
    """Return the id of the second code, or an empty string; several go by the tie-break order."""
    needed = codebook.settings.secondary
    candidates = [
        code for code in codebook.order
        if code != primary and scores.get(code, 0.0) >= needed and codebook.code(code).secondary
    ]  # fmt: skip
    if not candidates:
        return ""
    passage = _CLAUSE if unit.title_only else SENTENCE
    sentences = [s.span() for s in passage.finditer(unit.text, *unit.body)]
    taken = _holding(
        sentences, [s for hit in fired if hit.code == primary and hit.weight > 0 for s in hit.spans]
    )
    length = max(1, unit.body[1] - unit.body[0])
    for code in candidates:
        own = [hit for hit in fired if hit.code == code and hit.weight > 0]
        held = _holding(sentences, [span for hit in own for span in hit.spans]) - taken
        share = sum(end - start for start, end in held) / length
        if held and (share >= SHARE or scores[code] >= 2 * needed):
            return code
    return ""


def _holding(sentences: list[Span], spans: list[Span]) -> set[Span]:
    """Return the sentences in which at least one of the places begins."""
    return {s for s in sentences if any(s[0] <= start < s[1] for start, _ in spans)}
