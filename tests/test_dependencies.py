"""Every dependency is justified in one line of the docs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: needs for name, needs in project["optional-dependencies"].items() if name != "dev"}
    wanted = {
        re.split(r"[<>=\[; ]", need)[0]
        for needs in [project["dependencies"], *extras.values()]
        for need in needs
    }
    docs = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    listed = {cell.strip() for line in docs.splitlines() if line.startswith("|") for cell in line.split("|")}
    assert wanted <= listed, f"no line for {sorted(wanted - listed)}"
