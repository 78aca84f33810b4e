"""What a reader of the figures must be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govcode.intercoder.results import TENTATIVE, CodeReliability, Figures
from govcode.metrics.figures import Figure
from govcode.metrics.smoothing import LEAST_CLUSTERS
from govcode.metrics.tallies import Tallies

HIGH_AGREEMENT = 0.85
FEW_UNITS = 30
FEW_USES = 5
FEW_CLUSTERS = 20


def cautions_of(
    overall: Figures,
    per_code: Sequence[CodeReliability],
    tallies: Tallies,
    codes: Sequence[str],
    clusters: int = 0,
) -> Iterator[str]:
    """Yield one sentence for each trap in these data."""
    total = tallies.coincidences.sum()
    shares = tallies.coincidences.sum(axis=-1) / total if total else tallies.shares
    if tallies.used == 1:
        yield (
            f"Only one code was used ({codes[int(shares.argmax())]}): such data say nothing about "
            "reliability, however high the agreement; draw a sample that holds other codes."
        )
    elif is_paradox(overall):
        yield _paradox("Overall", overall, f"{codes[int(shares.argmax())]} makes up {shares.max():.0%}")
    for code in per_code:
        if code.used and is_paradox(code.figures) and tallies.used > 1:
            counts = f"both gave it {code.together:.0f} times, one alone {code.apart:.0f}"
            yield _paradox(code.code, code.figures, counts)
    rare = [c.code for c in per_code if c.used < FEW_USES]
    if rare:
        yield (
            f"Used for fewer than {FEW_USES} posts: {', '.join(rare)}. Their reliability is not tested; "
            "enrich the sample (`govcode sample --design enriched`)."
        )
    if tallies.pairable < FEW_UNITS:
        yield f"Only {tallies.pairable:.0f} posts were coded by two; intervals are rough below {FEW_UNITS}."
    if 0 < clusters < FEW_CLUSTERS:
        yield (
            f"There are only {clusters} clusters: from fewer than {LEAST_CLUSTERS} no interval is given, and "
            f"from fewer than {FEW_CLUSTERS} it is too narrow where a few of them hold most disagreements."
        )


def is_paradox(figures: Figures) -> bool:
    """Tell whether raw agreement is high while chance-corrected agreement is not (kappa paradox)."""
    percent, alpha = figures["percent"].value, figures["alpha"].value
    return percent >= HIGH_AGREEMENT and alpha < TENTATIVE  # NaN compares false


def _paradox(what: str, figures: Figures, why: str) -> str:
    def number(figure: Figure) -> str:
        return f"{figure.value:.3f}"

    return (
        f"{what}: {figures['percent'].value:.1%} agreement but alpha {number(figures['alpha'])} ({why}). "
        f"Agreement is mostly on absence: report counts and AC1 ({number(figures['ac1'])}) beside alpha, "
        "not instead of it."
    )
