"""A codebook as plain values, for `--json` and for other software."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from govcode.codebook.model import Codebook


def as_data(codebook: Codebook) -> dict[str, Any]:
    """Return everything a codebook holds as dicts and lists in a fixed order, with both hashes first."""
    data = asdict(codebook)
    for name in ("hash", "rules_hash", "source"):
        data.pop(name)
    for code in data["codes"]:
        for expression in code["expressions"]:
            expression.pop("line")
    data["na_purpose"] = [expression["source"] for expression in data["na_purpose"]]
    return {"hash": codebook.hash, "rules_hash": codebook.rules_hash, **_plain(data)}


def code_data(codebook: Codebook, code_id: str) -> dict[str, Any]:
    """Return one code with its forms and examples."""
    code = codebook.code(code_id)
    data = as_data(codebook)
    return {
        **data["codes"][codebook.ids.index(code.id)],
        "forms": [form for form in data["forms"] if form["code"] == code_id],
        "examples": [example for example in data["examples"] if example["code"] == code_id],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
