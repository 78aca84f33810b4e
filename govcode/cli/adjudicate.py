"""The command `govcode adjudicate`."""

from __future__ import annotations

from typing import Annotated

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.options import Encoding, FormIn, FormOut, NamedCodebook, Summary, keep_stdout
from govcode.cli.options import output as output_of
from govcode.errors import GateError

app = typer.Typer(add_completion=False)
SHOWN = 5


@app.command()
def adjudicate(
    codings: list[str] = typer.Argument(help="Codings or filled coding sheets of all coders."),
    output: Annotated[str, output_of("the gold")] = "-",
    mode: str = typer.Option(
        "discussion",
        "--mode",
        help="majority: more than half; expert: one coder decides; discussion: the queue.",
    ),
    expert: str = typer.Option("", "--expert", help="The coder whose codes decide (mode expert)."),
    queue: str = typer.Option(
        "", "--queue", help="Write what waits for a decision to this sheet (xlsx, csv …)."
    ),
    decisions: list[str] = typer.Option([], "--decisions", help="Filled queues: the decisions (repeat)."),
    who: str = typer.Option("", "--who", help="Who decided, where the queue does not say."),
    when: str = typer.Option("", "--when", help="When, where the queue does not say (2024-06-01)."),
    ask_unsure: bool = typer.Option(
        False, "--ask-unsure", help="Queue also posts on which all agree but nobody was sure."
    ),
    frame: str = typer.Option("", "--frame", help="Frame file of the sample: strata and probabilities."),
    posts: list[str] = typer.Option([], "--posts", help="Posts with the texts for the queue."),
    complete: bool = typer.Option(False, "--complete", help="Exit code 3 while posts wait for a decision."),
    overwrite: bool = typer.Option(
        False, "--overwrite", help="Write over a queue that already holds decisions."
    ),
    codebook: NamedCodebook = "functions",
    as_json: Summary = False,
    source: FormIn = None,
    to: FormOut = None,
    encoding: Encoding = None,
) -> None:
    """Turn the codings of several coders into gold; every decision keeps who, when and the rule. 裁定.

    Run it with --queue, let the queue be filled, then run it again with --decisions.
    Example: govcode adjudicate sheet.li.xlsx sheet.wang.xlsx --queue queue.xlsx -o gold.csv
    """
    from govcode.workflow.adjudicate import AdjudicateOptions, adjudicate_codings

    keep_stdout(as_json, output)
    options = AdjudicateOptions(
        mode=mode, expert=expert, decisions=tuple(decisions), who=who, when=when, ask_unsure=ask_unsure,
        frame=frame, posts=tuple(posts), queue=queue, overwrite=overwrite, codebook=codebook,
        form=source, to=to, encoding=encoding,
    )  # fmt: skip
    run = adjudicate_codings(codings, options, output=output)
    for line in run.excluded[:SHOWN]:
        warn(line)
    if len(run.excluded) > SHOWN:
        warn(f"{len(run.excluded) - SHOWN} more rows left out: {run.counts['excluded']}.")
    for note in run.notes:
        say(f"note: {note}")
    if as_json:
        from govcode.metrics.figures import as_data

        print_json(as_data(run))
    done = ", ".join(f"{how} {number}" for how, number in run.by.items() if number and how != "waiting")
    say(f"{run.gold} posts in gold ({done or 'none'}); {run.waiting} wait for a decision.")
    if run.waiting:
        where = (
            f"{queue}: fill it, then" if queue else "Write them to a sheet with --queue FILE, fill it, then"
        )
        say(f"  {where} run this again with --decisions {queue or 'FILE'}")
    if complete and run.waiting:
        raise GateError(
            f"{run.waiting} posts wait for a decision.", hint="Fill the queue: --queue, --decisions."
        )
