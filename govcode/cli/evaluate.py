"""`govcode evaluate`: judge coded posts against gold."""

from __future__ import annotations

from typing import Annotated

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.figures import split_names
from govcode.cli.options import (
    DEFAULT_SEED,
    CodebookOption,
    Encoding,
    FormIn,
    Json,
    Level,
    Seed,
    needed_gold,
)
from govcode.cli.options import output as output_of

app = typer.Typer(add_completion=False)
_MORE, _HOW, _FILES = "More figures", "How", "Files"


@app.command()
def evaluate(
    coded: str = typer.Argument(..., metavar="CODED", help="Coded table (any format, - is stdin)."),
    gold: str | None = typer.Option(
        None, "--gold", help="Gold, codes by people: any table with post_id and code. Needed."
    ),
    as_json: Json = False,
    fail_under: list[str] = typer.Option(
        [], "--fail-under", metavar="NAME=MIN", help="Exit 3 if a figure is smaller: macro_f1=.75,f1:each=.6."
    ),
    by: list[str] = typer.Option(
        [], "--by", metavar="COLUMN", rich_help_panel=_MORE,
        help="Scores within each value of a column (also year, quarter, month, length).",
    ),
    against: str | None = typer.Option(
        None, "--against", metavar="OTHER", rich_help_panel=_MORE,
        help="Another coded table of the same posts: McNemar and paired bootstrap.",
    ),
    codings: list[str] = typer.Option(
        [], "--codings", rich_help_panel=_MORE, help="Codings of people: alpha between coders, the ceiling."
    ),
    clusters: str = typer.Option(
        "", "--clusters", metavar="COLUMN", rich_help_panel=_HOW, help="Bootstrap whole clusters: account."
    ),
    unweighted: bool = typer.Option(
        False, "--unweighted", rich_help_panel=_HOW, help="Do not weight by 1/inclusion_prob."
    ),
    level: Level = 0.95,
    replicates: int = typer.Option(
        2000, "--replicates", min=100, rich_help_panel=_HOW, help="Bootstrap draws."
    ),
    seed: Seed = DEFAULT_SEED,
    codebook: CodebookOption = None,
    ignore_codebook: bool = typer.Option(
        False, "--ignore-codebook", rich_help_panel=_HOW, help="Accept gold of another codebook version."
    ),
    output: Annotated[str | None, output_of("the figures (.json or a tidy table)", stream=False)] = None,
    errors: str | None = typer.Option(
        None, "--errors", rich_help_panel=_FILES, help="Wrong posts to a table, the surest first."
    ),
    source_form: FormIn = None,
    encoding: Encoding = None,
) -> None:  # fmt: skip
    """Judge coded posts against gold: precision, recall, F1, alpha, calibration, with intervals. 评估.

    Example: govcode evaluate coded.csv --gold gold.csv --clusters account --fail-under macro_f1=.75
    """
    judged_by = needed_gold(gold)
    from govcode.errors import GateError
    from govcode.metrics.figures import as_data
    from govcode.workflow import evaluate as workflow

    result = workflow.evaluate(
        coded, judged_by,
        workflow.EvaluateOptions(
            codebook, ignore_codebook, split_names(by), clusters, not unweighted, against, tuple(codings),
            errors, output, tuple(fail_under), level, replicates, seed, source_form, encoding,
        ),
    )  # fmt: skip
    for note in result.notes:
        warn(note)
    if as_json:
        print_json(as_data(result.evaluation))
    else:
        from govcode.cli.evaluation_tables import show_evaluation

        show_evaluation(result.evaluation)
    for path in result.files:
        say(f"wrote {path}")
    if result.unmet:
        raise GateError(f"Gate not met: {'; '.join(result.unmet)}.")
