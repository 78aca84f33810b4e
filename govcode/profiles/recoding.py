"""Whether findings move when the same posts are coded in another way: coder, model, segmenter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govcode.codebook.model import Codebook
from govcode.profiles.base import MINIMUM, CodedPost
from govcode.profiles.sensitivity import findings_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A finding that says something else under the other coding."""

    kind: str
    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recoding:
    """One group under another coding, over the posts that have a code in both.

    `agreement` is the raw share of equal codes (not reliability); `shares` are (code, before, after).
    """

    name: str
    key: tuple[str, ...]
    posts: int
    agreement: float
    shares: tuple[tuple[str, float, float], ...]
    moved: tuple[Moved, ...]
    findings: int

    @property
    def largest(self) -> tuple[str, float]:
        """Return the code whose share changes most, and by how much."""
        code, before, after = max(self.shares, key=lambda row: abs(row[2] - row[1]))
        return code, after - before


def recoding(
    name: str, key: tuple[str, ...], posts: Sequence[CodedPost], other: Mapping[str, str], codebook: Codebook
) -> Recoding | None:
    """Compare the codes of a group with `other` (post id -> code); None with under 30 posts in common."""
    pairs = [
        (p.code, other[p.post_id]) for p in posts if p.codable and other.get(p.post_id) in codebook.ids
    ]  # fmt: skip
    if len(pairs) < MINIMUM:
        return None
    n = len(pairs)
    before, after = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    shares = tuple((c, before[c] / n, after[c] / n) for c in codebook.ids)
    was = findings_of({c: a for c, a, _ in shares}, codebook)
    now = findings_of({c: b for c, _, b in shares}, codebook)
    moved = tuple(Moved(*about, was[about], now[about]) for about in was if was[about] != now[about])
    return Recoding(name, key, n, sum(a == b for a, b in pairs) / n, shares, moved, len(was))
