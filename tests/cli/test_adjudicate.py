"""`govcode adjudicate`: from codings through a queue to gold with probabilities."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govcode.codebook.load import load_codebook
from govcode.codebook.sheet import QUEUE_SHEET

CODES = load_codebook().ids
FIRST, SECOND = CODES[0], CODES[1]


@pytest.fixture
def study(run, tmp_path: Path) -> Path:
    """Twelve posts, two coders who disagree on the third and fourth drawn post."""
    rows = [
        {"post_id": f"w{i}", "account": "虚城发布", "title": f"第{i}号", "text": f"虚构正文{i}"}
        for i in range(30)
    ]
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    done = run("sample", "posts.jsonl", "-n", 12, "--coders", "A,B", "--overlap", 10, "-o", "s.csv")
    assert done.returncode == 0, done.stderr
    overlap = [r["post_id"] for r in read(tmp_path / "s.frame.csv") if r["overlap"] == "1"]
    for coder in "AB":
        path = tmp_path / f"s.{coder}.csv"
        filled = read(path)
        for row in filled:
            differs = coder == "B" and row["post_id"] in overlap[2:4]
            row["code"] = SECOND if differs else FIRST
            row["note"] = "B4 second clause" if differs else ""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, filled[0].keys())
            writer.writeheader()
            writer.writerows(filled)
    return tmp_path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill_queue(path: Path, **values: str) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for line in range(2, sheet.max_row + 1):
        for column, value in values.items():
            sheet.cell(line, QUEUE_SHEET.columns.index(column) + 1).value = value
    book.save(path)


SHEETS = ("s.A.csv", "s.B.csv")


def test_the_loop_from_queue_to_gold(run, study: Path) -> None:
    first = run("adjudicate", *SHEETS, "--frame", "s.frame.csv", "-o", "gold.csv", "--queue", "queue.xlsx")
    assert first.returncode == 0, first.stderr
    assert "10 posts in gold (agreed 8, single 2); 2 wait" in first.stderr
    sheet = load_workbook(study / "queue.xlsx").worksheets[0]
    shown = {column: sheet.cell(2, place).value for place, column in enumerate(QUEUE_SHEET.columns, start=1)}
    assert (
        f"A={FIRST}" in shown["codings"]
        and "B: B4 second clause" in shown["notes"]
        and "虚构正文" in shown["text"]
    )
    fill_queue(study / "queue.xlsx", code=SECOND, rule="B4", decided_by="Zhao", decided_at="2024-06-01")
    args = ("--frame", "s.frame.csv", "-o", "gold.csv", "--decisions", "queue.xlsx", "--complete", "--json")
    second = run("adjudicate", *SHEETS, *args)
    assert second.returncode == 0, second.stderr
    assert json.loads(second.stdout)["by"]["discussion"] == 2
    gold = read(study / "gold.csv")
    assert len(gold) == 12 and {row["coder"] for row in gold} == {"gold"}
    assert {row["inclusion_prob"] for row in gold} == {"0.4"} and {row["account"] for row in gold} == {
        "虚城发布"
    }
    decided = [row for row in gold if row["decision"] == "discussion"]
    assert {(r["code"], r["decided_by"], r["decided_at"], r["rule"]) for r in decided} == {
        (SECOND, "Zhao", "2024-06-01", "B4")}  # fmt: skip
    assert decided[0]["codings"] == f"A={FIRST}; B={SECOND}"
    assert decided[0]["votes"] == f"{FIRST}:0.5 {SECOND}:0.5"
    manifest = json.loads((study / "gold.csv.manifest.json").read_text())
    assert manifest["results"]["decided"]["agreed"] == 8


def test_gold_is_read_by_those_who_need_it(run, study: Path) -> None:
    from govcode.readers.codings import read_codings
    from govcode.readers.gold import read_gold

    run("adjudicate", *SHEETS, "--frame", "s.frame.csv", "-o", "gold.csv", "--queue", "q.xlsx")
    assert len(read_gold(study / "gold.csv").codings) == 10
    coding = read_codings([study / "gold.csv"], codebook=load_codebook()).codings[0]
    assert coding.coder == "gold" and coding.inclusion_prob == 0.4 and coding.stratum == "all"


def test_a_queue_that_waits_is_a_gate_when_asked(run, study: Path) -> None:
    done = run("adjudicate", *SHEETS, "--frame", "s.frame.csv", "-o", "gold.csv", "--complete")
    assert done.returncode == 3 and "2 posts wait" in done.stderr
    assert (study / "gold.csv").exists()


def test_expert_and_majority(run, study: Path) -> None:
    rows = [(r["post_id"], SECOND, "R2") for r in read(study / "s.frame.csv")]
    (study / "E.csv").write_text("post_id,code,note\n" + "".join(f"{p},{c},{n}\n" for p, c, n in rows))
    done = run("adjudicate", *SHEETS, "E.csv", "--mode", "expert", "--expert", "E", "-o", "g.csv")
    assert done.returncode == 0 and "agreed 8, single 2, expert 2" in done.stderr
    vote = run("adjudicate", *SHEETS, "E.csv", "--mode", "majority", "-o", "m.csv")
    assert vote.returncode == 0 and "0 wait" not in vote.stderr  # two coders and E split some posts evenly
    assert {r["rule"] for r in read(study / "g.csv") if r["decision"] == "expert"} == {"R2"}


def test_what_must_be_told(run, study: Path) -> None:
    plain = run("adjudicate", *SHEETS, "-o", "g.csv")
    assert "no inclusion probabilities" in plain.stderr and "--queue queue.xlsx" in plain.stderr
    (study / "other.csv").write_text(f"post_id,code\nstranger,{FIRST}\n")
    other = run("adjudicate", *SHEETS, "other.csv", "--frame", "s.frame.csv", "-o", "g.csv")
    assert other.returncode == 1 and "None of the posts that other coded" in other.stderr
    (study / "more.csv").write_text(f"post_id,coder,code\nstranger,A,{FIRST}\n")
    more = run("adjudicate", *SHEETS, "more.csv", "--frame", "s.frame.csv", "-o", "g.csv")
    assert "1 coded posts are not in the frame" in more.stderr
    part = run("adjudicate", "s.A.csv", "--frame", "s.frame.csv", "-o", "g.csv")
    assert "1 of 12 drawn posts are not coded yet" in part.stderr


def test_decisions_must_be_signed(run, study: Path) -> None:
    run("adjudicate", *SHEETS, "-o", "g.csv", "--queue", "q.xlsx")
    fill_queue(study / "q.xlsx", code=SECOND)
    done = run("adjudicate", *SHEETS, "-o", "g.csv", "--decisions", "q.xlsx")
    assert done.returncode == 1 and "do not say who decided" in done.stderr
    again = run("adjudicate", *SHEETS, "-o", "g.csv", "--queue", "q.xlsx")
    assert again.returncode == 1 and "already holds 2 codings" in again.stderr
    signed = run("adjudicate", *SHEETS, "-o", "g.csv", "--decisions", "q.xlsx", "--who", "Zhao")
    assert signed.returncode == 0 and "2 decisions have no date" in signed.stderr
    assert "2 of 2 decisions cite no rule" in signed.stderr


def test_wrong_usage(run, study: Path) -> None:
    assert run("adjudicate", *SHEETS, "--mode", "dice", "-o", "g.csv").returncode == 2
    assert run("adjudicate", *SHEETS, "--json").returncode == 2
    (study / "bare.csv").write_text(f"post_id,coder,code\nw1,A,{FIRST}\nw1,B,{SECOND}\n")
    queue = run("adjudicate", "bare.csv", "-o", "g.csv", "--queue", "q.xlsx")
    assert queue.returncode == 2 and "--posts" in queue.stderr
    good = run("adjudicate", "bare.csv", "-o", "g.csv", "--queue", "q.xlsx", "--posts", "posts.jsonl")
    assert good.returncode == 0, good.stderr
    (study / "old.csv").write_text(f"post_id,coder,code,codebook\nw1,A,{FIRST},sha256:{'0' * 64}\n")
    assert run("adjudicate", "old.csv", "-o", "g.csv").returncode == 4
    strange = run("adjudicate", "bare.csv", "-o", "g.csv", "--frame", "wrong.csv")
    assert strange.returncode == 1


def test_gold_on_stdout_is_json_lines(run, study: Path) -> None:
    done = run("adjudicate", *SHEETS)
    assert done.returncode == 0
    assert [json.loads(line)["coder"] for line in done.stdout.splitlines()] == ["gold"] * 10


def test_a_coder_without_usable_codings_is_refused(run, study):
    empty = read(study / "s.B.csv")
    for name, change in (("none", {"code": ""}), ("typo", {"code": "zzz"})):
        with (study / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, empty[0].keys())
            writer.writeheader()
            writer.writerows({**row, **change} for row in empty)
        done = run("adjudicate", "s.A.csv", f"{name}.csv", "--frame", "s.frame.csv", "-o", "gold.csv")
        assert done.returncode == 1 and f"no usable coding in: {name}.csv" in done.stderr
        assert not (study / "gold.csv").exists()


def test_a_wrong_code_in_a_decision_is_told_with_its_line(run, tmp_path: Path) -> None:
    for coder, code in (("li", "service"), ("wu", "appeal")):
        rows = f"post_id,coder,code\na,{coder},{code}\nb,{coder},{code}\n"
        (tmp_path / f"{coder}.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "queue.csv").write_text("post_id,code\na,appeals\nb,service\n", encoding="utf-8")
    done = run(
        "adjudicate", "li.csv", "wu.csv", "--decisions", "queue.csv", "--who", "zhao", "-o", "gold.csv"
    )
    assert done.returncode == 0, done.stderr
    assert "queue.csv, line 2: unknown-code: 'appeals' is not a code; nearest: appeal" in done.stderr
