"""`govcode models`: list, show and check models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from govcode.cli.console import print_json, say, warn
from govcode.cli.options import Json
from govcode.cli.options import codebook as codebook_option

app = typer.Typer(add_completion=False, no_args_is_help=True, help="List, show and check models. 模型.")

MODEL = typer.Argument("functions-zh", metavar="[MODEL]", help="A shipped name or a folder.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the shipped models with their figures. 列出模型.

    Example: govcode models list
    """
    from govcode.cli.figures import number, show_table
    from govcode.coders.store import short
    from govcode.metrics.figures import as_data
    from govcode.workflow.models import list_models

    if as_json:
        print_json([{**as_data(line), "folder": str(line.folder)} for line in list_models()])
        return
    rows = [
        [line.name, short(line.hash), short(line.codebook), f"{line.learned:,}", number(line.macro_f1),
         number(line.alpha)]
        for line in list_models()
    ]  # fmt: skip
    show_table("Models", ["name", "hash", "codebook", "learned from", "macro-F1", "alpha"], rows)
    say("The whole card of one: govcode models show NAME")


@app.command()
def show(
    model: str = MODEL,
    as_json: Json = False,
) -> None:
    """Show the card of a model: what it learned from, figures, thresholds. 模型卡.

    Example: govcode models show functions-zh
    """
    from govcode.workflow.models import show_model

    card = show_model(model)
    if as_json:
        print_json(card)
    else:
        show_figures(card)


@app.command()
def check(
    model: str = MODEL,
    codebook: Annotated[str | None, codebook_option("; the model must fit it")] = None,
    as_json: Json = False,
) -> None:
    """Check hashes, shapes and codebook of a model; exit code 4 if they differ. 核对模型.

    Example: govcode models check models/mine --codebook mine.toml
    """
    from govcode.coders.store import short
    from govcode.metrics.figures import as_data
    from govcode.workflow.models import check_model

    checked = check_model(model, codebook=codebook)
    if not checked.codebook_fits:
        warn(f"{checked.name}: was trained with a codebook other than the installed one of that name.")
    if as_json:
        print_json(as_data(checked))
    say(f"{checked.name}: {short(checked.hash)}, {checked.holds}; files, hashes and shapes are right.")


def show_figures(card: Mapping[str, Any]) -> None:
    """Print the figures of a card as tables."""
    from govcode.cli.figures import number, show_table, with_interval
    from govcode.cli.figures import show as line
    from govcode.metrics.figures import Figure

    figures = card["figures"]

    def shown(value: Mapping[str, float]) -> str:
        return with_interval(Figure(value["value"], value["low"], value["high"]))

    counts = card["training"]["by_code"]
    rows = [[code, f"{counts[code]:,}", shown(figures["f1"][code])] for code in card["codes"]]
    show_table(f"{card['name']}: F1 on accounts never seen", ["code", "learned from", "F1 [95 %]"], rows)
    for name, title in (
        ("macro_f1", "macro-F1"),
        ("alpha", "alpha"),
        ("accuracy", "accuracy"),
        ("ece", "ECE"),
    ):
        line(f"{title:<10}{shown(figures[name])}")
    rows = [
        [
            number(a["max_error"], 2),
            number(a["coverage"]),
            number(float("nan") if a["error"] is None else a["error"]),
        ]
        for a in figures["abstention"]
    ]
    show_table("Abstention (--max-error)", ["max error", "coded", "error"], rows)
    line(f"{figures['posts']:,} posts, {figures['method']}.")
    if held_back := card.get("reported"):
        parts = (
            f"{title} {shown(held_back[name])}"
            for name, title in (("macro_f1", "macro-F1"), ("alpha", "alpha"))
        )
        line(f"Reported: {', '.join(parts)} on {held_back['posts']}.")
    if coders := card.get("source", {}).get("coders"):
        line(f"Codes: {coders}.")
