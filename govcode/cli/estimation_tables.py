"""An estimation as a reader sees it in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.cli.figures import bare_reasons, number, p_value, show, show_table, with_interval
from govcode.estimation.results import Difference, Estimate, Estimation, Regression, SensitivityShare


def show_estimation(result: Estimation) -> None:
    """Print every part of the estimation that there is."""
    show(f"{result.posts} posts ({result.uncodable} uncodable), {result.gold} of them gold "
         f"({result.gold_na} NA)")  # fmt: skip
    show(f"method {result.method}: {result.label}; assumes that {result.assumption}")
    _overall([e for e in result.estimates if not e.group])
    if result.by:
        _groups(result.by, result.codes, [e for e in result.estimates if e.group])
    if result.differences:
        _differences(result.differences)
    if result.sensitivity:
        _sensitivity(result.codes, result.sensitivity)
    if result.regression is not None:
        _regression(result.regression)
    show("")
    how = (f"[…] are {result.level:.0%} intervals: {result.interval}",) if result.interval != "none" else ()
    groups = bare_reasons(
        (f"{e.name} {e.code}", e.share) for e in result.estimates if e.group and result.method != "count"
    )
    for note in (*how, *result.notes, *groups):
        show(f"note: {note}")


def _overall(estimates: Sequence[Estimate]) -> None:
    show_table(
        "share of codable posts", ("code", "share", "standard error", "naive count", "note"),
        [(e.code, with_interval(e.share), number(e.error, 4), number(e.naive), e.share.note)
         for e in estimates],
    )  # fmt: skip


def _groups(by: Sequence[str], codes: Sequence[str], estimates: Sequence[Estimate]) -> None:
    groups: dict[str, list[Estimate]] = {}
    for estimate in estimates:
        groups.setdefault(estimate.name, []).append(estimate)
    show_table(
        f"by {', '.join(by)}", (" · ".join(by), "posts", "gold", *codes),
        [(rows[0].name, str(rows[0].posts), str(rows[0].gold), *(with_interval(e.share) for e in rows))
         for rows in groups.values()],
    )  # fmt: skip
    if any(e.share.value != e.share.value for e in estimates):
        show("– too little gold in the group for a corrected share")


def _differences(rows: Sequence[Difference]) -> None:
    tests = sum(d.p == d.p for d in rows)
    rest = f"; {len(rows) - tests} without an interval are not tested" if tests < len(rows) else ""
    show_table(
        f"differences ({tests} tests, p by Holm{rest})",
        ("first – second", "code", "difference", "p", "p Holm"),
        [(f"{d.first} – {d.second}", d.code, with_interval(d.difference), p_value(d.p), p_value(d.p_holm))
         for d in rows],
    )  # fmt: skip


def _sensitivity(codes: Sequence[str], rows: Sequence[SensitivityShare]) -> None:
    shares = {(row.mapping, row.code): row for row in rows}
    mappings = {row.mapping: row for row in rows}
    show_table(
        "sensitivity to contestable choices", ("mapping", *codes, "gold changed"),
        [(name, *(with_interval(shares[name, code].share) for code in codes),
          str(row.changed)) for name, row in mappings.items()],
    )  # fmt: skip
    for name, row in mappings.items():
        show(f"{name}: {row.title}")


def _regression(result: Regression) -> None:
    show_table(
        f"{result.formula} ({result.model}, {result.posts} posts, {result.gold} gold"
        + (f", {result.clusters} clusters)" if result.clusters else ")"),
        ("term", "coefficient", "standard error", "z", "p", "odds ratio"),
        [(c.term, with_interval(c.estimate), number(c.error), number(c.z, 2), p_value(c.p),
          number(c.odds_ratio)) for c in result.coefficients],
    )  # fmt: skip
    show(f"{result.interval}; outcomes corrected by gold ({result.method})")
    for c in result.coefficients:
        if c.estimate.note:
            show(f"note: {c.term}: {c.estimate.note}")
