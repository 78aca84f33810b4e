"""What the public raised and what accounts wrote, as tables of text."""

from __future__ import annotations

from govcode.metrics.granger import FEWEST
from govcode.profiles.series import FEWEST_PERIODS
from govcode.reports.base import ReportTable, decimal, percent, percent_interval
from govcode.reports.speaker import Speaker


def alignment_table(say_: Speaker) -> ReportTable:
    """Return how groups' attention to issues meets the public's; empty without outside data."""
    rows = tuple(
        (say_.name(g), str(a.matched), *(decimal(v) for v in (a.rho, a.tau, a.overlap, a.divergence)))
        for g in say_.groups
        if (a := g.alignment) is not None
    )
    columns = (say_.heading, *(say_(h) for h in ("matched", "rho", "tau", "overlap", "divergence")))
    notes = (say_("alignment_note"), say_("no_interval_ranks"), say_("alignment_limit")) if rows else ()
    return ReportTable(
        "alignment", say_("alignment"), columns, rows, notes, empty=say_.limit("alignment")
    )  # fmt: skip


def series_table(say_: Speaker) -> ReportTable:
    """Return each issue over time: lag, cross-correlation, tests; the networks in a note."""
    found = say_.profile.series
    title, heads = (
        say_("series"),
        ("periods", "posts", "public", "lag_periods", "r_peak", "p_public", "p_own"),
    )
    columns = (say_("issue"), *(say_(h) for h in heads))
    if found is None:
        return ReportTable("series", title, columns, (), empty=say_("no_series"))
    rows = tuple(
        (
            i.issue, str(i.periods), str(i.posts), f"{i.public:g}", "–" if i.lag is None else f"{i.lag:+d}",
            "–" if i.r is None else f"{decimal(i.r)} (±{decimal(i.bound)})",
            _p(i.p_public_first), _p(i.p_account_first),
        )
        for i in found.issues
    )  # fmt: skip
    notes = [say_("series_note", say_(found.unit), FEWEST_PERIODS)]
    notes.append(say_("granger_note") if found.tested else say_("no_granger", FEWEST, found.periods))
    if found.network is not None:
        n = found.network
        notes.append(
            say_("network_association", decimal(n.r), n.pairs, found.messages, _p(n.p), n.permutations)
        )
    else:
        notes.append(say_("no_network_association"))
    return ReportTable("series", title, columns, rows, (*notes, say_("alignment_limit")))


def uptake_table(say_: Speaker) -> ReportTable:
    """Return how many issues raised in appeals were taken up, beside what chance would give."""
    found = say_.profile.uptake
    heads = ("raised", "taken", "share", "takers", "baseline", "p_chance")
    columns = (say_("group"), *(say_(h) for h in heads))
    title = say_("uptake")
    if found is None:
        return ReportTable("uptake", title, columns, (), empty=say_("no_uptake"))
    row = (
        say_("all"), str(found.raised), str(found.taken), percent_interval(found.share), str(found.takers),
        percent(found.baseline), _p(found.p),
    )  # fmt: skip
    facet = next(f for f in say_.codebook.facets if f.uptake)
    note = say_("uptake_note", say_.code(facet.code), "、".join(facet.uptake), found.days, found.permutations)
    return ReportTable("uptake", title, columns, (row,), (note, say_("uptake_limit")))


def _p(value: float | None) -> str:
    return "–" if value is None else "< .001" if value < 0.001 else decimal(value)
