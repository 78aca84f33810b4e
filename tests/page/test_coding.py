"""The coding page's endpoints, as its script uses them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govcode.page.sessions import ADJUDICATOR, SUPERVISOR, Person
from govcode.records import CODING_COLUMNS, Coding
from tests.page.conftest import Client, Live, write_sheet

SMALL = """
id = "small"
version = "1"
[title]
en = "Two codes"
[[codes]]
id = "yes"
[codes.label]
en = "Yes"
[codes.definition]
en = "It says yes."
[[codes]]
id = "no"
secondary = false
[codes.label]
en = "No"
[codes.definition]
en = "It says no."
"""


@pytest.fixture
def li(live: Callable[..., Live], sheet: Path) -> Client:
    return live(sheet).client("li")


def test_a_post_is_shown_blind(li: Client) -> None:
    page = li.get("/api/post").data
    assert page["post"]["post_id"] == "p00001"
    assert set(page["post"]) == {"position", "post_id", "title", "text", "reply"}
    assert "suggestion" not in page
    assert "云河发布" not in li.get("/api/post").body.decode()


def test_the_account_is_shown_where_allowed(live: Callable[..., Live], sheet: Path) -> None:
    page = live(sheet, show_account=True).client("li").get("/api/post").data
    assert page["post"]["account"] == "云河发布"


def test_each_keystroke_is_stored_and_shown_again(li: Client) -> None:
    choice = {
        "code": "service", "secondary": "information", "form": "S1", "sure": False, "note": "一😀",
        "rule": "B1 R3",
    }  # fmt: skip
    answer = li.decide("p00001", **choice, seconds=4.5).data
    assert answer["choice"] == {**choice, "skipped": False}
    assert (answer["tally"]["done"], answer["tally"]["unsure"], answer["tally"]["seconds"]) == (1, 1, 4.5)
    assert li.get("/api/post?at=1").data["choice"] == {**choice, "skipped": False}


def test_going_on_back_to_and_finding(li: Client) -> None:
    li.decide("p00001", "service")
    assert li.get("/api/post").data["post"]["position"] == 2
    li.post("/api/skip", {"post_id": "p00002"})
    assert li.get("/api/post?after=2").data["post"]["position"] == 3
    assert li.get("/api/find?what=skipped&after=0").data == {"at": 2}
    assert li.get("/api/find?post_id=p00007").data == {"at": 7}
    assert li.get("/api/find?post_id=nothing").data == {"at": None}
    assert li.get("/api/find?what=nonsense").status == 400
    assert li.get("/api/post?at=13").status == 404
    assert li.get("/api/post?at=-1").status == 400


def test_a_skipped_post_stays_skipped_until_it_has_a_code(li: Client) -> None:
    li.post("/api/skip", {"post_id": "p00001"})
    assert li.decide("p00001", "", note="ask").data["choice"]["skipped"]
    answer = li.decide("p00001", "NA").data
    assert not answer["choice"]["skipped"]
    assert (answer["tally"]["na"], answer["tally"]["skipped"]) == (1, 0)


def test_undo_returns_the_post_as_it_was(li: Client) -> None:
    li.decide("p00004", "service")
    li.decide("p00004", "agenda")
    page = li.post("/api/undo").data
    assert (page["post"]["post_id"], page["choice"]["code"]) == ("p00004", "service")
    li.post("/api/undo")
    assert li.post("/api/undo").data == {"nothing": True}


def test_the_end_is_told(live: Callable[..., Live], tmp_path: Path) -> None:
    li = live(write_sheet(tmp_path / "two.csv", 2)).client("li")
    li.decide("p00001", "service")
    li.decide("p00002", "NA")
    assert li.get("/api/post?after=2").data == {"finished": True, "tally": li.get("/api/post").data["tally"]}


def test_codings_come_down_as_they_were_typed(li: Client) -> None:
    li.decide("p00002", "agenda", rule="B11", note='a "quoted", line\nand another')
    li.decide("p00001", "NA")
    rows = list(csv.DictReader(io.StringIO(li.get("/api/codings.csv").body.decode("utf-8-sig"))))
    assert tuple(rows[0])[: len(CODING_COLUMNS)] == CODING_COLUMNS
    assert [(r["post_id"], r["code"], r["note"]) for r in rows] == [
        ("p00001", "NA", ""), ("p00002", "agenda", 'B11: a "quoted", line\nand another')
    ]  # fmt: skip


def test_assistance_is_shown_and_recorded(live: Callable[..., Live], sheet: Path) -> None:
    machine = {"p00001": Coding("p00001", "m", "service", probabilities=(0.1, 0.9))}
    site = live(sheet, suggestions=machine)
    li = site.client("li")
    assert li.get("/api/me").data["assisted"] is True
    assert li.get("/api/post?at=1").data["suggestion"] == {
        "code": "service",
        "secondary": "",
        "form": "",
        "p": 0.9,
    }
    assert "suggestion" not in li.get("/api/post?at=2").data
    li.decide("p00001", "service")
    li.decide("p00002", "service")
    rows = csv.DictReader(io.StringIO(li.get("/api/codings.csv").body.decode("utf-8-sig")))
    assert [row["assisted"] for row in rows] == ["1", "0"]


def test_several_sheets_are_coded_side_by_side(live: Callable[..., Live], tmp_path: Path) -> None:
    li = live(write_sheet(tmp_path / "a.csv", 2), write_sheet(tmp_path / "b.csv", 3)).client("li")
    assert [s["posts"] for s in li.get("/api/me").data["sheets"]] == [2, 3]
    li.post("/api/decide", {"sheet": 1, "post_id": "p00003", "code": "service"})
    assert li.get("/api/post?sheet=0").data["tally"]["done"] == 0
    assert li.get("/api/post?sheet=1").data["tally"]["done"] == 1


def test_any_codebook_will_do(live: Callable[..., Live], sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    li = live(sheet, codebook=str(tmp_path / "small.toml")).client("li")
    book = li.get("/api/codebook").data
    assert [(c["id"], c["key"]) for c in book["codes"]] == [("yes", "1"), ("no", "2")]
    assert (book["forms"], book["rules"]) == ([], [])
    assert li.decide("p00001", "yes").status == 200
    assert li.decide("p00001", "yes", secondary="no").status == 400, "no may not be a secondary code"
    assert li.decide("p00001", "service").status == 400


def test_the_card_holds_the_whole_instrument(li: Client) -> None:
    book = li.get("/api/codebook").data
    for code in book["codes"]:
        assert code["definition"]["zh"]
        assert code["counts"]
        assert code["examples"]
        assert code["rules"], code["id"]
    assert {f["code"] for f in book["forms"]} == {c["id"] for c in book["codes"]}
    assert all("expressions" not in code for code in book["codes"]), "nothing of the rule coder is shown"


@pytest.mark.parametrize(("role", "path"), [(ADJUDICATOR, "/api/post"), (SUPERVISOR, "/api/disputes")])
def test_everyone_keeps_to_their_own_page(
    live: Callable[..., Live], sheet: Path, role: str, path: str
) -> None:
    other = live(sheet, people=(Person("zhao", role),)).client("zhao")
    assert other.get(path).data == {"error": "not-your-role"}


def test_coders_see_neither_disputes_nor_figures(li: Client) -> None:
    for path in ("/api/disputes", "/api/dispute?post_id=p00001", "/api/gold.csv", "/api/supervision"):
        assert li.get(path).status == 403


def test_only_the_one_who_started_it_may_stop_it(live: Callable[..., Live], sheet: Path) -> None:
    stopped: list[Any] = []
    own = live(sheet)
    own.site.stop = lambda: stopped.append(True)
    assert live(sheet).client("li").post("/api/stop").status == 403
    assert own.client("li").post("/api/stop").data == {"stopped": True}
    assert stopped == [True]
