"""`govcode report`: a page for readers."""

from __future__ import annotations

import typer

from govcode.cli.console import say, warn

app = typer.Typer(add_completion=False)


@app.command()
def report(
    coded: list[str] = typer.Argument(..., metavar="CODED...", help="Coded tables of one study."),
    output: str = typer.Option("-", "--output", "-o", help="report.html, .md or .tex (- is stdout)."),
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
    codings: list[str] = typer.Option([], "--codings", help="Codings of people: adds reliability."),
    check: str = typer.Option(None, "--check-date", help="Date of the two-week rule (default: last post)."),
    missing: list[str] = typer.Option(
        [], "--not-crawled", metavar="DAY[:DAY]", help="Days the crawl missed."
    ),
    figures: str = typer.Option(
        "", "--figures", metavar="FOLDER", help="Write every chart as SVG there too."
    ),
    to: str = typer.Option(None, "--to", help="Form where the extension does not tell: html, md or tex."),
    codebook: str = typer.Option(
        None, "--codebook", help="Codebook of the coded tables (name or TOML file)."
    ),
    form: str = typer.Option(None, "--from", help="Form of the coded tables, if names do not tell."),
    encoding: str = typer.Option(None, "--encoding", help="Encoding of the coded tables."),
) -> None:
    """Write a report: one self-contained page, or Markdown, or LaTeX tables 报告.

    Example: govcode report coded.csv --gold gold.csv -o report.html --lang en
    """
    from govcode.workflow.report import ReportOptions
    from govcode.workflow.report import report as run

    groups = None if by is None else [name.strip() for name in by.split(",") if name.strip()]
    options = ReportOptions(
        language=language, title=title, by=groups, gold=gold, assume_random=assume_random,
        public_agenda=public_agenda, agenda_series=agenda_series, codings=codings,
        check=check, missing=missing,
        figures=figures, codebook=codebook, form=form, encoding=encoding, to=to,
    )  # fmt: skip
    result = run(coded, output, options)
    for note in result.notes:
        warn(note)
    charts = f", {len(result.figures)} charts in {figures}" if figures else ""
    say(f"{result.posts} posts → {result.output}{charts}")
