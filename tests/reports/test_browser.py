"""The page in a real browser: its script runs under its own policy, and nothing else does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from govcode.workflow.report import ReportOptions, report

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize("width", [390, 1280])
def test_script_runs_hostile_script_does_not_and_the_console_is_silent(
    hostile_table: Path, tmp_path: Path, width: int
) -> None:
    out = tmp_path / "report.html"
    report([str(hostile_table)], str(out), ReportOptions(language="en"))
    done = subprocess.run(
        [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
         f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", "--dump-dom", out.as_uri()],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr.decode("utf-8", "replace")
    page = BeautifulSoup(done.stdout.decode("utf-8"), "html.parser")
    assert len(page.select("figure button")) == 3 * len(page.select("figure"))
    assert not page.find(id="theme").has_attr("hidden")
