"""Shares of profile and report are those of `estimate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from govcode.profiles.base import WITH_GOLD, measured
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
                assert share.corrected == measured(same[0].share, same[0].gold, "gold posts", WITH_GOLD)
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


def test_facets_months_and_differences_are_corrected_too_or_say_why_not(study: Path) -> None:
    gold = Path("gold.csv").read_text(encoding="utf-8").splitlines()
    rows = [r.split(",") for r in gold[1:]]
    form = {"appeal": "P2", "service": "S4", "information": "I2"}
    told = [f"{p},{g},{c},{'appeal' if int(p) % 9 == 0 else ''},{form[c]},{w}" for p, g, c, w in rows]
    Path("full.csv").write_text(
        "\n".join(["post_id,coder,code,secondary,form,inclusion_prob", *told]) + "\n", encoding="utf-8"
    )
    found = profile_table("coded.csv", ProfileOptions(gold="full.csv")).profile
    facet = next(f for f in found.overall.facets if f.facet == "appeal-channel")
    assert facet.any_use.corrected is not None
    assert facet.any_use.corrected.value > facet.any_use.figure.value  # gold knows second codes
    service = next(f for f in found.overall.facets if f.facet == "service-kind")
    assert not service.groups  # the machine gives no forms: nothing to print a gold share beside
    assert found.correction is not None
    corrected = {p.period for p in found.periods.periods for s in p.shares if s.corrected}
    assert corrected == {"2023-01"}
    assert all(c.corrected for c in found.contrasts)
    bare = profile_table("coded.csv", ProfileOptions(gold="gold.csv")).profile
    assert bare.correction is not None
    assert ("appeal-channel", "gold_no_secondary") in bare.correction.refused
    assert ("service-kind", "gold_no_form") in bare.correction.refused


def test_a_corrected_share_of_a_group_is_that_of_gold_where_gold_is_everything(tmp_path: Path) -> None:
    posts = [(f"{i}", "甲" if i % 2 else "乙", "appeal" if i % 3 else "service") for i in range(80)]
    truth = ["appeal" if i % 4 == 0 else "service" for i in range(80)]
    text = "\n".join(f"{p},{a},文{p},{c},,P2,coded" for p, a, c in posts)
    (tmp_path / "c.csv").write_text(
        f"post_id,account,text,code,secondary,form,status\n{text}\n", encoding="utf-8"
    )
    gold = "\n".join(f"{i},gold,{c},service,P2,1" for i, c in enumerate(truth))
    (tmp_path / "g.csv").write_text(f"post_id,coder,code,secondary,form,inclusion_prob\n{gold}\n")
    found = profile_table(str(tmp_path / "c.csv"), ProfileOptions(gold=str(tmp_path / "g.csv"))).profile
    facet = next(f for f in found.overall.facets if f.facet == "appeal-channel")
    answered = next(s for s in facet.groups if s.code == "answered")
    assert answered.best.value == pytest.approx(0.25)
    assert answered.figure.value == pytest.approx(sum(c == "appeal" for _, _, c in posts) / 80)


def test_a_counted_share_among_corrected_ones_is_marked(govcode, study: Path) -> None:
    gold = Path("gold.csv").read_text(encoding="utf-8").splitlines()
    few = [row for row in gold[1:] if int(row.split(",")[0]) % 2 == 0 or int(row.split(",")[0]) < 30]
    Path("few.csv").write_text("\n".join([gold[0], *few]) + "\n", encoding="utf-8")
    done = govcode("profile", "coded.csv", "--gold", "few.csv", "--no-synergy", cwd=study)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("云溪1"))
    assert "]°" in line
    assert "° counted, not corrected: fewer than 10 gold posts" in done.stdout
