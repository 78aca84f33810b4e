"""Agenda alignment over time: does the public write first, or the accounts; only with outside data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.comparison import holm
from govcode.metrics.granger import FEWEST, granger
from govcode.metrics.series import Association, network_association, prewhitened
from govcode.profiles.alignment import Issue, named_issues
from govcode.profiles.base import CodedPost

MONTH, WEEK = "month", "week"
FEWEST_PERIODS = 20


@dataclass(frozen=True)
class PublicSeries:
    """How often the public raised each issue by period, and how often two issues in one message.

    `together` is None where the data hold no messages, only counts.
    """

    unit: str
    counts: Mapping[str, Mapping[str, float]]
    together: Mapping[tuple[str, str], int] | None = None
    messages: int = 0


@dataclass(frozen=True, slots=True)
class IssueSeries:
    """One issue: periods, posts that name it, weight with the public, and who goes before whom.

    `lag` (periods) and `r` at the peak of the pre-whitened cross-correlation; lag > 0: the public first.
    `p_public_first` and `p_account_first` are Granger's, corrected by Holm over all tests of the table.
    """

    issue: str
    periods: int
    posts: int
    public: float
    lag: int | None = None
    r: float | None = None
    bound: float | None = None
    p_public_first: float | None = None
    p_account_first: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesAlignment:
    """All issues over time, and the association of the two networks of issues, or why there is none."""

    unit: str
    periods: int
    issues: tuple[IssueSeries, ...]
    network: Association | None
    messages: int
    tested: bool


def series_alignment(
    posts: Sequence[CodedPost], issues: Sequence[Issue], public: PublicSeries, *, test: bool = True
) -> SeriesAlignment:
    """Compare the accounts' mentions of issues with the public's, period by period and pair by pair.

    Periods are those in which both have data. Cross-correlations need 20 periods, Granger's tests 60 (and
    statsmodels; `test=False` leaves them out). Nothing here is causal.
    """
    own, pairs = _mentions(posts, issues, public.unit)
    axis = _axis(own, public)
    rows = [_issue(issue.name, own, public, axis) for issue in issues]
    if test and len(axis) >= FEWEST:
        rows = _tested(rows, own, public, axis)
    network = None
    if public.together is not None:
        names = [issue.name for issue in issues]
        network = network_association(_matrix(names, public.together), _matrix(names, pairs))
    return SeriesAlignment(
        public.unit, len(axis), tuple(rows), network, public.messages, test and len(axis) >= FEWEST
    )


def period_of(day: date, unit: str) -> str:
    """Return the period of a day: `2023-04`, or the Monday of its week."""
    if unit == MONTH:
        return f"{day:%Y-%m}"
    return (day - timedelta(days=day.weekday())).isoformat()


def _mentions(
    posts: Sequence[CodedPost], issues: Sequence[Issue], unit: str
) -> tuple[dict[str, Counter[str]], Counter[tuple[str, str]]]:
    counts: dict[str, Counter[str]] = {issue.name: Counter() for issue in issues}
    pairs: Counter[tuple[str, str]] = Counter()
    for post in posts:
        named = sorted(named_issues(post.text, issues))
        pairs.update((a, b) for i, a in enumerate(named) for b in named[i + 1 :])
        if post.published is not None:
            for name in named:
                counts[name][period_of(post.published.date(), unit)] += 1
    return counts, pairs


def _axis(own: Mapping[str, Counter[str]], public: PublicSeries) -> list[str]:
    """Return every period from the later beginning to the earlier end of both."""
    sides = [sorted({p for c in side.values() for p in c}) for side in (own, public.counts)]
    if not all(sides):
        return []
    start, end = max(s[0] for s in sides), min(s[-1] for s in sides)
    axis, day = [], _day(start)
    while (period := period_of(day, public.unit)) <= end:
        axis.append(period)
        day = _day(period) + timedelta(days=32 if public.unit == MONTH else 7)
        day = day.replace(day=1) if public.unit == MONTH else day
    return axis


def _day(period: str) -> date:
    return datetime.fromisoformat(f"{period}-01" if len(period) == 7 else period).date()


def _values(side: Mapping[str, Mapping[str, float]], issue: str, axis: Sequence[str]) -> list[float]:
    return [float(side.get(issue, {}).get(period, 0.0)) for period in axis]


def _issue(name: str, own: Mapping[str, Counter[str]], public: PublicSeries, axis: list[str]) -> IssueSeries:
    x, y = _values(public.counts, name, axis), _values(own, name, axis)
    row = IssueSeries(name, len(axis), int(sum(y)), sum(x))
    found = prewhitened(x, y) if len(axis) >= FEWEST_PERIODS else None
    if found is None:
        return row
    lag, r = found.peak
    return replace(row, lag=lag, r=r, bound=found.bound)


def _tested(
    rows: list[IssueSeries], own: Mapping[str, Counter[str]], public: PublicSeries, axis: list[str]
) -> list[IssueSeries]:
    """Add Granger's tests in both directions, corrected by Holm."""
    found: list[tuple[int, bool, float]] = []
    for place, row in enumerate(rows):
        x, y = _values(public.counts, row.issue, axis), _values(own, row.issue, axis)
        for first, result in ((True, granger(x, y)), (False, granger(y, x))):
            if result is not None:
                found.append((place, first, result.p))
    for (place, first, _), p in zip(found, holm([p for _, _, p in found]), strict=True):
        row = rows[place]
        rows[place] = replace(row, p_public_first=p) if first else replace(row, p_account_first=p)
    return rows


def _matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], int]) -> NDArray[np.float64]:
    matrix = np.zeros((len(names), len(names)))
    place = {name: i for i, name in enumerate(names)}
    for (a, b), number in pairs.items():
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = number
    return matrix
