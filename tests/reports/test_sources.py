"""No figure without its denominator, its interval or the reason why there is none, and its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govcode.reports.base import ReportTable
from govcode.reports.sections import sections
from govcode.workflow.report import ReportOptions, gather

SHARE = re.compile(r"^\d+\.\d%")
INTERVAL = re.compile(r"\[-?\d+\.\d+, -?\d+\.\d+\]")
DENOMINATORS = (
    "可编码", "帖文", "codable", "posts", "of ", "n=", "检查日", "Check date", "compared", "比较了", "gold posts",
    "金标准", "coders", "编码员", "comparisons", "次比较", "messages", "mentions", "应答复", "answerable", "甲的簇", "clusters of a",
)  # fmt: skip
REASONS = ("no interval", "无区间", "by chance", "偶然水平", "intervals are those", "区间见前两列")


@pytest.fixture(scope="module", params=["zh", "en"])
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[ReportTable]:
    """Every filled table of a report that has everything: gold, codings, replies, issues, series."""
    folder = tmp_path_factory.mktemp("full")
    codes = ("information", "service", "appeal", "agenda", "other")
    forms = {"information": "I2", "service": "S4", "appeal": "P2", "agenda": "A1", "other": "O1"}
    posts = ["post_id,account,platform,published_at,text,reply,replied_at,code,secondary,form,status"]
    gold, lin = ["post_id,coder,code,secondary,form,inclusion_prob"], ["post_id,coder,code"]
    for i in range(240):
        code = codes[i * 7 % 5]
        text = f"第{i // 3}条消息:今天停水请储水、道路施工请绕行、噪声扰民{'@云溪1' if i % 9 == 0 else ''}"
        reply = "已转水务局办理。,2023-05-30" if code == "appeal" and i % 2 else ","
        posts.append(f"{i},云溪{i % 3},weibo,2023-0{1 + i // 3 % 6}-1{i // 3 % 9}T1{i % 3}:00:00,{text},{reply},{code},,"
                     f"{forms[code]},coded")  # fmt: skip
        if i % 2 == 0:
            truth = code if i % 10 else codes[(i * 7 + 1) % 5]
            gold.append(f"{i},gold,{truth},service,{forms[truth]},0.5")
            lin += [f"{i},lin,{truth}", f"{i},zhou,{code}"]
    for name, rows in (("coded", posts), ("gold", gold), ("codings", lin)):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "agenda.csv").write_text(
        "issue,words,weight\n停水,停水,5\n道路,道路,3\n噪声,噪声,1\n早安,早安,1\n", "utf-8"
    )
    months = "\n".join(f"停水,2023-0{m},{m}\n噪声,2023-0{m},2" for m in range(1, 7))
    (folder / "series.csv").write_text(f"issue,period,weight\n{months}\n", encoding="utf-8")
    options = ReportOptions(
        language=request.param, gold=str(folder / "gold.csv"), codings=[str(folder / "codings.csv")],
        public_agenda=str(folder / "agenda.csv"), agenda_series=str(folder / "series.csv"),
    )  # fmt: skip
    data, _ = gather([str(folder / "coded.csv")], options)
    found = sections(data)
    charts = [chart.data for section in found for chart in section.charts]
    return [t for section in found for t in section.tables if t.rows] + charts


def test_every_kind_of_table_is_there(tables: list[ReportTable]) -> None:
    names = {t.id for t in tables}
    assert {"shares", "facet-appeal-channel", "diversity", "regularity", "replies", "reuse", "mentions",
            "alignment", "series", "uptake", "sensitivity", "evaluation", "per-code", "confusion", "reliability",
            "reliability-codes", "functions-chart", "time-chart", "heat-chart"} <= names  # fmt: skip


def test_every_share_has_an_interval_or_the_reason_why_not(tables: list[ReportTable]) -> None:
    for table in tables:
        bare = [
            cell for row in table.rows for cell in row[1:] if SHARE.match(cell) and not INTERVAL.search(cell)
        ]
        told = " ".join((*table.notes, table.title))
        allowed = any(reason in told for reason in REASONS) or table.id in BESIDE
        assert not bare or allowed, f"{table.id}: {bare[:3]} without interval or reason"


# Charts of figures whose intervals stand in the table beside them, as their description says; the upper bound
# of a facet is itself the end of an interval.
BESIDE = {"calibration-chart", "facet-appeal-channel", "recodings"}


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
