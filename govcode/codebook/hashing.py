"""The content hash: what a coder follows, whatever the file looks like."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from govcode.codebook.model import Codebook

# What a coder follows. Left out on purpose: id, version and title, sources and change log, gates and
# training (they judge coders), mappings and facets (they read results), and expressions (rules_hash).
MEASURING = ("codes", "forms", "rules", "tie_break", "examples", "procedure", "na_rule", "na_minimum",
             "na_purpose", "sections")  # fmt: skip


def with_hashes(codebook: Codebook) -> Codebook:
    """Return the codebook with `hash` and `rules_hash` filled in."""
    instrument = _digest({name: _plain(getattr(codebook, name)) for name in MEASURING})
    rules = [(code, e.form, e.weight, _squeeze(e.source)) for code, e in codebook.expressions]
    lists = {name: _squeeze(source) for name, source in codebook.lists.items()}
    settings = [asdict(codebook.settings), lists]
    return replace(codebook, hash=instrument, rules_hash=_digest([instrument, sorted(rules), settings]))


def _digest(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    """Return records as dicts without lines and expressions, texts with single spaces."""
    if isinstance(value, str):
        return _squeeze(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        names = value.__dataclass_fields__
        return {name: _plain(getattr(value, name)) for name in names if name not in ("line", "expressions")}
    return value


def _squeeze(text: str) -> str:
    return " ".join(text.split())
