"""An evaluation as a reader sees it in the terminal."""

from __future__ import annotations

from govcode.cli.figures import bare_reasons, number, p_value, show, show_table, with_interval
from govcode.evaluation.calibration import Calibration
from govcode.evaluation.comparison import Comparison
from govcode.evaluation.evaluation import Evaluation


def show_evaluation(result: Evaluation) -> None:
    """Print every part of the evaluation that there is."""
    coder = f", coder {result.coder}" if result.coder else ""
    coverage = result.coverage
    show(f"{result.posts} gold posts ({result.left_out} more with gold NA left out){coder}")
    show(
        f"coverage {coverage.share:.1%}: {coverage.coded} coded, {coverage.unsure} unsure; wrong by "
        f"definition: {coverage.uncodable} uncodable, {coverage.missing} without a coding"
    )
    _overall(result)
    _codes(result)
    _confusion(result)
    _groups(result)
    if result.calibration is not None:
        _calibration(result.calibration)
    if result.comparison is not None:
        _comparison(result.comparison)
    show("")
    for note in (f"[…] are {result.level:.0%} intervals: {result.interval}", *result.notes, *_bare(result)):
        show(f"note: {note}")


def _bare(result: Evaluation) -> list[str]:
    """Say why figures of codes, forms and groups stand without an interval."""
    codes = [(row.code, f) for row in result.per_code for f in (row.precision, row.recall, row.f1, row.alpha)]
    forms = [(row.form, row.accuracy) for row in result.forms]
    groups = [
        (row.value or "(empty)", getattr(row.scores, name))
        for row in result.groups for name in ("accuracy", "macro_f1", "alpha")
    ]  # fmt: skip
    return bare_reasons([*codes, *forms, *groups])


def _overall(result: Evaluation) -> None:
    scores = result.scores
    rows = [
        ("accuracy", with_interval(scores.accuracy)),
        ("macro-F1", with_interval(scores.macro_f1)),
        ("MCC", with_interval(scores.mcc)),
        ("alpha machine-gold", with_interval(scores.alpha)),
    ]
    if result.ceiling is not None:
        rows.append(
            (f"alpha between people ({result.ceiling.posts} posts)", with_interval(result.ceiling.alpha))
        )
    if result.coverage.unsure:
        rows.append(("accuracy where not unsure", with_interval(result.coverage.certain)))
    show_table("", ("figure", "value"), rows)


def _codes(result: Evaluation) -> None:
    show_table(
        "by code", ("code", "gold", "machine", "precision", "recall", "F1", "alpha"),
        [(row.code, str(row.gold), str(row.machine),
          *map(with_interval, (row.precision, row.recall, row.f1, row.alpha))) for row in result.per_code],
    )  # fmt: skip


def _confusion(result: Evaluation) -> None:
    labels = [label or "(missing)" for label in result.confusion.labels]
    show_table(
        "confusion: gold in rows, machine in columns", ("gold", *labels),
        [(label, *(f"{count:g}" if count == int(count) else f"{count:.1f}" for count in row))
         for label, row in zip(result.codes, result.confusion.counts, strict=True)],
    )  # fmt: skip


def _groups(result: Evaluation) -> None:
    if result.forms:
        show_table(
            "by form of gold", ("form", "posts", "accuracy", "most common error"),
            [(row.form, str(row.posts), with_interval(row.accuracy),
              f"{row.wrong_code or '(missing)'} ×{row.wrong_posts}" if row.wrong_posts else "–")
             for row in result.forms],
        )  # fmt: skip
    for column in dict.fromkeys(row.column for row in result.groups):
        show_table(
            f"by {column}", (column, "posts", "accuracy", "macro-F1", "alpha"),
            [(row.value or "(empty)", str(row.scores.posts),
              *map(with_interval, (row.scores.accuracy, row.scores.macro_f1, row.scores.alpha)))
             for row in result.groups if row.column == column],
        )  # fmt: skip


def _calibration(result: Calibration) -> None:
    chance = f"{number(result.ece_chance)}, in 95 of 100 samples at most {number(result.ece_limit)}"
    rows = [
        ("calibration error (ECE)", number(result.ece.value)),
        ("  where all were true", chance),
        ("Brier score", with_interval(result.brier)),
        ("log loss", with_interval(result.log_loss)),
        ("area under coverage-risk", number(result.aurc.value)),
    ]
    show_table(f"probabilities ({result.posts} posts)", ("figure", "value"), rows)
    show_table(
        "reliability table", ("confidence", "posts", "mean confidence", "right"),
        [(f"{b.low:.1f}–{b.high:.1f}", str(b.posts), number(b.confidence), with_interval(right))
         for b, right in zip(result.bins, result.right, strict=True) if b.posts],
    )  # fmt: skip
    show_table(
        "if only the surest posts were coded", ("coverage", "posts", "error", "confidence at least"),
        [(f"{p.coverage:.0%}", str(p.posts), with_interval(error), number(p.confidence))
         for p, error in zip(result.risk, result.errors, strict=True)],
    )  # fmt: skip


def _comparison(result: Comparison) -> None:
    show_table(
        f"{result.first} minus {result.second}", ("figure", "first", "second", "difference", "p"),
        [(row.figure, number(row.first), number(row.second), with_interval(row.difference), p_value(row.p))
         for row in result.differences],
    )  # fmt: skip
    test = f"McNemar's exact p {p_value(result.mcnemar_p)}"
    if result.mcnemar_p != result.mcnemar_p:
        test = "McNemar's test does not hold for weighted or clustered gold: read the p above"
    show(
        f"right: both {result.both_right}, first only {result.only_first}, second only {result.only_second}, "
        f"neither {result.neither}; {test}"
    )
