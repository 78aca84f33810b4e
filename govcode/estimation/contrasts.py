"""Differences of shares between groups and over time, with Holm's correction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from govcode.estimation.corpus import Part, rest_of
from govcode.estimation.results import Difference, Estimate
from govcode.metrics.comparison import difference, holm, two_sided_p
from govcode.metrics.intervals import normal_quantile

MOST_FOR_PAIRS = 6
TIMES = ("year", "quarter", "month")
REST = "all others"

Shares = Callable[[Sequence[Part]], list[Estimate]]


def differences_between(
    estimates: Sequence[Estimate], parts: Sequence[Part], whole: Part, by: tuple[str, ...], shares: Shares
) -> tuple[Difference, ...]:
    """Compare groups: neighbours in time, else all pairs, else (over six groups) each with all others.

    With crossed columns groups are compared along the last one, within each value of the others. Groups
    without a corrected share are left out. Intervals by MOVER; p agrees with them; Holm over all tests.
    """
    found: list[Difference] = []
    families: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        families.setdefault(tuple(part.group[name] for name in by[:-1]), []).append(part)
    of_part = {tuple(e.group.values()): [] for e in estimates}  # type: dict[tuple[str, ...], list[Estimate]]
    for estimate in estimates:
        of_part[tuple(estimate.group.values())].append(estimate)
    for family in families.values():
        usable = [p for p in family if not math.isnan(of_part[tuple(p.group.values())][0].raw)]
        if by[-1] in TIMES:
            pairs = [(b, a) for a, b in pairwise(usable)]
        elif len(usable) <= MOST_FOR_PAIRS:
            pairs = list(combinations(usable, 2))
        else:
            found += _against_rest(usable, of_part, whole if len(by) == 1 else None, shares)
            continue
        for one, two in pairs:
            first, second = (of_part[tuple(p.group.values())] for p in (one, two))
            found += [_compare(a, b) for a, b in zip(first, second, strict=True)]
    adjusted = holm([row.p for row in found])
    return tuple(replace(row, p_holm=p) for row, p in zip(found, adjusted, strict=True))


def _against_rest(
    parts: Sequence[Part], of_part: dict[tuple[str, ...], list[Estimate]], whole: Part | None, shares: Shares
) -> list[Difference]:
    if whole is None:
        return []
    rests = shares([rest_of(whole, part) for part in parts])
    found, size = [], len(rests) // len(parts)
    for i, part in enumerate(parts):
        own = of_part[tuple(part.group.values())]
        found += [_compare(a, b) for a, b in zip(own, rests[i * size : (i + 1) * size], strict=True)]
    return found


def _compare(one: Estimate, two: Estimate) -> Difference:
    gap = difference(one.share, two.share)
    reach = gap.value - gap.low if gap.value > 0 else gap.high - gap.value
    p = two_sided_p(gap.value, reach / normal_quantile(gap.level)) if reach == reach else math.nan
    return Difference(one.code, one.name or REST, two.name or REST, gap, p, p)
