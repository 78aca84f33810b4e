"""Options that several commands share, declared once so that they read the same everywhere."""

from __future__ import annotations

from typing import Annotated, Any

import typer

INPUT = "Input"
OUTPUT = "Output"
COLUMNS = "Columns"
DEFAULT_SEED = 20190201
FORMATS = "jsonl, csv, tsv, xlsx, parquet (else by its name)."


def output(what: str, *, stream: bool = True) -> Any:
    """Declare `-o` for a command that writes `what`; `stream` tells whether it may be standard output."""
    where = "a file, replaced if it is there" + (", or - for standard output" if stream else "")
    return typer.Option(
        "--output", "-o", metavar="FILE", help=f"Where to write {what}: {where}.", rich_help_panel=OUTPUT
    )


def format_in(more: str = "") -> Any:
    """Declare `--from`; `more` tells what this command knows beyond tables."""
    return typer.Option("--from", help=f"Format of the input: {FORMATS}{more}", rich_help_panel=INPUT)


def format_out(formats: str = FORMATS) -> Any:
    """Declare `--to` for a command that writes these formats."""
    return typer.Option("--to", help=f"Format of the output: {formats}", rich_help_panel=OUTPUT)


def codebook(more: str = "") -> Any:
    """Declare `--codebook`; `more` tells what else this command takes."""
    return typer.Option("--codebook", help=f"Codebook: a name or a TOML file{more}.")


def column(name: str) -> Any:
    """Declare `--NAME-column`, for tables whose column no rule recognises."""
    return typer.Option(f"--{name}-column", help=f"Name of the {name} column.", rich_help_panel=COLUMNS)


def same(name: str) -> Any:
    """Declare `--NAME`, one value for all posts."""
    return typer.Option(f"--{name}", help=f"One {name} for all posts.", rich_help_panel=COLUMNS)


Inputs = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Files, folders or - for standard input.", show_default=False),
]
Output = Annotated[str, output("the table")]
FormIn = Annotated[str | None, format_in()]
FormOut = Annotated[str | None, format_out()]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        help="Encoding of the input (else by its byte-order mark, then UTF-8, then GB18030).",
        rich_help_panel=INPUT,
    ),
]
Excel = Annotated[
    bool,
    typer.Option("--excel", help="Write CSV so that Excel on Windows shows Chinese.", rich_help_panel=OUTPUT),
]
ExcludedTo = Annotated[
    str | None,
    typer.Option(
        "--excluded",
        metavar="FILE",
        help="Where to list rows left out (default: STEM.excluded.jsonl beside the output).",
        rich_help_panel=OUTPUT,
    ),
]
CodebookOption = Annotated[str | None, codebook(" (default: that of the input or model)")]
NamedCodebook = Annotated[str, codebook()]
Model = Annotated[str, typer.Option("--model", help="Model: a shipped name or a folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Summary = Annotated[
    bool,
    typer.Option("--json", help="Print a summary as JSON; what is written then goes to a file (-o)."),
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of every random choice; the manifest keeps it.")]
Level = Annotated[float, typer.Option("--level", min=0.5, max=0.999, help="Level of the intervals.")]
Workers = Annotated[str, typer.Option("--workers", help="Number of processes, or auto.")]

TextColumn = Annotated[str | None, column("text")]
TitleColumn = Annotated[str | None, column("title")]
AccountColumn = Annotated[str | None, column("account")]
DateColumn = Annotated[str | None, column("date")]
IdColumn = Annotated[str | None, column("id")]
UrlColumn = Annotated[str | None, column("url")]
ReplyColumn = Annotated[str | None, column("reply")]
Account = Annotated[str | None, same("account")]
Platform = Annotated[str | None, same("platform")]
Mapping = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="TOML file that maps columns (`govcode ingest --propose` writes one).",
        rich_help_panel=COLUMNS,
    ),
]


def mapping(
    file: str | None = None, *, account: str | None = None, platform: str | None = None, **columns: str | None
) -> dict[str, str]:
    """Return which column is what: `{"text": "微博正文"}`; the file first, then the flags, which win.

    `account` and `platform` are one value for all posts (`{"platform": "=weibo"}`); the column of accounts
    comes as `account_column`.
    """
    found: dict[str, str] = {}
    if file is not None:
        from govcode.workflow.mapping import read_mapping

        found = read_mapping(file)
    named = {name.removesuffix("_column"): given for name, given in columns.items() if given is not None}
    one = {"account": account, "platform": platform}
    return found | named | {name: f"={value}" for name, value in one.items() if value is not None}


def needed_gold(given: str | None) -> str:
    """Return the file of `--gold`; where none is named tell what gold is and how to come by it."""
    if given:
        return given
    from govcode.errors import UsageError
    from govcode.readers.gold import HOW_TO_GET_IT, WHAT_IT_IS

    raise UsageError(f"--gold FILE is missing: {WHAT_IT_IS}.", hint=HOW_TO_GET_IT)


def keep_stdout(as_json: bool, output: str) -> None:
    """Refuse `--json` where the data themselves go to standard output."""
    if as_json and output == "-":
        from govcode.errors import UsageError

        raise UsageError(
            "--json needs standard output for the summary.", hint="Write the data to a file with -o."
        )


def worker_count(value: str) -> int:
    """Turn `--workers` into a number; raise UsageError for anything else."""
    from govcode.errors import UsageError

    if value == "auto":
        from govcode.engines.processes import available_cores

        return available_cores()
    if not value.isdigit() or int(value) < 1:
        raise UsageError(f"--workers {value}: must be a whole number from 1, or auto.")
    return int(value)
