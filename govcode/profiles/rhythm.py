"""When an account posts: regularity, weekdays, office hours, months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from govcode.metrics.regularity import Regularity, regularity
from govcode.profiles.base import CodedPost

OFFICE_HOURS = range(9, 18)  # 9:00 to 17:59
WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Regularity of the dated posts, and when they appear; shares are None where no time of day is known."""

    regularity: Regularity
    undated: int
    weekday_share: float
    office_hours_share: float | None
    timed: int


def rhythm(posts: Sequence[CodedPost], check: date, missing: Collection[date]) -> Rhythm | None:
    """Describe the rhythm of one account up to the check date; None where no post has a date.

    A post at exactly 00:00:00 counts as dated without a time. Posts after the check date are left out.
    """
    times = [p.published for p in posts if p.published is not None and p.published.date() <= check]
    if not times:
        return None
    timed = [t for t in times if (t.hour, t.minute, t.second) != (0, 0, 0)]
    office = sum(t.hour in OFFICE_HOURS and t.weekday() < WEEKEND for t in timed)
    return Rhythm(
        regularity=regularity((t.date() for t in times), check, missing=missing),
        undated=len(posts) - len(times),
        weekday_share=sum(t.weekday() < WEEKEND for t in times) / len(times),
        office_hours_share=office / len(timed) if timed else None, timed=len(timed),
    )  # fmt: skip


def monthly_counts(posts: Sequence[CodedPost]) -> tuple[tuple[str, str, int], ...]:
    """Return (month, code, posts) in order, for dated codable posts; the month is `2023-04`."""
    counts = Counter((f"{p.published:%Y-%m}", p.code) for p in posts if p.published and p.codable)
    return tuple((month, code, number) for (month, code), number in sorted(counts.items()))
