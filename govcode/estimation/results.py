"""What estimation returns: frozen figures, each with its method, numbers and assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from govcode.metrics.figures import Figure

SCHEMA = 1


@dataclass(frozen=True)
class Method:
    """One way to a share: its name for people, what it assumes, and whether it rests on the design."""

    name: str
    label: str
    assumption: str
    by_design: bool = False


METHODS = {
    method.name: method
    for method in (
        Method("count", "naive count of machine codes",
               "the machine makes no errors, or they cancel out: not corrected, no interval"),
        Method("stratified", "gold only, by design",
               "gold was drawn with the recorded inclusion probabilities", True),
        Method("ppi", "prediction-powered inference",
               "gold was drawn simply at random from this corpus", True),
        Method("ppi++", "prediction-powered inference, power tuned",
               "gold was drawn simply at random from this corpus", True),
        Method("dsl", "design-based supervised learning",
               "gold was drawn with the recorded inclusion probabilities", True),
        Method("acc", "adjusted count (extra)",
               "label shift: the machine errs on each code as often here as in gold"),
        Method("pacc", "probabilistic adjusted count (extra)",
               "label shift: probabilities given the true code are the same here as in gold"),
        Method("emq", "expectation-maximisation (extra)",
               "label shift, calibrated probabilities and a known share of codes in training"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """The share of one code among the codable posts of one group.

    `raw` is the estimate before it is kept within [0, 1]; `naive` the machine's own share. `posts` are in
    the corpus, `gold` of them coded by hand.
    """

    code: str
    group: Mapping[str, str]
    share: Figure
    raw: float
    error: float
    naive: float
    posts: int
    gold: int
    method: str

    @property
    def name(self) -> str:
        """Name the group: its values, `(empty)` where posts have none; nothing for all posts."""
        return " · ".join(value or "(empty)" for value in self.group.values())


@dataclass(frozen=True)
class Difference:
    """Share in group `first` minus share in group `second`; `p_holm` counts all differences tested."""

    code: str
    first: str
    second: str
    difference: Figure
    p: float
    p_holm: float


@dataclass(frozen=True)
class SensitivityShare:
    """The share of a code when a contestable choice of the codebook is undone."""

    mapping: str
    title: str
    code: str
    share: Figure
    changed: int


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of a regression; `odds_ratio` is NaN for a linear model."""

    term: str
    estimate: Figure
    error: float
    z: float
    p: float
    odds_ratio: float


@dataclass(frozen=True)
class Regression:
    """A code regressed on covariates with design-based pseudo-outcomes."""

    formula: str
    code: str
    model: str
    posts: int
    gold: int
    clusters: int
    coefficients: tuple[Coefficient, ...]
    method: str
    interval: str


@dataclass(frozen=True)
class Estimation:
    """Shares of all codes, overall and by group, with everything needed to report them.

    `posts` are in the coded table, `uncodable` of them without a machine code; `gold` posts were used,
    `gold_na` of them NA; `unmatched` gold posts are not in the coded table.
    """

    method: str
    label: str
    assumption: str
    interval: str
    codes: tuple[str, ...]
    by: tuple[str, ...]
    posts: int
    uncodable: int
    gold: int
    gold_na: int
    unmatched: int
    level: float
    estimates: tuple[Estimate, ...]
    differences: tuple[Difference, ...] = ()
    sensitivity: tuple[SensitivityShare, ...] = ()
    regression: Regression | None = None
    notes: tuple[str, ...] = ()
    schema_version: int = field(default=SCHEMA)
