"""`govcode export`: files for other software."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.options import CodebookOption, Encoding, Summary, format_in, format_out, keep_stdout
from govcode.cli.options import output as output_of

app = typer.Typer(add_completion=False)


@app.command()
def export(
    coded: str = typer.Argument(..., metavar="CODED", help="Coded table (any table format, - is stdin)."),
    output: Annotated[str, output_of(".xlsx .dta .sav .csv .parquet .jsonl .qdpx .qdc")] = "-",
    to: Annotated[str | None, format_out("any of these, labelstudio or doccano (else by its name).")] = None,
    form: Annotated[str | None, format_in(" labelstudio, doccano: back to codings.")] = None,
    encoding: Encoding = None,
    codebook: CodebookOption = None,
    as_json: Summary = False,
    language: str = typer.Option("both", "--lang", help="Language of labels: zh, en or both."),
) -> None:
    """Write a coded table for Excel, Stata, SPSS, R and others, with labels. 导出.

    Examples: govcode export coded.csv -o coded.sav · govcode export coded.jsonl -o coded.xlsx --lang zh
    """
    from govcode.workflow.export import as_json_data
    from govcode.workflow.export import export as run

    keep_stdout(as_json, output)
    result = run(coded, output, to=to, form=form, encoding=encoding, codebook=codebook, language=language)
    for reason, number in result.excluded.items():
        warn(f"{number} rows of {coded} could not be read ({reason}) and are not in the export.")
    for note in result.notes:
        warn(note)
    names = ", ".join(Path(file).name for file in result.files)
    say(f"{result.rows:,} posts → {names}")
    if as_json:
        print_json(as_json_data(result))
