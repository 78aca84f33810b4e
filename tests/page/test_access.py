"""axe-core on every page, in both colour schemes: no violation that is serious or critical."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.axe import fetch_axe, serious
from tests.page.browser import ENTER, ESCAPE, Page, Server, chromium
from tests.page.conftest import write_sheet

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fetch_axe(tmp_path_factory.mktemp("axe"))


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
