"""When to say `unsure`: abstention with a promise about errors.

Two ways. Without `--max-error`: a post is coded if the probability of its code reaches the card's
threshold. With `--max-error E`: class-conditional split conformal prediction (Vovk 2012; methods.md
2.5). For code k the n_k held-out posts of that code give scores s = 1 - p_k; q_k is the
ceil((n_k + 1)(1 - E))-th smallest (infinite if there are too few). The set of a post is
{k: 1 - p_k <= q_k}; it holds the right code with probability at least 1 - E in every code, if new
posts come from the same source as the held-out ones. A post is coded if its set has one code and it is
the best one. Because an accepted set must also not be wrong too often among what is accepted, the
threshold of a predicted code is raised until its held-out error among accepted posts is at most E.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from govcode.coders.store import StoredModel
from govcode.errors import NotComputableError, UsageError
from govcode.metrics.calibration import conformal_quantile


@dataclass(frozen=True, slots=True)
class Abstention:
    """Per code: the largest conformity score of a set, and the least probability of an accepted code."""

    quantiles: tuple[float, ...]
    minimum: tuple[float, ...]
    sets: bool

    @classmethod
    def from_model(cls, model: StoredModel, max_error: float | None) -> Abstention:
        """Return the rule for a model; `max_error` needs its held-out probabilities."""
        codes = model.card["codes"]
        if max_error is None:
            minimum = tuple(float(model.card["thresholds"]["coded"][code]) for code in codes)
            return cls((inf,) * len(codes), minimum, False)
        if not 0 < max_error < 1:
            raise UsageError(f"--max-error {max_error} is not between 0 and 1.", hint="Try --max-error 0.10.")
        if "held_out" not in model.arrays:
            raise NotComputableError(
                f"Model '{model.name}' holds no held-out probabilities.", hint="Train it again."
            )
        held_out = model.arrays["held_out"].astype(np.float64)
        return fit_abstention(held_out, model.arrays["held_out_gold"], max_error)

    def accepts(self, probabilities: list[float], best: int) -> bool:
        """Tell whether the best code may stand."""
        if probabilities[best] < self.minimum[best]:
            return False
        if not self.sets:
            return True
        inside = [k for k, p in enumerate(probabilities) if 1.0 - p <= self.quantiles[k]]
        return inside == [best] or not inside


def fit_abstention(held_out: NDArray[np.float64], gold: NDArray[np.int64], max_error: float) -> Abstention:
    """Return the rule that keeps errors under `max_error` on held-out posts, in each code."""
    codes = held_out.shape[1]
    quantiles = tuple(conformal_quantile(1.0 - held_out[gold == k, k], max_error) for k in range(codes))
    best = held_out.argmax(axis=1)
    minimum = tuple(
        least_probability(held_out[best == k, k], gold[best == k] == k, max_error) for k in range(codes)
    )
    return Abstention(quantiles, minimum, True)


def least_probability(
    probabilities: NDArray[np.float64], right: NDArray[np.bool_], max_error: float
) -> float:
    """Return the lowest threshold from which on the share of errors among accepted posts is in bounds.

    The bound allows for chance by one error more than was seen: (errors + 1) / (accepted + 1).
    Returns a number above one (nothing is accepted) where no threshold keeps it.
    """
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities, errors = probabilities[order], np.cumsum(~right[order])
    accepted = np.arange(1, len(order) + 1)
    fine = np.flatnonzero((errors + 1) / (accepted + 1) <= max_error)
    return float(sorted_probabilities[fine[-1]]) if len(fine) else 1.1
