"""`govcode report`: a page for readers."""

from __future__ import annotations

from typing import Annotated

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.options import CodebookOption, Encoding, FormIn, Summary, format_out, keep_stdout
from govcode.cli.options import output as output_of

app = typer.Typer(add_completion=False)


@app.command()
def report(
    coded: list[str] = typer.Argument(..., metavar="CODED...", help="Coded tables of one study."),
    output: Annotated[str, output_of("the report (.html, .md, .tex)")] = "-",
    language: str = typer.Option("zh", "--lang", help="Language of the report: zh or en."),
    title: str = typer.Option("", "--title", help="Title of the report."),
    by: str = typer.Option(
        None, "--by", help="Groups: account (if there are any), department, platform, month."
    ),
    gold: str = typer.Option("", "--gold", help="Gold: adds corrected shares and evaluation."),
    assume_random: bool = typer.Option(
        False, "--assume-random", help="Gold without inclusion_prob is a simple random draw."
    ),
    public_agenda: str = typer.Option(
        "", "--public-agenda", metavar="TABLE", help="Issues of the public: issue, words, weight."
    ),
    agenda_series: str = typer.Option(
        "",
        "--agenda-series",
        metavar="TABLE",
        help="What the public raised by time: issue, period, weight; or messages: published_at, text.",
    ),
    against: list[str] = typer.Option(
        [], "--against", metavar="TABLE", help="Another coding of the same posts: which findings move?"
    ),
    codings: list[str] = typer.Option([], "--codings", help="Codings of people: adds reliability."),
    check: str = typer.Option(None, "--check-date", help="Date of the two-week rule (default: last post)."),
    missing: list[str] = typer.Option(
        [], "--not-crawled", metavar="DAY[:DAY]", help="Days the crawl missed."
    ),
    figures: str = typer.Option(
        "", "--figures", metavar="FOLDER", help="Write every chart there too: SVG, PDF, PNG."
    ),
    to: Annotated[str | None, format_out("html, md, tex (else by its name).")] = None,
    codebook: CodebookOption = None,
    form: FormIn = None,
    encoding: Encoding = None,
    as_json: Summary = False,
) -> None:
    """Write a report: one self-contained page, or Markdown, or LaTeX tables. 报告.

    Example: govcode report coded.csv --gold gold.csv -o report.html --lang en
    """
    from govcode.workflow.report import ReportOptions
    from govcode.workflow.report import report as run

    keep_stdout(as_json, output)
    groups = None if by is None else [name.strip() for name in by.split(",") if name.strip()]
    options = ReportOptions(
        language=language, title=title, by=groups, gold=gold, assume_random=assume_random,
        public_agenda=public_agenda, agenda_series=agenda_series, against=against, codings=codings,
        check=check, missing=missing,
        figures=figures, codebook=codebook, form=form, encoding=encoding, to=to,
    )  # fmt: skip
    result = run(coded, output, options)
    for note in result.notes:
        warn(note)
    charts = f", {len(result.figures)} charts in {figures}" if figures else ""
    say(f"{result.posts:,} posts → {result.output}{charts}")
    if as_json:
        from govcode.metrics.figures import as_data

        print_json(as_data(result))
