"""When to say `unsure`: abstention with a promise about errors.

Two ways. Without `--max-error`: a post is coded if the probability of its code reaches the card's
threshold. With `--max-error E`: class-conditional split conformal prediction (Vovk 2012; Papadopoulos
et al. 2002). For code k the n_k held-out posts of that code give scores s = 1 - p_k; q_k is the
ceil((n_k + 1)(1 - E))-th smallest (infinite where there are too few). The set of a post is
{k: 1 - p_k <= q_k}; it misses the right code with probability at most E in every code, if new posts come
from the same source as the held-out ones. A post is coded if no code but the best is in its set, so at
most a share E of the posts of each code is coded wrongly. Accounts differ: the promise is for accounts
like those of training, and the card tells what held on accounts never seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.coders.store import StoredModel
from govcode.errors import NotComputableError, UsageError


@dataclass(frozen=True, slots=True)
class Abstention:
    """Per code: the largest score of a conformal set, or the least probability of an accepted code."""

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
        held_out = model.arrays["held_out"].astype(np.float64)
        return fit_abstention(held_out, model.arrays["held_out_gold"], max_error)

    def accepts(self, probabilities: list[float], best: int) -> bool:
        """Tell whether the best code may stand."""
        return bool(self.accepted(np.array([probabilities]), np.array([best]))[0])

    def accepted(self, probabilities: NDArray[np.float64], best: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell for each row of probabilities (posts, codes) whether its best code may stand."""
        rows = np.arange(len(best))
        if self.minimum:
            enough: NDArray[np.bool_] = probabilities[rows, best] >= np.array(self.minimum)[best]
            return enough
        rival = 1.0 - probabilities <= np.array(self.quantiles)
        rival[rows, best] = False
        alone: NDArray[np.bool_] = ~np.any(rival, axis=1)
        return alone


def fit_abstention(held_out: NDArray[np.float64], gold: NDArray[np.intp], max_error: float) -> Abstention:
    """Return the rule that leaves at most `max_error` of the posts of each code wrongly coded.

    `held_out`: calibrated probabilities (posts, codes) of posts the model had not seen; `gold`: code numbers.
    """
    from govcode.metrics.calibration import conformal_quantile

    return Abstention(
        tuple(conformal_quantile(1.0 - held_out[gold == k, k], max_error) for k in range(held_out.shape[1]))
    )
