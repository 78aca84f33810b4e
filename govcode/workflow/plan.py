"""How many posts a study needs, for the posts it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govcode.metrics.planning import (
    PRINTED_ERROR,
    alpha_error,
    lacy_riffe,
    size_for_alpha,
    size_for_code,
    size_for_margin,
    size_to_rule_out,
)  # fmt: skip
from govcode.records import NA, RowCount
from govcode.workflow.frame import read_frame

AGREEMENTS = (0.85, 0.90, 0.95)
MARGINS = (0.03, 0.05, 0.10)


@dataclass(frozen=True)
class Plan:
    """Sizes by purpose, for `population` posts. Each entry: what for → posts."""

    population: int
    margins: Mapping[str, int]
    agreement: Mapping[str, int]
    agreement_printed: Mapping[str, int]
    per_code: Mapping[str, int]
    rule_out: Mapping[str, int]
    alpha: Mapping[str, int]
    alpha_error_200: float | None = None
    notes: tuple[str, ...] = field(default=())


def plan(
    population: int, shares: Mapping[str, float], *, margin: float | None = None, expected: float = 0.5,
    least_per_code: int = 30, rule_out: float = 0.01, alpha: float = 0.85,
) -> Plan:  # fmt: skip
    """Return the sizes that each purpose asks for.

    `shares` are the expected shares of the codes (from machine codes, or given); without them the sizes
    for rare codes and for alpha are left out.
    """
    margins = (margin,) if margin else MARGINS
    known = {code: share for code, share in shares.items() if share > 0}
    values = list(known.values())
    per_alpha: dict[str, Any] = {}
    if len(values) > 1:
        per_alpha = {
            f"{value:.2f}": size_for_alpha(value, values)
            for value in sorted({alpha, 0.80, 0.90})
            if value > 0.667
        }
    absent = tuple(code for code, share in shares.items() if not share)
    notes = [f"no expected share for: {', '.join(absent)}"] if absent else []
    if len(values) < 2:
        notes.append(
            "sizes for each code and for alpha rest on the shares that the codes will have: classify the "
            "posts first, or give --share CODE=SHARE for two codes or more"
        )
    return Plan(
        population,
        {f"{m:g}": size_for_margin(m, share=expected, population=population) for m in margins},
        {f"{p:.2f}": lacy_riffe(p, population) for p in AGREEMENTS},
        {f"{p:.2f}": lacy_riffe(p, population, error=PRINTED_ERROR) for p in AGREEMENTS},
        {code: min(size_for_code(share, least_per_code), population) for code, share in known.items()},
        {f"{rule_out:g}": size_to_rule_out(rule_out)},
        per_alpha,
        alpha_error(alpha, values) / 200**0.5 if len(values) > 1 else None,
        tuple(notes),
    )  # fmt: skip


def count_posts(
    paths: Sequence[str], *, form: str | None = None, encoding: str | None = None
) -> tuple[int, dict[str, float]]:
    """Return the number of posts, and the mean machine probability (or share) of each code, if any."""
    frame, _, _ = read_frame(paths, RowCount(), form=form, encoding=encoding)
    if frame.probabilities.size:
        means = frame.probabilities.mean(axis=0).tolist()
        return len(frame), dict(zip(frame.codes, means, strict=True))
    codes = Counter(code for code in frame.columns.get("code", ()) if code and code != NA)
    total = sum(codes.values())
    return len(frame), {code: number / total for code, number in sorted(codes.items())}
