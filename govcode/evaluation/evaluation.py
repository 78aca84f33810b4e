"""The evaluation of one coder: every figure a reviewer asks for, in one frozen result."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from govcode.errors import NotComputableError
from govcode.evaluation.calibration import Calibration, calibration_of
from govcode.evaluation.ceiling import HumanCeiling
from govcode.evaluation.comparison import Comparison
from govcode.evaluation.groups import FormScores, GroupScores, form_scores, group_scores
from govcode.evaluation.pairs import Pairs
from govcode.evaluation.scores import CodeScores, Scores, accuracy_of, code_scores, overall_scores
from govcode.metrics.figures import Figure
from govcode.metrics.resampling import REPLICATES, SEED
from govcode.metrics.smoothing import LEAST_CLUSTERS

SCHEMA = 1
FEW_CLUSTERS = 20


@dataclass(frozen=True)
class Coverage:
    """How many gold posts the machine coded and trusted.

    `coded` have a code with status `coded`; `unsure` a code it does not trust; `uncodable` NA;
    `missing` no coding at all. `share` = coded / posts; `accuracy` is that of the coded ones, weighted as
    every figure is, `certain` the same with its interval.
    """

    posts: int
    coded: int
    unsure: int
    uncodable: int
    missing: int
    share: float
    accuracy: float
    certain: Figure


@dataclass(frozen=True)
class Confusion:
    """Posts (or weights) by gold code (rows) and machine code (columns)."""

    labels: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Evaluation:
    """One coder against gold. `left_out` are posts whose gold is NA; they are in no figure.

    `ceiling` (alpha between people) and `comparison` (another coded table) are None unless asked for;
    `calibration` is None for a coder without probabilities.
    """

    coder: str
    codes: tuple[str, ...]
    posts: int
    left_out: int
    scores: Scores
    per_code: tuple[CodeScores, ...]
    confusion: Confusion
    coverage: Coverage
    weighted: bool
    interval: str
    level: float
    replicates: int
    seed: int
    forms: tuple[FormScores, ...] = ()
    groups: tuple[GroupScores, ...] = ()
    calibration: Calibration | None = None
    ceiling: HumanCeiling | None = None
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    schema_version: int = field(default=SCHEMA)


def evaluate_pairs(
    pairs: Pairs, *, coder: str = "", level: float = 0.95, replicates: int = REPLICATES, seed: int = SEED
) -> Evaluation:
    """Judge machine codes by gold; raise NotComputableError where no post has a gold code."""
    if not len(pairs):
        raise NotComputableError(
            "No gold post has a code, so there is nothing to evaluate.",
            hint=f"{pairs.left_out} posts with gold NA were left out. Check --gold.",
        )
    draws = pairs.draws(replicates=replicates, seed=seed)
    return Evaluation(
        coder, pairs.codes, len(pairs), pairs.left_out,
        overall_scores(pairs, draws, level=level),
        code_scores(pairs, level=level, replicates=replicates, seed=seed),
        _confusion(pairs), _coverage(pairs, level),
        pairs.weighted, _interval(pairs), level, replicates, seed,
        form_scores(pairs, level=level),
        group_scores(pairs, level=level, replicates=replicates, seed=seed),
        calibration_of(pairs, level=level, seed=seed),
        notes=_notes(pairs),
    )  # fmt: skip


def _interval(pairs: Pairs) -> str:
    if pairs.clusters is not None:
        return f"shares: score; other figures: smoothed bootstrap; over {pairs.number_of_clusters()} clusters"
    if pairs.stratified() is not None:
        return "score, by strata of machine codes; differences of coders: smoothed bootstrap"
    if pairs.weighted:
        return "shares: score, by design; other figures: smoothed bootstrap within classes of weight"
    return "shares: Wilson, exact where rare; other figures: smoothed bootstrap over posts"


def _confusion(pairs: Pairs) -> Confusion:
    table = pairs.table()
    used = [k for k, name in enumerate(pairs.labels) if name in pairs.codes or table[:, k].any()]
    rows = [k for k in used if k < len(pairs.codes)]
    counts = tuple(tuple(float(v) for v in table[k, used]) for k in rows)
    return Confusion(tuple(pairs.labels[k] for k in used), counts)


def _coverage(pairs: Pairs, level: float) -> Coverage:
    size = len(pairs.codes)
    uncodable, missing = int((pairs.machine == size).sum()), int((pairs.machine == size + 1).sum())
    coded = int(pairs.certain.sum())
    surely = accuracy_of(pairs, level=level, chosen=pairs.certain) if coded else Figure(math.nan, level=level)
    return Coverage(
        len(pairs), coded, len(pairs) - coded - uncodable - missing, uncodable, missing,
        coded / len(pairs), surely.value, surely,
    )  # fmt: skip


def _notes(pairs: Pairs) -> tuple[str, ...]:
    notes = []
    absent = [code for code, there in zip(pairs.codes, pairs.present, strict=False) if not there]
    if absent:
        notes.append(f"gold has no post of {', '.join(absent)}: macro-F1 is over the other codes")
    if pairs.weighted:
        notes.append("each post counts 1/inclusion_prob: figures are for the population sampled")
        share = pairs.weights.sum() ** 2 / (pairs.weights**2).sum()
        notes.append(f"weights make {len(pairs)} posts worth {share:.0f} drawn evenly")
    clusters = 0 if pairs.clusters is None else len(np.unique(pairs.clusters.index))
    if 0 < clusters < FEW_CLUSTERS:
        rough = (
            f"intervals are wide and rough; MCC, macro-F1 and alpha have none over fewer than "
            f"{LEAST_CLUSTERS}, shares none where fewer than four clusters show a case"
        )
        notes.append(f"only {clusters} clusters: {rough}")
    return tuple(notes)
