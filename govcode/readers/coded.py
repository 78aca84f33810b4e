"""A coded table as compact arrays: a million posts in far less than a gigabyte; texts are not kept."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.errors import CodingError, InputError, UsageError, choices
from govcode.readers.base import Table
from govcode.readers.tables import open_table
from govcode.records import CODED, NA, Row

UNCODABLE_POSITION = -1
MISSING_POSITION = -2
DERIVED = ("year", "quarter", "month", "length")
LENGTHS = ((20, "0-20"), (70, "21-70"), (140, "71-140"), (500, "141-500"), (2000, "501-2000"))


@dataclass(frozen=True)
class Factor:
    """One column as values and, per row, the position of its value."""

    values: tuple[str, ...]
    index: NDArray[np.int32]


@dataclass
class CodedTable:
    """What evaluation and estimation need of a coded table.

    `machine` holds, per row, the position of its code in `codes`, -1 where the post is uncodable (NA),
    -2 where it has no code. `position` and `rows` are kept for the posts in gold only.
    """

    source: str
    columns: tuple[str, ...]
    codes: tuple[str, ...]
    machine: NDArray[np.int16]
    certain: NDArray[np.bool_]
    probabilities: NDArray[np.float32] | None
    forms: Factor | None = None
    groups: dict[str, Factor] = field(default_factory=dict)
    position: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    coder: str = ""
    fixed: bool = False  # the codes are those of a codebook, not just the ones met
    repeated: int = 0
    excluded: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.machine)


def read_coded(
    path: str | Path, *, codes: Sequence[str] = (), columns: Sequence[str] = (),
    wanted: Mapping[str, Any] | None = None, form: str | None = None, encoding: str | None = None,
) -> CodedTable:  # fmt: skip
    """Read a coded table once, as a stream.

    `codes` fixes the codes and their order; without it they come from the `p_` columns, else from the
    codes met. `columns` are read as groups (`year`, `quarter`, `month` and `length` are derived where
    there is no such column). Rows of the posts in `wanted` are kept whole. A post that comes twice is
    taken once and counted. Raises InputError without `post_id` or `code`, UsageError for an unknown
    column, CodingError for a code that is not one.
    """
    table = open_table(path, form=form, encoding=encoding)
    _check(table, columns)
    probable = tuple(c[2:] for c in table.columns if c.startswith("p_"))
    known = tuple(codes) or probable
    return _Reading(table, known, probable, columns, wanted or {}).run()


def _check(table: Table, columns: Sequence[str]) -> None:
    for needed in ("post_id", "code"):
        if needed not in table.columns:
            raise InputError(
                f"{table.source}: has no column '{needed}', so it is not a coded table.",
                hint=f"Its columns: {choices(table.columns)}. Code the posts first: govcode classify.",
            )
    for column in columns:
        if column not in table.columns and column not in DERIVED:
            raise UsageError(
                f"{table.source}: has no column '{column}'.",
                hint=f"Its columns: {choices(table.columns)}; derived: {choices(DERIVED)}.",
            )


class _Growing:
    """A column that grows: values numbered in the order they are met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.index = array("i")

    def add(self, value: str) -> None:
        self.index.append(self.numbers.setdefault(value, len(self.numbers)))

    def factor(self) -> Factor:
        return Factor(tuple(self.numbers), np.array(self.index, dtype=np.int32))


