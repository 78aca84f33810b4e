"""What a coded table's model was trained on, from the table's manifest and the model's card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from govcode.coders.store import find_model, read_card
from govcode.errors import GovcodeError
from govcode.readers.base import STREAM
from govcode.workflow.manifest import read_manifest


def training_shares(coded: str | Path, codes: Sequence[str]) -> tuple[str, list[float]] | None:
    """Return the model's name and the shares of `codes` among the posts its probabilities were calibrated on.

    Posts held back where the card counts them, else all it was trained on. None where there is no manifest,
    no such model, a model that was changed since, or a code it never met.
    """
    manifest = None if str(coded) == STREAM else read_manifest(coded)
    name, _, used = str(((manifest or {}).get("model") or {}).get("name", "")).partition("@")
    place = ((manifest or {}).get("options") or {}).get("model") or name
    if not place:
        return None
    try:
        card = read_card(find_model(str(place)))
    except GovcodeError:
        try:
            card = read_card(find_model(name))
        except GovcodeError:
            return None
    if used and used not in str(card.get("hash", "")):
        return None
    training = card.get("training") or {}
    counts = training.get("held_out_by_code") or training.get("by_code") or {}
    numbers = [float(counts.get(code, 0)) for code in codes]
    if min(numbers, default=0) <= 0:
        return None
    return name or str(place), [number / sum(numbers) for number in numbers]
