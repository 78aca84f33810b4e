"""All shares of one corpus by one method: the estimation as a frozen result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govcode.codebook.model import SensitivityMapping
from govcode.estimation.checks import check_sample
from govcode.estimation.contrasts import differences_between
from govcode.estimation.corpus import Column, Corpus, Floats, Part, Sample, parts_of
from govcode.estimation.formula import Formula
from govcode.estimation.quantify import adjusted_shares, shift_shares
from govcode.estimation.regression import regress
from govcode.estimation.results import METHODS, Difference, Estimate, Estimation
from govcode.estimation.sensitivity import sensitivity_shares
from govcode.estimation.shares import design_shares, naive_shares
from govcode.metrics.figures import Figure


@dataclass(frozen=True)
class Plan:
    """What to estimate and how."""

    method: str
    by: tuple[str, ...] = ()
    level: float = 0.95
    seed: int = 0
    assumed: bool = False
    """Gold is taken as a simple random draw although no inclusion probabilities are recorded."""
    prior: Floats | None = None
    mappings: Sequence[SensitivityMapping] = ()
    formula: Formula | None = None
    clusters: Column | None = None
    logistic: bool = True


def estimate_shares(corpus: Corpus, sample: Sample, plan: Plan, *, unmatched: int = 0) -> Estimation:
    """Estimate the share of each code, overall and by group, and whatever else the plan asks for."""
    method = METHODS[plan.method]
    uses_design = method.by_design or plan.formula is not None
    notes = check_sample(corpus, sample, method=plan.method, assumed=plan.assumed) if uses_design else []
    whole = parts_of(corpus, sample, ())[0]
    estimates = _shares(corpus, sample, [whole], plan)
    differences: tuple[Difference, ...] = ()
    if plan.by:
        parts = parts_of(corpus, sample, plan.by)
        grouped = _shares(corpus, sample, parts, plan)
        estimates += grouped
        if method.by_design:
            differences = differences_between(
                grouped, parts, whole, plan.by, lambda rest: _shares(corpus, sample, rest, plan)
            )
    again = sensitivity_shares(
        corpus, sample, plan.mappings, method=plan.method if method.by_design else "dsl", level=plan.level
    ) if plan.mappings else ()  # fmt: skip
    fitted = regress(
        corpus, sample, plan.formula, clusters=plan.clusters, logistic=plan.logistic, level=plan.level
    ) if plan.formula else None  # fmt: skip
    return Estimation(
        plan.method, method.label, method.assumption, _interval(plan, sample), corpus.codes, plan.by,
        len(corpus), int(whole.counts[-1]), len(sample), int((sample.gold == len(corpus.codes)).sum()),
        unmatched, plan.level, tuple(estimates), differences, again, fitted, tuple(notes),
    )  # fmt: skip


def _shares(corpus: Corpus, sample: Sample, parts: Sequence[Part], plan: Plan) -> list[Estimate]:
    if METHODS[plan.method].by_design:
        return design_shares(corpus, sample, parts, method=plan.method, level=plan.level)
    if plan.method == "emq":
        return shift_shares(corpus, sample, parts, prior=plan.prior, level=plan.level)
    if plan.method == "count":
        return [row for part in parts for row in _counted(corpus, part, plan.level)]
    return adjusted_shares(corpus, sample, parts, method=plan.method, level=plan.level, seed=plan.seed)


def _counted(corpus: Corpus, part: Part, level: float) -> list[Estimate]:
    return [
        Estimate(code, part.group, Figure(share, level=level, note="not corrected"), share, float("nan"),
                 share, part.posts, len(part.members), "count")
        for code, share in zip(corpus.codes, naive_shares(part), strict=True)
    ]  # fmt: skip


def _interval(plan: Plan, sample: Sample) -> str:
    if METHODS[plan.method].by_design:
        clusters = " widened for clusters" if sample.clusters is not None else ""
        return f"score interval by design{clusters}, classes of equal weight joined by MOVER"
    return {"count": "none", "emq": "none"}.get(plan.method, "percentile bootstrap over gold")
