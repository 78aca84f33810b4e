"""Whether findings move when the same posts are coded in another way: coder, model, segmenter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govcode.codebook.model import Codebook
from govcode.profiles.base import MINIMUM, WITH_OTHER, CodedPost, Measure, counted, share_of
from govcode.profiles.sensitivity import findings_of

IN_BOTH = "posts with a code in both codings"
SAME_POSTS = "both codings are of the same posts, so the change is no sample: no interval"


@dataclass(frozen=True, slots=True)
class Moved:
    """A finding that says something else under the other coding."""

    kind: str
    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecodedShare:
    """The share of a code in either coding, and its change (both codings are of the same posts)."""

    code: str
    before: Measure
    after: Measure
    change: Measure


@dataclass(frozen=True, slots=True)
class Recoding:
    """One group under another coding, over the posts that have a code in both.

    `agreement` is the raw share of equal codes (not reliability).
    """

    name: str
    key: tuple[str, ...]
    posts: int
    agreement: Measure
    shares: tuple[RecodedShare, ...]
    moved: tuple[Moved, ...]
    findings: int

    @property
    def largest(self) -> tuple[str, float]:
        """Return the code whose share changes most, and by how much."""
        found = max(self.shares, key=lambda row: abs(row.change.value))
        return found.code, found.change.value


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
    shares = tuple(_share(c, before[c], after[c], n) for c in codebook.ids)
    was = findings_of({s.code: s.before.value for s in shares}, codebook)
    now = findings_of({s.code: s.after.value for s in shares}, codebook)
    moved = tuple(Moved(*about, was[about], now[about]) for about in was if was[about] != now[about])
    agreement = share_of(sum(a == b for a, b in pairs), n, IN_BOTH, WITH_OTHER)
    return Recoding(name, key, n, agreement, shares, moved, len(was))


def _share(code: str, before: int, after: int, n: int) -> RecodedShare:
    change = counted((after - before) / n, n, IN_BOTH, WITH_OTHER, SAME_POSTS)
    return RecodedShare(
        code, share_of(before, n, IN_BOTH), share_of(after, n, IN_BOTH, WITH_OTHER), change
    )  # fmt: skip
