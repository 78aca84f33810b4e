"""The command `govcode reliability`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.figures import number, show, show_table, split_names, with_interval
from govcode.cli.options import DEFAULT_SEED, Encoding, FormIn, Json, Level, Seed
from govcode.cli.options import codebook as shared_codebook
from govcode.cli.options import output as output_of
from govcode.errors import GateError

app = typer.Typer(add_completion=False)
SHOWN = 5


@app.command()
def reliability(
    codings: list[str] = typer.Argument(
        help="Codings or filled coding sheets (csv, tsv, xlsx, jsonl, parquet; - is stdin).",
    ),
    output: Annotated[str, output_of("all figures as JSON", stream=False)] = "-",
    as_json: Json = False,
    coder: list[str] = typer.Option([], "--coder",
        help="Only these coders (repeat, or commas). Default: all but gold.",
    ),
    by: str = typer.Option("", "--by", help="Also within the values of this column (account, month …)."),
    posts: str = typer.Option("", "--posts",
        help="Table with the columns for --by and --clusters (posts or frame file).",
    ),
    clusters: str = typer.Option("", "--clusters",
        help="Bootstrap whole clusters: all posts of one account, day …",
    ),
    bootstrap: int = typer.Option(2000, "--bootstrap", min=0,
        help="Number of resamples; 0 = no intervals.",
    ),
    resample: str = typer.Option(
        "smoothed", "--resample",
        help="smoothed (keeps its coverage for rare codes), units (plain) or pairs (Krippendorff's own).",
    ),
    level: Level = 0.95,
    seed: Seed = DEFAULT_SEED,
    na_as_code: bool = typer.Option(False, "--na-as-code",
        help="Count NA as a code of its own (default: missing).",
    ),
    fail_under: list[str] = typer.Option([], "--fail-under",
        help="Gate, exit code 3: alpha=.80, alpha:low=.667, alpha:CODE=.80, alpha:each=.667.",
    ),
    disagreements: str = typer.Option("", "--disagreements",
        help="Write the posts on which coders disagree to this table.",
    ),
    codebook: Annotated[str, shared_codebook(", or none: the codes in use")] = "functions",
    source: FormIn = None,
    encoding: Encoding = None,
) -> None:  # fmt: skip
    """Compute the agreement of coders with intervals: overall, for each code, for each pair. 信度.

    Percent agreement, Holsti, Scott's pi, Cohen's and Fleiss' kappa, Krippendorff's alpha, Gwet's AC1 and
    Brennan-Prediger; secondary codes as sets (MASI, Jaccard); confusion between coders; drift.
    Example: govcode reliability sheet.li.xlsx sheet.wang.xlsx --fail-under alpha=.80
    """
    from govcode.workflow.reliability import ReliabilityOptions, reliability

    options = ReliabilityOptions(
        coders=split_names(coder), by=by, clusters=clusters, posts=posts, draws=bootstrap, resample=resample,
        level=level, seed=seed, na_as_code=na_as_code, gates=tuple(fail_under), codebook=codebook,
        form=source, encoding=encoding,
    )  # fmt: skip
    run = reliability(codings, options, output=output, disagreed=disagreements)
    for note in run.notes:
        say(f"note: {note}")
    for line in run.excluded[:SHOWN]:
        warn(line)
    if len(run.excluded) > SHOWN:
        warn(f"{len(run.excluded) - SHOWN} more rows left out; --json lists them all.")
    if as_json:
        print_json(run.data())
    elif output == "-":
        _show(run.reliability)
    for line in run.reliability.warnings:
        warn(line)
    if run.unmet:
        raise GateError("; ".join(run.unmet) + ".", hint="Train the coders, then code a new sample.")


def _cell(figure: Any) -> str:
    """Write a figure as `.812 [.771, .850]`; an undefined one with its reason."""
    if figure.value != figure.value:
        return f"– ({figure.note})" if figure.note else "–"
    return with_interval(figure)


def _show(result: Any) -> None:
    """Print the result as tables."""
    from govcode.metrics.coefficients import COEFFICIENTS, REASONS

    head = f"{len(result.coders)} coders ({', '.join(result.coders)}), {result.overlap} posts coded by two"
    rows = [[COEFFICIENTS[name].label, _cell(figure)] for name, figure in result.overall.items()]
    show_table(f"{head}: {result.verdict()}", ["coefficient", _interval(result.resampling)], rows)
    if result.weighted:
        weighed = [[COEFFICIENTS[name].label, _cell(figure)] for name, figure in result.weighted.items()]
        title = "For the corpus: posts weigh 1/inclusion_prob, since they were drawn unequally"
        show_table(title, ["coefficient", "value [weighted smoothed bootstrap]"], weighed)
    if result.below:
        parts = [f"P(alpha < {number(float(at))}) = {number(share)}" for at, share in result.below.items()]
        show("; ".join(parts))
    columns = ["code", "posts", "both", "one only", "agreement", "alpha", "AC1"]
    show_table("Each code against the rest", columns, [_code_row(code) for code in result.per_code])
    if result.mentions:
        rows = [_code_row(code) for code in result.mentions]
        show_table("Each code as code or secondary code", columns, rows)
        rows = [[name, _cell(figure)] for name, figure in result.secondary.items()]
        show_table(
            "Secondary code (alpha_masi, alpha_jaccard: code and secondary code as a set)", ["", ""], rows
        )
    if result.codable:
        show_table("Codable or NA", ["", ""], [[name, _cell(f)] for name, f in result.codable.items()])
    _show_pairs(result)
    _show_borders(result)
    if result.groups:
        rows = [
            [name, str(result.group_posts[name]), *(_cell(figures[k]) for k in ("percent", "alpha", "ac1"))]
            for name, figures in result.groups.items()
        ]
        show_table("By group", ["group", "posts", "agreement", "alpha", "AC1"], rows)
    reasons = {f.note for c in result.per_code for f in c.figures.values()} & set(REASONS)
    for reason in sorted(reasons):
        show(f"{reason}: {REASONS[reason]}.")


def _interval(resampling: Any) -> str:
    if resampling.kind == "none":
        return "value"
    kind = f"{resampling.kind}, {resampling.clusters} clusters" if resampling.clusters else resampling.kind
    return f"value [{resampling.level:.0%}, {resampling.draws} draws, {kind}, seed {resampling.seed}]"


def _code_row(code: Any) -> list[str]:
    figures = [_cell(code.figures[name]) for name in ("percent", "alpha", "ac1")]
    return [code.code, str(code.used), f"{code.together:.0f}", f"{code.apart:.0f}", *figures]


def _show_pairs(result: Any) -> None:
    names = ("percent", "holsti", "scott", "cohen", "alpha", "ac1")
    rows = [
        [f"{p.first} – {p.second}", str(p.posts), *(_cell(p.figures[name]) for name in names)]
        for p in result.pairs
    ]
    if len(rows) > 1:
        show_table("Pairs of coders", ["pair", "posts", *names], rows)
    for pair in result.pairs:
        rows = [
            [code, *map(str, line)]
            for code, line in zip(result.codes, pair.confusion, strict=True)
            if any(line)
        ]
        title = f"Codes of {pair.first} (rows) and {pair.second} (columns)"
        show_table(title, ["", *result.codes], rows)


def _show_borders(result: Any) -> None:
    rows = [
        [
            " – ".join(border.codes), str(border.posts),
            ", ".join(f"{rule} ({n})" for rule, n in border.rules.items()) or "none",
            ", ".join(f"{form} ({n})" for form, n in border.forms.items()) or "–",
        ]
        for border in result.borders
    ]  # fmt: skip
    if rows:
        show_table("Disagreements", ["between", "posts", "rules cited in notes", "forms"], rows)
    rows = [
        [
            d.coder, d.ordered_by, " → ".join(f"{part.agreement:.0%}" for part in d.parts),
            f"{d.trend:+.2f} (p = {number(d.p)})", f"{d.shift_code} {d.shift:+.0%} (p = {number(d.shift_p)})",
        ]
        for d in result.drift
    ]  # fmt: skip
    if rows:
        show_table(
            "Drift over the work (thirds)", ["coder", "order", "agreement", "trend", "largest shift"], rows
        )
