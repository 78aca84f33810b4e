"""Gaps, the two-week rule, burstiness."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import pytest

from govcode.metrics.regularity import burstiness, regularity

START = date(2023, 3, 1)


def days(*gaps: int) -> list[date]:
    return [START + timedelta(d) for d in accumulate((0, *gaps))]


def test_burstiness_of_known_gaps() -> None:
    assert burstiness([1, 1, 2, 16, 1, 3]) == pytest.approx(0.15038463814561584, abs=1e-12)
    assert burstiness([2, 2, 2]) == -1
    assert burstiness([5]) is None


def test_one_gap_over_two_weeks() -> None:
    posted = days(1, 1, 2, 16, 1, 3)
    found = regularity(posted, posted[-1])
    assert (found.longest_gap, found.gaps_over_two_weeks, found.silent_days) == (16, 1, 15)
    assert (found.days, found.active_days, found.posts) == (25, 7, 7)
    assert found.two_week_rule
    assert found.burstiness == pytest.approx(0.15038463814561584)


@pytest.mark.parametrize(("wait", "kept"), [(0, True), (13, True), (14, False), (40, False)])
def test_two_week_rule_looks_at_the_fourteen_days_up_to_the_check(wait: int, kept: bool) -> None:
    assert regularity([START], START + timedelta(wait)).two_week_rule is kept


def test_days_the_crawl_missed_are_not_silence() -> None:
    posted = days(20)
    missing = [START + timedelta(d) for d in range(1, 11)]
    assert regularity(posted, posted[-1]).gaps_over_two_weeks == 1
    found = regularity(posted, posted[-1], missing=missing)
    assert (found.longest_gap, found.gaps_over_two_weeks, found.days) == (10, 0, 11)


def test_posts_of_one_day_count_once_as_a_day() -> None:
    found = regularity([START, START, START + timedelta(1)], START + timedelta(1))
    assert (found.posts, found.active_days, found.posts_per_active_day) == (3, 2, 1.5)
    assert found.cv == pytest.approx(1 / 3)


def test_no_posts_or_an_early_check_date_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        regularity([], START)
    with pytest.raises(ValueError, match="check date"):
        regularity([START], START - timedelta(1))
