"""`govcode export`: files for other software."""

from __future__ import annotations

from pathlib import Path

import typer

from govcode.cli.console import say, warn

app = typer.Typer(add_completion=False)


@app.command()
def export(
    coded: str = typer.Argument(..., metavar="CODED", help="Coded table (any table format, - is stdin)."),
    output: str = typer.Option(
        "-", "--output", "-o", help="File: .xlsx .dta .sav .csv .parquet .jsonl .qdpx .qdc"
    ),
    to: str = typer.Option(None, "--to", help="Form, if no extension tells: also labelstudio, doccano."),
    form: str = typer.Option(None, "--from", help="Form of CODED; labelstudio or doccano: back to codings."),
    encoding: str = typer.Option(None, "--encoding", help="Encoding of the coded table."),
    codebook: str = typer.Option(None, "--codebook", help="Codebook of the coded table (name or TOML file)."),
    language: str = typer.Option("both", "--lang", help="Language of labels: zh, en or both."),
) -> None:
    """Write a coded table for Excel, Stata, SPSS, R and others, with labels 导出.

    Examples: govcode export coded.csv -o coded.sav · govcode export coded.jsonl -o coded.xlsx --lang zh
    """
    from govcode.workflow.export import export as run

    result = run(
        coded, output, to=to, form=form, encoding=encoding, codebook=codebook, language=language
    )  # fmt: skip
    for reason, number in result.excluded.items():
        warn(f"{number} rows of {coded} could not be read ({reason}) and are not in the export.")
    for note in result.notes:
        warn(note)
    names = ", ".join(Path(file).name for file in result.files)
    say(f"{result.rows} posts → {names}")
