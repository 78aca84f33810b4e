"""When an account posts: regularity, weekdays, office hours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from govcode.metrics.regularity import regularity
from govcode.profiles.base import CodedPost, Measure, counted

OFFICE_HOURS = range(9, 18)  # 9:00 to 17:59
WEEKEND = 5
NO_TIME = "no post has a time of day"
FEW_GAPS = "fewer than two gaps between posting days"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Regularity of the dated posts between the first and the check date, and when they appear.

    Days and posts are counts; the other figures have their denominators. `undated` posts are in none.
    """

    first: date
    last: date
    check: date
    posts: int
    undated: int
    active_days: int
    days: int
    longest_gap: int
    gaps_over_two_weeks: int
    silent_days: int
    two_week_rule: bool
    posts_per_active_day: Measure
    silent_share: Measure
    burstiness: Measure
    variation: Measure
    weekday_share: Measure
    office_hours_share: Measure


def rhythm(posts: Sequence[CodedPost], check: date, missing: Collection[date]) -> Rhythm | None:
    """Describe the rhythm of one account up to the check date; None where no post has a date.

    A post at exactly 00:00:00 counts as dated without a time. Posts after the check date are left out.
    """
    times = [p.published for p in posts if p.published is not None and p.published.date() <= check]
    if not times:
        return None
    timed = [t for t in times if (t.hour, t.minute, t.second) != (0, 0, 0)]
    office = sum(t.hour in OFFICE_HOURS and t.weekday() < WEEKEND for t in timed)
    weekdays = sum(t.weekday() < WEEKEND for t in times)
    r = regularity((t.date() for t in times), check, missing=missing)
    return Rhythm(
        r.first, r.last, r.check, r.posts, len(posts) - len(times), r.active_days, r.days, r.longest_gap,
        r.gaps_over_two_weeks, r.silent_days, r.two_week_rule,
        posts_per_active_day=counted(r.posts_per_active_day, r.active_days, "days with posts"),
        silent_share=counted(r.silent_share, r.days, "days"),
        burstiness=_of_gaps(r.burstiness, r.active_days - 1, "gaps between posting days"),
        variation=_of_gaps(r.cv, r.active_days, "days with posts"),
        weekday_share=counted(weekdays / len(times), len(times), "dated posts"),
        office_hours_share=(
            counted(office / len(timed), len(timed), "posts with a time of day") if timed
            else counted(None, 0, "posts with a time of day", note=NO_TIME)
        ),
    )  # fmt: skip


def _of_gaps(value: float | None, n: int, of: str) -> Measure:
    return counted(value, n, of) if value is not None else counted(None, n, of, note=FEW_GAPS)
