"""`govcode evaluate` as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

CODES = ("north", "south", "west")


def write(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path):
    gold = [("north", "north"), ("north", "south"), ("south", "south"), ("west", "west"), ("west", "west"),
            ("south", "NA"), ("north", "north")]  # fmt: skip
    coded = [
        {"post_id": f"p{i}", "text": "某市今日天气", "code": machine, "status": "uncodable" if machine == "NA"
         else "unsure" if i == 0 else "coded",
         **{f"p_{c}": 0.8 if c == machine else 0.1 for c in CODES}, "coder": "demo@1"}
        for i, (_, machine) in enumerate(gold)
    ]  # fmt: skip
    rows = [{"post_id": f"p{i}", "code": code} for i, (code, _) in enumerate(gold)]
    rows += [{"post_id": "lost", "code": "west"}, {"post_id": "none", "code": "NA"}]
    return write(tmp_path / "coded.jsonl", coded), write(tmp_path / "gold.jsonl", rows)


def test_json_has_every_figure(run, files):
    done = run("evaluate", files[0], "--gold", files[1], "--json", "--replicates", 200)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["schema_version"] == 1 and data["codes"] == list(CODES) and data["coder"] == "demo@1"
    assert data["posts"] == 8 and data["left_out"] == 1
    certain = data["coverage"].pop("certain")
    assert certain["value"] == 0.8 and certain["low"] < 0.3 and certain["high"] > 0.99
    assert data["coverage"] == {
        "posts": 8, "coded": 5, "unsure": 1, "uncodable": 1, "missing": 1, "share": 0.625, "accuracy": 0.8,
    }  # fmt: skip
    assert data["scores"]["accuracy"]["value"] == 5 / 8
    assert data["per_code"][2]["recall"]["value"] == pytest.approx(2 / 3)
    assert data["confusion"]["labels"] == [*CODES, "NA", ""]
    assert data["confusion"]["counts"][0] == [2, 1, 0, 0, 0]


def test_table_for_readers(run, files):
    done = run("evaluate", files[0], "--gold", files[1], "--replicates", 200)
    assert done.returncode == 0, done.stderr
    for words in ("8 gold posts (1 more", "macro-F1", "alpha machine-gold", "confusion", "(missing)"):
        assert words in done.stdout


@pytest.fixture
def dated(tmp_path):
    """Forty posts of two accounts, platforms and years, short and long, with forms; one error in five."""
    coded, gold = [], []
    for i in range(40):
        true = CODES[i % 3]
        where = {"account": "甲乙"[i % 2], "platform": ("weibo", "wechat")[i // 20]}
        coded.append({
            "post_id": f"p{i}", **where, "published_at": f"202{3 + i // 20}-05-0{1 + i % 9}",
            "text": "某市" * (5 if i % 2 else 60), "code": true if i % 5 else CODES[(i + 1) % 3], "status": "coded",
        })  # fmt: skip
        gold.append({"post_id": f"p{i}", "code": true, "form": f"{true[0]}{1 + i % 2}"})
    return write(tmp_path / "coded.jsonl", coded), write(tmp_path / "gold.jsonl", gold)


def test_scores_by_account_platform_year_and_length_and_by_form(run, dated):
    call = (
        "evaluate",
        dated[0],
        "--gold",
        dated[1],
        "--by",
        "account,platform,year,length",
        "--replicates",
        200,
    )
    shown, done = run(*call), run(*call, "--json")
    assert shown.returncode == done.returncode == 0, shown.stderr
    for title in ("by account", "by platform", "by year", "by length", "by form of gold"):
        assert title in shown.stdout, title
    data = json.loads(done.stdout)
    found = {(row["column"], row["value"]): row["scores"] for row in data["groups"]}
    assert set(found) == {
        ("account", "甲"), ("account", "乙"), ("platform", "weibo"), ("platform", "wechat"), ("year", "2023"),
        ("year", "2024"), ("length", "0-20"), ("length", "71-140"),
    }  # fmt: skip
    assert all(scores["posts"] == 20 for scores in found.values())
    assert found["account", "甲"]["accuracy"]["value"] == found["year", "2024"]["accuracy"]["value"] == 0.8
    assert all(s["accuracy"]["low"] < 0.8 < s["accuracy"]["high"] for s in found.values())
    forms = {row["form"]: row for row in data["forms"]}
    assert set(forms) == {"n1", "n2", "s1", "s2", "w1", "w2"}
    wrong = sum(i % 5 == 0 for i in range(40) if i % 6 == 0)  # form n1: north, even posts
    assert forms["n1"]["posts"] == 7 and forms["n1"]["accuracy"]["value"] == pytest.approx(1 - wrong / 7)
    assert forms["n1"]["wrong_code"] == "south" and forms["n1"]["wrong_posts"] == wrong


def test_a_figure_without_interval_says_why(run, dated):
    done = run(
        "evaluate",
        *dated[:1],
        "--gold",
        dated[1],
        "--clusters",
        "account",
        "--by",
        "year",
        "--replicates",
        200,
    )
    assert done.returncode == 0, done.stderr
    assert "2023, 2024" in done.stdout and "2 clusters, 5 are the least" in done.stdout


def test_without_gold_the_command_says_what_gold_is_and_how_to_get_it(run, dated):
    for call in (
        ("evaluate", dated[0]), ("train", dated[0], "-o", "m"), ("estimate", dated[0], "--method", "dsl"),
        ("estimate", dated[0], "--sensitivity"), ("estimate", dated[0], "--regress", "north ~ account"),
    ):  # fmt: skip
        done = run(*call)
        assert done.returncode == 2, call
        assert "posts that people coded" in done.stderr and "govcode sample POSTS --coders A,B" in done.stderr
        assert "govcode adjudicate" in done.stderr


def test_same_bytes_twice(run, files):
    one, two = (run("evaluate", files[0], "--gold", files[1], "--json").stdout for _ in range(2))
    assert one == two


def test_gate_not_met_is_exit_3_and_still_prints(run, files):
    done = run("evaluate", files[0], "--gold", files[1], "--fail-under", "macro_f1=.99", "--json")
    assert done.returncode == 3 and "macro_f1" in done.stderr and json.loads(done.stdout)
    fine = run("evaluate", files[0], "--gold", files[1], "--fail-under", "accuracy=.5,f1:west=.7")
    assert fine.returncode == 0, fine.stderr


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"code": "east"}, 1, "does not know"),
        ({"post_id": "p1", "code": "west"}, 1, "earlier row"),
        ({"inclusion_prob": "2"}, 1, "not a probability"),
    ],
)
def test_bad_gold_is_one_sentence(run, files, tmp_path, change, code, words):
    rows = [json.loads(line) for line in files[1].read_text(encoding="utf-8").splitlines()]
    bad = write(tmp_path / "bad.jsonl", [*rows, {"post_id": "p99", "code": "west", **change}])
    done = run("evaluate", files[0], "--gold", bad)
    assert done.returncode == code and words in done.stderr and "Traceback" not in done.stderr


def test_no_post_in_common(run, files, tmp_path):
    other = write(tmp_path / "other.jsonl", [{"post_id": "x", "code": "west"}])
    done = run("evaluate", files[0], "--gold", other)
    assert done.returncode == 1 and "no post in common" in done.stderr


def test_wrong_gate_name_is_wrong_usage(run, files):
    done = run("evaluate", files[0], "--gold", files[1], "--fail-under", "beauty=.9")
    assert done.returncode == 2 and "macro_f1" in done.stderr


def test_not_a_coded_table(run, files, tmp_path):
    posts = write(tmp_path / "posts.jsonl", [{"post_id": "p1", "text": "某县"}])
    done = run("evaluate", posts, "--gold", files[1])
    assert done.returncode == 1 and "govcode classify" in done.stderr


def test_everything_asked_for_is_written(run, files, tmp_path):
    people = [{"post_id": f"p{i}", "coder": c, "code": CODES[i % 3]} for i in range(6) for c in "ab"]
    codings = write(tmp_path / "people.jsonl", [*people[:-1], {**people[-1], "code": "north"}])
    done = run("evaluate", files[0], "--gold", files[1], "--against", files[0], "--codings", codings,
               "--by", "length,status", "--clusters", "status", "--errors", tmp_path / "errors.csv",
               "-o", tmp_path / "figures.csv", "--replicates", 100)  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in (
        "alpha between people",
        "by length",
        "by status",
        "reliability table",
        "demo@1 minus demo@1",
    ):
        assert words in done.stdout, words
    assert (tmp_path / "errors.csv").read_text(encoding="utf-8").startswith("post_id,text,gold,code,p_code")
    figures = (tmp_path / "figures.csv").read_text(encoding="utf-8")
    for name in ("alpha_between_coders", "difference_accuracy", "accuracy_where_sure", "mcnemar_p", "risk"):
        assert f"\n{name}," in figures, name
    assert "\nconfusion,north,machine,south,1.0," in figures
    assert "\nright,,confidence,0.7-0.8,0.8333" in figures
    manifest = json.loads((tmp_path / "figures.csv.manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["inputs"]) == 4 and "f1:each" in manifest["results"]


def test_codes_of_the_judged_coder_are_no_gold(run, tmp_path: Path) -> None:
    rows = "post_id,text,code,status,coder\na,x,service,coded,rules@1\nb,y,other,coded,rules@1\n"
    (tmp_path / "coded.csv").write_text(rows, encoding="utf-8")
    done = run("evaluate", "coded.csv", "--gold", "coded.csv", "--replicates", "100")
    assert "its codes are of rules@1, the coder that is judged: they are no gold" in done.stdout + done.stderr


def test_every_row_of_the_table_has_an_interval_or_says_why(run, dated, tmp_path) -> None:
    rows = [json.loads(line) for line in dated[0].read_text(encoding="utf-8").splitlines()]
    for i, row in enumerate(rows):
        rest = (1 - (sure := 0.55 + i / 100)) / 2
        row.update({f"p_{code}": sure if code == row["code"] else rest for code in CODES[:3]})
    done = run("evaluate", write(tmp_path / "sure.jsonl", rows), "--gold", dated[1], "--replicates", 200,
               "-o", tmp_path / "figures.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    bare = [r["figure"] for r in found if r["value"] and not r["low"] and not r["note"]]
    assert bare == []
    assert all(r["posts"] for r in found)
    risks = [r for r in found if r["figure"] == "risk"]
    assert [int(r["posts"]) for r in risks] == [4 * k for k in range(1, 11)]
    assert float(risks[-1]["value"]) == pytest.approx(0.2)
    assert float(risks[-1]["low"]) < 0.2 < float(risks[-1]["high"])
    right = {r["group"]: r for r in found if r["figure"] == "right"}
    assert sum(int(r["posts"]) for r in right.values()) == 40
    assert all(float(r["low"]) <= float(r["value"]) <= float(r["high"]) for r in right.values())
    assert "coverage  posts" in done.stdout
