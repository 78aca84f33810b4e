"""`govcode profile`: the functions and limits of each account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from govcode.cli.console import print_json, warn
from govcode.cli.options import CodebookOption, Encoding, FormIn, Json
from govcode.cli.options import output as output_of
from govcode.errors import UsageError

if TYPE_CHECKING:
    from govcode.workflow.profile import Profiled

app = typer.Typer(add_completion=False)


@app.command()
def profile(
    coded: str = typer.Argument(..., metavar="CODED", help="Coded table (any format, - is stdin)."),
    by: str = typer.Option(
        None, "--by", help="Groups: account (if there are any), department, platform, month."
    ),
    output: Annotated[str, output_of("the profile as JSON", stream=False)] = "-",
    as_json: Json = False,
    language: str = typer.Option("en", "--lang", help="Language of labels and notes: zh or en."),
    check: str = typer.Option(None, "--check-date", help="Date of the two-week rule (default: last post)."),
    missing: list[str] = typer.Option(
        [], "--not-crawled", metavar="DAY[:DAY]", help="Days the crawl missed; they are no silence."
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
    sensitivity: bool = typer.Option(
        False, "--sensitivity", help="Code again with the other coders and segmenter: which findings move?"
    ),
    gold: str = typer.Option("", "--gold", help="Gold: shares are corrected as by govcode estimate."),
    assume_random: bool = typer.Option(
        False, "--assume-random", help="Gold without inclusion_prob is a simple random draw."
    ),
    synergy: bool = typer.Option(True, "--synergy/--no-synergy", help="Compare texts across accounts."),
    codebook: CodebookOption = None,
    form: FormIn = None,
    encoding: Encoding = None,
) -> None:
    """Profile accounts: functions, appeals deficit, regularity, replies, visible synergy. 账号画像.

    Example: govcode profile coded.csv --by account --json > profile.json
    """
    from govcode.workflow.profile import ProfileOptions, as_json_data, profile_table

    if language not in ("zh", "en"):
        raise UsageError(f"--lang {language}: unknown.", hint="Choose from: zh, en.")
    groups = None if by is None else [name.strip() for name in by.split(",") if name.strip()]
    options = ProfileOptions(
        by=groups, check=check, missing=missing, synergy=synergy, public_agenda=public_agenda,
        agenda_series=agenda_series,
        against=against, sensitivity=sensitivity, gold=gold, assume_random=assume_random,
        codebook=codebook, form=form, encoding=encoding,
    )  # fmt: skip
    result = profile_table(coded, options, output=output)
    for note in result.notes:
        warn(note)
    if as_json:
        print_json(as_json_data(result))
    else:
        _render(result, language)


def _render(result: Profiled, language: str) -> None:
    from govcode.cli.figures import show, show_table
    from govcode.reports.profile_tables import profile_tables

    for table in profile_tables(result.profile, result.codebook, language, result.files, result.coder):
        if table.rows:
            show_table(table.title, table.columns, table.rows)
        else:
            show(f"{table.title}: {table.empty}")
        for note in table.remarks if table.rows else table.notes:
            show(f"  {note}")
