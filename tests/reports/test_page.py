"""The page: complete, closed to the outside, and deaf to what posts say."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from govcode.reports.wording import words
from govcode.workflow.profile import profile_table
from govcode.workflow.report import ReportOptions, report


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request: pytest.FixtureRequest, hostile_table: Path, tmp_path_factory) -> BeautifulSoup:
    out = tmp_path_factory.mktemp("page") / "report.html"
    report([str(hostile_table)], str(out), ReportOptions(language=request.param, title="<b>研究</b>"))
    assert out.stat().st_size < 700_000
    return BeautifulSoup(out.read_text(encoding="utf-8"), "html.parser")


def test_only_our_own_script_is_there_and_allowed_by_its_hash(page: BeautifulSoup) -> None:
    scripts = page.find_all("script")
    assert len(scripts) == 1
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    for element, kind in ((scripts[0], "script-src"), (page.head.find("style"), "style-src")):
        digest = b64encode(sha256(element.string.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert not page.select("img, iframe, object, embed, link, form, base")
    assert not [a for tag in page.find_all(True) for a in tag.attrs if a.startswith("on") or a == "style"]


def test_nothing_points_outside(page: BeautifulSoup) -> None:
    for tag in page.find_all(True):
        for name in ("href", "src", "xlink:href", "action", "srcset"):
            assert str(tag.get(name, "#")).startswith("#")
    style = page.head.find("style").string
    assert style.count("url(") == style.count("url(data:font/woff;base64,") == 1


def test_marks_that_turn_text_are_made_visible(page: BeautifulSoup) -> None:
    text = page.get_text()
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    assert "[U+202E]" in text
    assert max(map(len, text.split())) < 5_000


def test_every_section_chart_and_table_has_its_name(page: BeautifulSoup) -> None:
    headings = [h["id"] for h in page.find_all("h2")]
    assert headings == ["flow", "functions", "time", "limits", "synergy", "evaluation", "calibration",
                        "reliability", "examples", "excluded", "methods", "provenance"]  # fmt: skip
    assert [a["href"] for a in page.select("nav a")] == [f"#{h}" for h in headings]
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    charts = page.select("svg.chart")
    assert len(charts) >= 5
    for chart in charts:
        assert chart["role"] == "img"
        assert chart.find("title").get_text()
        assert chart.find("desc").get_text()
        assert chart.find_parent("figure").find("table")
    for table in page.find_all("table"):
        width = len(table.thead.find_all("th"))
        assert all(len(row.find_all(["th", "td"])) == width for row in table.tbody.find_all("tr"))


def test_figures_are_those_of_the_profile(page: BeautifulSoup, hostile_table: Path) -> None:
    overall = profile_table(str(hostile_table)).profile.overall
    row = page.find(id="table-shares").tbody.find("tr")
    cells = [td.get_text() for td in row.find_all("td")]
    assert cells[:2] == [str(overall.posts), str(overall.codable)]
    for cell, share in zip(cells[4:], overall.shares, strict=True):
        assert cell.startswith(f"{100 * share.figure.value:.1f}% [")


def test_evidence_is_highlighted(page: BeautifulSoup) -> None:
    assert {m.get_text() for m in page.find_all("mark")} >= {"征求意见"}


def test_what_was_not_done_is_not_said(page: BeautifulSoup) -> None:
    methods = page.find(id="methods").parent.get_text()
    assert "Wilson" in methods
    assert "not corrected" in methods
    assert "gold" not in methods
    assert "bootstrap" not in methods


def test_every_wording_has_both_languages_and_the_same_gaps() -> None:
    for key, (chinese, english) in words().items():
        assert chinese, key
        assert english, key
        assert len(re.findall(r"\{\d?\}", chinese)) == len(re.findall(r"\{\d?\}", english)), key
