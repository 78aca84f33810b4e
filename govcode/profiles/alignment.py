"""Agenda alignment: whether accounts write about what the public raises; only with outside data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from govcode.metrics.diversity import jensen_shannon
from govcode.metrics.sequences import kendall, rank_biased_overlap, spearman
from govcode.profiles.base import MINIMUM, CodedPost

FEWEST_ISSUES = 3


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the public agenda: its name, the words by which posts are known, its weight there."""

    name: str
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a group's attention to issues meets the public's.

    `matched` posts name at least one issue; `issues` are (name, public share, share of own mentions).
    `rho` and `tau` compare ranks, `overlap` ranks with weight on the top (RBO, p = .9), `divergence` shares
    (in bits); all None with under 30 matched posts.
    """

    matched: int
    issues: tuple[tuple[str, float, float], ...]
    rho: float | None = None
    tau: float | None = None
    overlap: float | None = None
    divergence: float | None = None


@lru_cache(64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def named_issues(text: str, issues: Sequence[Issue]) -> frozenset[str]:
    """Return the names of the issues of which a text holds a word."""
    return frozenset(issue.name for issue in issues if _pattern(issue.words).search(text))


def alignment(posts: Sequence[CodedPost], issues: Sequence[Issue]) -> Alignment | None:
    """Compare a group's posts with the public agenda; None without issues.

    A post counts once for every issue of which it holds a word (NFKC and synonyms are up to the words). Never
    read as causal: the same event may move both.
    """
    total = sum(issue.weight for issue in issues)
    if len(issues) < FEWEST_ISSUES or total <= 0:
        return None
    hits: Counter[str] = Counter()
    matched = 0
    for post in posts:
        named = named_issues(post.text, issues)
        hits.update(named)
        matched += bool(named)
    mentions = sum(hits.values())
    public = [issue.weight / total for issue in issues]
    own = [hits[issue.name] / mentions if mentions else 0.0 for issue in issues]
    shares = tuple((i.name, p, q) for i, p, q in zip(issues, public, own, strict=True))
    if matched < MINIMUM:
        return Alignment(matched, shares)
    return Alignment(
        matched, shares, spearman(public, own), kendall(public, own),
        rank_biased_overlap(_ranked(shares, 1), _ranked(shares, 2)), jensen_shannon(public, own),
    )  # fmt: skip


def _ranked(shares: Sequence[tuple[str, float, float]], side: int) -> list[str]:
    """Return issue names by falling share; equal shares in the order of the agenda."""
    return [row[0] for row in sorted(shares, key=lambda row: -float(row[side]))]
