"""Regression formulas: `appeal ~ C(platform) + year`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from govcode.errors import NotComputableError, UsageError
from govcode.estimation.corpus import Column, Floats

MOST_VALUES = 500


@dataclass(frozen=True)
class Formula:
    """A code on the left; on the right columns, each as numbers or (`C(...)`) as categories."""

    text: str
    code: str
    terms: tuple[tuple[str, bool], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the right side names."""
        return tuple(name for name, _ in self.terms)


def read_formula(text: str) -> Formula:
    """Read `code ~ term + term`; a term is a column or `C(column)`. Raises UsageError."""
    code, tilde, right = text.partition("~")
    terms = []
    for part in right.split("+"):
        name = part.strip()
        inside = re.fullmatch(r"C\((.*)\)", name)
        terms.append(((inside[1] if inside else name).strip(), inside is not None))
    if not tilde or not code.strip() or not all(name for name, _ in terms):
        raise UsageError(
            f"'{text}' is not a formula.", hint='Write "CODE ~ COLUMN + C(COLUMN)", C() for categories.'
        )
    return Formula(text, code.strip(), tuple(terms))


@dataclass(frozen=True)
class Term:
    """One term: names of its columns in the design, and their entries per value (NaN = missing)."""

    names: tuple[str, ...]
    entries: Floats
    column: Column


def build_term(name: str, column: Column, *, categories: bool) -> Term:
    """Turn a column into design columns: numbers as they are, else one for each value but the first.

    A column that does not hold numbers is taken as categories. Empty values are missing.
    """
    numbers = [_number(value) for value in column.values]
    if not categories and not any(n is None for n in numbers):
        entries = np.array([np.nan if n is None else n for n in numbers])[:, None]
        return Term((name,), entries, column)
    used = np.unique(column.index)
    levels = sorted(column.values[i] for i in used if column.values[i].strip())
    if len(levels) < 2 or len(levels) > MOST_VALUES:
        raise NotComputableError(
            f"Column '{name}' has {len(levels)} values; as categories it needs 2 to {MOST_VALUES}.",
            hint="Leave it out of --regress, or use a coarser column.",
        )
    entries = np.array([
        [np.nan if value not in levels else float(value == level) for level in levels[1:]]
        for value in column.values
    ])  # fmt: skip
    return Term(tuple(f"{name}[{level}]" for level in levels[1:]), entries, column)


def _number(value: str) -> float | None:
    """Return the number, NaN for an empty value, None for text."""
    if not value.strip():
        return float("nan")
    try:
        return float(value)
    except ValueError:
        return None
