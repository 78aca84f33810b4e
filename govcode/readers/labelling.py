"""Codings made in Label Studio or doccano, on their way back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from govcode.errors import InputError
from govcode.records import NA, Coding, Excluded

FORMS = ("labelstudio", "doccano")
_HINT = "Export it from Label Studio as JSON."


def read_labelling(path: str, form: str, codes: tuple[str, ...]) -> Iterator[Coding | Excluded]:
    """Yield the codings of a Label Studio JSON export or a doccano JSON Lines export, in order.

    Label Studio names the coder (`completed_by`); of doccano, which exports one file a person, it is the name
    of the file. Tasks without `post_id`, without a code, or with an unknown one are excluded.
    """
    text = _read(path)
    if form == "doccano":
        yield from _doccano(path, text, codes)
        return
    try:
        tasks = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path}: is not JSON ({error}).", hint=_HINT) from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: is not a list of tasks.", hint=_HINT)
    for number, task in enumerate(tasks, 1):
        yield from _task(path, number, task, codes)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error}).") from error


def _task(path: str, number: int, task: Any, codes: tuple[str, ...]) -> Iterator[Coding | Excluded]:
    if not isinstance(task, Mapping):
        yield Excluded(path, number, "not-a-task", "a task must be an object", str(task)[:200])
        return
    data = task.get("data") if isinstance(task.get("data"), Mapping) else task
    post_id = str((data or {}).get("post_id") or "")
    annotations = [a for a in task.get("annotations") or () if isinstance(a, Mapping)]
    if "annotations" not in task and isinstance(task.get("code"), str):
        annotations = [task]  # JSON-MIN: one flat record an annotation
    if not annotations:
        yield Excluded(path, number, "not-coded", "the task has no annotation", post_id)
    for annotation in annotations:
        chosen = _chosen(annotation)
        coder = _person(annotation.get("completed_by", annotation.get("annotator", "")))
        code, second = chosen.get("code", ""), chosen.get("secondary", "")
        yield _coding(path, number, post_id, coder, code, second, codes)


def _chosen(annotation: Mapping[str, Any]) -> dict[str, str]:
    if "result" not in annotation:
        return {name: str(annotation.get(name) or "") for name in ("code", "secondary")}
    found: dict[str, str] = {}
    for part in annotation["result"] or ():
        if isinstance(part, Mapping) and isinstance(part.get("value"), Mapping):
            values = part["value"].get("choices") or [""]
            found.setdefault(str(part.get("from_name", "")), str(values[0]))
    return found


def _person(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("email") or value.get("username") or value.get("id") or ""
    return str(value) or "labelstudio"


def _doccano(path: str, text: str, codes: tuple[str, ...]) -> Iterator[Coding | Excluded]:
    coder = Path(path).stem
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            labels = record.get("label", record.get("labels")) or []
        except (ValueError, AttributeError):
            yield Excluded(path, number, "broken-json", "the line is not a JSON object", line[:200])
            continue
        given = [str(label) for label in labels] if isinstance(labels, list) else [str(labels)]
        meta = record.get("meta") if isinstance(record.get("meta"), Mapping) else record
        post_id = str(meta.get("post_id") or record.get("post_id") or "")
        if len(given) > 1:
            yield Excluded(path, number, "several-codes", f"{', '.join(given)}: one code a post", post_id)
        else:
            yield _coding(path, number, post_id, coder, "".join(given), "", codes)


def _coding(
    path: str, number: int, post_id: str, coder: str, code: str, secondary: str, codes: tuple[str, ...]
) -> Coding | Excluded:
    if not post_id:
        return Excluded(path, number, "no-post-id", "the task does not say which post it is", code)
    if code not in codes and code != NA:
        reason = "unknown-code" if code else "not-coded"
        return Excluded(path, number, reason, f"'{code}' is not a code" if code else "no code", post_id)
    return Coding(post_id, coder, code, secondary if secondary in codes else "")
