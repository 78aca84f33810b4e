"""`govcode ingest`: read crawls, exports and saved pages; repair or exclude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from govcode.cli import options
from govcode.cli.console import STATE, console, print_json, progress, say, warn
from govcode.cli.left_out import tell_left_out

if TYPE_CHECKING:
    from govcode.workflow.ingest import IngestResult

app = typer.Typer(add_completion=False)
ACCOUNTS_SHOWN = 12


@app.command(
    epilog="Columns: post_id, account, platform, published_at, title, text, reply, url, your own, flags."
)
def ingest(
    paths: options.Inputs,
    output: Annotated[str, options.output("the posts")] = "-",
    excluded: options.ExcludedTo = None,
    duplicates: Annotated[str, typer.Option(help="Exact duplicates: drop or keep.")] = "drop",
    near_duplicates: Annotated[str, typer.Option(help="ignore, or mark (in a column cluster).")] = "ignore",
    crawled_at: Annotated[str, typer.Option(help="Time of the crawl, for dates such as 5分钟前.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Say what each source was taken for.")] = False,
    propose: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write a mapping file to edit; read no posts.")
    ] = None,
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
    sheet: Annotated[
        list[str] | None,
        typer.Option(help="Read only this sheet of a workbook.", rich_help_panel=options.INPUT),
    ] = None,
    form_in: options.FormIn = None,
    form_out: options.FormOut = None,
    encoding: options.Encoding = None,
    excel: options.Excel = False,
    as_json: options.Summary = False,
) -> None:
    """Read crawls, exports and saved pages; repair or exclude every row. 读入语料.

    Example: govcode ingest crawl/ 导出.xlsx -o posts.jsonl
    """
    from govcode.workflow.ingest import IngestOptions
    from govcode.workflow.ingest import ingest as run

    options.keep_stdout(as_json, output)
    columns = options.mapping(
        mapping, text=text_column, title=title_column, account_column=account_column,
        published_at=date_column, post_id=id_column, url=url_column, reply=reply_column,
        account=account, platform=platform,
    )  # fmt: skip
    how = IngestOptions(
        form=form_in, to=form_out, encoding=encoding, mapping=columns,
        crawled_at=crawled_at, excluded=excluded, duplicates=duplicates, near_duplicates=near_duplicates,
        excel=excel, sheets=tuple(sheet or ()),
    )  # fmt: skip
    if propose:
        from govcode.workflow.mapping import propose_mapping

        say(propose_mapping(paths, propose, how))
        return
    result = run(paths, output, how, watch=lambda posts: progress(posts, "reading"))
    if explain:
        _explain(result)
    _summary(result)
    if as_json:
        from govcode.workflow.ingest import as_json_data

        print_json({"output": output, **as_json_data(result)})


def _explain(result: IngestResult) -> None:
    """Say on stderr what each source was taken for, and which column serves what."""
    for source in result.recognised:
        say(
            f"{source.source}: {source.title} [{source.format}]"
            + (f", {source.encoding}" * bool(source.encoding))
        )
        for field, column in source.fields.items():
            say(f"  {field} ← {column}")
        if source.own:
            say(f"  kept as they are: {', '.join(source.own)}")
    for kind, number in result.repairs.items():
        say(f"  mended: {kind} × {number:,}")


def _summary(result: IngestResult) -> None:
    """Say on stderr what came in and what went out."""
    for note in result.notes:
        say(f"note: {note}")
    if not STATE.quiet:
        _tables(result)
    tell_left_out(result.count, result.excluded_path, result.left_out)
    left_out = sum(result.excluded.values())
    say(f"{result.rows:,} rows in = {result.posts:,} posts + {left_out:,} excluded")
    if not result.posts:
        warn("there is no post in what was read.")


def _tables(result: IngestResult) -> None:
    from rich.table import Table

    summary, out = result.summary, console()
    if not summary.posts:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("account", "posts"):
        table.add_column(name, justify="right" if name == "posts" else "left")
    for account, number in list(summary.accounts.items())[:ACCOUNTS_SHOWN]:
        table.add_row(account or "(none)", f"{number:,}")
    if summary.account_number > ACCOUNTS_SHOWN:
        table.add_row(f"… {summary.account_number - ACCOUNTS_SHOWN:,} more accounts", "")
    out.print(table)
    months = [month for month in summary.months if month]
    lengths = " · ".join(f"{name} {value:,}" for name, value in summary.lengths.items())
    out.print(
        "platforms: " + " · ".join(f"{p or '(none)'} {n:,}" for p, n in summary.platforms.items()),
        markup=False,
    )
    if months:
        out.print(
            f"months: {months[0]} to {months[-1]}, without date {summary.months.get('', 0):,}", markup=False
        )
    out.print(
        f"characters: {lengths}; only a title: {summary.without_body / summary.posts:.0%}", markup=False
    )
    if result.repairs:
        shown = " · ".join(f"{kind} {number:,}" for kind, number in result.repairs.items())
        out.print(f"mended or marked: {shown}", markup=False)
    if result.clusters:
        out.print(f"near-duplicates: {result.clusters:,} clusters", markup=False)
