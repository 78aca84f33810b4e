"""How evenly an account spreads over the codes, and how far two distributions lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, log2


@dataclass(frozen=True, slots=True)
class Diversity:
    """Diversity of a distribution over `categories` possible codes, `n` posts.

    `entropy` in nats; `normalised` = H / ln K in [0, 1]; `corrected` = Miller-Madow entropy / ln K, cut at
    1; `simpson` = 1 - sum p^2, the chance that two posts differ.
    """

    n: int
    categories: int
    entropy: float
    corrected_entropy: float
    simpson: float

    @property
    def normalised(self) -> float:
        """Plug-in entropy over its maximum (Pielou's evenness over all K codes)."""
        return _over_maximum(self.entropy, self.categories)

    @property
    def corrected(self) -> float:
        """Bias-corrected entropy over its maximum, at most 1."""
        return min(1.0, _over_maximum(self.corrected_entropy, self.categories))


def diversity(counts: Sequence[int]) -> Diversity:
    """Measure the diversity of counts per code (one entry for each possible code, zeros included).

    H = -sum p ln p; Miller-Madow adds (K_seen - 1) / (2n), because the plug-in value is biased down in
    small samples. One code only: 0; uniform: normalised 1; no posts: ValueError.
    Source: Shannon 1948; Miller 1955; Pielou 1966.
    """
    n = sum(counts)
    if n <= 0:
        raise ValueError("diversity needs at least one post")
    shares = [c / n for c in counts]
    entropy = shannon_entropy(shares)
    seen = sum(1 for c in counts if c)
    return Diversity(
        n=n, categories=len(counts), entropy=entropy,
        corrected_entropy=entropy + (seen - 1) / (2 * n), simpson=1 - sum(p * p for p in shares),
    )  # fmt: skip


def shannon_entropy(shares: Sequence[float]) -> float:
    """Return -sum p ln p in nats; a share of 0 adds nothing."""
    return -sum(p * log(p) for p in shares if p > 0) + 0.0


def jensen_shannon(p: Sequence[float], q: Sequence[float]) -> float:
    """Return the Jensen-Shannon divergence of two distributions in bits, in [0, 1].

    JSD = (KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2 and base-2 logarithms; 0 means equal, 1 means
    no code in common. Source: Lin 1991.
    """
    total = 0.0
    for a, b in zip(p, q, strict=True):
        middle = (a + b) / 2
        total += sum(x * log2(x / middle) for x in (a, b) if x > 0)
    return max(0.0, total / 2)


def _over_maximum(entropy: float, categories: int) -> float:
    return entropy / log(categories) if categories > 1 else 0.0
