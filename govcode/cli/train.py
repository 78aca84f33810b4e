"""`govcode train`: a linear coder from posts and gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from govcode.cli.console import print_json, say, warn

if TYPE_CHECKING:
    from govcode.workflow.train import Trained

app = typer.Typer(add_completion=False)


@app.command()
def train(
    posts: list[str] = typer.Argument(..., metavar="POSTS...", help="Posts that gold was coded on."),
    gold: str = typer.Option(..., "--gold", help="Table of gold codes (post_id, code, [secondary], [form])."),
    output: str = typer.Option(..., "--output", "-o", help="Folder of the new model, e.g. models/mine."),
    codebook: str = typer.Option("functions", "--codebook", help="Codebook (name or TOML file)."),
    support: list[str] = typer.Option(
        [], "--support", help="Posts with a code column that help to learn; no figure rests on them."
    ),
    learning_curve: bool = typer.Option(
        False, "--learning-curve", help="Also tell what more coding would bring."
    ),
    seed: int = typer.Option(7, "--seed", help="Seed of the folds."),
    form: str = typer.Option(None, "--from", help="Form of the posts table, if its name does not tell."),
    encoding: str = typer.Option(None, "--encoding", help="Encoding of the posts table."),
    as_json: bool = typer.Option(False, "--json", help="Print card and curve as JSON."),
) -> None:
    """Train a coder of your own on coded posts, with its card 训练模型.

    Example: govcode train posts.jsonl --gold gold.csv --codebook mine.toml -o models/mine
    """
    from govcode.workflow.train import train as run

    result = run(
        posts, gold=gold, output=output, codebook=codebook, support=support, learning_curve=learning_curve,
        seed=seed, form=form, encoding=encoding,
    )  # fmt: skip
    for note in result.notes:
        warn(note)
    if as_json:
        from govcode.metrics.figures import as_data

        print_json({"card": as_data(result.model.card), "curve": as_data(result.curve)})
    else:
        _render(result)


def _render(result: Trained) -> None:
    from govcode.cli.figures import number, show, show_table
    from govcode.cli.models import show_figures

    if result.without_post:
        warn(f"{result.without_post} gold codes have no post in the table and were left out.")
    show_figures(result.model.card)
    if result.curve:
        rows = [
            [f"{point.posts:,}" + (" (expected)" if point.expected else ""), number(point.macro_f1),
             number(point.alpha), f"[{number(point.low)}, {number(point.high)}]" if point.expected else ""]
            for point in result.curve
        ]  # fmt: skip
        show_table(
            "Learning curve (accounts never seen)", ["gold posts", "macro-F1", "alpha", "interval"], rows
        )
        gain = result.curve[-1].macro_f1 - result.curve[-2].macro_f1
        show(f"Twice the gold posts would bring about {number(gain)} macro-F1.")
    say(f"{result.folder}: model of {result.learned} gold posts.")
    say(f"  Use it: govcode classify POSTS --model {result.folder}")
