"""A profile as tables of text, for the terminal and every page."""

from __future__ import annotations

import math
from collections.abc import Iterable

from govcode.codebook.model import Codebook, say
from govcode.profiles.base import Measure
from govcode.profiles.contrast import REST
from govcode.profiles.profile import GroupProfile, Profile
from govcode.reports.agenda_tables import alignment_table, series_table, uptake_table
from govcode.reports.base import (
    COUNTED,
    ReportTable,
    decimal,
    decimal_interval,
    percent,
    percent_interval,
    share_text,
    share_with_n,
)
from govcode.reports.facet_tables import facet_table
from govcode.reports.sources import Files, sourced
from govcode.reports.speaker import Speaker
from govcode.reports.synergy_tables import mentions_table, reuse_table

MOST_CONTRASTS = 40


def profile_tables(
    found: Profile, codebook: Codebook, language: str, files: Files | None = None, coder: str = ""
) -> tuple[ReportTable, ...]:
    """Return all tables of a profile in the order of the report, each with the `files` it rests on."""
    say_ = Speaker(found, codebook, language)
    return tuple(sourced(table, files or {}, coder, language) for table in _tables(say_))


def _tables(say_: Speaker) -> tuple[ReportTable, ...]:
    found, codebook, language = say_.profile, say_.codebook, say_.language
    return (
        shares_table(say_), *(facet_table(say_, facet) for facet in codebook.facets),
        diversity_table(say_), regularity_table(say_), replies_table(say_),
        reuse_table(found.reuse, language), mentions_table(found.mentions, language),
        alignment_table(say_), series_table(say_),
        uptake_table(say_), contrasts_table(say_), sensitivity_table(say_), recodings_table(say_),
    )  # fmt: skip


def shares_table(say_: Speaker) -> ReportTable:
    """Return posts, codable posts and the share of each code with its interval."""
    codes = say_.profile.codes

    def cells(group: GroupProfile) -> Iterable[str]:
        counts = (str(group.posts), str(group.codable), str(group.uncodable), str(group.unsure))
        if group.insufficient:
            return (*counts, *("–" for _ in codes))
        return (*counts, *(share_text(s, mixed=say_.corrects) for s in group.shares))

    notes = list(_share_notes(say_))
    if any(g.insufficient for g in say_.groups):
        notes.append("–: " + say_("insufficient"))
    if say_.corrects and any(s.corrected is None for g in say_.groups for s in g.shares):
        notes.append(COUNTED + say_("counted_note"))
    heads = (say_("posts"), say_("codable"), say_("uncodable"), say_("unsure"))
    columns = (say_.heading, *heads, *(say_.code(c) for c in codes))
    return ReportTable("shares", say_("shares"), columns, say_.rows(cells), tuple(notes))


def _share_notes(say_: Speaker) -> tuple[str, ...]:
    """Say how shares were made: counted, or corrected by gold, or why they could not be corrected."""
    found = say_.profile.correction
    if found is not None and found.method:
        label, assumption = say_.stated(f"method_{found.method}", found.label), found.assumption
        return (say_("corrected_note", label, say_.stated(f"assume_{found.method}", assumption), found.gold),)
    counted = (say_("shares_note"), say_.limit("shares"))
    return counted if found is None else (*counted, say_("not_corrected", found.reason))


def diversity_table(say_: Speaker) -> ReportTable:
    """Return functional diversity of each group."""

    def cells(group: GroupProfile) -> Iterable[str] | None:
        d = group.diversity
        if d is None:
            return None
        rest = decimal_interval(d.without_residual) if d.without_residual else "–"
        simpson = decimal_interval(d.simpson)
        return (str(group.codable), decimal_interval(d.all_codes), rest, simpson, decimal(d.raw.value))

    heads = ("codable", "all_codes", "without_residual", "simpson", "plugin")
    columns = (say_.heading, *(say_(h) for h in heads))
    counted = (say_("of_counts"),) if say_.corrects else ()
    notes = (say_("diversity_note"), say_("no_interval_raw"), *counted, say_.limit("diversity"))
    return ReportTable(
        "diversity", say_("diversity"), columns, say_.rows(cells), notes, empty=say_("insufficient")
    )


def regularity_table(say_: Speaker) -> ReportTable:
    """Return the posting rhythm of each group."""

    def cells(group: GroupProfile) -> Iterable[str] | None:
        if group.rhythm is None:
            return None
        r = group.rhythm
        return (
            str(r.posts), f"{r.active_days}/{r.days}", decimal(r.posts_per_active_day.value, 1),
            str(r.longest_gap), percent(r.silent_share.value), say_("kept" if r.two_week_rule else "broken"),
            _with_gaps(r.burstiness), percent(r.weekday_share.value), share_with_n(r.office_hours_share),
        )  # fmt: skip

    heads = ("posts", "active_days", "per_day", "longest_gap", "silent_share", "two_weeks", "burstiness",
             "weekdays", "office")  # fmt: skip
    columns = (say_.heading, *(say_(h) for h in heads))
    notes = (say_("regularity_note", say_.profile.check), say_("no_interval"), say_.limit("regularity"))
    return ReportTable(
        "regularity", say_("regularity"), columns, say_.rows(cells), notes, empty=say_("undated")
    )


