"""A codebook as TOML text. Read again, it has the same hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govcode.codebook.model import Codebook, RuleSettings
from govcode.codebook.serial import as_data

_TEXTS = ("title", "procedure", "training", "short")
_TABLES = ("sections", "codes", "forms", "rules", "examples", "mappings", "facets", "sources", "changes")
_OWN_TEXT = ("sections", "rules", "sources", "changes")  # their text stands in the part itself: zh = …
_FIRST_KEY = {"sources": "what", "changes": "version"}
_DEFAULTS: dict[str, Any] = {"secondary": True}


def toml_text(codebook: Codebook) -> str:
    """Return the TOML text of a codebook, parts in the usual order, without comments."""
    data = as_data(codebook)
    lines = [_pair(key, data[key]) for key in ("id", "version", "variable") if data[key]]
    if data["tie_break"]:
        lines.append(_pair("tie_break", data["tie_break"]))
    for key in _TEXTS:
        if data[key]:
            lines += ["", f"[{key}]", *(_pair(language, text) for language, text in data[key].items())]
    lines += ["", "[na]", _pair("minimum", codebook.na_minimum)]
    lines += [_pair(language, text) for language, text in data["na_rule"].items()]
    if data["na_purpose"]:
        lines.append(_pair("purpose", data["na_purpose"]))
    for key in _TABLES:
        for part in data[key]:
            lines += ["", f"[[{key}]]", *_part(key, part)]
    if data["gates"]:
        lines += ["", "[gates]", *(_pair(key, value) for key, value in data["gates"].items())]
    lines += _rules(codebook)
    return "\n".join(lines) + "\n"


def _part(kind: str, part: Mapping[str, Any]) -> Iterator[str]:
    for key, value in part.items():
        if kind in _OWN_TEXT and key == "text":
            yield from (_pair(language, text) for language, text in value.items())
        elif key == "id" and kind in _FIRST_KEY:
            yield _pair(_FIRST_KEY[kind], value)
        elif key != "expressions" and (value != _DEFAULTS.get(key, False)) and value not in ("", [], {}):
            yield _pair(key, value)


def _rules(codebook: Codebook) -> Iterator[str]:
    standard, settings = RuleSettings(), codebook.settings
    if settings != standard:
        yield from ("", "[rule_coder]")
        for name in RuleSettings.__dataclass_fields__:
            value = getattr(settings, name)
            if value != getattr(standard, name):
                yield _pair(name, value)
    if codebook.lists:
        yield from ("", "[lists]", *(_pair(name, source) for name, source in codebook.lists.items()))
    if codebook.expressions:
        yield from ("", "[expressions]")
    owners: dict[str, list[str]] = {}
    for code, e in codebook.expressions:
        owners.setdefault(e.form or code, []).append(
            f"  {{ weight = {e.weight:g}, match = {_value(e.source)} }},"
        )
    for owner, listed in owners.items():
        yield from (f"{_key(owner)} = [", *listed, "]")


def _pair(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if key.replace("_", "a").replace("-", "a").isalnum() and key.isascii() else _value(key)


def _value(value: Any) -> str:
    """Return a TOML value; a text goes in single quotes where that saves escapes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_pair(key, item) for key, item in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    text = str(value)
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
