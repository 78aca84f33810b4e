"""axe-core on every page, in both colour schemes: no violation that is serious or critical."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.page.browser import ENTER, ESCAPE, Page, Server, chromium
from tests.page.conftest import write_sheet

pytestmark = pytest.mark.slow

RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(" "))])),
  (error) => done([["critical", String(error), []]]));
"""


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, fetched for the test and never kept; skip where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, and axe-core comes from it")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "axe-core@4"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    source = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not source.exists():
        pytest.skip("axe-core cannot be fetched")
    return source.read_text(encoding="utf-8")


def serious(browser: Any, axe: str) -> list[Any]:
    browser.execute_script(axe)
    browser.set_script_timeout(30)
    return [found for found in browser.execute_async_script(RUN) if found[0] in ("serious", "critical")]


@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 1280), (False, 390)])
def test_every_page_is_accessible(
    tmp_path: Path, start: Callable[..., Server], axe: str, dark: bool, width: int
) -> None:
    write_sheet(tmp_path / "sheet.csv", 4)
    with chromium(tmp_path / "profile", dark=dark, width=width) as browser:
        for name, keys in (("li", "1234"), ("wang", "1143")):
            server = start("sheet.csv", "--coder", name)
            page = Page(browser, server.link)
            page.wait("#place", "1 / 4 ")
            assert serious(browser, axe) == [], "the page before a code"
            page.keys(keys[0])
            page.shift("2")
            page.wait("#saved", "已保存")
            assert serious(browser, axe) == [], "the page with a code"
            for key, window in (("?", "#book"), ("f", "#picker"), ("r", "#picker"), ("g", "#goto-box")):
                page.keys(key)
                page.wait(window)
                assert serious(browser, axe) == [], window
                page.keys(ESCAPE)
            page.keys(ENTER)
            for place, key in enumerate(keys[1:], start=2):
                page.wait("#place", f"{place} / 4 ")
                page.keys(key, ENTER)
            page.wait("#finished", "全部编完了")
            assert serious(browser, axe) == [], "the end"
            server.stop()
        server = start("sheet.csv", "--coder", "zhao", "--adjudicate")
        page = Page(browser, server.link)
        page.wait("#sides", "wang")
        assert serious(browser, axe) == [], "adjudication"
        server.stop()
        server = start("sheet.csv", "--supervise")
        page = Page(browser, server.link)
        page.wait("#alphas", "α")
        assert serious(browser, axe) == [], "supervision"
        page = Page(browser, server.link.partition("#")[0] + "#token=wrong")
        page.wait("#trouble", "无效")
        assert serious(browser, axe) == [], "a wrong link"
