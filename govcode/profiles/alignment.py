"""Agenda alignment: whether accounts write about what the public raises; only with outside data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from govcode.metrics.diversity import jensen_shannon
from govcode.metrics.sequences import kendall, rank_biased_overlap, spearman
from govcode.profiles.base import MINIMUM, WITH_AGENDA, CodedPost, Measure, counted

FEWEST_ISSUES = 3
MATCHED = "posts that name an issue"
TOO_FEW = f"fewer than {MINIMUM} posts name an issue"
RANKING = "describes the ranking of all posts of the table: no interval"


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the public agenda: its name, the words by which posts are known, its weight there."""

    name: str
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class IssueShare:
    """One issue: its share of the public's weights and of the group's mentions."""

    issue: str
    public: Measure
    own: Measure


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a group's attention to issues meets the public's.

    `matched` posts name at least one issue, `mentions` times. `rho` and `tau` compare ranks, `overlap` ranks
    with weight on the top (RBO, p = .9), `divergence` shares (in bits); not defined with under 30
    matched posts.
    """

    matched: int
    mentions: int
    issues: tuple[IssueShare, ...]
    rho: Measure
    tau: Measure
    overlap: Measure
    divergence: Measure


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
    shares = tuple(
        IssueShare(issue.name, counted(p, total, "weights of the public", "agenda"), _mentioned(q, mentions))
        for issue, p, q in zip(issues, public, own, strict=True)
    )
    names = [issue.name for issue in issues]
    enough = matched >= MINIMUM
    found = (
        spearman(public, own), kendall(public, own),
        rank_biased_overlap(_ranked(names, public), _ranked(names, own)), jensen_shannon(public, own),
    )  # fmt: skip
    rho, tau, overlap, divergence = (_compared(value if enough else None, matched) for value in found)
    return Alignment(matched, mentions, shares, rho, tau, overlap, divergence)


def _mentioned(share: float, mentions: int) -> Measure:
    return counted(share, mentions, "mentions of issues", WITH_AGENDA)


def _compared(value: float | None, matched: int) -> Measure:
    if value is None:
        note = TOO_FEW if matched < MINIMUM else "not defined: one side never varies"
        return counted(None, matched, MATCHED, WITH_AGENDA, note)
    return counted(value, matched, MATCHED, WITH_AGENDA, RANKING)


def _ranked(names: Sequence[str], shares: Sequence[float]) -> list[str]:
    """Return issue names by falling share; equal shares in the order of the agenda."""
    return [name for name, _ in sorted(zip(names, shares, strict=True), key=lambda row: -row[1])]
