"""Load the scripts of `benchmarks/`, which import each other by their bare names."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], ModuleType]:
    """Return a script by name, as in a fresh clone: real posts are not there. Nothing stays loaded."""
    monkeypatch.setenv("GOVCODE_REAL_DATA", str(tmp_path / "nowhere"))

    def load(name: str) -> ModuleType:
        for needed in ("measure", "corpus", name):
            spec = importlib.util.spec_from_file_location(needed, FOLDER / f"{needed}.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            monkeypatch.setitem(sys.modules, needed, module)
            spec.loader.exec_module(module)
        return sys.modules[name]

    return load
