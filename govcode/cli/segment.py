"""`govcode segment`: posts in, words out."""

from __future__ import annotations

from typing import Annotated

import typer

from govcode.cli import options
from govcode.cli.console import progress, say
from govcode.cli.left_out import tell_left_out

app = typer.Typer(add_completion=False)


@app.command(
    epilog="Column added: tokens (a list in JSONL and Parquet, space-separated elsewhere). "
    "The text itself passes through unchanged."
)
def segment(
    paths: options.Inputs,
    output: options.Output = "-",
    engine: Annotated[str, typer.Option(help="rjieba (fast) or jieba (the reference).")] = "rjieba",
    user_dict: Annotated[
        str | None, typer.Option(help="Words to keep whole, one a line: word \\[frequency \\[tag]].")
    ] = None,
    stop_words: Annotated[str | None, typer.Option(help="Words to leave out, one a line.")] = None,
    form_in: options.FormIn = None,
    form_out: options.FormOut = None,
    encoding: options.Encoding = None,
    excel: options.Excel = False,
    excluded: options.ExcludedTo = None,
    text_column: options.TextColumn = None,
    title_column: options.TitleColumn = None,
    id_column: options.IdColumn = None,
) -> None:
    """Cut posts into words with jieba.

    PATH is a posts table, any file that `ingest` reads, or - for standard input.
    """
    from govcode.workflow.segment import SegmentOptions
    from govcode.workflow.segment import segment as run

    how = SegmentOptions(
        engine=engine, user_dictionary=user_dict, stop_words=stop_words, form_in=form_in, form_out=form_out,
        encoding=encoding, excel=excel, excluded=excluded,
        mapping=options.mapping(text=text_column, title=title_column, post_id=id_column),
    )  # fmt: skip
    result = run(paths, output, how, watch=lambda posts: progress(posts, "segmenting"))
    for note in result.notes:
        say(f"govcode: {note}.")
    tell_left_out(result.count, result.excluded, result.left_out)
    say(f"{result.count.kept:,} posts, {result.tokens:,} tokens.")
