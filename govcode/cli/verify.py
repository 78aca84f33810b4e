"""`govcode verify`: whether every figure can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from govcode.cli.console import STATE, print_json
from govcode.cli.options import Json

if TYPE_CHECKING:
    from govcode.workflow.verify import Verification

app = typer.Typer(add_completion=False)


@app.command()
def verify(
    files: list[str] = typer.Argument(..., metavar="FILE...", help="Outputs of govcode, or their manifests."),
    as_json: Json = False,
    again: bool = typer.Option(True, "--again/--hashes-only", help="Run cheap steps again, or only hash."),
    full: bool = typer.Option(
        False, "--full", help="Run every step again: training and large inputs as well."
    ),
    figures: bool = typer.Option(False, "--figures", help="List every figure, also those reproduced."),
) -> None:
    """Check outputs and every step that led to them: reproduced, changed, missing, not checkable. 核验.

    Exit code 4 when something does not hold. Example: govcode verify report.html
    """
    from govcode.errors import HashMismatchError
    from govcode.metrics.figures import as_data
    from govcode.workflow.verify import verify as run

    result = run(files, again=again, full=full)
    if as_json:
        print_json({"holds": not result.failed, "checks": as_data(result.checks)})
    else:
        _render(result, figures=figures)
    if result.failed:
        first = result.failed[0]
        raise HashMismatchError(
            f"{len(result.failed)} of {len(result.checks)} checks do not hold, the first: "
            f"{first.kind} {first.subject} is {first.verdict}.",
            hint="Make the outputs again from the inputs that are there, or bring back what was changed.",
        )


def _render(result: Verification, *, figures: bool) -> None:
    from govcode.cli.figures import show, show_table
    from govcode.workflow.verify import CHANGED, MISSING, NOT_CHECKABLE, REPRODUCED

    shown = result.failed if STATE.quiet else result.checks if figures else result.summary()
    show_table("", ("verdict", "step", "what", "name", "detail"),
               [(c.verdict, c.step, c.kind, c.subject, c.detail) for c in shown])  # fmt: skip
    show(" · ".join(f"{result.count(v)} {v}" for v in (REPRODUCED, CHANGED, MISSING, NOT_CHECKABLE)))
