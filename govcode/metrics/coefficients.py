"""The table of agreement coefficients, each with its range, source and named undefined cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from govcode.metrics.agreement import brennan_prediger, gwet_ac1, holsti, percent_agreement
from govcode.metrics.alpha import krippendorff_alpha
from govcode.metrics.figures import Figure
from govcode.metrics.kappa import cohen_kappa, fleiss_kappa, scott_pi
from govcode.metrics.ratings import Floats
from govcode.metrics.tallies import Tallies

NO_OVERLAP = "no-overlap"
ONE_CODE = "one-code"
NO_CODERS = "coders-unknown"
UNDEFINED = "undefined"

REASONS = {
    NO_OVERLAP: "no unit was coded by two coders",
    ONE_CODE: "all coders used one and the same code only, so nothing shows whether they tell codes apart",
    NO_CODERS: "the figure needs to know who coded what",
    UNDEFINED: "chance alone explains all agreement",
}


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient: how it is computed from tallies, and how it is to be read."""

    id: str
    label: str
    formula: Callable[[Tallies], Floats]
    corrected: bool
    by_pairs: bool
    lowest: float
    source: str

    def of(self, tallies: Tallies) -> Figure:
        """Return the figure for tallies without leading axes; NaN with its reason where undefined."""
        value = float(self.formula(tallies))
        return Figure(value) if np.isfinite(value) else Figure(value, note=self.reason(tallies))

    def reason(self, tallies: Tallies) -> str:
        """Return the slug of why the figure is undefined."""
        if not tallies.pairable:
            return NO_OVERLAP
        if self.by_pairs and not tallies.pairs:
            return NO_CODERS
        return ONE_CODE if tallies.used <= 1 else UNDEFINED


COEFFICIENTS = {
    c.id: c
    for c in (
        Coefficient(
            "alpha", "Krippendorff's alpha", krippendorff_alpha, True, False, -1, "Krippendorff 2004"
        ),
        Coefficient("percent", "percent agreement", percent_agreement, False, False, 0, "Gwet 2014"),
        Coefficient("holsti", "Holsti", holsti, False, True, 0, "Holsti 1969"),
        Coefficient("scott", "Scott's pi", scott_pi, True, True, -1, "Scott 1955"),
        Coefficient("cohen", "Cohen's kappa", cohen_kappa, True, True, -1, "Cohen 1960"),
        Coefficient("fleiss", "Fleiss' kappa", fleiss_kappa, True, False, -1, "Fleiss 1971"),
        Coefficient("ac1", "Gwet's AC1", gwet_ac1, True, False, -1, "Gwet 2008"),
        Coefficient("bp", "Brennan-Prediger", brennan_prediger, True, False, -1, "Brennan and Prediger 1981"),
    )
}
