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
from govcode.profiles.base import WITH_AGENDA, CodedPost, Measure, counted

MONTH, WEEK = "month", "week"
FEWEST_PERIODS = 20
SHORT = f"fewer than {FEWEST_PERIODS} periods"
BOUND = "beyond the bound it is unlike chance; no interval for a peak that was sought"


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

    `lag` (periods) and `r` at the peak of the pre-whitened cross-correlation; lag > 0: the public first; r
    beyond ±`bound` is unlike chance. `p_public_first` and `p_account_first` are Granger's, corrected by Holm
    over all tests made together (see `adjusted`).
    """

    issue: str
    periods: int
    posts: int
    public: float
    r: Measure
    lag: int | None = None
    bound: float | None = None
    p_public_first: float | None = None
    p_account_first: float | None = None


@dataclass(frozen=True, slots=True)
class NetworkLikeness:
    """The correlation of the public's network of issues with the accounts', with its permutation p."""

    r: Measure
    p: float
    pairs: int
    permutations: int


@dataclass(frozen=True, slots=True)
class SeriesAlignment:
    """All issues over time, and the association of the two networks of issues, or why there is none."""

    unit: str
    periods: int
    issues: tuple[IssueSeries, ...]
    network: NetworkLikeness | None
    messages: int
    tested: bool


def series_alignment(
    posts: Sequence[CodedPost], issues: Sequence[Issue], public: PublicSeries, *, test: bool = True
) -> SeriesAlignment:
    """Compare the accounts' mentions of issues with the public's, period by period and pair by pair.

    Periods are those in which both have data. Cross-correlations need 20 periods, Granger's tests 60 (and
    statsmodels; `test=False` leaves them out). Nothing here is causal.
    """
    return adjusted([raw_alignment(posts, issues, public, test=test)])[0]


def raw_alignment(
    posts: Sequence[CodedPost], issues: Sequence[Issue], public: PublicSeries, *, test: bool = True
) -> SeriesAlignment:
    """Return `series_alignment` with p-values as they are, to be adjusted together with those of others."""
    own, pairs = _mentions(posts, issues, public.unit)
    axis = _axis(own, public)
    rows = [_issue(issue.name, own, public, axis) for issue in issues]
    if test and len(axis) >= FEWEST:
        rows = _tested(rows, own, public, axis)
    network = None
    if public.together is not None:
        names = [issue.name for issue in issues]
        network = _likeness(network_association(_matrix(names, public.together), _matrix(names, pairs)))
    return SeriesAlignment(
        public.unit, len(axis), tuple(rows), network, public.messages, test and len(axis) >= FEWEST
    )


def adjusted(found: Sequence[SeriesAlignment]) -> list[SeriesAlignment]:
    """Correct all of Granger's p-values in several alignments (accounts, say) by Holm, over all of them."""
    rows = [row for one in found for row in one.issues]
    tests = [p for row in rows for p in (row.p_public_first, row.p_account_first) if p is not None]
    held = iter(holm(tests))

    def again(row: IssueSeries) -> IssueSeries:
        first, second = row.p_public_first, row.p_account_first
        return replace(
            row, p_public_first=None if first is None else next(held),
            p_account_first=None if second is None else next(held),
        )  # fmt: skip

    return [replace(one, issues=tuple(map(again, one.issues))) for one in found]


def _likeness(found: Association | None) -> NetworkLikeness | None:
    if found is None:
        return None
    r = counted(found.r, found.pairs, "pairs of issues", WITH_AGENDA, "tested by permutation: see p")
    return NetworkLikeness(r, found.p, found.pairs, found.permutations)


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
    found = prewhitened(x, y) if len(axis) >= FEWEST_PERIODS else None
    note = BOUND if found else SHORT if len(axis) < FEWEST_PERIODS else "not defined: a series never varies"
    lag, r = found.peak if found else (None, None)
    measure = counted(r, len(axis), "periods", WITH_AGENDA, note)
    return IssueSeries(name, len(axis), int(sum(y)), sum(x), measure, lag, found.bound if found else None)


def _tested(
    rows: list[IssueSeries], own: Mapping[str, Counter[str]], public: PublicSeries, axis: list[str]
) -> list[IssueSeries]:
    """Add Granger's tests in both directions."""
    made = []
    for row in rows:
        x, y = _values(public.counts, row.issue, axis), _values(own, row.issue, axis)
        first, second = granger(x, y), granger(y, x)
        p_values = [None if found is None else found.p for found in (first, second)]
        made.append(replace(row, p_public_first=p_values[0], p_account_first=p_values[1]))
    return made


def _matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], int]) -> NDArray[np.float64]:
    matrix = np.zeros((len(names), len(names)))
    place = {name: i for i, name in enumerate(names)}
    for (a, b), number in pairs.items():
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = number
    return matrix
