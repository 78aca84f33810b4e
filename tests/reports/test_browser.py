"""The page in a real browser: its script runs under its own policy, nothing else does, and all can read it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from govcode.workflow.report import ReportOptions, report
from tests.axe import fetch_axe, serious
from tests.page.browser import chromium

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fetch_axe(tmp_path_factory.mktemp("axe"))


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study, made from its raw files; its report in both languages."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    folder = tmp_path_factory.mktemp("study") / "examples"
    shutil.copytree(ROOT / "examples", folder, ignore=shutil.ignore_patterns("out"))
    subprocess.run(
        [make, "-s", f"GOVCODE={sys.executable} -m govcode"], cwd=folder, check=True, timeout=600,
        capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    out = folder / "out"
    for language in ("zh", "en"):
        options = ReportOptions(language=language, gold=str(out / "gold.csv"))
        report([str(out / "coded.csv")], str(out / f"page-{language}.html"), options)
    return out


# Every text with its box, without the room above and below that a line keeps for accents.
BOXES = """
return [...document.querySelectorAll('svg.chart')].map((svg) => {
  const box = (e, cut) => {
    const r = e.getBoundingClientRect();
    return [r.left, r.top + cut * r.height, r.right, r.bottom - cut * r.height];
  };
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll('text')].filter((e) => e.textContent);
  return [svg.parentElement.parentElement.id, scale, box(svg, 0),
          texts.map((e) => [e.textContent, box(e, .2), parseFloat(getComputedStyle(e).fontSize)])];
});
"""


def requests_of(browser: Any) -> list[str]:
    """Everything the page asked for since it was opened, apart from itself and data inside it."""
    names = browser.execute_script("return performance.getEntriesByType('resource').map((e) => e.name)")
    return [name for name in names if not name.startswith(("data:", "blob:"))]


@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False), (1280, True)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_report_is_accessible_silent_and_asks_for_nothing(
    example: Path, tmp_path: Path, axe: str, language: str, width: int, dark: bool
) -> None:
    with chromium(tmp_path / "profile", width=width, dark=dark) as browser:
        browser.get((example / f"page-{language}.html").as_uri())
        assert requests_of(browser) == []
        assert browser.get_log("browser") == []
        assert browser.execute_script("return document.documentElement.dataset.theme") == (
            "dark" if dark else "light"
        )
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert serious(browser, axe) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_shows_every_chart_whole_and_large_enough_to_read(
    example: Path, tmp_path: Path, language: str
) -> None:
    """In the reader's own fonts, which may be wider than ours, by which charts were measured."""
    with chromium(tmp_path / "profile", width=375) as browser:
        browser.get((example / f"page-{language}.html").as_uri())
        browser.execute_script("return document.fonts.ready.then(() => 1)")
        charts = browser.execute_script(BOXES)
    assert len(charts) >= 7
    for name, scale, frame, texts in charts:
        assert frame[2] <= 375, name
        assert len(texts) > 5, name
        for words, (left, top, right, bottom), size in texts:
            assert size * scale >= 9, (name, words, size * scale)
            inside = (left >= frame[0], top >= frame[1], right <= frame[2], bottom <= frame[3])
            assert all(inside), (name, words, inside)
        for i, (words, one, _) in enumerate(texts):
            for other, two, _ in texts[i + 1 :]:
                apart = one[0] >= two[2] or two[0] >= one[2] or one[1] >= two[3] or two[1] >= one[3]
                assert apart, (name, words, other)


def test_figures_shown_are_those_of_estimate(example: Path, tmp_path: Path) -> None:
    told = json.loads((example / "estimates.json").read_text(encoding="utf-8"))
    with chromium(tmp_path / "profile") as browser:
        browser.get((example / "page-en.html").as_uri())
        row = "return [...document.querySelectorAll('#table-shares tbody tr:first-child td')]"
        cells = browser.execute_script(row + ".map((cell) => cell.textContent)")
    overall = [e["share"] for e in told["estimates"] if not e["group"]]
    shown = [f"{100 * s['value']:.1f}% [{100 * s['low']:.1f}, {100 * s['high']:.1f}]" for s in overall]
    assert cells[4:] == shown


