from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcode.coders.calibration import Calibration, fit_calibration

# methods: Guo et al. 2017, worked vector of the project's method sheet
LOGITS = np.array([[4, 1, 0], [3, 2.5, 0], [0, 3, 1], [2, 0, 1.5], [5, 0, 0], [1, 4, 0]], dtype=float)
GOLD = np.array([0, 1, 1, 0, 0, 0])


def test_the_published_temperature_is_found() -> None:
    assert 1 / fit_calibration(LOGITS, GOLD).scale == pytest.approx(1.666656, abs=1e-3)


@given(st.lists(st.integers(-3000, 3000), min_size=2, max_size=7), st.floats(0.05, 5))
def test_probabilities_sum_to_one_and_keep_the_order(hundredths: list[int], scale: float) -> None:
    scores = [value / 100 for value in hundredths]  # nearer ones fall into one probability
    found = Calibration(scale).probabilities(np.array([scores]))[0]
    assert abs(sum(found) - 1) < 1e-9
    assert min(found) >= 0
    assert all(p == round(p, 6) for p in found)
    assert found[int(np.argmax(scores))] == max(found)
