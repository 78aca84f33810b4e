"""axe-core in a browser, for every page that govcode makes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(" "))])),
  (error) => done([["critical", String(error), []]]));
"""


def fetch_axe(folder: Path) -> str:
    """The source of axe-core, fetched for the test and never kept; skip where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, and axe-core comes from it")
    command = [npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "axe-core@4"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    source = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not source.exists():
        pytest.skip("axe-core cannot be fetched")
    return source.read_text(encoding="utf-8")


def serious(browser: Any, axe: str) -> list[Any]:
    """What axe finds serious or critical on the page that is open."""
    browser.execute_script(axe)
    browser.set_script_timeout(60)
    return [found for found in browser.execute_async_script(RUN) if found[0] in ("serious", "critical")]
