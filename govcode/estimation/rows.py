"""An estimation as a tidy table, one figure a row, and as figures by name for its manifest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from govcode.estimation.results import Estimation
from govcode.metrics.figures import Figure, as_data

COLUMNS = ("part", "group", "code", "value", "low", "high", "level", "interval", "error", "p", "naive",
           "posts", "gold", "method", "note")  # fmt: skip


def figure_rows(result: Estimation) -> Iterator[dict[str, Any]]:
    """Yield every figure of the estimation as one row of a tidy table; `group` is empty for all posts."""
    for e in result.estimates:
        yield _row("share", e.name, e.code, e.share, error=e.error, naive=e.naive, posts=e.posts,
                   gold=e.gold, method=e.method)  # fmt: skip
    for d in result.differences:
        yield _row("difference", f"{d.first} - {d.second}", d.code, d.difference, p=d.p_holm)
    for s in result.sensitivity:
        yield _row("sensitivity", s.mapping, s.code, s.share, gold=s.changed)
    if result.regression is not None:
        for c in result.regression.coefficients:
            yield _row("regression", c.term, result.regression.code, c.estimate, error=c.error, p=c.p)


def figures_by_name(result: Estimation) -> dict[str, dict[str, Any]]:
    """Return every figure by what it is of: code → share, and part → name → code → [value, low, high].

    The parts are `intervals` (of the shares of all posts), `groups`, `differences` (p and Holm's p follow),
    `sensitivity` and `regression` (term → [value, low, high, p]); those that were not asked for are absent.
    """
    found: dict[str, dict[str, Any]] = {"shares": {}, "intervals": {}}
    for e in result.estimates:
        if e.group:
            found.setdefault("groups", {}).setdefault(e.name, {})[e.code] = _ends(e.share)
        else:
            found["shares"][e.code] = as_data(e.share.value)
            found["intervals"][e.code] = _ends(e.share)
    for d in result.differences:
        pair = found.setdefault("differences", {}).setdefault(f"{d.first} - {d.second}", {})
        pair[d.code] = [*_ends(d.difference), as_data(d.p), as_data(d.p_holm)]
    for s in result.sensitivity:
        found.setdefault("sensitivity", {}).setdefault(s.mapping, {})[s.code] = _ends(s.share)
    for c in result.regression.coefficients if result.regression else ():
        found.setdefault("regression", {})[c.term] = [*_ends(c.estimate), as_data(c.p)]
    return found


def _ends(figure: Figure) -> list[float | None]:
    """Return value, low, high; None for what there is not."""
    return [as_data(v) for v in (figure.value, figure.low, figure.high)]


def _row(part: str, group: str, code: str, figure: Figure, **more: Any) -> dict[str, Any]:
    values = {"part": part, "group": group, "code": code, **as_data(figure), **more}
    return {c: "" if (v := values.get(c)) is None or v != v or v == math.inf else v for c in COLUMNS}
