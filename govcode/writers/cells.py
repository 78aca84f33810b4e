"""Values as the cells of a table of text."""

from __future__ import annotations

from typing import Any

import orjson


def cell(value: Any) -> str | int | float:
    """Return a value as a cell: lists, objects and truth values as JSON text, None as ''."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return value
    return to_json(value).decode("utf-8")


def to_json(value: Any) -> bytes:
    """Return a value as compact JSON; what JSON has no form for becomes text, lone surrogates U+FFFD."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return orjson.dumps(_mended(value), default=str, option=orjson.OPT_NON_STR_KEYS)


def whole_text(text: str) -> str:
    """Replace lone surrogates, which no encoding can hold, by U+FFFD; join paired ones."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mended(item) for item in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    return value
