"""The errors worth reading: where the machine was surest and wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from govcode.evaluation.pairs import Pairs


@dataclass(frozen=True)
class WrongPost:
    """One wrong post: gold, what the machine said, and how sure it was of both (NaN if not known)."""

    post_id: str
    gold: str
    code: str
    p_code: float
    p_gold: float
    gold_form: str


def worst_errors(pairs: Pairs) -> list[WrongPost]:
    """Return every wrong post, the surest errors first; posts without a code come last."""
    errors = []
    for i in np.flatnonzero(~pairs.right):
        gold, machine = int(pairs.gold[i]), int(pairs.machine[i])
        known = pairs.probabilities is not None and machine < len(pairs.codes)
        row = pairs.probabilities[i] if known and pairs.probabilities is not None else None
        errors.append(
            WrongPost(
                pairs.post_ids[i], pairs.labels[gold], pairs.labels[machine],
                float(row[machine]) if row is not None else float("nan"),
                float(row[gold]) if row is not None else float("nan"),
                pairs.forms.values[pairs.forms.index[i]] if pairs.forms is not None else "",
            )
        )  # fmt: skip
    return sorted(errors, key=lambda e: (-e.p_code if e.p_code == e.p_code else 1.0, e.post_id))
