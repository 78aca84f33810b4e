from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from govcode.page.ledger import Choice, Ledger
from govcode.page.sessions import ADJUDICATOR, SUPERVISOR, Person
from govcode.records import Coding
from tests.page.conftest import Client, Live, write_sheet

LI = {"p00001": "service", "p00002": "service", "p00003": "NA", "p00004": "agenda", "p00005": "other"}
WANG = {"p00001": "service", "p00002": "agenda", "p00003": "other", "p00004": "agenda"}


def start(live: Callable[..., Live], sheet: Path, role: str = ADJUDICATOR, **how: object) -> Live:
    site = live(sheet, people=(Person("zhao", role),), **how)
    store = site.site.sheets[0].store
    for name, codes in (("li", LI), ("wang", WANG)):
        ledger = Ledger(store, name, codebook=site.site.codebook.hash)
        for post_id, code in codes.items():
            ledger.record(post_id, Choice(code, rule="B4" if code == "agenda" else "", note=f"{name} says"))
    return site


@pytest.fixture
def zhao(live: Callable[..., Live], sheet: Path) -> Client:
    return start(live, sheet).client("zhao")


def judge(client: Client, post_id: str, code: str, **more: str) -> int:
    return client.post("/api/judge", {"post_id": post_id, "code": code, **more}).status


def cases(client: Client, query: str = "state=all") -> list[str]:
    return [case["post_id"] for case in client.get(f"/api/disputes?{query}").data["cases"]]


def test_only_disagreements_are_listed(zhao: Client) -> None:
    assert cases(zhao) == ["p00002", "p00003"]
    assert zhao.get("/api/dispute?post_id=p00001").status == 404, "agreed"
    assert zhao.get("/api/dispute?post_id=p00005").status == 404, "one coder only"


def test_filters_by_state_code_and_rule(zhao: Client) -> None:
    judge(zhao, "p00003", "other", rule="R1")
    assert cases(zhao, "state=undecided") == ["p00002"]
    assert cases(zhao, "state=decided") == ["p00003"]
    assert cases(zhao, "state=all&code=NA") == ["p00003"]
    assert cases(zhao, "state=all&rule=B4") == ["p00002"]
    assert cases(zhao, "state=all&rule=R1") == ["p00003"]
    assert zhao.get("/api/disputes?state=some").status == 400


def test_what_each_coder_said_stands_side_by_side(zhao: Client) -> None:
    found = zhao.get("/api/dispute?post_id=p00002").data
    assert [(s["coder"], s["code"], s["note"]) for s in found["codings"]] == [
        ("li", "service", "li says"), ("wang", "agenda", "B4: wang says")
    ]  # fmt: skip


def test_a_decision_needs_a_rule_or_a_reason(zhao: Client) -> None:
    assert judge(zhao, "p00002", "service") == 400
    assert judge(zhao, "p00002", "", rule="B4") == 400
    assert judge(zhao, "p00002", "service", note="no rule fits, since it is new") == 200
    assert judge(zhao, "p00001", "service", rule="B4") == 404, "there is nothing to decide"


def test_a_decision_can_be_taken_back(zhao: Client) -> None:
    judge(zhao, "p00002", "service", rule="B4")
    judge(zhao, "p00002", "agenda", rule="B4")
    assert zhao.post("/api/unjudge", {"post_id": "p00002"}).data == {"post_id": "p00002"}
    assert zhao.get("/api/dispute?post_id=p00002").data["choice"]["code"] == "service"


def test_discussion_notes_are_kept_with_their_author(zhao: Client) -> None:
    assert zhao.post("/api/remark", {"post_id": "p00002", "text": "  "}).status == 400
    (remark,) = zhao.post("/api/remark", {"post_id": "p00002", "text": "看题目"}).data["remarks"]
    assert (remark["author"], remark["text"]) == ("zhao", "看题目")
    assert zhao.get("/api/dispute?post_id=p00002").data["remarks"] == [remark]


def test_gold_holds_what_is_settled(zhao: Client) -> None:
    judge(zhao, "p00002", "agenda", rule="B4", secondary="service")
    rows = list(csv.DictReader(io.StringIO(zhao.get("/api/gold.csv").body.decode("utf-8-sig"))))
    found = {
        r["post_id"]: (r["coder"], r["code"], r["secondary"], r["decision"], r["decided_by"], r["rule"])
        for r in rows
    }
    assert found == {
        "p00001": ("gold", "service", "", "agreed", "li wang", ""),
        "p00002": ("gold", "agenda", "service", "discussion", "zhao", "B4"),
        "p00004": ("gold", "agenda", "", "agreed", "li wang", "B4"),
        "p00005": ("gold", "other", "", "single", "li", ""),
    }


def test_the_frame_of_the_sample_goes_into_gold(live: Callable[..., Live], sheet: Path) -> None:
    zhao = start(live, sheet, frame={"p00001": {"stratum": "a", "inclusion_prob": "0.25"}}).client("zhao")
    rows = csv.DictReader(io.StringIO(zhao.get("/api/gold.csv").body.decode("utf-8-sig")))
    assert next((r["stratum"], r["inclusion_prob"]) for r in rows if r["post_id"] == "p00001") == (
        "a",
        "0.25",
    )


def test_codings_from_files_count_as_well(live: Callable[..., Live], sheet: Path) -> None:
    others = [
        Coding("p00005", "chen", "service"),
        Coding("p00001", "li", "other"),
        Coding("px", "chen", "other"),
    ]
    zhao = start(live, sheet, others=others).client("zhao")
    assert cases(zhao) == ["p00002", "p00003", "p00005"], "li's own store wins over a file"


def test_two_sheets_of_the_same_posts_are_one(live: Callable[..., Live], tmp_path: Path) -> None:
    sheets = [write_sheet(tmp_path / f"sheet.{name}.csv", 3) for name in ("li", "wang")]
    site = live(*sheets, people=(Person("zhao", ADJUDICATOR),))
    Ledger(site.site.sheets[0].store, "li").record("p00001", Choice("service"))
    Ledger(site.site.sheets[1].store, "wang").record("p00001", Choice("other"))
    zhao = site.client("zhao")
    assert cases(zhao) == ["p00001"]
    assert judge(zhao, "p00001", "service", rule="B1") == 200
    assert zhao.get("/api/disputes?state=all").data["decided"] == 1


def test_supervision_tells_figures_and_no_codes_of_posts(live: Callable[..., Live], sheet: Path) -> None:
    site = start(live, sheet, role=SUPERVISOR)
    answer = site.client("zhao").get("/api/supervision")
    assert answer.data["overlap"] == 4
    assert [c["coder"] for c in answer.data["coders"]] == ["li", "wang"]
    assert b"p0000" not in answer.body
    assert {a["verdict"] for a in answer.data["alphas"]} == {"not-yet"}
