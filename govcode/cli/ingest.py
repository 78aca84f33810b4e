"""`govcode ingest`: read crawls, exports and saved pages; repair or exclude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from govcode.cli.console import STATE, console, print_json, progress, say, warn
from govcode.errors import UsageError

if TYPE_CHECKING:
    from govcode.workflow.ingest import IngestResult

app = typer.Typer(add_completion=False)
COLUMNS = "Columns"
ACCOUNTS_SHOWN = 12


@app.command()
def ingest(
    paths: list[str] = typer.Argument(..., metavar="PATH...", help="Files, folders, zips; - is stdin."),
    output: str = typer.Option("-", "-o", "--output", help="Table of posts to write; - is stdout."),
    excluded: str = typer.Option(None, "--excluded", help="Table of excluded rows [STEM.excluded.jsonl]."),
    form: str = typer.Option(None, "--from", help="Form of the input, if its name does not tell."),
    to: str = typer.Option(None, "--to", help="Form of the output: jsonl, csv, tsv, xlsx, parquet."),
    encoding: str = typer.Option(None, "--encoding", help="Encoding of the input, if it is not found."),
    text_column: str = typer.Option(
        None, "--text-column", help="Column of the text.", rich_help_panel=COLUMNS
    ),
    title_column: str = typer.Option(
        None, "--title-column", help="… of the title.", rich_help_panel=COLUMNS
    ),
    account_column: str = typer.Option(
        None, "--account-column", help="… of the account.", rich_help_panel=COLUMNS
    ),
    date_column: str = typer.Option(None, "--date-column", help="… of the date.", rich_help_panel=COLUMNS),
    id_column: str = typer.Option(None, "--id-column", help="… of the id.", rich_help_panel=COLUMNS),
    url_column: str = typer.Option(None, "--url-column", help="… of the link.", rich_help_panel=COLUMNS),
    reply_column: str = typer.Option(
        None, "--reply-column", help="… of the reply.", rich_help_panel=COLUMNS
    ),
    account: str = typer.Option(None, "--account", help="Account of all posts.", rich_help_panel=COLUMNS),
    platform: str = typer.Option(
        None, "--platform", help="Platform of all posts.", rich_help_panel=COLUMNS
    ),
    mapping: str = typer.Option(
        None, "--mapping", help="TOML file that maps columns.", rich_help_panel=COLUMNS
    ),
    propose: str = typer.Option(
        None, "--propose", metavar="FILE", help="Write a mapping to edit; read no posts."
    ),
    crawled_at: str = typer.Option("", "--crawled-at", help="Time of the crawl, for 5分钟前 and the like."),
    duplicates: str = typer.Option("drop", "--duplicates", help="Exact duplicates: drop or keep."),
    near_duplicates: str = typer.Option(
        "ignore", "--near-duplicates", help="ignore, or mark (column cluster)."
    ),
    excel: bool = typer.Option(False, "--excel", help="Write CSV that Excel opens rightly."),
    explain: bool = typer.Option(False, "--explain", help="Say what each source was taken for."),
    as_json: bool = typer.Option(False, "--json", help="Print the summary as JSON on stdout."),
) -> None:  # fmt: skip
    """Read crawls, exports and saved pages; repair or exclude every row 读入语料.

    Example: govcode ingest crawl/ 导出.xlsx -o posts.jsonl
    """
    from govcode.workflow.ingest import IngestOptions
    from govcode.workflow.ingest import ingest as run

    if as_json and output == "-":
        raise UsageError("--json needs stdout for the summary.", hint="Write the posts to a file with -o.")
    given = _mapping(mapping, {
        "text": text_column, "title": title_column, "account": account_column, "published_at": date_column,
        "post_id": id_column, "url": url_column, "reply": reply_column,
    }, {"account": account, "platform": platform})  # fmt: skip
    options = IngestOptions(
        form=form, to=to, encoding=encoding, mapping=given, crawled_at=crawled_at, excluded=excluded,
        duplicates=duplicates, near_duplicates=near_duplicates, excel=excel,
    )  # fmt: skip
    if propose:
        from govcode.workflow.mapping import propose_mapping

        say(propose_mapping(paths, propose, options))
        return
    result = run(paths, output, options, watch=_shown)
    if explain:
        _explain(result)
    _summary(result)
    if as_json:
        from dataclasses import asdict

        print_json(asdict(result))


def _shown(items: Iterable[Any]) -> Iterator[Any]:
    with progress(items, "posts") as passing:
        yield from passing


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
    if result.excluded:
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in sorted(result.excluded.items()))
        where = f"; see {result.excluded_path}" if result.excluded_path else "; --excluded FILE keeps them"
        say(f"excluded: {reasons}{where}")
    say(f"{result.rows:,} rows in = {result.posts:,} posts + {sum(result.excluded.values()):,} excluded")
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


def _mapping(
    file: str | None, columns: dict[str, str | None], constants: dict[str, str | None]
) -> dict[str, str]:
    """Join the mapping file and the options; options win."""
    result: dict[str, str] = {}
    if file is not None:
        from govcode.workflow.mapping import read_mapping

        result.update(read_mapping(file))
    result.update({field: column for field, column in columns.items() if column is not None})
    result.update({field: f"={value}" for field, value in constants.items() if value is not None})
    return result
