"""Gates: the smallest figures a study accepts, as in `--fail-under macro_f1=.75`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from govcode.errors import UsageError, choices


def read_gates(texts: Sequence[str]) -> dict[str, float]:
    """Read `NAME=NUMBER` texts (also several with commas); raise UsageError for anything else."""
    gates: dict[str, float] = {}
    for text in (part for entry in texts for part in entry.split(",")):
        name, equals, number = text.partition("=")
        try:
            gates[name.strip()] = float(number)
        except ValueError:
            equals = ""
        if not equals or not name.strip():
            raise UsageError(f"'{text}' is not a gate.", hint="Write NAME=NUMBER, as in macro_f1=.75.")
    return gates


def unmet_gates(figures: Mapping[str, float], gates: Mapping[str, float]) -> list[str]:
    """Return one sentence for each gate not met; an undefined figure meets no gate."""
    unmet = []
    for name, least in gates.items():
        if name not in figures:
            raise UsageError(
                f"There is no figure '{name}' to gate.", hint=f"Choose from: {choices(figures)}."
            )
        value = figures[name]
        if math.isnan(value):
            unmet.append(f"{name} is undefined, the gate is {least:g}")
        elif value < least:
            unmet.append(f"{name} is {value:.4f}, under {least:g}")
    return unmet
