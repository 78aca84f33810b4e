"""Options that several commands share, declared once so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

INPUT = "Input"
OUTPUT = "Output"
COLUMNS = "Columns"

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Files, folders or - for standard input.", show_default=False),
]
Output = Annotated[
    str, typer.Option("--output", "-o", help="Where to write; - is standard output.", rich_help_panel=OUTPUT)
]
FormIn = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Form of the input: jsonl, csv, tsv, xlsx, parquet (else by extension).",
        rich_help_panel=INPUT,
    ),
]
FormOut = Annotated[
    str | None,
    typer.Option(
        "--to",
        help="Form of the output: jsonl, csv, tsv, xlsx, parquet (else by extension).",
        rich_help_panel=OUTPUT,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(help="Encoding of the input (else: mark, strict UTF-8, GB18030).", rich_help_panel=INPUT),
]
Excel = Annotated[
    bool,
    typer.Option("--excel", help="Write CSV so that Excel on Windows shows Chinese.", rich_help_panel=OUTPUT),
]
ExcludedTo = Annotated[
    str | None,
    typer.Option(
        "--excluded",
        help="Where to list rows left out (default: STEM.excluded.jsonl beside the output).",
        rich_help_panel=OUTPUT,
    ),
]
CodebookOption = Annotated[str | None, typer.Option("--codebook", help="Name or TOML file of the codebook.")]
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
Seed = Annotated[int, typer.Option(help="Seed of every random choice; recorded in the manifest.")]
Workers = Annotated[str, typer.Option(help="Number of processes, or auto.")]

TextColumn = Annotated[
    str | None, typer.Option("--text-column", help="Name of the text column.", rich_help_panel=COLUMNS)
]
TitleColumn = Annotated[
    str | None, typer.Option("--title-column", help="Name of the title column.", rich_help_panel=COLUMNS)
]
AccountColumn = Annotated[
    str | None, typer.Option("--account-column", help="Name of the account column.", rich_help_panel=COLUMNS)
]
DateColumn = Annotated[
    str | None, typer.Option("--date-column", help="Name of the date column.", rich_help_panel=COLUMNS)
]
IdColumn = Annotated[
    str | None, typer.Option("--id-column", help="Name of the id column.", rich_help_panel=COLUMNS)
]
UrlColumn = Annotated[
    str | None, typer.Option("--url-column", help="Name of the URL column.", rich_help_panel=COLUMNS)
]
PathOption = Path


def mapping(**columns: str | None) -> dict[str, str]:
    """Keep the column overrides that were given: `{"text": "微博正文"}`."""
    return {name: column for name, column in columns.items() if column is not None}


def worker_count(value: str) -> int:
    """Turn `--workers` into a number; raise UsageError for anything else."""
    from govcode.errors import UsageError

    if value == "auto":
        from govcode.engines.processes import available_cores

        return available_cores()
    if not value.isdigit() or int(value) < 1:
        raise UsageError(f"--workers {value}: must be a whole number from 1, or auto.")
    return int(value)
