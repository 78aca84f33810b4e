"""The card of a trained model: what it learned from, how it is calibrated, what it can do.

Every learner fills the same card; what only one of them has is added by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.calibration import Calibration
from govcode.coders.conformal import fit_abstention
from govcode.coders.examples import Example
from govcode.coders.held_out import MAX_ERRORS, HeldOut, figures
from govcode.errors import CodingError

LEAST_POSTS_OF_FORM = 10
CODED_FROM = 0.5  # probability from which a code stands without --max-error


def card_of(
    learner: str,
    codebook: Codebook,
    examples: Sequence[Example],
    held_out: HeldOut,
    calibration: Calibration,
    *,
    own: Mapping[str, Any],
    settings: Mapping[str, Any],
    forms: Sequence[str],
    versions: Mapping[str, str],
) -> dict[str, Any]:
    """Return the card; `own` is what only this learner has, `settings` how it was trained."""
    codes = codes_of(codebook, examples)
    return {
        "learner": learner,
        "codebook": {"id": codebook.id, "version": codebook.version, "hash": codebook.hash},
        "codes": list(codes),
        "forms": list(forms),
        **own,
        "calibration": calibration.to_card(),
        "thresholds": {
            "coded": dict.fromkeys(codes, CODED_FROM),
            "secondary": held_out.secondary_threshold(codebook, codes),
            "conformal": _conformal(held_out, codes),
        },
        "training": {
            "settings": dict(settings),
            "examples": len(examples),
            "by_code": _counts(codes, (example.code for example in examples)),
            "held_out_by_code": _counts(codes, (example.code for example in examples if example.held_out)),
            "groups": len(np.unique(held_out.groups)),
        },
        "figures": figures(held_out, codebook, codes, forms),
        "versions": dict(versions),
    }


def held_out_arrays(
    held_out: HeldOut, codebook: Codebook, codes: Sequence[str], forms: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Return the arrays on which `--max-error` (it heeds the typical posts alone) and other models rest."""
    return {
        "held_out": held_out.probabilities.astype(np.float32),
        "held_out_gold": held_out.gold.astype(np.int64),
        "held_out_typical": held_out.typical.astype(np.int64),
        "held_out_form": held_out.forms(codebook, codes, forms).astype(np.int64),
    }


def versions_of(*packages: str) -> dict[str, str]:
    """Return the installed version of each package."""
    from importlib.metadata import version

    return {name: version(name) for name in packages}


def codes_of(codebook: Codebook, examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the codes in codebook order; raise CodingError where one can not be learned."""
    counts = Counter(example.code for example in examples if example.held_out)
    rare = [code for code in codebook.ids if counts[code] < 2]
    if len(counts) < 2 or rare:
        raise CodingError(
            f"Too little to learn from: fewer than 2 gold posts of {', '.join(rare) or 'any second code'}.",
            hint="Code more posts of these codes (govcode sample), at best 30 of each.",
        )
    return codebook.ids


def forms_of(codebook: Codebook, examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the forms of which there are enough posts to learn them, in codebook order."""
    counts = Counter(example.form for example in examples)
    return tuple(form.id for form in codebook.forms if counts[form.id] >= LEAST_POSTS_OF_FORM)


def _conformal(held_out: HeldOut, codes: Sequence[str]) -> dict[str, dict[str, float | None]]:
    """Return the largest score of a set by tolerated error and code (None: too few posts to say)."""
    table: dict[str, dict[str, float | None]] = {}
    for error in MAX_ERRORS:
        kept = held_out.typical
        values = fit_abstention(held_out.probabilities[kept], held_out.gold[kept], error).quantiles
        table[str(error)] = {
            code: round(q, 6) if np.isfinite(q) else None for code, q in zip(codes, values, strict=True)
        }
    return table


def _counts(codes: Sequence[str], values: Any) -> dict[str, int]:
    counts = Counter(values)
    return {code: counts[code] for code in codes}
