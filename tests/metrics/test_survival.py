"""Kaplan-Meier against a published example and its edges."""

from __future__ import annotations

import pytest

from govcode.metrics.survival import kaplan_meier

# Remission times under 6-MP (Freireich et al. 1963), the textbook example; + marks censoring.
TIMES = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PUBLISHED = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_published_curve() -> None:
    curve = kaplan_meier(TIMES, list(map(bool, SEEN)))
    assert [s.survival for s in curve.steps] == pytest.approx(PUBLISHED, abs=5e-4)
    assert [s.at_risk for s in curve.steps] == [21, 17, 15, 12, 11, 7, 6]
    assert curve.median == 23
    assert (curve.n, curve.events) == (21, 9)
    assert all(s.low <= s.survival <= s.high for s in curve.steps)
    assert curve.median_interval == (13, None)


def test_all_answered_is_the_empirical_curve() -> None:
    curve = kaplan_meier([4, 1, 3, 2], [True] * 4)
    assert [s.survival for s in curve.steps] == pytest.approx([0.75, 0.5, 0.25, 0])
    assert curve.median == 2


def test_nothing_answered_has_no_median() -> None:
    curve = kaplan_meier([5, 9], [False, False])
    assert (curve.steps, curve.median, curve.median_interval) == ((), None, (None, None))
