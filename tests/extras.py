"""Let a package of an extra be missing."""

from __future__ import annotations

from importlib import import_module

import pytest

from govcode.coders.transformer import extra


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Let a package be missing (other libraries look for torch in sys.modules, so it stays there)."""

    def missing(name: str) -> object:
        if name == package:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return import_module(name)

    monkeypatch.setattr(extra, "import_module", missing)
