"""When to say `unsure`: abstention with a promise about errors.

Two ways. Without `--max-error`: a post is coded if the probability of its code reaches the card's
threshold. With `--max-error E` two conditions must hold, both fitted on posts that the model had not seen.

Among the posts of each gold code (class-conditional split conformal prediction; Vovk 2012; Papadopoulos
et al. 2002): for code k the n_k held-out posts of that code give scores s = 1 - p_k; q_k is the
ceil((n_k + 1)(1 - E))-th smallest (infinite where there are too few). The set of a post is
{k: 1 - p_k <= q_k}; it misses the right code with probability at most E in every code, if new posts come
from the same source as the held-out ones. A post is coded only if no code but the best is in its set, so at
most a share E of the posts of each code is coded wrongly. This holds for any model.

Among the posts given each code: t_k is the least probability from which, of the n held-out posts whose best
code is k with p_k >= t_k, w are wrong and the exact one-sided upper limit of w / n at confidence .5
(Clopper & Pearson 1934) is at most E (never coded where there are too few). As the threshold is chosen by
these same posts this is no theorem; in simulation the error is E or less on average, in every code.

Both speak of posts like the held-out ones. Accounts differ: the card tells what held on accounts never seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from govcode.coders.calibration import DIGITS
from govcode.coders.store import StoredModel
from govcode.errors import NotComputableError, UsageError

CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Abstention:
    """Per code: the largest score of a conformal set, and the least probability of an accepted code."""

    quantiles: tuple[float, ...] = ()
    minimum: tuple[float, ...] = ()

    @classmethod
    def from_model(cls, model: StoredModel, max_error: float | None) -> Abstention:
        """Return the rule for a model; `max_error` needs its held-out probabilities."""
        codes = model.card["codes"]
        if max_error is None:
            return cls(minimum=tuple(float(model.card["thresholds"]["coded"][code]) for code in codes))
        if not 0 < max_error < 1:
            raise UsageError(f"--max-error {max_error} is not between 0 and 1.", hint="Try --max-error 0.10.")
        if "held_out" not in model.arrays:
            raise NotComputableError(
                f"Model '{model.name}' holds no held-out probabilities.", hint="Train it again."
            )
        held_out, gold = (
            model.arrays["held_out"].astype(np.float64).round(DIGITS),
            model.arrays["held_out_gold"],
        )
        typical = model.arrays.get("held_out_typical", np.ones(len(gold))).astype(np.bool_)
        return fit_abstention(held_out[typical], gold[typical], max_error)

    def accepts(self, probabilities: list[float], best: int) -> bool:
        """Tell whether the best code may stand."""
        return bool(self.accepted(np.array([probabilities]), np.array([best]))[0])

    def accepted(self, probabilities: NDArray[np.float64], best: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell for each row of probabilities (posts, codes) whether its best code may stand."""
        rows = np.arange(len(best))
        accepted: NDArray[np.bool_] = np.ones(len(best), dtype=np.bool_)
        if self.minimum:
            accepted &= probabilities[rows, best] >= np.array(self.minimum)[best]
        if self.quantiles:
            rival = 1.0 - probabilities <= np.array(self.quantiles)
            rival[rows, best] = False
            accepted &= ~np.any(rival, axis=1)
        return accepted


def fit_abstention(held_out: NDArray[np.float64], gold: NDArray[np.intp], max_error: float) -> Abstention:
    """Return the rule that keeps errors within `max_error`, in every gold code and in every code given.

    `held_out`: calibrated probabilities (posts, codes) of posts the model had not seen; `gold`: code numbers.
    """
    from govcode.metrics.calibration import conformal_quantile

    codes = range(held_out.shape[1])
    best = held_out.argmax(axis=1)
    return Abstention(
        tuple(conformal_quantile(1.0 - held_out[gold == k, k], max_error) for k in codes),
        tuple(least_probability(held_out[best == k, k], gold[best == k] != k, max_error) for k in codes),
    )


def least_probability(given: NDArray[np.float64], wrong: NDArray[np.bool_], max_error: float) -> float:
    """Return the least probability from which the upper limit of the error is `max_error`; inf if none.

    `given`: probability of the code in the posts that got it; `wrong`: which of them are of another code.
    The upper limit of w errors in n posts is at most E if P(Binomial(n, E) <= w) <= 1 - confidence. Posts of
    one probability stand or fall together.
    """
    from scipy.special import bdtr

    order = np.argsort(-given, kind="stable")
    given, errors = given[order], np.cumsum(wrong[order])
    within = bdtr(errors, np.arange(1, len(given) + 1), max_error) <= 1.0 - CONFIDENCE
    if len(given):
        within[:-1] &= given[:-1] > given[1:]
    return float(given[np.flatnonzero(within)[-1]]) if within.any() else inf
