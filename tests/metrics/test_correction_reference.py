"""Agreement with ppi-python and QuaPy on random tables; `tests/reference/make_estimation.py` made them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from govcode.metrics.correction import emq, ppi_mean, simplex_solution
from govcode.metrics.intervals import wald

REFERENCE = json.loads((Path(__file__).parent.parent / "reference" / "estimation.json").read_text())


@pytest.mark.parametrize(("name", "lam"), [("ppi", 1.0), ("ppi++", None)])
def test_ppi_python_on_a_thousand_tables(name, lam):
    for case in REFERENCE["ppi"]:
        gold, machine = (np.array([float(c) for c in case[key]]) for key in ("gold", "machine"))
        unlabelled = np.r_[np.ones(case["ones"]), np.zeros(case["unlabelled"] - case["ones"])]
        found = ppi_mean(gold, machine, unlabelled, lam=lam)
        figure = wald(found.value, found.error)
        assert (figure.value, figure.low, figure.high) == pytest.approx(case[name], abs=2e-9)


def test_quapy_adjusted_counts():
    """QuaPy minimises by SLSQP, to about 1e-4; ours may not fit the observed shares worse."""
    assert len(REFERENCE["acc"]) == 1000
    for case in REFERENCE["acc"]:
        matrix, observed = np.array(case["matrix"]), np.array(case["observed"])
        theirs, found = np.array(case["shares"]), simplex_solution(matrix, observed)
        assert np.linalg.norm(matrix @ found - observed) <= np.linalg.norm(matrix @ theirs - observed) + 1e-9
        assert found == pytest.approx(theirs.tolist(), abs=5e-3)
        assert found.min() >= 0 and found.sum() == pytest.approx(1)


def test_quapy_emq():
    """QuaPy stops after 1000 rounds with a warning; so do we here."""
    assert len(REFERENCE["emq"]) == 1000
    for case in REFERENCE["emq"]:
        found = emq(np.array(case["hundredths"]) / 100, np.array(case["prior"]), most=1000)
        assert found.shares == pytest.approx(case["shares"], abs=1e-5)