def wait_for(folder: Path, number: int) -> list[Path]:
    """The files of a download folder, once there are so many whole ones."""
    for _ in range(200):
        found = [p for p in folder.iterdir() if not p.name.endswith((".crdownload", ".tmp"))]
        if len(found) >= number and all(p.stat().st_size for p in found):
            break
        time.sleep(0.1)
    return found


def test_every_chart_is_saved_as_svg_png_and_csv(example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    with chromium(tmp_path / "profile") as browser:
        browser.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
        )
        browser.get((example / "page-zh.html").as_uri())
        buttons = browser.find_elements("css selector", "figure button")
        charts = len(browser.find_elements("css selector", "figure"))
        assert len(buttons) == 3 * charts >= 15
        for button in buttons:
            browser.execute_script("arguments[0].click()", button)
            time.sleep(0.3)
        saved = {p.name: p.read_bytes() for p in wait_for(folder, 3 * charts)}
        assert browser.get_log("browser") == []
        assert requests_of(browser) == []
    assert {Path(name).suffix for name in saved} == {".svg", ".png", ".csv"}
    assert saved["functions-chart.png"].startswith(b"\x89PNG")
    assert "市民诉求" in saved["functions-chart.svg"].decode()
    assert "@font-face" in saved["functions-chart.svg"].decode()
    table = saved["functions-chart.csv"].decode("utf-8-sig")
    assert table.splitlines()[0].startswith("编码,")
    assert "市民诉求" in table


def test_chinese_is_drawn_on_a_machine_without_chinese_fonts(example: Path, tmp_path: Path) -> None:
    """Two characters that no font had would both be the same empty box; here they differ."""
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts)
    draw = """
    const draw = (family, text) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 40;
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      pen.font = '30px ' + family;
      pen.fillText(text, 2, 32);
      return pen.getImageData(0, 0, 40, 40).data.join();
    };
    const alike = (family) => draw(family, '市') === draw(family, '务');
    return [alike('sans-serif'), alike('"govcode-sc", sans-serif')];
    """
    try:
        with chromium(tmp_path / "profile") as browser:
            browser.get((example / "page-zh.html").as_uri())
            browser.execute_script("return document.fonts.ready.then(() => 1)")
            system, ours = browser.execute_script(draw)
    finally:
        os.environ.pop("FONTCONFIG_FILE")
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before
    assert system, "this machine shows Chinese without a Chinese font, so nothing was tested"
    assert not ours


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_script_does_not_run_and_the_console_is_silent(
    hostile_table: Path, tmp_path: Path, width: int
) -> None:
    out = tmp_path / "report.html"
    report([str(hostile_table)], str(out), ReportOptions(language="en"))
    with chromium(tmp_path / "profile", width=width) as browser:
        browser.get(out.as_uri())
        assert browser.get_log("browser") == []
        assert requests_of(browser) == []
        figures = browser.find_elements("css selector", "figure")
        assert len(browser.find_elements("css selector", "figure button")) == 3 * len(figures)
        assert browser.find_element("id", "theme").is_displayed()


def test_it_prints_in_light_colours_without_buttons(example: Path, tmp_path: Path) -> None:
    with chromium(tmp_path / "profile", dark=True) as browser:
        browser.get((example / "page-zh.html").as_uri())
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
        theme, shown = browser.execute_script(
            "return [document.documentElement.dataset.theme,"
            " [...document.querySelectorAll('button, nav')].filter((e) => e.offsetParent).length]"
        )
        pages = browser.execute_cdp_cmd("Page.printToPDF", {})["data"]
    assert (theme, shown) == ("light", 0)
    assert len(pages) > 100_000
