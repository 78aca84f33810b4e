"""From the options of a command to the coder they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govcode.coders import CODERS
from govcode.engines.base import CoderSpec
from govcode.errors import UsageError, choices

DEFAULT_MODEL = "functions-zh"
ANY_MODEL = "linear"  # the default of --coder; the card of the model tells its learner


def coder_spec(
    kind: str = "linear",
    *,
    model: str = DEFAULT_MODEL,
    codebook: str | None = None,
    explain: bool = False,
    max_error: float | None = None,
) -> CoderSpec:
    """Return the coder meant; raise UsageError for an unknown kind or an option it does not have.

    A model brings its own codebook; `codebook` then only checks that it is the one expected. It also brings
    its kind: `linear` stands for any model, and its card tells whether it is a transformer.
    """
    if kind not in CODERS:
        raise UsageError(f"--coder {kind}: unknown coder.", hint=f"Choose from: {choices(CODERS)}.")
    options: dict[str, Any] = {"explain": explain}
    if kind == "rules":
        if max_error is not None:
            raise UsageError("--max-error needs calibrated probabilities; --coder rules has none.")
        return CoderSpec(kind, codebook or "functions", options)
    from govcode.coders.store import codebook_of, find_model, read_card

    folder = find_model(model)
    options |= {"model": folder, "max_error": max_error}
    card = read_card(folder)
    learner = str(card["learner"])
    if kind not in (learner, ANY_MODEL):
        raise UsageError(f"--coder {kind}: model '{model}' is a {learner} model.", hint="Leave --coder out.")
    return CoderSpec(learner, codebook or codebook_of(folder, card), options)


def said(value: Any) -> str:
    """Return an option as a manifest holds it: a shipped model by its name, not by where it is installed."""
    from govcode.coders.store import shipped_models

    if isinstance(value, Path):
        return next((name for name, folder in shipped_models().items() if folder == value), str(value))
    return str(value)
