"""Choose example posts while a coded table passes by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from govcode.profiles.base import CodedPost
from govcode.records import CODED
from govcode.reports.data import ExamplePost
from govcode.writers.export.variables import is_number

MOST = 3
LONGEST = 2_000
# A word of a linear model: `停水 +1.20 (title)`; where words of an expression stood: `(text: 停水; …)`.
_WORD = re.compile(r"(?P<term>[^;()|]+?) [+-]\d+(?:\.\d+)?(?: \(\w+\))?")
_PLACE = re.compile(r"(?:title|text|reply): (?P<term>[^;()|]+?)(?=; |\)|$)")


class Shelf:
    """Keep, for each code, the three posts of which the coder is surest, from different accounts first.

    Without probabilities the choice follows the hash of the post id: it does not depend on the order.
    """

    def __init__(self) -> None:
        self._kept: dict[str, list[tuple[tuple[float, str], ExamplePost]]] = {}

    def offer(self, row: Mapping[str, Any], post: CodedPost) -> None:
        """Take a post if it is among the best of its code."""
        if not post.codable or post.status not in ("", CODED):
            return
        stated = row.get(f"p_{post.code}")
        probability = float(stated) if stated is not None and is_number(stated) else None
        rank = (-(probability or 0.0), sha256(post.post_id.encode("utf-8", "replace")).hexdigest())
        kept = self._kept.setdefault(post.code, [])
        if len(kept) >= MOST and rank >= kept[-1][0]:
            return
        if any(post.account == other.account for _, other in kept) and len(kept) >= MOST:
            return
        kept.append((rank, _example(row, post, probability)))
        kept.sort(key=lambda item: item[0])
        del kept[MOST:]

    def examples(self) -> dict[str, list[ExamplePost]]:
        """Return the posts kept, by code."""
        return {code: [post for _, post in kept] for code, kept in self._kept.items()}


def _example(row: Mapping[str, Any], post: CodedPost, probability: float | None) -> ExamplePost:
    return ExamplePost(
        post_id=post.post_id, account=post.account, published_at=str(row.get("published_at") or ""),
        title=str(row.get("title") or "")[:LONGEST], text=str(row.get("text") or "")[:LONGEST],
        form=post.form, secondary=post.secondary, probability=probability,
        terms=evidence_terms(str(row.get("evidence") or "")[:LONGEST]),
    )  # fmt: skip


def evidence_terms(evidence: str) -> tuple[str, ...]:
    """Return the words of a cell `evidence` that can be found in the post, in order, each once.

    Single characters are left out where there are longer words: they stand everywhere.
    """
    words = (m["term"] for part in evidence.split("; ") if (m := _WORD.fullmatch(part.strip())))
    places = (m["term"] for m in _PLACE.finditer(evidence))
    found = dict.fromkeys(t.strip() for t in (*words, *places) if not t.strip().startswith("["))
    return tuple(t for t in found if len(t) > 1) or tuple(found)
