"""Reuse and mentions as tables of text."""

from __future__ import annotations

from govcode.codebook.model import say
from govcode.profiles.mentions import Mentions
from govcode.profiles.reuse import Reuse
from govcode.profiles.wording import LIMITS
from govcode.reports.base import ReportTable, decimal, joined, percent
from govcode.reports.wording import word

MOST_PAIRS = 20
MOST_LEADERS = 10


def reuse_table(found: Reuse | None, language: str) -> ReportTable:
    """Return the pairs of accounts that share most texts, who leads, and how late the other is."""
    columns = tuple(
        word(k, language)
        for k in ("pair", "both", "of_a", "reuse_share", "a_first", "b_first", "lag")
    )  # fmt: skip
    title = word("reuse", language)
    if found is None:
        return ReportTable("reuse", title, columns, (), empty=word("one_account", language))
    pairs = sorted(found.pairs, key=lambda p: (-p.both, p.a, p.b))[:MOST_PAIRS]
    rows = tuple(
        (f"{p.a} → {p.b}", str(p.both), str(p.of_a), percent(p.reuse.value), str(p.a_first), str(p.b_first),
         decimal(p.median_lag_hours.value, 1))
        for p in pairs
    )  # fmt: skip
    counts = (found.compared, found.posts, found.clusters, found.cross_platform)
    notes = [
        word("reuse_note", language).format(*counts),
        word("no_interval", language),
        say(LIMITS["synergy"], language),
    ]
    if found.leaders:
        leaders = joined([f"{name} {n}/{found.led}" for name, n in found.leaders[:MOST_LEADERS]], language)
        notes.insert(1, word("leaders", language).format(leaders))
    return ReportTable("reuse", title, columns, rows, tuple(notes), empty=word("no_reuse", language))


def mentions_table(found: Mentions | None, language: str) -> ReportTable:
    """Return the figures of the network of mentions."""
    names = ("nodes", "ties", "density", "reciprocity", "centralisation", "ei_index")
    columns = (word("network", language), *(word(k, language) for k in names))
    title = word("mentions", language)
    if found is None:
        return ReportTable("mentions", title, columns, (), empty=word("one_account", language))
    f = found.figures
    if not f.ties:
        return ReportTable("mentions", title, columns, (), empty=word("no_mentions", language))
    figures = (f.density, f.reciprocity, f.centralisation, f.ei_index)
    row = (word("mentions", language), str(f.nodes), str(f.ties), *(decimal(v.value) for v in figures))
    note = word("mentions_note", language).format(
        found.posts, word(found.groups, language), f"{f.density.n:g}"
    )  # fmt: skip
    return ReportTable(
        "mentions",
        title,
        columns,
        (row,),
        (note, word("no_interval", language), say(LIMITS["synergy"], language)),
    )
