"""`govcode classify`: posts or raw files in, coded table out."""
# No `from __future__ import annotations` here: Typer would compile every annotation anew at each start.

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govcode.cli import options
from govcode.cli.console import STATE, print_json, progress, say
from govcode.cli.left_out import tell_left_out

if TYPE_CHECKING:
    from govcode.engines.base import CoderSpec
    from govcode.workflow.classify import ClassifyResult

app = typer.Typer(add_completion=False)


@app.command(
    epilog="Columns added: code, secondary, form, p_<code> for each code, status, [evidence], coder. "
    "Everything else passes through unchanged."
)
def classify(
    paths: options.Inputs,
    output: Annotated[str, options.output("the coded table")] = "-",
    coder: Annotated[str, typer.Option("--coder", help="Who codes: linear (any model) or rules.")] = "linear",
    model: options.Model = "functions-zh",
    codebook: options.CodebookOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add the words that decided.")] = False,
    max_error: Annotated[
        float | None,
        typer.Option("--max-error", help="Mark as unsure what would raise the error of a code above this."),
    ] = None,
    workers: options.Workers = "1",
    engine: Annotated[
        str, typer.Option("--engine", help="local, or spark: posts tables into a folder of part files.")
    ] = "local",
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep progress beside OUTPUT and go on after an interruption.")
    ] = False,
    form_in: options.FormIn = None,
    form_out: options.FormOut = None,
    encoding: options.Encoding = None,
    excel: options.Excel = False,
    excluded: options.ExcludedTo = None,
    as_json: options.Summary = False,
    mapping: options.Mapping = None,
    text_column: options.TextColumn = None,
    title_column: options.TitleColumn = None,
    account_column: options.AccountColumn = None,
    date_column: options.DateColumn = None,
    id_column: options.IdColumn = None,
    url_column: options.UrlColumn = None,
    reply_column: options.ReplyColumn = None,
    account: options.Account = None,
    platform: options.Platform = None,
) -> None:
    """Code posts: each gets a code of the codebook, with probabilities. 自动编码.

    PATH is a posts table, any file that `ingest` reads, or - for standard input.
    Example: govcode classify posts.xlsx -o coded.xlsx
    """
    # Coding multiplies no matrices, and numpy takes longer to start threads for that than to load.
    if "numpy" not in sys.modules:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from govcode.readers.pieces import rows_in
    from govcode.workflow.classify import ClassifyOptions, as_json_data
    from govcode.workflow.classify import classify as run
    from govcode.workflow.coder import coder_spec

    options.keep_stdout(as_json, output)
    spec = coder_spec(coder, model=model, codebook=codebook, explain=explain, max_error=max_error)
    names = options.mapping(
        mapping, text=text_column, title=title_column, account_column=account_column,
        published_at=date_column, post_id=id_column, url=url_column, reply=reply_column,
        account=account, platform=platform,
    )  # fmt: skip
    if engine != "local":
        only_local = {"--resume": resume, "--excel": excel, "--excluded": excluded,
                      "column options": names, "--workers": workers != "1"}  # fmt: skip
        rows = _on_spark(
            engine, paths, output, spec, [name for name, given in only_local.items() if given],
            form_in=form_in, form_out=form_out, encoding=encoding, explain=explain,
        )  # fmt: skip
        if as_json:
            print_json({"output": output, "posts": rows, "coder": spec.kind})
        return
    how = ClassifyOptions(
        form_in=form_in, form_out=form_out, encoding=encoding, mapping=names, excel=excel,
        excluded=excluded, explain=explain, workers=options.worker_count(workers), resume=resume,
    )  # fmt: skip
    result = run(paths, output, spec, how, watch=lambda posts: progress(posts, "coding", size=rows_in))
    summarise(result)
    if as_json:
        print_json(as_json_data(result))


def _on_spark(
    engine: str, paths: list[str], output: str, spec: "CoderSpec", refused: list[str], **reading: Any
) -> int:
    from govcode.errors import UsageError
    from govcode.workflow.classify_spark import classify_spark

    if engine != "spark":
        raise UsageError(f"--engine {engine}: unknown engine.", hint="Choose from: local, spark.")
    if refused:
        raise UsageError(
            f"--engine spark knows no {refused[0]}.", hint="Prepare the posts with govcode ingest."
        )
    rows = classify_spark(paths, output, spec, **reading)
    say(f"{rows:,} posts coded: {output}")
    return rows


def summarise(result: "ClassifyResult") -> None:
    """Tell on stderr what was read, coded and left out."""
    for note in result.notes:
        say(f"govcode: {note}.")
    tell_left_out(result.count, result.excluded, result.left_out)
    if STATE.quiet:
        return
    if result.by_code:
        from govcode.cli.figures import show_table

        rows = [[c, f"{n:,}", f"{n / max(result.count.kept, 1):.1%}"] for c, n in result.by_code.items()]
        title = f"{result.count.kept:,} posts coded by {result.coder}"
        show_table(title, ("code", "posts", "share"), rows, stderr=True)
    status = ", ".join(f"{name} {number:,}" for name, number in result.by_status.items())
    left_out = sum(result.count.excluded.values())
    total = f"read {result.count.read:,} = coded {result.count.kept:,} + left out {left_out:,}"
    say(f"{total} · {status}" if status else f"{total}: there was no post to code")
    if result.by_code:
        say("These are counts of machine codes, not corrected shares: see `govcode estimate`.")