class _Reading:
    """One pass over the rows."""

    def __init__(
        self, table: Table, known: tuple[str, ...], probable: tuple[str, ...], columns: Sequence[str],
        wanted: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.table, self.wanted, self.fixed = table, wanted, bool(known)
        self.codes = {code: place for place, code in enumerate(known)}
        self.p_columns = [f"p_{code}" for code in known] if set(known) <= set(probable) and known else []
        self.groups = {column: _Growing() for column in columns}
        self.forms = _Growing() if "form" in table.columns else None
        self.machine, self.certain, self.p = array("h"), array("b"), array("f")
        self.seen: set[int] = set()
        self.result = CodedTable(table.source, table.columns, (), np.empty(0), np.empty(0), None)  # type: ignore[arg-type]

    def run(self) -> CodedTable:
        result = self.result
        for row in self.table:
            if isinstance(row, Row):
                self.take(row)
            else:
                result.excluded[row.reason] = result.excluded.get(row.reason, 0) + 1
        result.fixed = self.fixed
        result.codes, result.machine = self.ordered()
        result.certain = np.array(self.certain, dtype=np.bool_)
        result.groups = {name: column.factor() for name, column in self.groups.items()}
        result.forms = self.forms.factor() if self.forms else None
        if self.p_columns:
            result.probabilities = np.array(self.p, dtype=np.float32).reshape(-1, len(self.p_columns))
        return result

    def ordered(self) -> tuple[tuple[str, ...], NDArray[np.int16]]:
        """Return codes and positions; codes that were only met are put in alphabetical order."""
        machine = np.array(self.machine, dtype=np.int16)
        if self.fixed:
            return tuple(self.codes), machine
        codes = sorted(self.codes)
        moved = np.array([codes.index(code) for code in self.codes] or [0], dtype=np.int16)
        return tuple(codes), np.where(machine >= 0, moved[np.maximum(machine, 0)], machine)

    def take(self, row: Row) -> None:
        values = row.values
        post_id = str(values.get("post_id", ""))
        place = self.place(row)
        if self.repeats(post_id, place, row):
            return
        if post_id in self.wanted:
            self.result.position[post_id] = len(self.machine)
            self.result.rows[post_id] = values
        self.machine.append(place)
        status = values.get("status") or CODED
        self.certain.append(place >= 0 and status == CODED)
        for column in self.p_columns:
            self.p.append(_number(values.get(column), row, column, self.table.source))
        for name, growing in self.groups.items():
            growing.add(group_value(values, name))
        if self.forms is not None:
            self.forms.add(str(values.get("form") or ""))
        if not self.result.coder:
            self.result.coder = str(values.get("coder") or "")

    def place(self, row: Row) -> int:
        """Return the position of the row's code."""
        code = str(row.values.get("code") or "").strip()
        if not code:
            return MISSING_POSITION
        if code == NA:
            return UNCODABLE_POSITION
        if code not in self.codes:
            if self.fixed:
                raise CodingError(
                    f"{self.table.source}, line {row.line}: '{code}' is not a code.",
                    hint=f"Codes: {choices((*self.codes, NA))}. Another codebook? Name it with --codebook.",
                )
            self.codes[code] = len(self.codes)
        return self.codes[code]

    def repeats(self, post_id: str, place: int, row: Row) -> bool:
        """Tell whether the post came before; two different codes for a gold post are an error."""
        key = hash(post_id)
        if key not in self.seen:
            self.seen.add(key)
            return False
        earlier = self.result.position.get(post_id)
        if earlier is not None and self.machine[earlier] != place:
            raise CodingError(
                f"{self.table.source}, line {row.line}: post '{post_id}' has another code than in an "
                "earlier row.",
                hint="A coded table has one row per post: remove the repeated rows.",
            )
        self.result.repeated += 1
        return True


def group_value(values: Mapping[str, Any], name: str) -> str:
    """Return the group of a row: a column as it is, or year, quarter, month, length derived from it."""
    if name in values or name not in DERIVED:
        value = values.get(name)
        return "" if value is None else str(value)
    if name == "length":
        size = sum(len(str(values.get(part) or "")) for part in ("title", "text", "reply"))
        return next((label for limit, label in LENGTHS if size <= limit), "2001+")
    date = str(values.get("published_at") or "")
    if name == "quarter":
        month = date[5:7]
        return f"{date[:4]}-Q{(int(month) + 2) // 3}" if month.isdigit() else ""
    return date[:4] if name == "year" else date[:7]


def _number(value: Any, row: Row, column: str, source: str) -> float:
    if value is None or value == "":
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(
            f"{source}, line {row.line}: '{value}' in column {column} is not a number.",
            hint="Columns that begin with p_ hold the machine's probabilities.",
        ) from None
