"""`govcode segment`: posts in, words out."""

from __future__ import annotations

from typing import Annotated

import typer

from govcode.cli import options
from govcode.cli.console import print_json, progress, say
from govcode.cli.left_out import tell_left_out

app = typer.Typer(add_completion=False)


@app.command(
    epilog="Column added: tokens (a list in JSONL and Parquet, space-separated elsewhere). "
    "The text itself passes through unchanged."
)
def segment(
    paths: options.Inputs,
    output: Annotated[str, options.output("the posts with their words")] = "-",
    engine: Annotated[
        str, typer.Option("--engine", help="Segmenter: rjieba (fast) or jieba (the reference).")
    ] = "rjieba",
    user_dict: Annotated[
        str | None,
        typer.Option(
            "--user-dict",
            metavar="FILE",
            help="Words to keep whole, one a line: word [frequency [tag]].",
        ),
    ] = None,
    stop_words: Annotated[
        str | None, typer.Option("--stop-words", metavar="FILE", help="Words to leave out, one a line.")
    ] = None,
    form_in: options.FormIn = None,
    form_out: options.FormOut = None,
    encoding: options.Encoding = None,
    excel: options.Excel = False,
    excluded: options.ExcludedTo = None,
    as_json: options.Summary = False,
    text_column: options.TextColumn = None,
    title_column: options.TitleColumn = None,
    id_column: options.IdColumn = None,
) -> None:
    """Cut posts into words with jieba. 分词.

    PATH is a posts table, any file that `ingest` reads, or - for standard input.
    Example: govcode segment posts.jsonl -o tokens.jsonl --stop-words stop.txt
    """
    from govcode.workflow.segment import SegmentOptions, as_json_data
    from govcode.workflow.segment import segment as run

    options.keep_stdout(as_json, output)
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
    if as_json:
        print_json(as_json_data(result))
