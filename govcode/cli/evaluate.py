"""`govcode evaluate`: judge coded posts against gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from govcode.cli.console import print_json, warn

if TYPE_CHECKING:
    from govcode.evaluation.evaluation import Evaluation

app = typer.Typer(add_completion=False)


@app.command()
def evaluate(
    coded: str = typer.Argument(..., metavar="CODED", help="Coded table (any format, - is stdin)."),
    gold: str = typer.Option(..., "--gold", help="Gold: any table with post_id and code."),
    as_json: bool = typer.Option(False, "--json", help="Print the result as JSON."),
    fail_under: list[str] = typer.Option(
        [],
        "--fail-under",
        metavar="NAME=MIN",
        help="Exit 3 if a figure is smaller: macro_f1=.75, f1.CODE=.6.",
    ),
    level: float = typer.Option(0.95, "--level", min=0.5, max=0.999, help="Level of the intervals."),
    replicates: int = typer.Option(2000, "--replicates", min=100, help="Bootstrap draws."),
    seed: int = typer.Option(20190201, "--seed", help="Seed of the bootstrap."),
    source_form: str | None = typer.Option(None, "--from", help="Format of CODED on a stream."),
    encoding: str | None = typer.Option(None, "--encoding", help="Encoding of the tables."),
) -> None:
    """Judge coded posts against gold: precision, recall, F1, alpha, confusion, with intervals.

    Example: govcode evaluate coded.csv --gold gold.csv --fail-under macro_f1=.75
    """
    from govcode.errors import GateError
    from govcode.metrics.figures import as_data
    from govcode.workflow import evaluate as workflow

    result = workflow.evaluate(
        coded, gold, level=level, replicates=replicates, seed=seed, fail_under=fail_under,
        form=source_form, encoding=encoding,
    )  # fmt: skip
    for note in result.notes:
        warn(note)
    if as_json:
        print_json(as_data(result.evaluation))
    else:
        _render(result.evaluation)
    if result.unmet:
        raise GateError(f"Gate not met: {'; '.join(result.unmet)}.")


def _render(result: Evaluation) -> None:
    from govcode.cli.figures import show

    coverage = result.coverage
    show(
        f"{result.posts} gold posts ({result.left_out} more with gold NA left out)"
        + (f", coder {result.coder}" if result.coder else "")
    )
    show(
        f"coverage {coverage.share:.1%}: {coverage.coded} coded, {coverage.unsure} unsure, "
        f"{coverage.uncodable} uncodable, {coverage.missing} without a coding (these two count as wrong)\n"
    )
    _scores(result)
    _confusion(result)
    for note in (f"[.., ..] are {result.level:.0%} intervals: {result.interval}", *result.notes):
        show(f"note: {note}")


def _scores(result: Evaluation) -> None:
    from govcode.cli.figures import show, show_table, with_interval

    scores = result.scores
    show_table(
        "", ("figure", "value"),
        [(name, with_interval(figure)) for name, figure in (
            ("accuracy", scores.accuracy), ("macro-F1", scores.macro_f1),
            ("alpha machine-gold", scores.alpha), ("MCC", scores.mcc),
        )],
    )  # fmt: skip
    show("")
    show_table(
        "", ("code", "gold", "machine", "precision", "recall", "F1", "alpha"),
        [(row.code, str(row.gold), str(row.machine), *map(with_interval, (
            row.precision, row.recall, row.f1, row.alpha,
        ))) for row in result.per_code],
    )  # fmt: skip


def _confusion(result: Evaluation) -> None:
    from govcode.cli.figures import show, show_table

    labels = [label or "(missing)" for label in result.confusion.labels]
    show("")
    show_table(
        "confusion: gold in rows, machine in columns", ("gold", *labels),
        [(label, *(f"{count:g}" for count in row))
         for label, row in zip(result.codes, result.confusion.counts, strict=True)],
    )  # fmt: skip
