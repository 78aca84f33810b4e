"""No figure without its denominator, its interval or the reason why there is none, and its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govcode.reports.base import ReportTable
from govcode.reports.sections import sections
from govcode.workflow.report import gather, report
from tests.reports.conftest import full_options

SHARE = re.compile(r"^-?\d+\.\d+%?")
INTERVAL = re.compile(r"\[-?\d+\.\d+, -?\d+\.\d+\]")
DENOMINATORS = (
    "可编码", "帖文", "codable", "posts", "of ", "n=", "检查日", "Check date", "compared", "比较了", "gold posts",
    "金标准", "coders", "编码员", "comparisons", "次比较", "messages", "mentions", "应答复", "answerable", "甲的簇", "clusters of a",
)  # fmt: skip
REASONS = (
    "no interval",
    "无区间",
    "by chance",
    "偶然水平",
    "has no interval",
    "区间见校正后的两列",
    "beyond the data",
    "超出数据",
)


@pytest.fixture(scope="module", params=["zh", "en"])
def tables(request: pytest.FixtureRequest, full_study: Path) -> list[ReportTable]:
    """Every filled table of a report that has everything: gold, codings, replies, issues, series."""
    data, _ = gather([str(full_study / "coded.csv")], full_options(full_study, request.param))
    found = sections(data)
    charts = [chart.data for section in found for chart in section.charts]
    return [t for section in found for t in section.tables if t.rows] + charts


def test_every_kind_of_table_is_there(tables: list[ReportTable]) -> None:
    names = {t.id for t in tables}
    assert {"shares", "facet-appeal-channel", "diversity", "regularity", "replies", "reuse", "mentions",
            "alignment", "series", "uptake", "sensitivity", "evaluation", "per-code", "confusion", "reliability",
            "reliability-codes", "recodings", "functions-chart", "time-chart", "heat-chart"} <= names  # fmt: skip


def test_every_share_has_an_interval_or_the_reason_why_not(tables: list[ReportTable]) -> None:
    for table in tables:
        bare = [
            cell for row in table.rows for cell in row[1:] if SHARE.match(cell) and not INTERVAL.search(cell)
        ]
        told = " ".join((*table.notes, table.title))
        allowed = any(reason in told for reason in REASONS) or table.id in BESIDE
        assert not bare or allowed, f"{table.id}: {bare[:3]} without interval or reason"


# The upper bound of a facet is itself the end of an interval, as its note says.
BESIDE = {"facet-appeal-channel"}


def test_every_table_of_figures_names_its_denominator(tables: list[ReportTable]) -> None:
    for table in tables:
        if table.id in {"provenance", "excluded", "excluded-rows"}:
            continue
        told = " ".join((*table.notes, *table.columns, table.title, *(c for r in table.rows for c in r)))
        assert any(word in told for word in DENOMINATORS), f"{table.id}: {told[:200]}"


def test_the_terminal_says_the_same(govcode, tmp_path: Path) -> None:
    rows = "\n".join(f"{i},甲,文{i},{'appeal' if i % 3 else 'service'},coded" for i in range(60))
    (tmp_path / "c.csv").write_text(f"post_id,account,text,code,status\n{rows}\n", encoding="utf-8")
    golds = "\n".join(f"{i},gold,{'appeal' if i % 3 else 'service'},1" for i in range(60))
    (tmp_path / "g.csv").write_text(f"post_id,coder,code,inclusion_prob\n{golds}\n", encoding="utf-8")
    for command in ("estimate", "evaluate"):
        told = govcode(command, "c.csv", "--gold", "g.csv").stdout
        assert "60 " in told
        assert "[…] are 95% intervals" in told
        assert INTERVAL.search(told.replace("[.", "[0.").replace(" .", " 0.")), told


def test_every_table_and_chart_names_the_files_it_rests_on(tables: list[ReportTable]) -> None:
    names = {"coded.csv", "gold.csv", "codings.csv", "agenda.csv", "manifests", "运行清单"}
    for table in tables:
        assert any(name in table.source for name in names), table.id
    of = {t.id: t.source for t in tables}
    assert "gold.csv" in of["shares"]
    assert "gold.csv" not in of["regularity"]
    assert "codings.csv" in of["reliability"]
    assert "agenda.csv" in of["alignment"]


@pytest.mark.parametrize("form", ["html", "md", "tex"])
def test_every_form_prints_the_sources(full_study: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"r.{form}"
    report([str(full_study / "coded.csv")], str(out), full_options(full_study, "en"))
    text = out.read_text(encoding="utf-8")
    data, _ = gather([str(full_study / "coded.csv")], full_options(full_study, "en"))
    tables = [t for section in sections(data) for t in section.tables if t.rows]
    assert text.count("Source: ") >= len(tables) > 15
