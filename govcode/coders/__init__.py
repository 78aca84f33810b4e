"""Whoever gives codes: rules, linear and transformer models, people."""

from __future__ import annotations

from govcode.registry import Registry

# Each entry is `load(codebook, **options) -> Coder`.
CODERS = Registry(
    "coder",
    {
        "rules": "govcode.coders.rules:load",
        "linear": "govcode.coders.linear:load",
        "transformer": "govcode.coders.transformer.coder:load",
    },
)
