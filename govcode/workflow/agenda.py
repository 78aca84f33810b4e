"""Read a public agenda: issues with their words and weights, from any table."""

from __future__ import annotations

import re

from govcode.errors import InputError, choices
from govcode.profiles.alignment import FEWEST_ISSUES, Issue
from govcode.readers.tables import open_table
from govcode.records import Row

_NAMES = ("issue", "议题", "问题", "类别")
_WORDS = ("words", "关键词", "词")
_WEIGHTS = ("weight", "share", "count", "权重", "占比", "件数", "数量")
_SPLIT = re.compile(r"[|、,,;;\s]+")


def read_agenda(path: str) -> tuple[Issue, ...]:
    """Read issues from a table with columns issue, words (split by | or comma) and weight (share or count).

    An issue that comes in several rows (months) adds up. Raises InputError for missing columns, a weight that
    is not a number of 0 or more, or fewer than three issues.
    """
    table = open_table(path)
    name, words, weight = (_column(table.columns, c, path) for c in (_NAMES, _WORDS, _WEIGHTS))
    found: dict[str, Issue] = {}
    for row in table:
        if not isinstance(row, Row):
            continue
        issue = str(row.values.get(name) or "").strip()
        if not issue:
            continue
        given = tuple(w for w in _SPLIT.split(str(row.values.get(words) or "")) if w)
        before = found.get(issue, Issue(issue, (), 0.0))
        value = _number(row.values.get(weight), path, row.line)
        merged = tuple(dict.fromkeys((*before.words, *given))) or (issue,)
        found[issue] = Issue(issue, merged, before.weight + value)
    if len(found) < FEWEST_ISSUES:
        raise InputError(f"{path}: has {len(found)} issues; a ranking needs {FEWEST_ISSUES} or more.")
    return tuple(found.values())


def _column(columns: tuple[str, ...], names: tuple[str, ...], path: str) -> str:
    found = next((c for c in columns if c.strip().lower() in names), None)
    if found is None:
        raise InputError(
            f"{path}: has no column {choices(names[:2])}; it has {choices(columns)}.",
            hint="A public agenda has the columns issue, words, weight.",
        )
    return found


def _number(value: object, path: str, line: int) -> float:
    try:
        number = float(str(value).strip().rstrip("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise InputError(
            f"{path}, line {line}: '{value}' is not a weight.", hint="Give a share or a count, 0 or more."
        )
    return number
