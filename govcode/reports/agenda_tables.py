"""What the public raised and what accounts wrote, as tables of text."""

from __future__ import annotations

from govcode.metrics.granger import FEWEST
from govcode.profiles.series import FEWEST_PERIODS
from govcode.reports.base import ReportTable, decimal, joined, percent_interval
from govcode.reports.speaker import Speaker


def alignment_table(say_: Speaker) -> ReportTable:
    """Return how groups' attention to issues meets the public's; empty without outside data."""
    rows = tuple(
        (say_.name(g), str(a.matched), *(decimal(v.value) for v in (a.rho, a.tau, a.overlap, a.divergence)))
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
    columns = (say_.heading, say_("issue"), *(say_(h) for h in heads))
    if found is None:
        return ReportTable("series", title, columns, (), empty=say_("no_series"))
    rows = tuple(
        (
            say_.name(g), i.issue, str(i.periods), str(i.posts), f"{i.public:g}",
            "–" if i.lag is None else f"{i.lag:+d}",
            "–" if i.lag is None else f"{decimal(i.r.value)} (±{decimal(i.bound)})",
            _p(i.p_public_first), _p(i.p_account_first),
        )
        for g, one in ((say_.profile.overall, found), *((g, g.series) for g in say_.profile.groups))
        if one is not None
        for i in one.issues
    )  # fmt: skip
    notes = [say_("series_note", say_(found.unit), FEWEST_PERIODS)]
    notes.append(say_("granger_note") if found.tested else say_("no_granger", FEWEST, found.periods))
    if found.network is not None:
        n = found.network
        notes.append(
            say_("network_association", decimal(n.r.value), n.pairs, found.messages, _p(n.p), n.permutations)
        )
        each = [(say_.name(g), s.network) for g in say_.profile.groups if (s := g.series) is not None]
        own = [f"{name} {decimal(found.r.value)} (p = {_p(found.p)})" for name, found in each if found]
        if own:
            notes.append(say_("network_of_groups", joined(own, say_.language)))
    else:
        notes.append(say_("no_network_association"))
    return ReportTable("series", title, columns, rows, (*notes, say_("alignment_limit")))


def uptake_table(say_: Speaker) -> ReportTable:
    """Return how many issues raised in appeals were taken up, beside what chance would give."""
    found = say_.profile.uptake
    heads = ("raised", "taken", "share", "takers", "baseline", "p_chance")
    columns = (say_.heading, *(say_(h) for h in heads))
    title = say_("uptake")
    if found is None:
        return ReportTable("uptake", title, columns, (), empty=say_("no_uptake"))
    rows = tuple(
        (
            name, str(u.raised), str(u.taken), percent_interval(u.share), str(u.takers),
            percent_interval(u.baseline), _p(u.p_holm),
        )
        for name, u in ((say_("all"), found), *((say_.name(g), g.uptake) for g in say_.profile.groups))
        if u is not None
    )  # fmt: skip
    facet = next(f for f in say_.codebook.facets if f.uptake)
    note = say_("uptake_note", say_.code(facet.code), "、".join(facet.uptake), found.days, found.permutations)
    notes = (note, *((say_("uptake_groups"),) if len(rows) > 1 else ()), say_("uptake_limit"))
    return ReportTable("uptake", title, columns, rows, notes)


def _p(value: float | None) -> str:
    return "–" if value is None else "< .001" if value < 0.001 else decimal(value)
