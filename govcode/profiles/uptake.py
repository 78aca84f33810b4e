"""Whether issues raised in appeals are taken up later, in forms that set or decide them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from govcode.metrics.comparison import holm
from govcode.profiles.alignment import Issue, named_issues
from govcode.profiles.base import WITH_AGENDA, CodedPost, Measure, share_of

DAYS = 30
RAISED = "mentions of issues in appeals"
PERMUTATIONS = 999
SEED = 20190201
Dated = Sequence[tuple[datetime, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Uptake:
    """Mentions of issues in appeals that were followed within 30 days by a post that takes the issue up.

    `baseline` is the mean share when the dates of the taking posts are shuffled (with the middle 95% of the
    shuffles), `p` how often shuffling reaches the share seen (`p_holm` corrected over the groups): a share
    that chance alone would give says nothing.
    """

    raised: int
    taken: int
    share: Measure
    takers: int
    baseline: Measure
    p: float
    p_holm: float
    days: int = DAYS
    permutations: int = PERMUTATIONS


def uptake(
    posts: Sequence[CodedPost], issues: Sequence[Issue], code: str, forms: Collection[str]
) -> Uptake | None:
    """Return the share of issue mentions in posts of `code` that a post with one of `forms` takes up.

    Each (post, issue) is one mention. None without issues, dated mentions or dated posts that could take up.
    """
    raised: list[tuple[datetime, frozenset[str]]] = []
    takers: list[tuple[datetime, frozenset[str]]] = []
    for post in posts:
        if post.published is None or not post.codable or not (post.code == code or post.form in forms):
            continue
        found = named_issues(post.text, issues)
        if found and post.code == code:
            raised.append((post.published, found))
        if post.form in forms:
            takers.append((post.published, found))
    if not raised or not takers:
        return None
    total = sum(len(found) for _, found in raised)
    taken = _taken(raised, takers)
    draw = np.random.default_rng(SEED)
    times, named = [t for t, _ in takers], [found for _, found in takers]
    shuffled = [
        _taken(raised, [(times[i], found) for i, found in zip(order, named, strict=True)])
        for order in (draw.permutation(len(takers)).tolist() for _ in range(PERMUTATIONS))
    ]
    p = (1 + sum(n >= taken for n in shuffled)) / (1 + PERMUTATIONS)
    share = share_of(taken, total, RAISED, WITH_AGENDA)
    return Uptake(total, taken, share, len(takers), _baseline(shuffled, total), p, p)


def holm_adjusted(found: Sequence[Uptake | None]) -> list[Uptake | None]:
    """Correct the p-values of several groups by Holm; None stays None."""
    adjusted = iter(holm([one.p for one in found if one is not None]))
    return [None if one is None else replace(one, p_holm=next(adjusted)) for one in found]


def _baseline(shuffled: Sequence[int], total: int) -> Measure:
    low, high = np.quantile(shuffled, [0.025, 0.975])
    mean = sum(shuffled) / len(shuffled) / total
    return Measure(
        mean, float(low) / total, float(high) / total, 0.95, "middle 95% of the shuffles", "", total, RAISED,
        WITH_AGENDA,
    )  # fmt: skip


def _taken(raised: Dated, takers: Dated) -> int:
    """Count the mentions that a taker follows within the days allowed."""
    when: dict[str, list[datetime]] = defaultdict(list)
    for time, found in takers:
        for issue in found:
            when[issue].append(time)
    for times in when.values():
        times.sort()
    taken = 0
    for time, found in raised:
        for issue in found:
            later = bisect_right(when[issue], time) if issue in when else 0
            taken += issue in when and later < len(when[issue]) and (
                when[issue][later] <= time + timedelta(days=DAYS)
            )  # fmt: skip
    return taken
