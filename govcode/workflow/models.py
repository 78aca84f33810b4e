"""List, show and check models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.coders.store import (
    GRAPH,
    StoredModel,
    codebook_of,
    find_model,
    load_model,
    read_card,
    shipped_models,
)
from govcode.coders.transformer.partner import partner_folder
from govcode.errors import CodebookError


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model in the list."""

    name: str
    hash: str
    codebook: str
    learned: int
    macro_f1: float
    alpha: float
    folder: Path


@dataclass(frozen=True, slots=True)
class Checked:
    """A model whose files and shapes are what its card says; `codebook_fits` for the codebook in use."""

    name: str
    hash: str
    holds: str
    codebook_fits: bool


def list_models() -> list[ModelLine]:
    """Return the shipped models, by name."""
    return [_line(name, folder) for name, folder in shipped_models().items()]


def show_model(name_or_path: str) -> Mapping[str, Any]:
    """Return the card of a model."""
    return read_card(find_model(name_or_path))


def check_model(name_or_path: str, *, codebook: str | None = None) -> Checked:
    """Check every hash and shape of a model; with `codebook` also that it fits (else HashMismatchError)."""
    folder = find_model(name_or_path)
    expected = load_codebook(codebook).hash if codebook else None
    model = load_model(folder, codebook_hash=expected)
    return Checked(model.name, model.hash, _holds(model), _fits(folder, model.card, expected))


def _holds(model: StoredModel) -> str:
    if model.terms:
        return f"{len(model.terms):,} terms"
    size = f"an encoder of {len(model.parts[GRAPH]) / 1e6:.1f} MB"
    if "with" not in model.card:
        return size
    load_model(partner_folder(model))
    return f"{size} with {model.card['with']['name']}"


def _fits(folder: Path, card: Mapping[str, Any], expected: str | None) -> bool:
    if expected is not None:
        return True
    try:
        return bool(load_codebook(codebook_of(folder, card)).hash == card["codebook"]["hash"])
    except CodebookError:
        return False


def _line(name: str, folder: Path) -> ModelLine:
    card = read_card(folder)
    figures = card["figures"]
    return ModelLine(
        name, card["hash"], card["codebook"]["hash"], card["training"]["examples"],
        figures["macro_f1"]["value"], figures["alpha"]["value"], folder,
    )  # fmt: skip
