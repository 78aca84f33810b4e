"""Whether gold can carry the estimate: refusal instead of nonsense."""

from __future__ import annotations

import numpy as np

from govcode.errors import NotComputableError
from govcode.estimation.corpus import Corpus, Sample
from govcode.metrics.comparison import two_sided_p

LEAST_GOLD = 30
SURPRISING = 0.001


def check_sample(corpus: Corpus, sample: Sample, *, method: str, assumed: bool) -> list[str]:
    """Raise NotComputableError where the design does not fit the corpus; return what is worth telling."""
    if len(sample) < LEAST_GOLD:
        raise NotComputableError(
            f"Only {len(sample)} gold posts lie in the coded table; {LEAST_GOLD} is the least that shares "
            "are corrected with.",
            hint="Code more posts by hand (govcode sample --for-margin tells how many).",
        )
    if method.startswith("ppi") and sample.weights.max() > 1.05 * sample.weights.min():
        raise NotComputableError(
            f"Gold was drawn with unequal probabilities, which {method.upper()} does not use.",
            hint="Use --method dsl.",
        )
    notes = []
    stands_for = float(sample.weights.sum())
    if not 0.5 < stands_for / len(corpus) < 2:
        raise NotComputableError(
            f"By their inclusion probabilities the gold posts stand for {stands_for:.0f} posts, but the "
            f"coded table has {len(corpus)}: gold was drawn from another corpus.",
            hint="Estimate on the corpus that was sampled, or on the part of it that the coded table holds.",
        )
    if not 0.9 < stands_for / len(corpus) < 1.1:
        notes.append(f"by inclusion probabilities gold stands for {stands_for:.0f} posts, the coded table "
                     f"has {len(corpus)}: weights were scaled")  # fmt: skip
    p = unlike_corpus_p(corpus, sample)
    if p < SURPRISING and assumed:
        raise NotComputableError(
            f"Gold is not a simple random draw from this corpus: its machine codes differ (p = {p:.1g}).",
            hint="Give inclusion probabilities (inclusion_prob), or draw gold with govcode sample.",
        )
    if p < SURPRISING:
        notes.append(f"the machine's codes in weighted gold differ from those in the corpus (p = {p:.1g}): "
                     "check how gold was drawn")  # fmt: skip
    return notes


def unlike_corpus_p(corpus: Corpus, sample: Sample) -> float:
    """Return the p (Bonferroni) that weighted gold has the corpus' shares of machine codes.

    Per code z = (weighted share - share)/√(share (1 - share) Σ w²), w summing to 1.
    """
    size = len(corpus.codes) + 1
    shares = np.bincount(corpus.machine, minlength=size) / len(corpus)
    weights = sample.weights / sample.weights.sum()
    found = np.bincount(corpus.machine[sample.place], weights=weights, minlength=size)
    errors = np.sqrt(shares * (1 - shares) * (weights**2).sum())
    p = [two_sided_p(float(f - s), float(e)) for f, s, e in zip(found, shares, errors, strict=True) if e > 0]
    return min(1.0, len(p) * min(p, default=1.0))
