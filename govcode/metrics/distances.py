"""How far two values are apart: the squared difference functions δ² of Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from govcode.metrics.ratings import Floats

# Given the frequencies n_k of the values (… × q), return δ² (… × q × q); only the ordinal one reads them.
Distance = Callable[[Floats], Floats]


def nominal(frequencies: Floats) -> Floats:
    """Return 1 for different values, 0 for equal ones."""
    size = frequencies.shape[-1]
    return 1.0 - np.eye(size)


def ordinal(frequencies: Floats) -> Floats:
    """Return (Σ_{g=c..k} n_g - (n_c + n_k) / 2)²: how many ranks lie between the values in these data."""
    upto = np.cumsum(frequencies, axis=-1) - frequencies / 2
    return np.asarray((upto[..., :, None] - upto[..., None, :]) ** 2)


def interval(values: Sequence[float]) -> Distance:
    """Return the distance (c - k)² of numbers in domain order."""
    numbers = np.asarray(values, dtype=float)
    return fixed((numbers[:, None] - numbers[None, :]) ** 2)


def ratio_scale(values: Sequence[float]) -> Distance:
    """Return the distance ((c - k) / (c + k))² of numbers in domain order; 0 between equal values."""
    numbers = np.asarray(values, dtype=float)
    total = numbers[:, None] + numbers[None, :]
    difference = numbers[:, None] - numbers[None, :]
    return fixed((difference / np.where(total == 0, 1.0, total)) ** 2)


def fixed(matrix: Floats) -> Distance:
    """Return a distance that does not depend on the frequencies."""
    return lambda frequencies: matrix


def jaccard(first: frozenset[Any], second: frozenset[Any]) -> float:
    """Return 1 - |A ∩ B| / |A ∪ B|; two empty sets are equal."""
    union = len(first | second)
    return 1.0 - len(first & second) / union if union else 0.0


def masi(first: frozenset[Any], second: frozenset[Any]) -> float:
    """Return 1 - Jaccard similarity × monotonicity (Passonneau 2006).

    Monotonicity is 1 for equal sets, 2/3 when one holds the other, 1/3 when they overlap, else 0.
    """
    if first == second:
        return 0.0
    common = first & second
    if not common:
        return 1.0
    monotonicity = 2 / 3 if common in (first, second) else 1 / 3
    return 1.0 - len(common) / len(first | second) * monotonicity


def between_sets(
    domain: Sequence[Hashable], measure: Callable[[frozenset[Any], frozenset[Any]], float]
) -> Distance:
    """Return the distance between the sets of `domain` under `masi` or `jaccard`, used as δ² as it is."""
    sets = [value if isinstance(value, frozenset) else frozenset([value]) for value in domain]
    return fixed(np.array([[measure(a, b) for b in sets] for a in sets], dtype=float).reshape(len(sets), -1))
