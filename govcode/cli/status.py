"""`govcode status`: what of a study is done, out of date, missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from govcode.cli.console import print_json
from govcode.cli.options import Json

if TYPE_CHECKING:
    from govcode.workflow.status import StudyStatus

app = typer.Typer(add_completion=False)


@app.command()
def status(
    study: str = typer.Argument("govcode.toml", metavar="[STUDY]", help="The study file."),
    as_json: Json = False,
    check: bool = typer.Option(False, "--check", help="Exit 3 unless everything is done."),
) -> None:
    """Tell what of a study is done, out of date or missing, and the command that comes next. 进度.

    The study file is govcode.toml with a table [study] that names the files of each step.
    Example: govcode status
    """
    from govcode.errors import GateError
    from govcode.metrics.figures import as_data
    from govcode.workflow import status as workflow

    result = workflow.status(study)
    if as_json:
        print_json(as_data(result))
    else:
        _render(result)
    if check and result.open:
        raise GateError(f"Not everything is done: {', '.join(step.step for step in result.open)}.")


def _render(result: StudyStatus) -> None:
    from govcode.cli.figures import show, show_table

    show(f"study {result.study}, codebook {result.codebook}")
    show_table(
        "", ("step", "state", "files", "why"),
        [(row.step, row.state, ", ".join(row.files), row.reason) for row in result.steps],
    )  # fmt: skip
    if result.open:
        show(f"\nnext: {result.open[0].command}")
