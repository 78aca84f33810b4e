"""Where the figures of a table come from: the files that they rest on, and who coded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from govcode.reports.base import ReportTable, joined
from govcode.reports.safe import shown
from govcode.reports.wording import word

Files = Mapping[str, Sequence[str]]
"""Names of files by what they hold: coded, gold, codings, agenda, other."""
_COUNTED = ("diversity", "regularity", "replies", "reuse", "mentions", "reuse-chart")
_KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_COUNTED, ("coded",)),
    **dict.fromkeys(("alignment", "series", "uptake"), ("coded", "agenda")),
    **dict.fromkeys(("reliability", "reliability-codes"), ("codings",)),
    **dict.fromkeys(("flow-chart", "excluded", "excluded-rows"), ("coded", "manifests")),
    "recodings": ("coded", "other"),
    "provenance": ("manifests",),
}
_OTHERWISE = ("coded", "gold")


def sourced(table: ReportTable, files: Files, coder: str, language: str) -> ReportTable:
    """Return a table with the sentence that names its sources, where it has rows."""
    return replace(table, source=source_line(table.id, files, coder, language)) if table.rows else table


def source_line(name: str, files: Files, coder: str, language: str) -> str:
    """Return `Source: coded.csv (coder NAME), gold gold.csv` for the table or chart of this name."""
    parts = []
    for kind in _KINDS.get(name, _OTHERWISE):
        if kind == "manifests":
            parts.append(word("from_manifests", language))
        elif files.get(kind):
            names = joined([shown(path.rsplit("/", 1)[-1]) for path in files[kind]], language)
            by = word("coded_by", language).format(shown(coder, 60)) if kind == "coded" and coder else ""
            parts.append(word(f"from_{kind}", language).format(names) + by)
    return word("source_of", language).format(joined(parts, language)) if parts else ""
