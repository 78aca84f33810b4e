"""The command `govcode sample`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from govcode.cli.console import console, print_json, say, warn
from govcode.cli.options import DEFAULT_SEED, Encoding, FormIn, FormOut, Json, NamedCodebook, Seed
from govcode.cli.options import output as output_of
from govcode.errors import UsageError

app = typer.Typer(add_completion=False)
DRAW, WORK, PLAN = "Drawing 抽取", "Coding sheets 编码单", "Planning 样本量"


@app.command()
def sample(
    posts: list[str] = typer.Argument(None, help="Posts, coded posts or raw files (- is stdin)."),
    output: Annotated[str, output_of("the coding sheet (.xlsx, .csv, .tsv, .jsonl)", stream=False)] = "",
    design: str = typer.Option(
        "simple", "--design", help="simple, stratified, weeks or enriched.", rich_help_panel=DRAW
    ),
    size: int = typer.Option(None, "--size", "-n", help="How many posts to draw.", rich_help_panel=DRAW),
    by: str = typer.Option(
        "", "--by",
        help="Columns of the strata: account,month (also year, day, code …).", rich_help_panel=DRAW
    ),
    allocation: str = typer.Option(
        "proportional", "--allocation", help="proportional, equal or neyman.", rich_help_panel=DRAW
    ),
    min_per_stratum: int = typer.Option(
        1, "--min-per-stratum", min=0, help="At least so many posts from each stratum.", rich_help_panel=DRAW
    ),
    weeks: int = typer.Option(
        2, "--weeks", help="Constructed weeks: a random Monday, a random Tuesday …", rich_help_panel=DRAW
    ),
    enrich: list[str] = typer.Option(
        [], "--enrich", help="CODE=SHARE of the sample for likely cases of a rare code.", rich_help_panel=DRAW
    ),
    uncertain: float = typer.Option(
        0.0, "--uncertain",
        help="Share of the sample for posts the machine is unsure of.", rich_help_panel=DRAW
    ),
    method: str = typer.Option(
        "systematic", "--method",
        help="Enriched draws: systematic (exact size) or poisson.", rich_help_panel=DRAW
    ),
    without: list[str] = typer.Option(
        [], "--without",
        help="Leave out the posts of this table (pilot, earlier sheets).", rich_help_panel=DRAW
    ),
    seed: Seed = DEFAULT_SEED,
    coders: str = typer.Option(
        "", "--coders", help="Names of the coders: A,B. One sheet each, in an order of its own.",
        rich_help_panel=WORK,
    ),
    overlap: int = typer.Option(
        None, "--overlap", help="Posts that all coders code (default: a tenth, at least 200).",
        rich_help_panel=WORK,
    ),
    for_agreement: float = typer.Option(
        None, "--for-agreement", help="Find --overlap by Lacy and Riffe for this expected agreement.",
        rich_help_panel=WORK,
    ),
    frame: str = typer.Option(
        "", "--frame",
        help="Where account, stratum and probability go (default: NAME.frame.csv). Keep it from coders.",
        rich_help_panel=WORK,
    ),
    codebook: NamedCodebook = "functions",
    overwrite: bool = typer.Option(
        False, "--overwrite", help="Write over sheets that already hold codes.", rich_help_panel=WORK
    ),
    plan: bool = typer.Option(
        False, "--plan", help="Only tell how many posts are needed.", rich_help_panel=PLAN
    ),
    for_margin: float = typer.Option(
        None, "--for-margin", help="Find --size: a share within ± this margin.", rich_help_panel=PLAN
    ),
    expected: float = typer.Option(
        0.5, "--expected", help="Expected share for --for-margin.", rich_help_panel=PLAN
    ),
    population: int = typer.Option(
        None, "--population", help="Posts there are, for --plan without posts.", rich_help_panel=PLAN
    ),
    shares: list[str] = typer.Option(
        [], "--share", help="CODE=SHARE expected, for --plan (default: shares of the machine codes).",
        rich_help_panel=PLAN,
    ),
    min_per_code: int = typer.Option(
        30, "--min-per-code", help="Posts wanted of each code.", rich_help_panel=PLAN
    ),
    rule_out: float = typer.Option(
        0.01, "--rule-out", help="Share that finding no case should rule out.", rich_help_panel=PLAN
    ),
    alpha: float = typer.Option(
        0.85, "--alpha", help="Alpha expected, to be shown above .667.", rich_help_panel=PLAN
    ),
    as_json: Json = False,
    source: FormIn = None,
    to: FormOut = None,
    encoding: Encoding = None,
) -> None:  # fmt: skip
    """Draw posts with known probabilities and write blind coding sheets. 抽样.

    The sheets show title and text only; account, stratum and probability go to the frame file.
    Example: govcode sample posts.jsonl --size 400 --coders li,wang -o sheet.xlsx
    """
    if plan:
        _plan(
            posts or [], population, _numbers(shares, "--share"), as_json, source, encoding,
            margin=for_margin, expected=expected, least_per_code=min_per_code, rule_out=rule_out, alpha=alpha,
        )  # fmt: skip
        return
    if not posts:
        raise UsageError("There are no posts to draw from.", hint="Name a file, or - for stdin.")
    if not output:
        raise UsageError("Where should the sheet go?", hint="Add -o sheet.xlsx (or --plan for sizes only).")
    from govcode.workflow.sample import SampleOptions, sample

    options = SampleOptions(
        design=design, size=size, by=_names(by), allocation=allocation, least=min_per_stratum, weeks=weeks,
        enrich=_numbers(enrich, "--enrich"), uncertain=uncertain, method=method, margin=for_margin,
        expected=expected, coders=_names(coders), overlap=overlap, agreement=for_agreement,
        without=tuple(without), seed=seed, codebook=codebook, frame=frame,
        overwrite=overwrite, form=source, to=to,
        encoding=encoding,
    )  # fmt: skip
    run = sample(posts, options, output=output)
    for note in run.notes:
        say(f"note: {note}")
    for reason, number in run.counts["excluded"].items():
        warn(f"{number} rows left out: {reason}.")
    if as_json:
        from govcode.metrics.figures import as_data

        print_json(as_data(run))
        return
    shared = f", {run.overlap} for all coders" if len(run.sheets) > 1 else ""
    say(f"{run.size} posts drawn ({run.design['name']}, seed {run.seed}){shared}.")
    for sheet, (coder, number) in zip(run.sheets, run.per_coder.items(), strict=True):
        say(f"  {sheet}: {number} posts{f' for {coder}' if coder else ''}")
    say(f"  {run.frame}: probabilities and accounts; not for coders.")
    after = "govcode reliability SHEETS"
    if len(run.sheets) == 1:
        after = f"govcode adjudicate {run.sheets[0]} --frame {run.frame} -o gold.csv"
        say("  One coder: whether the codes are reliable stays unknown; --coders A,B draws a sheet for each.")
    say(f"  Then: fill them, or govcode code {run.sheets[0]}; after that: {after}")


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _numbers(texts: list[str], option: str) -> dict[str, float]:
    """Read CODE=NUMBER texts."""
    found: dict[str, float] = {}
    for text in texts:
        code, _, number = text.partition("=")
        try:
            found[code.strip()] = float(number)
        except ValueError:
            raise UsageError(
                f"{option} '{text}' is not CODE=SHARE.", hint=f"As in {option} CODE=.3"
            ) from None
    return found


def _plan(
    posts: list[str], population: int | None, shares: dict[str, float], as_json: bool,
    form: str | None, encoding: str | None, **wishes: Any,
) -> None:  # fmt: skip
    from govcode.metrics.figures import as_data
    from govcode.workflow.plan import count_posts, plan

    if posts:
        population, machine = count_posts(posts, form=form, encoding=encoding)
        shares = shares or machine
    if not population:
        raise UsageError("A plan needs the posts, or --population N.")
    found = plan(population, shares, **wishes)
    if as_json:
        print_json(as_data(found))
        return
    screen = console(stderr=False)
    screen.print(f"Sizes for {found.population} posts")
    sections = (
        ("a share within ± this margin (95%)", found.margins),
        ("agreement expected, Lacy and Riffe (SE .05/1.645)", found.agreement),
        ("the same as printed in the paper (SE .03)", found.agreement_printed),
        (f"{wishes['least_per_code']} posts of this code, with 90% certainty", found.per_code),
        ("no case found rules out this share (95%)", found.rule_out),
        ("alpha expected, shown above .667 with 80% power", found.alpha),
    )
    for title, sizes in sections:
        if sizes:
            screen.print(f"  {title}: " + ", ".join(f"{what}: {number}" for what, number in sizes.items()))
    for note in found.notes:
        say(f"note: {note}")
