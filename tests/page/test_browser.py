"""A person at the keyboard, in headless Chromium, on the real command."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.browser import ENTER, ESCAPE, LEFT, Page, Server, chromium, until
from tests.page.conftest import write_sheet

pytestmark = pytest.mark.slow

CODES = ("information", "service", "appeal", "agenda", "other")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    with chromium(tmp_path / "profile") as started:
        yield started


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def type_code(page: Page, number: int, of: int) -> dict[str, str]:
    """Code the post shown, by keys only, and return what was typed."""
    place = number % 5
    page.wait("#place", f"{number} / {of} ")
    page.keys(str(place + 1))
    typed = {"code": CODES[place], "secondary": "", "form": "", "sure": "1", "note": ""}
    if number % 3 == 0:
        second = (place + 1) % 4
        page.shift(str(second + 1))
        typed["secondary"] = CODES[second]
    if number % 4 == 0:
        page.keys("f")
        page.wait("#picker")
        page.keys("2", ENTER)  # search, take the first that fits
        form = until(lambda: page.text("#form").split(" ")[0], "a form")
        assert form[1] == "2"
        typed["form"] = form
    if number % 7 == 0:
        page.keys("u")
        typed["sure"] = "0"
    if number % 10 == 0:
        page.keys("m", f"why {number}", ESCAPE)
        page.keys("r")
        page.wait("#picker")
        page.keys("B4", ENTER)
        typed["note"] = f"B4: why {number}"
    page.keys(ENTER)
    return typed


def test_fifty_posts_by_keyboard_with_a_break(
    tmp_path: Path, browser: Any, start: Callable[..., Server]
) -> None:
    write_sheet(tmp_path / "sheet.csv", 50)
    server = start("sheet.csv", "--coder", "li", "--export", "out.csv")
    page = Page(browser, server.link)
    typed = {f"p{n:05d}": type_code(page, n, 50) for n in range(1, 31)}
    page.wait("#place", "31 / 50 ")

    page.keys("3")
    page.wait("#saved", "已保存")
    page.keys("z")
    page.wait("#post-state", "未编")
    page.keys(LEFT)
    page.wait("#place", "30 / 50 ")
    page.keys("z", "z")  # the rule and the note of post 30
    until(lambda: page.text("#rule") == "无", "the rule to be undone")
    typed["p00030"]["note"] = ""

    assert "#token" not in browser.current_url
    assert page.complaints() == []
    browser.get("about:blank")
    assert server.stop() == 0
    assert len(read(tmp_path / "out.csv")) == 30

    server = start("sheet.csv", "--coder", "li", "--export", "out.csv")
    page = Page(browser, server.link)
    for number in range(31, 51):
        typed[f"p{number:05d}"] = type_code(page, number, 50)
    page.wait("#finished", "全部编完了")
    browser.find_element("id", "stop").click()
    assert server.process.wait(timeout=20) == 0
    rows = read(tmp_path / "out.csv")
    assert {row["post_id"]: {k: row[k] for k in typed["p00001"]} for row in rows} == typed
    assert all(row["coder"] == "li" and row["codebook"].startswith("sha256:") for row in rows)
    assert sum(float(row["seconds"]) for row in rows) > 1
    assert all(row["assisted"] == "0" for row in rows)


def test_two_coders_then_a_third_person_decides(
    tmp_path: Path, browser: Any, start: Callable[..., Server]
) -> None:
    write_sheet(tmp_path / "sheet.csv", 6)
    group = start("sheet.csv", "--coder", "li", "--coder", "wang", "--host", "127.0.0.2")
    assert set(group.links) == {"li", "wang"}
    for name, keys in (("li", "123451"), ("wang", "123145")):
        browser.delete_all_cookies()
        page = Page(browser, group.links[name])
        page.wait("#who", name)
        for number, key in enumerate(keys, start=1):
            page.wait("#place", f"{number} / 6 ")
            assert page.text("#post-state") == "未编", "no coder sees another's codes"
            page.keys(key, ENTER)
        page.wait("#finished", "全部编完了")
    group.stop()

    server = start("sheet.csv", "--adjudicate", "--coder", "zhao", "--export", "gold.csv")
    page = Page(browser, server.link)
    page.wait("#progress-text", "0 / 3 ")
    page.wait("#post-id", "p00004")
    assert "议题设置" in page.text("#sides")
    assert "信息发布" in page.text("#sides")
    page.keys("4", ENTER)
    page.wait("#trouble", "引用一条规则")
    page.keys("r")
    page.wait("#picker")
    page.keys("B11", ENTER, ENTER)
    page.wait("#progress-text", "1 / 3 ")
    page.wait("#post-id", "p00005")
    page.keys("d", "the text names a theme day", ESCAPE)
    browser.find_element("id", "add-remark").click()
    page.wait("#remarks", "theme day")
    page.keys("5", "m", "no rule fits", ESCAPE, ENTER)
    page.wait("#progress-text", "2 / 3 ")
    page.keys("z")
    page.wait("#progress-text", "1 / 3 ")
    assert page.complaints() == []
    assert server.stop() == 0
    gold = {row["post_id"]: row for row in read(tmp_path / "gold.csv")}
    assert {p: (r["code"], r["decision"]) for p, r in gold.items()} == {
        "p00001": ("information", "agreed"), "p00002": ("service", "agreed"), "p00003": ("appeal", "agreed"),
        "p00004": ("agenda", "discussion"),
    }  # fmt: skip
    assert gold["p00004"]["rule"] == "B11"
    assert gold["p00004"]["decided_by"] == "zhao"


def test_hostile_text_stays_text(tmp_path: Path, browser: Any, start: Callable[..., Server]) -> None:
    hostile = (
        '<img src=x onerror="document.title=1"><script>document.title=2</script>"\'&amp;\u202egnp.exe\u200b'
    )
    (tmp_path / "sheet.csv").write_text(
        "post_id,title,text\n"
        + ",".join('"' + v.replace('"', '""') + '"' for v in ("a<b>", hostile, hostile)),
        encoding="utf-8",
    )
    server = start("sheet.csv", "--coder", "li")
    page = Page(browser, server.link)
    page.wait("#reading .text", "<script>")
    assert browser.title == "govcode"
    assert browser.execute_script("return document.querySelectorAll('#desk img, #desk script').length") == 0
    assert "RLO" in page.text("#reading .text")
    assert "ZWSP" in page.text("#reading .title")
    assert page.complaints() == []
    server.stop(9)


def test_the_server_may_die_and_come_back_under_the_open_page(
    tmp_path: Path, browser: Any, start: Callable[..., Server]
) -> None:
    write_sheet(tmp_path / "sheet.csv", 3)
    server = start("sheet.csv", "--coder", "li")
    page = Page(browser, server.link)
    page.wait("#place", "1 / 3 ")
    page.keys("1")
    page.wait("#saved", "已保存")
    server.stop(9)
    page.keys("2")
    page.wait("#trouble", "尚未保存")
    again = start("sheet.csv", "--coder", "li")
    page = Page(browser, again.link)
    page.wait("#place", "2 / 3 ")
    page.keys(LEFT)
    page.wait("#codes [aria-pressed=true]", "信息发布")
    again.stop()


def test_the_codebook_is_one_key_away_in_both_languages(
    tmp_path: Path, browser: Any, start: Callable[..., Server]
) -> None:
    write_sheet(tmp_path / "sheet.csv", 3)
    server = start("sheet.csv", "--coder", "li", "--lang", "en")
    page = Page(browser, server.link)
    page.wait("#place", "Post 1 of 3")
    page.keys("?")
    page.wait("#book-body", "Does not count")
    page.keys("3")
    page.wait("#tab-appeal[aria-selected=true]", "appeals")
    page.wait("#book-body", "Examples")
    page.keys(ESCAPE)
    browser.find_element("id", "language").click()
    page.wait("#place", "第 1 / 3 条")
    assert browser.execute_script("return document.documentElement.lang") == "zh-CN"
    server.stop()
