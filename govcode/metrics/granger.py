"""Granger's test between two series; needs statsmodels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

import numpy as np

from govcode.errors import MissingExtraError

FEWEST = 60
MOST_LAGS = 8
STATIONARY = 0.05


@dataclass(frozen=True, slots=True)
class Granger:
    """Whether the past of one series helps to predict another beyond its own past.

    `lags` by BIC; `differences` taken so that both are stationary; `p` of the Wald test, Newey-West errors.
    """

    lags: int
    differences: int
    n: int
    p: float


def granger(x: Sequence[float], y: Sequence[float], *, most: int = MOST_LAGS) -> Granger | None:
    """Test whether x goes before y in Granger's (1969) sense; never a proof of cause.

    Both series are differenced once unless an augmented Dickey-Fuller test rejects a unit root in both (5%).
    The order of the VAR is that of least BIC; the lags of x are tested jointly with Newey & West's (1987)
    covariance. None with under 60 periods, or where a series never varies. Raises MissingExtraError without
    statsmodels.
    """
    try:
        from statsmodels.regression.linear_model import OLS
        from statsmodels.tsa.stattools import adfuller
        from statsmodels.tsa.vector_ar.var_model import VAR
    except ImportError:
        raise MissingExtraError("Granger's test", extra="series") from None
    pair = np.column_stack([x, y]).astype(np.float64)
    if len(pair) < FEWEST or pair.std(axis=0).min() < 1e-12:
        return None
    with catch_warnings():
        simplefilter("ignore")
        rough = max(float(adfuller(side, autolag="BIC")[1]) for side in pair.T) > STATIONARY
        data = np.diff(pair, axis=0) if rough else pair
        if data.std(axis=0).min() < 1e-12:
            return None
        order = max(1, int(VAR(data).select_order(min(most, len(data) // 8)).bic))
        rows = [data[t - order : t][::-1].T.ravel() for t in range(order, len(data))]
        design = np.column_stack([np.ones(len(rows)), np.array(rows)])
        fit = OLS(data[order:, 1], design).fit(cov_type="HAC", cov_kwds={"maxlags": order})
        tested = np.eye(design.shape[1])[1 : 1 + order]
        p = float(fit.wald_test(tested, scalar=True).pvalue)
    return Granger(order, int(rough), len(rows), p)
