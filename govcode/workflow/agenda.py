"""Read a public agenda: issues with their words and weights, from any table."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from govcode.errors import InputError, choices
from govcode.profiles.alignment import FEWEST_ISSUES, Issue, named_issues
from govcode.profiles.series import MONTH, WEEK, PublicSeries, period_of
from govcode.readers.tables import open_table
from govcode.records import Row

_NAMES = ("issue", "议题", "问题", "类别")
_WORDS = ("words", "关键词", "词")
_WEIGHTS = ("weight", "share", "count", "权重", "占比", "件数", "数量")
_PERIODS = ("period", "date", "published_at", "日期", "月份", "时间", "留言时间")
_TEXTS = ("text", "内容", "留言", "留言内容", "诉求内容")
_SERIES_HINT = "A public series has the columns issue, period, weight, or published_at and text."
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


def _column(
    columns: tuple[str, ...], names: tuple[str, ...], path: str,
    hint: str = "A public agenda has the columns issue, words, weight.",
) -> str:  # fmt: skip
    found = next((c for c in columns if c.strip().lower() in names), None)
    if found is None:
        raise InputError(
            f"{path}: has no column {choices(names[:2])}; it has {choices(columns)}.",
            hint=hint,
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


def read_series(path: str, issues: Sequence[Issue]) -> PublicSeries:
    """Read what the public raised by time: counts (issue, period, weight), or messages (a date and a text).

    Dates of a month (`2023-04`) make months, whole dates make weeks. Messages name issues by the words of the
    issues. Raises InputError where the table is neither.
    """
    table = open_table(path)
    when = _column(table.columns, _PERIODS, path, _SERIES_HINT)
    text = next((c for c in table.columns if c.strip().lower() in _TEXTS), None)
    rows = [row for row in table if isinstance(row, Row)]
    months = all(len(str(row.values.get(when) or "").strip()) <= len("2023-04") for row in rows)
    unit = MONTH if months else WEEK
    counts: dict[str, dict[str, float]] = {issue.name: defaultdict(float) for issue in issues}
    together: Counter[tuple[str, str]] = Counter()
    name = weight = ""
    if text is None:
        name = _column(table.columns, _NAMES, path, _SERIES_HINT)
        weight = _column(table.columns, _WEIGHTS, path, _SERIES_HINT)
    for row in rows:
        period = period_of(_date(row.values.get(when), path, row.line), unit)
        if text is None:
            issue = str(row.values.get(name) or "").strip()
            if issue in counts:
                counts[issue][period] += _number(row.values.get(weight), path, row.line)
            continue
        named = sorted(named_issues(str(row.values.get(text) or ""), issues))
        for issue in named:
            counts[issue][period] += 1
        together.update((a, b) for i, a in enumerate(named) for b in named[i + 1 :])
    return PublicSeries(unit, counts, None if text is None else together, 0 if text is None else len(rows))


def _date(value: object, path: str, line: int) -> date:
    text = str(value or "").strip().replace("/", "-")[:10]
    try:
        return datetime.fromisoformat(f"{text}-01" if len(text) == len("2023-04") else text).date()
    except ValueError:
        raise InputError(
            f"{path}, line {line}: '{value}' is not a date.", hint="Write 2023-04 or 2023-04-30."
        ) from None
