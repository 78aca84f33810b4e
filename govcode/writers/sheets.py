"""Blind coding sheets: Excel workbooks with lists to choose from, or plain tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from govcode.codebook.model import Codebook, say
from govcode.codebook.sheet import CODING_SHEET, NO_SECONDARY, SheetKind, entry
from govcode.records import NA
from govcode.writers.base import whole_file
from govcode.writers.cells import whole_text
from govcode.writers.tables import form_of, open_writer

LONGEST_CELL = 32_767
WIDTHS = {"no": 5, "post_id": 19, "title": 32, "text": 80, "reply": 40, "code": 22, "secondary": 22,
          "form": 22, "sure": 6, "note": 28, "codings": 24, "notes": 30, "rule": 8}  # fmt: skip
HEADS = {
    "no": "顺序", "post_id": "编号", "title": "标题", "text": "正文", "reply": "答复",
    "code": "主码:从列表中选一个", "secondary": "次码:没有则留空", "form": "形式(可留空)",
    "sure": "1=有把握 0=没把握", "note": "备注:可写规则编号", "coder": "编码员",
    "codings": "各编码员的编码", "notes": "各编码员的备注", "rule": "依据的规则编号",
    "decided_by": "裁定人", "decided_at": "裁定日期,如 2024-06-01",
}  # fmt: skip


def write_sheet(
    path: str | Path, rows: Iterable[Mapping[str, Any]], codebook: Codebook, *, form: str | None = None,
    kind: SheetKind = CODING_SHEET,
) -> int:  # fmt: skip
    """Write rows as a coding sheet or a queue, whole or absent; return how many texts were cut.

    Excel: lists for codes and forms, a card of the codebook on the second sheet, everything but the
    columns to fill locked. Excel holds 32,767 characters a cell: a longer text is cut and says so. Other
    forms get the same columns as a plain table.
    """
    suffix, packed = form_of(path, form)
    if suffix != "xlsx":
        with open_writer(path, kind.columns, form=form, excel=suffix in ("csv", "tsv")) as writer:
            for row in rows:
                writer.write(row)
        return 0
    with whole_file(path, packed=packed) as file:
        data, cut = _workbook(list(rows), codebook, kind)
        file.write(data)
    return cut


def _workbook(rows: Sequence[Mapping[str, Any]], codebook: Codebook, kind: SheetKind) -> tuple[bytes, int]:
    memory = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(memory, options)
    book.set_properties({"created": datetime(2000, 1, 1)})
    sheet, card = book.add_worksheet("coding 编码"), book.add_worksheet("codebook 编码手册")
    lists = book.add_worksheet("lists")
    styles = _styles(book)
    unseen = {*kind.carry, *(() if any(row.get("reply") for row in rows) else ("reply",))}
    cut = _write_rows(sheet, rows, styles, kind)
    _write_lists(lists, sheet, codebook, len(rows), kind)
    _lay_out(sheet, styles, kind, unseen)
    _write_card(card, codebook, styles)
    lists.hide()
    book.close()
    return memory.getvalue(), cut


def _styles(book: Any) -> dict[str, Any]:
    frame = {"valign": "top", "text_wrap": True, "font_size": 11}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#D9E2F3", "bottom": 1, "valign": "top"}),
        "fixed": book.add_format({**frame, "num_format": "@"}),
        "open": book.add_format({**frame, "num_format": "@", "locked": False, "bg_color": "#FFF9E5"}),
        "wrap": book.add_format(frame),
        "bold": book.add_format({**frame, "bold": True}),
    }


def _write_rows(
    sheet: Any, rows: Sequence[Mapping[str, Any]], styles: Mapping[str, Any], kind: SheetKind
) -> int:
    """Write header and rows; everything is text, so that no id becomes a number."""
    cut = 0
    for place, column in enumerate(kind.columns):
        sheet.write_string(0, place, column, styles["head"])
        if column in HEADS:
            sheet.write_comment(0, place, HEADS[column], {"x_scale": 1.2, "y_scale": 0.5})
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(kind.columns):
            value = whole_text(str(row.get(column) or ""))
            if len(value) > LONGEST_CELL:
                value, cut = value[: LONGEST_CELL - 1] + "…", cut + 1
            style = styles["open" if column in kind.fill else "fixed"]
            if value:
                sheet.write_string(line, place, value, style)
            else:
                sheet.write_blank(line, place, None, style)
    return cut


def _write_lists(lists: Any, sheet: Any, codebook: Codebook, number: int, kind: SheetKind) -> None:
    """Fill the hidden sheet of list entries and bind them to the columns."""
    codes = [entry(code.id, code.label) for code in codebook.codes]
    seconds = [entry(code.id, code.label) for code in codebook.codes if code.secondary]
    entries = {
        "code": [*codes, NA],
        "secondary": [*seconds, NO_SECONDARY],
        "form": [entry(form.id, form.label) for form in codebook.forms],
        "sure": ["1", "0"],
        "rule": [rule.id for rule in codebook.rules],
    }
    for place, (column, values) in enumerate(entries.items()):
        for line, value in enumerate(values):
            lists.write_string(line, place, value)
        if not values or column not in kind.fill:
            continue
        letter, target = "ABCDE"[place], kind.columns.index(column)
        sheet.data_validation(
            1, target, max(number, 1), target,
            {
                "validate": "list", "source": f"=lists!${letter}$1:${letter}${len(values)}",
                "error_title": "govcode", "error_message": "请从列表中选择。Choose from the list.",
                "error_type": "stop" if column == "code" else "warning",
            },
        )  # fmt: skip


def _lay_out(sheet: Any, styles: Mapping[str, Any], kind: SheetKind, unseen: Set[str]) -> None:
    for place, column in enumerate(kind.columns):
        sheet.set_column(
            place, place, WIDTHS.get(column, 12), styles["open" if column in kind.fill else "fixed"],
            {"hidden": column in unseen},
        )  # fmt: skip
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _write_card(card: Any, codebook: Codebook, styles: Mapping[str, Any]) -> None:
    """Write what a coder needs at hand: questions, definitions, forms, rules."""
    card.set_column(0, 0, 24)
    card.set_column(1, 1, 110)
    lines: list[tuple[str, str]] = [(f"{say(codebook.title, 'zh')} {codebook.version}", codebook.hash[:19])]
    if codebook.procedure:
        lines.append(("步骤 procedure", say(codebook.procedure, "zh")))
    for code in codebook.codes:
        parts = (code.question, code.definition, code.counts, code.excludes)
        heads = ("", "定义:", "算:", "不算:")
        text = "\n".join(f"{h}{say(p, 'zh')}" for h, p in zip(heads, parts, strict=True) if p)
        lines.append((entry(code.id, code.label), text))
    lines.append((NA, say(codebook.na_rule, "zh") if codebook.na_rule else "不可编码 uncodable"))
    for form in codebook.forms:
        hard = " [hard]" if form.hard else ""
        over = f" {say(form.overrides, 'zh')}" if form.overrides else ""
        lines.append((entry(form.id, form.label), f"→ {form.code}{hard}{over}"))
    lines.extend((f"{rule.id} {say(rule.title, 'zh')}", say(rule.text, "zh")) for rule in codebook.rules)
    for number, (head, text) in enumerate(lines):
        card.write_string(number, 0, head, styles["bold"])
        card.write_string(number, 1, text[:LONGEST_CELL], styles["wrap"])
    card.freeze_panes(1, 0)
    card.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
