"""The codebook as the page shows it: one plain dictionary with both languages in it."""

from __future__ import annotations

from typing import Any

from govcode.codebook.model import Code, Codebook

KEYS = 9
"""Codes have the keys 1 to 9; further codes are chosen with the pointer or Tab."""


def card(codebook: Codebook) -> dict[str, Any]:
    """Return codes, forms, border rules and examples for the page, in codebook order."""
    return {
        "id": codebook.id,
        "version": codebook.version,
        "hash": codebook.hash,
        "title": dict(codebook.title),
        "procedure": dict(codebook.procedure),
        "na_rule": dict(codebook.na_rule),
        "tie_break": list(codebook.tie_break),
        "codes": [_code(codebook, code, place) for place, code in enumerate(codebook.codes, start=1)],
        "forms": [
            {"id": f.id, "label": dict(f.label), "code": f.code, "hard": f.hard, "more": dict(f.overrides)}
            for f in codebook.forms
        ],
        "rules": [{"id": r.id, "title": dict(r.title), "text": dict(r.text)} for r in codebook.rules],
    }


def _code(codebook: Codebook, code: Code, place: int) -> dict[str, Any]:
    examples = [e for e in codebook.examples if e.code == code.id]
    return {
        "id": code.id,
        "key": str(place) if place <= KEYS else "",
        "label": dict(code.label),
        "keyword": dict(code.keyword),
        "question": dict(code.question),
        "definition": dict(code.definition),
        "counts": dict(code.counts),
        "excludes": dict(code.excludes),
        "secondary": code.secondary,
        "rules": _rules_naming(codebook, code),
        "examples": [
            {"id": e.id, "title": e.title, "text": e.text, "secondary": e.secondary, "form": e.form,
             "why": dict(e.why), "border": e.border}
            for e in examples
        ],
    }  # fmt: skip


def _rules_naming(codebook: Codebook, code: Code) -> list[str]:
    """Return the border rules whose wording names the code, one of its forms, or its label."""
    names = {code.id, *(f"({f.id})" for f in codebook.forms_of(code.id)), *code.label.values()}
    return [r.id for r in codebook.rules if any(n and n in text for n in names for text in r.text.values())]
