"""Shares of profile and report are those of `estimate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from govcode.workflow.estimate import EstimateOptions, estimate
from govcode.workflow.profile import ProfileOptions, profile_table


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write 300 coded posts of two accounts and gold for every third, some of it against the machine."""
    monkeypatch.chdir(tmp_path)
    posts = ["post_id,account,published_at,text,code,status"]
    gold = ["post_id,coder,code,inclusion_prob"]
    for i in range(300):
        machine = "appeal" if i % 7 == 0 else "service" if i % 2 else "information"
        posts.append(f"{i},云溪{i % 2},2023-01-0{1 + i % 9},第{i}条,{machine},coded")
        if i % 3 == 0:
            gold.append(f"{i},gold,{'service' if i % 21 == 0 else machine},0.3333333")
    Path("coded.csv").write_text("\n".join(posts) + "\n", encoding="utf-8")
    Path("gold.csv").write_text("\n".join(gold) + "\n", encoding="utf-8")
    return tmp_path


def test_profile_has_the_figures_of_estimate(study: Path) -> None:
    found = profile_table("coded.csv", ProfileOptions(gold="gold.csv")).profile
    rows = estimate(
        "coded.csv", "gold.csv", EstimateOptions(by=("account",), codebook="functions")
    ).estimation.estimates
    for group in (found.overall, *found.groups):
        for share in group.shares:
            same = [r for r in rows if r.code == share.code and tuple(r.group.values()) == group.key]
            if same:
                assert share.corrected == same[0].share
    appeal = next(s for s in found.overall.shares if s.code == "appeal")
    assert appeal.corrected is not None
    assert appeal.corrected.value < appeal.figure.value / 2
    assert found.correction is not None
    assert found.correction.gold == 100


def test_report_prints_the_figures_of_estimate(govcode, study: Path) -> None:
    done = govcode("report", "coded.csv", "--gold", "gold.csv", "--lang", "en", "-o", "r.html", cwd=study)
    assert done.returncode == 0, done.stderr
    told = json.loads(govcode("estimate", "coded.csv", "--gold", "gold.csv", "--json", cwd=study).stdout)
    page = BeautifulSoup((study / "r.html").read_text(encoding="utf-8"), "html.parser")
    cells = [td.get_text() for td in page.find(id="table-shares").tbody.find("tr").find_all("td")]
    for estimate_row in told["estimates"]:
        share = estimate_row["share"]
        printed = f"{100 * share['value']:.1f}% [{100 * share['low']:.1f}, {100 * share['high']:.1f}]"
        assert printed in cells
    text = page.get_text()
    assert "corrected by gold" in text
    assert "not corrected for coding error" not in text
    assert "gold posts the coder reached a macro-F1" in text
    assert page.find(id="table-confusion")
    again = govcode("verify", "r.html", cwd=study)
    assert again.returncode == 0, again.stdout


def test_gold_of_unknown_origin_corrects_nothing_and_says_why(study: Path) -> None:
    text = Path("gold.csv").read_text(encoding="utf-8").replace(",0.3333333", ",")
    Path("gold.csv").write_text(text, encoding="utf-8")
    result = profile_table("coded.csv", ProfileOptions(gold="gold.csv"))
    assert all(s.corrected is None for s in result.profile.overall.shares)
    assert "inclusion_prob" in result.notes[-1]
    assumed = profile_table("coded.csv", ProfileOptions(gold="gold.csv", assume_random=True)).profile
    assert any(s.corrected for s in assumed.overall.shares)
