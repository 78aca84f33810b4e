"""`govcode train`: a linear or transformer coder from posts and gold."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import typer

from govcode.cli.console import print_json, progress, say, warn
from govcode.cli.options import DEFAULT_SEED, OUTPUT, Encoding, FormIn, Json, NamedCodebook, Seed, needed_gold
from govcode.errors import UsageError

if TYPE_CHECKING:
    from govcode.workflow.train import Trained

app = typer.Typer(add_completion=False)
_MORE = "Transformer learner"


class _Watch:
    """Show each epoch as a bar, and tell a line when it has ended."""

    def steps(self, items: range, description: str) -> AbstractContextManager[Any]:
        return progress(items, description, total=len(items))

    def told(self, message: str) -> None:
        say(message)


@app.command()
def train(
    posts: list[str] = typer.Argument(..., metavar="POSTS...", help="Posts that gold was coded on."),
    gold: str | None = typer.Option(
        None, "--gold", help="Gold, codes by people: post_id, code, [secondary], [form]. Needed."
    ),
    output: str = typer.Option(
        ...,
        "--output",
        "-o",
        metavar="FOLDER",
        rich_help_panel=OUTPUT,
        help="Where to write the model: a folder, e.g. models/mine; a model that is there is replaced.",
    ),
    codebook: NamedCodebook = "functions",
    support: list[str] = typer.Option(
        [], "--support", help="Posts with a code column that help to learn; no figure rests on them."
    ),
    learning_curve: bool = typer.Option(
        False, "--learning-curve", help="Also tell what more coding would bring."
    ),
    seed: Seed = DEFAULT_SEED,
    form: FormIn = None,
    encoding: Encoding = None,
    as_json: Json = False,
    learner: str = typer.Option(
        "linear", "--learner", help="Learner: linear (seconds) or transformer (hours)."
    ),
    base: str = typer.Option("", "--base", rich_help_panel=_MORE, help="Encoder: a folder, or a hub name."),
    epochs: int = typer.Option(3, "--epochs", min=1, rich_help_panel=_MORE, help="Passes over the posts."),
    length: int = typer.Option(128, "--length", rich_help_panel=_MORE, help="Most tokens read of a post."),
    batch: int = typer.Option(16, "--batch", min=1, rich_help_panel=_MORE, help="Posts in a step."),
    rate: float = typer.Option(5e-5, "--rate", rich_help_panel=_MORE, help="Learning rate of the encoder."),
    folds: int = typer.Option(5, "--folds", min=2, rich_help_panel=_MORE, help="Encoders for the figures."),
    prefix: str = typer.Option("", "--prefix", rich_help_panel=_MORE, help="Text that stands first."),
    storage: str = typer.Option(
        "float16", "--storage", rich_help_panel=_MORE, help="Of weights: int8, float16, float32."
    ),
    with_linear: float = typer.Option(
        None, "--with-linear", rich_help_panel=_MORE, help="Decide with a linear model, of this weight."
    ),
    resume: bool = typer.Option(
        False, "--resume", rich_help_panel=_MORE, help="Go on after the last whole epoch of the same run."
    ),
) -> None:
    """Train a coder of your own on coded posts, with its card. 训练.

    Example: govcode train posts.jsonl --gold gold.csv --codebook mine.toml -o models/mine
    With an encoder: add --learner transformer --base FOLDER (needs pip install 'govcode[transformer]')
    """
    judged_by = needed_gold(gold)
    from govcode.workflow.train import train as run

    tuning = None
    if learner == "transformer":
        from govcode.coders.transformer.settings import TransformerSettings
        from govcode.workflow.fine_tune import FineTuning

        settings = TransformerSettings(
            base=base, length=length, prefix=prefix, epochs=epochs, batch=batch, rate=rate, folds=folds,
            seed=seed, storage=storage,
        )  # fmt: skip
        tuning = FineTuning(settings, resume=resume, with_linear=with_linear, watch=_Watch())
    elif learner != "linear":
        raise UsageError(f"--learner {learner}: unknown learner.", hint="Choose from: linear, transformer.")
    elif base or resume or with_linear is not None:
        raise UsageError("--base, --resume and --with-linear belong to --learner transformer.")
    result = run(
        posts, gold=judged_by, output=output, codebook=codebook, support=support,
        learning_curve=learning_curve, seed=seed, form=form, encoding=encoding, tuning=tuning,
    )  # fmt: skip
    for note in result.notes:
        warn(note)
    if as_json:
        from govcode.workflow.train import as_json_data

        print_json(as_json_data(result))
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
            "Learning curve (accounts never seen)", ["learned from", "macro-F1", "alpha", "interval"], rows
        )
        gain = result.curve[-1].macro_f1 - result.curve[-2].macro_f1
        show(f"Learning from twice as many posts would bring about {number(gain)} macro-F1.")
    say(f"{result.folder}: model of {result.learned} gold posts.")
    say(f"  Use it: govcode classify POSTS --model {result.folder}")
