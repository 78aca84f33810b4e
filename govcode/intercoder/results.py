"""What a reliability analysis finds, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from govcode.metrics.figures import Figure

Figures = Mapping[str, Figure]

RELIABLE, TENTATIVE = 0.800, 0.667


@dataclass(frozen=True, slots=True)
class CodeReliability:
    """One code against all others.

    `used` is the number of posts to which at least one coder gave the code; `together` and `apart` count
    pairs of codings: both have the code, only one has it.
    """

    code: str
    used: int
    together: float
    apart: float
    figures: Figures


@dataclass(frozen=True, slots=True)
class PairReliability:
    """Two coders: posts both coded, figures, and the table of their codes (rows: `first`)."""

    first: str
    second: str
    posts: int
    figures: Figures
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Border:
    """Disagreements between two codes, with the border rules and forms that coders wrote down."""

    codes: tuple[str, str]
    posts: int
    rules: Mapping[str, int]
    forms: Mapping[str, int]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one coder's work: agreement with the others, and which codes the coder gave."""

    posts: int
    agreement: float
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Drift:
    """How one coder changed over the work.

    `ordered_by` is `coded_at` or `row order`. `trend` is the rank correlation of the order with
    agreement, `p` its permutation p-value; `shift` the largest change of a code's share from the first
    part to the last, `shift_code` that code, `shift_p` the p-value of the change of all shares.
    """

    coder: str
    ordered_by: str
    parts: tuple[Part, ...]
    trend: float
    p: float
    shift: float
    shift_code: str
    shift_p: float


@dataclass(frozen=True, slots=True)
class Resampling:
    """How the intervals were made."""

    kind: str  # smoothed, units, pairs, none
    draws: int
    seed: int
    level: float
    clusters: int = 0


@dataclass(frozen=True)
class Reliability:
    """Agreement of coders on one set of posts.

    `overall`: coefficient → figure for the code; `weighted`: the same for the corpus, posts weighing
    1/inclusion probability (empty where probabilities are equal or unknown). `below`: threshold → share
    of draws in which alpha lies under it. `per_code`: each code against the rest. `secondary`: the
    secondary code alone, and code and
    secondary code as a set (MASI, Jaccard). `mentions`: each code as code or secondary
    code. `codable`: coded or NA. `groups`: the main figures by the values of a column.
    """

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    codings: int
    posts: int
    overlap: int
    missing: Mapping[str, int]
    overall: Figures
    weighted: Figures
    below: Mapping[str, float]
    per_code: tuple[CodeReliability, ...]
    codable: Figures
    secondary: Figures
    mentions: tuple[CodeReliability, ...]
    pairs: tuple[PairReliability, ...]
    borders: tuple[Border, ...]
    drift: tuple[Drift, ...]
    groups: Mapping[str, Mapping[str, Figure]]
    group_posts: Mapping[str, int]
    resampling: Resampling
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def verdict(self) -> str:
        """Judge alpha by the lower end of its interval: reliable, tentative, not reliable, undefined."""
        alpha = self.overall["alpha"]
        if alpha.value != alpha.value:
            return "undefined"
        value = alpha.low if alpha.low == alpha.low else alpha.value
        return "reliable" if value >= RELIABLE else "tentative" if value >= TENTATIVE else "not reliable"

    def by_name(self) -> dict[str, float]:
        """Return every figure that a gate may name: `alpha`, `alpha:low`, `alpha:CODE`, `alpha:each`."""
        named: dict[str, float] = {}
        for name, figure in self.overall.items():
            named[name] = figure.value
            named[f"{name}:low"] = figure.low
            each = [code.figures[name].value for code in self.per_code if name in code.figures]
            named.update(
                {f"{name}:{c.code}": c.figures[name].value for c in self.per_code if name in c.figures}
            )
            if each:
                named[f"{name}:each"] = float("nan") if any(v != v for v in each) else min(each)
        return named
