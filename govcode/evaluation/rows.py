"""An evaluation as a tidy table: one row per figure, for Excel, R or Stata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govcode.evaluation.calibration import Calibration
from govcode.evaluation.evaluation import Evaluation
from govcode.evaluation.scores import Scores
from govcode.metrics.figures import Figure

COUNTED = "counted in these posts: no estimate, no interval"
COLUMNS = ("figure", "code", "column", "group", "value", "low", "high", "level", "interval", "posts", "note")


def figure_rows(result: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield every figure of the evaluation with its interval and number of posts."""
    yield from _scores(result.scores)
    for code in result.per_code:
        yield _row("precision", code.precision, code.machine, code=code.code)
        yield _row("recall", code.recall, code.gold, code=code.code)
        yield _row("f1", code.f1, result.posts, code=code.code)
        yield _row("alpha", code.alpha, result.posts, code=code.code)
    for form in result.forms:
        yield _row("accuracy", form.accuracy, form.posts, column="form", group=form.form)
    for group in result.groups:
        yield from _scores(group.scores, column=group.column, group=group.value)
    if result.calibration is not None:
        for name in ("ece", "brier", "log_loss"):
            yield _row(name, getattr(result.calibration, name), result.calibration.posts)
        yield _row("aurc", result.calibration.aurc, result.calibration.posts)
    if result.ceiling is not None:
        yield _row("alpha_between_coders", result.ceiling.alpha, result.ceiling.posts)
    for entry in result.comparison.differences if result.comparison else ():
        yield _row(f"difference_{entry.figure}", entry.difference, result.posts)
    yield from _tables(result)


def _tables(result: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield the tables that are printed beside the figures: a row for each cell."""
    coverage = result.coverage
    yield _row("coverage", Figure(coverage.share, note=COUNTED), result.posts)
    yield _row("accuracy_where_sure", coverage.certain, coverage.coded)
    for code, counts in zip(result.codes, result.confusion.counts, strict=True):
        for label, count in zip(result.confusion.labels, counts, strict=True):
            yield _row(
                "confusion",
                Figure(count, note=COUNTED),
                result.posts,
                code=code,
                column="machine",
                group=label,
            )
    if result.calibration is not None:
        yield from _of_probabilities(result.calibration)
    if result.comparison is not None:
        for name in ("both_right", "only_first", "only_second", "neither", "mcnemar_p"):
            note = "" if name == "mcnemar_p" else COUNTED
            value = Figure(float(getattr(result.comparison, name)), note=note)
            yield _row(name, value, result.comparison.posts)


def _of_probabilities(result: Calibration) -> Iterator[dict[str, Any]]:
    """Yield the reliability table and the coverage-risk curve."""
    for bin_, right in zip(result.bins, result.right, strict=True):
        if bin_.posts:
            where = {"column": "confidence", "group": f"{bin_.low:.1f}-{bin_.high:.1f}"}
            yield _row("right", right, bin_.posts, **where)
            yield _row("mean_confidence", Figure(bin_.confidence, note=COUNTED), bin_.posts, **where)
    for point, error in zip(result.risk, result.errors, strict=True):
        yield _row("risk", error, point.posts, column="coverage", group=f"{point.coverage:.2f}")


def _scores(scores: Scores, **where: str) -> Iterator[dict[str, Any]]:
    for name in ("accuracy", "macro_f1", "alpha", "mcc"):
        yield _row(name, getattr(scores, name), scores.posts, **where)


def _row(name: str, figure: Figure, posts: int, **where: str) -> dict[str, Any]:
    level = figure.level if figure.low == figure.low else float("nan")
    values = {"value": figure.value, "low": figure.low, "high": figure.high, "level": level}
    numbers = {key: "" if value != value else value for key, value in values.items()}
    blank = dict.fromkeys(COLUMNS, "")
    return {**blank, "figure": name, **where, **numbers, "interval": figure.interval, "posts": posts,
            "note": figure.note}  # fmt: skip
