"""How regularly an account posts: gaps between posting days, the two-week rule, burstiness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import sqrt

TWO_WEEKS = 14


@dataclass(frozen=True, slots=True)
class Regularity:
    """Posting rhythm between the first post and the check date (inclusive; all counts are days).

    `silent_days` lie inside gaps longer than 14 days; `two_week_rule` is True where the rule is kept (at
    least one post in the 14 days that end with the check date); `burstiness` in (-1, 1), None with fewer
    than two gaps.
    """

    first: date
    last: date
    check: date
    posts: int
    active_days: int
    days: int
    longest_gap: int
    gaps_over_two_weeks: int
    silent_days: int
    two_week_rule: bool
    burstiness: float | None
    cv: float | None

    @property
    def posts_per_active_day(self) -> float:
        """Return posts per day on which anything was posted."""
        return self.posts / self.active_days

    @property
    def silent_share(self) -> float:
        """Return the share of days that lie inside gaps longer than two weeks."""
        return self.silent_days / self.days


def regularity(posted: Iterable[date], check: date, *, missing: Iterable[date] = ()) -> Regularity:
    """Describe the rhythm of posting days up to the check date.

    `missing` are days that the crawl did not cover: a gap is counted without them, because silence there
    was not observed. A gap is the number of days from one posting day to the next (1 = daily); the wait
    from the last post to the check date counts for the longest gap, silent days and the rule, but not for
    burstiness. Posts after the check date raise ValueError, as do no posts.
    """
    per_day = Counter(posted)
    if not per_day:
        raise ValueError("regularity needs at least one dated post")
    days = sorted(per_day)
    if days[-1] > check:
        raise ValueError("the check date lies before the last post")
    unseen = {d for d in missing if d not in per_day}
    gaps = [_observed(a, b, unseen) for a, b in pairwise(days)]
    open_gap = _observed(days[-1], check, unseen)
    waits = [*gaps, open_gap]
    long = [g for g in waits if g > TWO_WEEKS]
    counts = list(per_day.values())
    return Regularity(
        first=days[0], last=days[-1], check=check, posts=sum(counts), active_days=len(days),
        days=(check - days[0]).days + 1 - sum(1 for d in unseen if days[0] <= d <= check),
        longest_gap=max(waits), gaps_over_two_weeks=len(long), silent_days=sum(g - 1 for g in long),
        two_week_rule=open_gap < TWO_WEEKS, burstiness=burstiness(gaps), cv=_variation(counts),
    )  # fmt: skip


def burstiness(gaps: Sequence[float]) -> float | None:
    """Return (sd - mean) / (sd + mean) of the gaps (population sd): -1 regular, 0 random, 1 bursty.

    None with fewer than two gaps or where all are 0. Source: Goh & Barabási 2008.
    """
    if len(gaps) < 2:
        return None
    mean, deviation = _moments(gaps)
    return (deviation - mean) / (deviation + mean) if deviation + mean else None


def _variation(counts: Sequence[int]) -> float | None:
    """Return the coefficient of variation (population sd / mean) of posts per active day."""
    if len(counts) < 2:
        return None
    mean, deviation = _moments(counts)
    return deviation / mean


def _moments(values: Sequence[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    return mean, sqrt(sum((v - mean) ** 2 for v in values) / len(values))


def _observed(start: date, end: date, unseen: set[date]) -> int:
    """Return the days from `start` to `end`, without those the crawl did not cover."""
    return (end - start).days - sum(1 for d in unseen if start < d < end)
