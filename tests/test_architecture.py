"""The house: floors, and imports that only go downwards."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import govcode

PACKAGE = Path(govcode.__file__).parent

# Room -> floor. Imports go only downwards; above floor 1, rooms on one floor do not import each other.
FLOORS = {
    "__init__": 0, "errors": 1, "records": 1, "registry": 1,
    "codebook": 2, "text": 2, "metrics": 2, "tables": 2,
    "readers": 3, "writers": 3, "coders": 3, "sampling": 3, "intercoder": 3, "adjudication": 3,
    "evaluation": 3, "estimation": 3, "profiles": 3,
    "reports": 4, "engines": 4,
    "workflow": 5, "api": 6, "api_measures": 6, "spark": 6, "page": 6, "cli": 7, "__main__": 8,
}  # fmt: skip
ONLY = {"typer": {"cli"}, "rich": {"cli"}, "starlette": {"page"}, "uvicorn": {"page"}}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            if node.module == "govcode":
                names.update(f"govcode.{alias.name}" for alias in node.names)
    return names


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_only_downwards(path: Path) -> None:
    room = room_of(path)
    assert room in FLOORS, f"{room} has no floor: enter it in FLOORS"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] in ONLY:
            assert room in ONLY[parts[0]], f"only {ONLY[parts[0]]} may import {parts[0]}"
        if parts[0] != "govcode" or len(parts) == 1 or parts[1] == "__version__":
            continue
        other = parts[1]
        if other in FLOORS and other != room and FLOORS[room] > 1:
            assert FLOORS[other] < FLOORS[room], f"{room} (floor {FLOORS[room]}) imports {other}"


def test_no_module_is_too_long() -> None:
    long = {str(p.relative_to(PACKAGE)): n for p in MODULES if (n := len(p.read_text().splitlines())) > 300}
    assert not long, f"split these or give a reason here: {long}"
