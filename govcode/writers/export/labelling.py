"""Files for labelling tools: Label Studio tasks with predictions, doccano lines with labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from govcode.writers.base import STREAM, whole_file, write_text
from govcode.writers.export.variables import ExportResult, ExportTable, cell_text, is_number, wording

CONFIG_SUFFIX = ".config.xml"


def write_label_studio(path: str, table: ExportTable) -> ExportResult:
    """Write tasks whose predictions are the codings, and the labelling interface beside them.

    The codings come as pre-annotations that people accept or correct; `data.post_id` finds the way back.
    """
    result = ExportResult()
    with whole_file(path) as file:
        for row in table.rows():
            task = json.dumps(_task(row, table), ensure_ascii=False)
            file.write(("[\n" if not result.rows else ",\n").encode() + task.encode("utf-8"))
            result.rows += 1
        file.write(b"\n]\n" if result.rows else b"[]\n")
    if path != STREAM:
        config = f"{Path(path).with_suffix('')}{CONFIG_SUFFIX}"
        write_text(config, label_studio_config(table))
        result.files.append(config)
    return result


def write_doccano(path: str, table: ExportTable) -> ExportResult:
    """Write JSON Lines with `text`, `label` (a list) and the other columns as metadata."""
    result = ExportResult()
    with whole_file(path) as file:
        for row in table.rows():
            given = [cell_text(row.get("code"))]
            labels = [label for label in given if label in table.codebook.ids]
            meta = {v.column: cell_text(row.get(v.column)) for v in table.variables if v.column != "text"}
            line = {"text": _text(row), "label": labels, **{k: v for k, v in meta.items() if v}}
            file.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
            result.rows += 1
    return result


def label_studio_config(table: ExportTable) -> str:
    """Return the labelling interface: the text, one choice of code, an optional secondary code."""
    language = "zh" if table.language == "both" else table.language
    choices = "".join(
        f"    <Choice value={quoteattr(c.id)} alias={quoteattr(c.id)} "
        f"hint={quoteattr(wording(c.label, language))}/>\n"
        for c in table.codebook.codes
    )
    return (
        '<View>\n  <Text name="text" value="$text"/>\n'
        f'  <Choices name="code" toName="text" choice="single" required="true">\n{choices}  </Choices>\n'
        f'  <Choices name="secondary" toName="text" choice="single">\n{choices}  </Choices>\n</View>\n'
    )


def _task(row: Mapping[str, Any], table: ExportTable) -> dict[str, Any]:
    data = {v.column: cell_text(row.get(v.column)) for v in table.variables}
    data["text"] = _text(row)
    result = [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [value]}}
        for name in ("code", "secondary")
        if (value := cell_text(row.get(name))) in table.codebook.ids
    ]
    task: dict[str, Any] = {"data": data}
    if result:
        stated = row.get(f"p_{row.get('code')}")
        prediction: dict[str, Any] = {"model_version": cell_text(row.get("coder")), "result": result}
        if is_number(stated):
            prediction["score"] = float(stated)  # type: ignore[arg-type]
        task["predictions"] = [prediction]
    return task


def _text(row: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, (cell_text(row.get(k)) for k in ("title", "text", "reply"))))
