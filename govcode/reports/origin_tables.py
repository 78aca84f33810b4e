"""What was left out, and where everything comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from govcode.reports.base import ReportTable, joined
from govcode.reports.data import ReportData
from govcode.reports.safe import shown
from govcode.reports.wording import reason_name, word

MOST_ROWS = 50
_UNSET: tuple[Any, ...] = (None, "None", "", [], {}, False)
MOST_FILES = 6


def excluded_tables(data: ReportData) -> tuple[ReportTable, ...]:
    """Return exclusions by reason, and the first of the rows themselves."""
    lang = data.language
    counts = sorted(data.flow.excluded.items(), key=lambda item: -item[1])
    reasons = tuple((reason_name(r, lang), str(n)) for r, n in counts)
    columns = (word("reason", lang), word("rows", lang))
    counted = ReportTable(
        "excluded", word("excluded", lang), columns, reasons, empty=word("none_excluded", lang)
    )
    if not data.left_out:
        return (counted,)
    rows = tuple(
        (shown(e.source), str(e.line), reason_name(e.reason, lang), shown(e.detail, 160))
        for e in data.left_out[:MOST_ROWS]
    )
    heads = tuple(word(k, lang) for k in ("source", "line", "reason", "detail"))
    note = f"{len(rows)}/{len(data.left_out)}"
    return counted, ReportTable("excluded-rows", word("detail", lang), heads, rows, (note,), prose=True)


def provenance_table(data: ReportData) -> ReportTable:
    """Return one row for each step, from the manifests."""
    lang = data.language
    rows = tuple(_step(step, lang) for step in (*data.steps, *data.gold_steps))
    heads = ("step", "inputs", "outputs", "settings", "codebook")
    return ReportTable(
        "provenance", word("provenance", lang), tuple(word(h, lang) for h in heads), rows,
        empty=word("no_provenance", lang), prose=True,
    )  # fmt: skip


def _step(step: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    options = step.get("options") or {}
    settings = [f"{k}={_setting(v)}" for k, v in options.items() if v not in _UNSET]
    book = step.get("codebook") or {}
    name = book.get("id") or book.get("name") or ""
    return (
        f"govcode {step.get('command', '')} ({step.get('govcode', '')})",
        _files(step.get("inputs") or (), lang), _files(step.get("outputs") or (), lang),
        joined(settings, lang), f"{name} {_digest(str(book.get('hash', '')))}".strip(),
    )  # fmt: skip


def _setting(value: Any) -> str:
    """Return the value of an option as it was typed: items of a list joined, names of files alone."""
    items = value if isinstance(value, list) else [value]
    return shown(", ".join(str(v) for v in items), 60)


def _files(files: Sequence[Mapping[str, Any]], lang: str) -> str:
    listed = [
        f"{shown(str(f.get('path', '')).rsplit('/', 1)[-1])} {_digest(str(f.get('sha256', '')))}".strip()
        for f in files[:MOST_FILES]
    ]
    if len(files) > MOST_FILES:
        listed.append(f"+{len(files) - MOST_FILES}")
    return joined(listed, lang)


def _digest(value: str) -> str:
    return value.removeprefix("sha256:")[:12]