def replies_table(say_: Speaker) -> ReportTable:
    """Return reply rates and times, where the table holds replies."""

    def cells(group: GroupProfile) -> Iterable[str] | None:
        r = group.replies
        if r is None:
            return None
        counts = (str(r.answerable), str(r.answered), percent_interval(r.rate))
        kind = percent_interval(r.substantive) if r.substantive is not None else "–"
        return (*counts, decimal_interval(r.median, 1), kind)

    columns = (say_.heading, *(say_(h) for h in ("answerable", "answered", "rate", "latency", "substantive")))
    known = {g.replies.coded for g in say_.groups if g.replies is not None}
    how = tuple(say_("substantive_coded" if coded else "substantive_rules") for coded in sorted(known))
    rows = say_.rows(cells)
    notes = (say_("replies_note"), *how, say_.limit("replies")) if rows else ()
    return ReportTable(
        "replies", say_("replies"), columns, rows, notes, empty=say_("no_replies")
    )  # fmt: skip


def _with_gaps(burstiness: Measure) -> str:
    """Write the burstiness of gaps with their number."""
    return "–" if math.isnan(burstiness.value) else f"{burstiness.value:.2f} (n={burstiness.n:g})"


def contrasts_table(say_: Speaker) -> ReportTable:
    """Return the differences between groups that stand after correction."""
    all_of_them = say_.profile.contrasts
    standing = sorted((c for c in all_of_them if c.differs), key=lambda c: -abs(c.difference.value))
    rows = tuple(
        (
            f"{c.a} − {say_('rest') if c.b == REST else c.b}", say_.code(c.code),
            f"{c.n_a} / {c.n_b}", percent_interval(c.difference),
            "< .001" if c.p_holm < 0.001 else decimal(c.p_holm),
        )
        for c in standing[:MOST_CONTRASTS]
    )  # fmt: skip
    columns = (say_.heading, *(say_(h) for h in ("code", "codable_of_both", "difference", "p_holm")))
    shown = f"{len(rows)}/{len(standing)}"
    how = "contrasts_corrected" if any(c.corrected for c in all_of_them) else "contrasts_note"
    counted = (say_("contrasts_counted"),) if say_.corrects and how == "contrasts_note" else ()
    notes = (say_(how, len(all_of_them), shown), *counted, say_.limit("contrasts"))
    empty = say_("none_differ" if all_of_them else "no_contrasts")
    return ReportTable("contrasts", say_("contrasts"), columns, rows, notes if all_of_them else (), empty)


def sensitivity_table(say_: Speaker) -> ReportTable:
    """Return each finding of each group with its verdict under the mappings."""
    rows = []
    for group in say_.groups:
        if group.sensitivity is None:
            continue
        blind = max(m.blind for m in group.sensitivity.mappings)
        n = f"{group.sensitivity.n}{COUNTED if say_.corrects and not group.sensitivity.corrected else ''}"
        for f in group.sensitivity.findings:
            rows.append((say_.name(group), n, _finding(say_, f.kind, f.subject, f.value),
                         _verdict(say_, f.robust, f.broken_by, blind)))  # fmt: skip
    listed = "; ".join(f"{m.id} {say(m.title, say_.language)}" for m in say_.codebook.mappings)
    columns = (say_.heading, say_("codable"), say_("finding"), say_("verdict"))
    notes = (say_("sensitivity_note", listed), *_mapped_how(say_), say_.limit("sensitivity")) if rows else ()
    return ReportTable(
        "sensitivity", say_("sensitivity"), columns, tuple(rows), notes, empty=say_("no_mappings"), prose=True
    )  # fmt: skip


def _mapped_how(say_: Speaker) -> tuple[str, ...]:
    """Say from which shares the findings were drawn: counted, corrected, or some of each."""
    known = {g.sensitivity.corrected for g in say_.groups if g.sensitivity is not None}
    if not say_.corrects or True not in known:
        return (say_("findings_counted"), *((say_("of_counts"),) if say_.corrects else ()))
    return (say_("findings_corrected"), *((COUNTED + say_("findings_some"),) if False in known else ()))


def recodings_table(say_: Speaker) -> ReportTable:
    """Return which findings move when the posts are coded in another way."""
    rows = []
    for r in say_.profile.recodings:
        code, change = r.largest
        moved = [
            f"{_finding(say_, m.kind, m.subject, m.before)} → {_finding(say_, m.kind, m.subject, m.after)}"
            for m in r.moved
        ]
        name = " · ".join(part or "–" for part in r.key) or say_("all")
        largest = f"{say_.code(code)} {100 * change:+.1f}"
        agreement = percent_interval(r.agreement)
        held = f"{r.findings - len(r.moved)}/{r.findings}"
        rows.append((name, r.name, str(r.posts), agreement, largest, held, "; ".join(moved) or "–"))
    heads = ("other_coding", "posts", "agreement", "largest_change", "held", "moved")
    return ReportTable(
        "recodings", say_("recodings"), (say_.heading, *(say_(h) for h in heads)), tuple(rows),
        (say_("recodings_note"),) if rows else (), empty=say_("no_recodings"), prose=True,
    )  # fmt: skip


def _finding(say_: Speaker, kind: str, subject: str, value: str) -> str:
    if kind == "scarce":
        return say_(kind, say_.code(subject), say_(value))
    return say_(kind, " > ".join(say_.code(c) for c in value.split(" > ")))


def _verdict(
    say_: Speaker, robust: bool | None, broken_by: tuple[tuple[str, str], ...], blind: int
) -> str:  # fmt: skip
    if robust is None:
        return say_("untold", blind)
    return say_("robust") if robust else say_("not_robust", ", ".join(name for name, _ in broken_by))
