"""`govcode classify`: posts or raw files in, coded table out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from govcode.cli import options
from govcode.cli.console import STATE, console, progress, say
from govcode.cli.left_out import tell_left_out

if TYPE_CHECKING:
    from govcode.engines.base import CoderSpec
    from govcode.workflow.classify import ClassifyResult

app = typer.Typer(add_completion=False)


@app.command(
    epilog="Columns added: code, secondary, form, p_<code> for each code, status, \\[evidence], coder. "
    "Everything else passes through unchanged."
)
def classify(
    paths: options.Inputs,
    output: options.Output = "-",
    coder: Annotated[str, typer.Option(help="Who codes: linear or rules.")] = "linear",
    model: Annotated[
        str, typer.Option(help="Name or folder of the model of the linear coder.")
    ] = "functions-zh",
    codebook: options.CodebookOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add the words that decided.")] = False,
    max_error: Annotated[
        float | None, typer.Option(help="Mark as unsure what would raise the error of a code above this.")
    ] = None,
    workers: options.Workers = "1",
    engine: Annotated[
        str, typer.Option(help="local, or spark: posts tables into a folder of part files.")
    ] = "local",
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep progress beside OUTPUT and go on after an interruption.")
    ] = False,
    form_in: options.FormIn = None,
    form_out: options.FormOut = None,
    encoding: options.Encoding = None,
    excel: options.Excel = False,
    excluded: options.ExcludedTo = None,
    text_column: options.TextColumn = None,
    title_column: options.TitleColumn = None,
    account_column: options.AccountColumn = None,
    date_column: options.DateColumn = None,
    id_column: options.IdColumn = None,
    url_column: options.UrlColumn = None,
) -> None:
    """Code posts into the functions of the codebook.

    PATH is a posts table, any file that `ingest` reads, or - for standard input.
    """
    from govcode.workflow.classify import ClassifyOptions
    from govcode.workflow.classify import classify as run
    from govcode.workflow.coder import coder_spec

    spec = coder_spec(coder, model=model, codebook=codebook, explain=explain, max_error=max_error)
    if engine != "local":
        _on_spark(
            engine,
            paths,
            output,
            spec,
            form_in=form_in,
            form_out=form_out,
            encoding=encoding,
            explain=explain,
        )
        return
    names = options.mapping(
        text=text_column, title=title_column, account=account_column,
        published_at=date_column, post_id=id_column, url=url_column,
    )  # fmt: skip
    how = ClassifyOptions(
        form_in=form_in, form_out=form_out, encoding=encoding, mapping=names, excel=excel,
        excluded=excluded, explain=explain, workers=options.worker_count(workers), resume=resume,
    )  # fmt: skip
    result = run(paths, output, spec, how, watch=lambda posts: progress(posts, "coding"))
    summarise(result)


def _on_spark(engine: str, paths: list[str], output: str, spec: CoderSpec, **reading: Any) -> None:
    from govcode.errors import UsageError
    from govcode.workflow.classify_spark import classify_spark

    if engine != "spark":
        raise UsageError(f"--engine {engine}: unknown engine.", hint="Choose from: local, spark.")
    rows = classify_spark(paths, output, spec, **reading)
    say(f"{rows:,} posts coded: {output}")


def summarise(result: ClassifyResult) -> None:
    """Tell on stderr what was read, coded and left out."""
    for note in result.notes:
        say(f"govcode: {note}.")
    tell_left_out(result.count, result.excluded, result.left_out)
    if STATE.quiet:
        return
    from rich.table import Table

    table = Table(title=f"{result.count.kept:,} posts coded by {result.coder}", title_justify="left")
    table.add_column("code")
    table.add_column("posts", justify="right")
    table.add_column("share", justify="right")
    for code, posts in result.by_code.items():
        table.add_row(code, f"{posts:,}", f"{posts / max(result.count.kept, 1):.1%}")
    console().print(table)
    status = ", ".join(f"{name} {number:,}" for name, number in result.by_status.items())
    left_out = sum(result.count.excluded.values())
    rows = f"read {result.count.read:,} = coded {result.count.kept:,} + left out {left_out:,}"
    say(f"{rows} · {status}" if status else f"{rows}: there was no post to code")
    say("These are counts of machine codes, not corrected shares: see `govcode estimate`.")
