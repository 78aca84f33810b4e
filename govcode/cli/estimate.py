"""`govcode estimate`: corrected shares with intervals."""

from __future__ import annotations

from typing import Annotated

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.figures import split_names
from govcode.cli.options import DEFAULT_SEED, CodebookOption, Encoding, FormIn, Json, Level, Seed
from govcode.cli.options import output as output_of

app = typer.Typer(add_completion=False)
_MORE, _HOW, _FILES = "More figures", "How", "Files"


@app.command()
def estimate(
    coded: str = typer.Argument(..., metavar="CODED", help="Coded table of the whole corpus (- is stdin)."),
    gold: str | None = typer.Option(None, "--gold", help="Gold sample of it, with inclusion_prob."),
    by: list[str] = typer.Option(
        [], "--by", metavar="COLUMN", help="Shares within groups: account,month (also year, quarter, length)."
    ),
    method: str = typer.Option(
        "auto", "--method", metavar="NAME",
        help="auto (dsl; without gold count), stratified, ppi, ppi++, dsl, count; extras: acc, pacc, emq.",
    ),
    as_json: Json = False,
    sensitivity: bool = typer.Option(
        False, "--sensitivity", rich_help_panel=_MORE, help="Shares under each sensitivity mapping."
    ),
    regress: str | None = typer.Option(
        None, "--regress", metavar="FORMULA", rich_help_panel=_MORE,
        help='Regress a code on columns: "CODE ~ C(platform) + year".',
    ),
    model: str = typer.Option(
        "logistic", "--model", rich_help_panel=_MORE, help="Regression: logistic or linear."
    ),
    assume_random: bool = typer.Option(
        False, "--assume-random", rich_help_panel=_HOW,
        help="Gold without inclusion_prob is a simple random draw from CODED.",
    ),
    clusters: str = typer.Option(
        "", "--clusters", metavar="COLUMN", rich_help_panel=_HOW,
        help="Cluster-robust errors of the regression: account.",
    ),
    sampled_by: str = typer.Option(
        "", "--sampled-by", metavar="COLUMN", rich_help_panel=_HOW,
        help="Gold was drawn in whole clusters (days): its column. Recorded ones are found.",
    ),
    prior: str = typer.Option(
        "", "--prior", metavar="SHARES", rich_help_panel=_HOW, help="Shares of the codes in training (emq)."
    ),
    codebook: CodebookOption = None,
    ignore_codebook: bool = typer.Option(
        False, "--ignore-codebook", rich_help_panel=_HOW, help="Accept gold of another codebook version."
    ),
    level: Level = 0.95,
    seed: Seed = DEFAULT_SEED,
    output: Annotated[str | None, output_of("the figures (.json or a tidy table)", stream=False)] = None,
    source_form: FormIn = None,
    encoding: Encoding = None,
) -> None:  # fmt: skip
    """Estimate the share of each code, corrected for the machine's errors by a gold sample. 估计占比.

    Example: govcode estimate coded.csv --gold gold.csv --by account
    """
    from govcode.errors import UsageError
    from govcode.metrics.figures import as_data
    from govcode.workflow import estimate as workflow

    if model not in ("logistic", "linear"):
        raise UsageError(f"Unknown --model '{model}'.", hint="Choose from: logistic, linear.")
    result = workflow.estimate(
        coded, gold,
        workflow.EstimateOptions(
            split_names(by), method, assume_random, clusters, sampled_by, sensitivity, regress, model,
            prior, codebook, ignore_codebook, output, level, seed, source_form, encoding,
        ),
    )  # fmt: skip
    for note in result.notes:
        warn(note)
    if as_json:
        print_json(as_data(result.estimation))
    else:
        from govcode.cli.estimation_tables import show_estimation

        show_estimation(result.estimation)
    for path in result.files:
        say(f"wrote {path}")
