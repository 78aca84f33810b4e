"""Regression formulas, read by formulaic: `appeal ~ C(platform, ref=weibo) * year + length`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.errors import NotComputableError, UsageError, choices
from govcode.estimation.corpus import Column, Floats, Ints

MOST_VALUES = 500
FUNCTIONS = ("C", "contr.treatment", "contr.sum", "log", "exp", "sqrt", "center", "scale", "poly", "I")
HINT = 'Write "CODE ~ COLUMN + C(COLUMN)": C() for categories, ref= for the one compared with, a:b or a*b.'
INTERCEPT = "(intercept)"


@dataclass(frozen=True)
class Formula:
    """A code on the left; on the right what formulaic reads, and the columns it names.

    `categories` are the columns that stand in C() only.
    """

    text: str
    code: str
    right: str
    columns: tuple[str, ...]
    categories: frozenset[str]


def read_formula(text: str) -> Formula:
    """Read `code ~ terms`: columns, C(column), C(column, ref=value), a:b, a*b. Raises UsageError."""
    code, tilde, given = (part.strip() for part in text.partition("~"))
    right = re.sub(r"ref\s*=\s*([^\s()'\"][^()'\"]*?)\s*\)", r"contr.treatment('\1'))", given)
    right = re.sub(r"ref\s*=\s*(['\"][^'\"]*['\"])\s*\)", r"contr.treatment(\1))", right)
    called = set(re.findall(r"([\w.]+)\s*\(", re.sub(r"'[^']*'|\"[^\"]*\"", "", right))) - {""}
    if not tilde or not code or not given or set("{}[];=") & set(re.sub(r"'[^']*'|\"[^\"]*\"", "", right)):
        raise UsageError(f"'{text}' is not a formula.", hint=HINT)
    if unknown := sorted(called - set(FUNCTIONS)):
        raise UsageError(f"'{unknown[0]}()' cannot be used in --regress.", hint=f"Choose from: {FUNCTIONS}.")
    import formulaic
    from formulaic.errors import FormulaicError

    try:
        names = {str(name) for name in formulaic.Formula(right).required_variables}
    except (FormulaicError, SyntaxError, ValueError) as error:
        raise UsageError(f"'{text}' is not a formula.", hint=HINT) from error
    columns = sorted(names, key=right.find)
    if not columns:
        raise UsageError(f"'{text}' is not a formula: it names no column.", hint=HINT)
    inside = re.findall(r"C\(\s*`?([^,()`]+?)`?\s*[,)]", right)
    bare = re.sub(r"C\([^()]*(\([^()]*\))?[^()]*\)", " ", right)
    only = frozenset(
        name for name in columns if name in inside and not re.search(rf"\b{re.escape(name)}\b", bare)
    )
    return Formula(text, code, right, tuple(columns), only)


@dataclass(frozen=True)
class Design:
    """The design of a regression: names of its terms, one row per combination of values, each post's row."""

    names: tuple[str, ...]
    rows: Floats
    place: Ints


def complete_posts(formula: Formula, groups: Mapping[str, Column]) -> NDArray[np.bool_]:
    """Tell which posts have a value in every column that the formula names."""
    size = len(groups[formula.columns[0]].index)
    keep = np.ones(size, dtype=np.bool_)
    for name in formula.columns:
        filled = np.array([bool(value.strip()) for value in groups[name].values])
        keep &= filled[groups[name].index]
    return keep


def build_design(formula: Formula, groups: Mapping[str, Column], used: Ints) -> Design:
    """Lay out the design for the posts `used`: numbers as they are, other columns as categories.

    Of a category the first value (or `ref=`) is what the others are compared with. Raises NotComputableError
    for a category with one value or more than 500.
    """
    import pandas as pd
    from formulaic import model_matrix
    from formulaic.errors import FormulaicError

    cells = np.zeros(len(used), dtype=np.int64)
    for name in formula.columns:
        cells = cells * len(groups[name].values) + groups[name].index[used]
    _, first, place = np.unique(cells, return_index=True, return_inverse=True)
    columns = {name: _values(name, groups[name], used[first], formula) for name in formula.columns}
    try:
        matrix = model_matrix(formula.right, pd.DataFrame(columns), na_action="ignore")
    except (FormulaicError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--regress '{formula.text}' cannot be computed: {error}", hint=HINT) from error
    return Design(tuple(map(_short, matrix.columns)), np.asarray(matrix, dtype=np.float64), place.ravel())


def _values(name: str, column: Column, rows: Ints, formula: Formula) -> list[float] | list[str]:
    """Return numbers where every value is one and the column is not a category; else the values."""
    found = [column.values[i] for i in column.index[rows]]
    numbers = [_number(value) for value in found]
    if name not in formula.categories and all(number is not None for number in numbers):
        return [number for number in numbers if number is not None]
    levels = sorted(set(found))
    if not 2 <= len(levels) <= MOST_VALUES:
        raise NotComputableError(
            f"Column '{name}' has {len(levels)} values; as categories it needs 2 to {MOST_VALUES}.",
            hint="Leave it out of --regress, or use a coarser column.",
        )
    named = re.search(
        rf"C\(\s*`?{re.escape(name)}`?\s*,\s*contr\.treatment\(['\"](.*?)['\"]\)", formula.right
    )
    if named and named[1] not in levels:
        raise UsageError(
            f"--regress: column '{name}' has no value '{named[1]}'.", hint=f"Its values: {choices(levels)}."
        )
    return found


def _short(name: str) -> str:
    """Return `place[b]:year` for formulaic's `C(place, contr.treatment('a'))[T.b]:year`."""
    name = re.sub(r"C\(\s*`?([^,()`]+?)`?\s*(?:,[^\[]*)?\)\[", r"\1[", name).replace("[T.", "[")
    return INTERCEPT if name == "Intercept" else name


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
