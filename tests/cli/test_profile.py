"""The command as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

HEADER = (
    "post_id",
    "account",
    "platform",
    "published_at",
    "title",
    "text",
    "code",
    "secondary",
    "form",
    "status",
)


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    rows = [
        (f"{a}{i}", a, "weibo", f"2023-0{1 + i % 6}-1{i % 9}T09:00:00", "", f"第{i}号:明天起停水,请储水{i * 7}",
         "service" if i % 3 else "information", "", "S4" if i % 3 else "I2", "coded")
        for a in ("云溪发布", "云溪城管") for i in range(40)
    ]  # fmt: skip
    path = tmp_path / "coded.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def test_tables_and_json_tell_the_same(govcode, coded: Path) -> None:
    text = govcode("profile", coded)
    assert text.returncode == 0, text.stderr
    assert "Citizens' appeals" in text.stdout
    data = json.loads(govcode("profile", coded, "--json").stdout)
    overall = data["profile"]["overall"]
    assert (overall["posts"], overall["codable"]) == (80, 80)
    share = next(s for s in overall["shares"] if s["code"] == "service")["figure"]["value"]
    assert f"{100 * share:.1f}%" in text.stdout
    assert data["alignment"] == {"computable": False}
    assert data["source"]["codebook"]["hash"].startswith("sha256:")


def test_chinese_and_groups(govcode, coded: Path) -> None:
    done = govcode("profile", coded, "--lang", "zh", "--by", "account,month")
    assert done.returncode == 0, done.stderr
    assert "不足 30 条" in done.stdout
    assert "云溪城管 · 2023-02" in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--by", "colour"), 2, "Choose from: account"),
        (("--by", "department"), 1, "has no column 'department'"),
        (("--check-date", "gestern"), 2, "is not a date"),
    ],
)
def test_mistakes_are_one_sentence(
    govcode, coded: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    done = govcode("profile", coded, *args)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_strange_code_names_its_line(govcode, coded: Path) -> None:
    coded.write_text(coded.read_text(encoding="utf-8").replace(",service,", ",servize,", 1), encoding="utf-8")
    done = govcode("profile", coded)
    assert done.returncode == 1
    assert "line 3: 'servize'" in done.stderr


def test_another_coding_shows_which_findings_move(govcode, coded: Path) -> None:
    text = coded.read_text(encoding="utf-8")
    (coded.parent / "other.csv").write_text(text.replace(",service,", ",appeal,"), encoding="utf-8")
    done = govcode("profile", coded, "--against", "other.csv", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["profile"]["recodings"]
    assert [r["key"] for r in found] == [[], ["云溪发布"], ["云溪城管"]]
    moved = {m["kind"]: (m["before"], m["after"]) for m in found[0]["moved"]}
    assert moved["leading"] == ("service", "appeal")
    assert moved["scarce"] == ("below", "not below")


@pytest.mark.slow
def test_sensitivity_codes_again_with_the_other_coders(govcode, coded: Path) -> None:
    done = govcode("profile", coded, "--sensitivity", "--json")
    assert done.returncode == 0, done.stderr
    names = {r["name"].split(" (")[0] for r in json.loads(done.stdout)["profile"]["recodings"]}
    assert {"rules", "rules, jieba"} <= names


def test_a_table_without_accounts_or_dates_is_profiled_whole(govcode, tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("post_id,text,code\n1,停水,service\n2,x,NA\n", encoding="utf-8")
    done = govcode("profile", "plain.csv", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["profile"]
    assert (found["overall"]["posts"], found["groups"], found["reuse"]) == (2, [], None)
    (tmp_path / "empty.csv").write_text("post_id,text,code\n", encoding="utf-8")
    for command in (("profile", "empty.csv"), ("report", "empty.csv", "-o", "r.html")):
        assert govcode(*command).returncode == 0


def test_the_agenda_of_the_public_over_time(govcode, coded: Path) -> None:
    folder = coded.parent
    (folder / "agenda.csv").write_text("issue,words,weight\n停水,停水,5\n储水,储水,3\n道路,道路,1\n", "utf-8")
    (folder / "told.csv").write_text(
        "published_at,text\n" + "\n".join(f"2023-0{1 + i % 6}-12,停水{i}" for i in range(30)) + "\n", "utf-8"
    )
    done = govcode(
        "profile", coded, "--public-agenda", "agenda.csv", "--agenda-series", "told.csv", "-o", "p.json"
    )
    assert done.returncode == 0, done.stderr
    assert "Agenda alignment over time" in done.stdout
    assert "No Granger tests: they need 60 periods" in done.stdout
    assert "Uptake of issues raised in appeals: Not computable" in done.stdout
    assert govcode("verify", "p.json").returncode == 0
    bare = govcode("profile", coded, "--agenda-series", "told.csv")
    assert (bare.returncode, "needs --public-agenda" in bare.stderr) == (2, True)


def test_an_unknown_language_is_refused(run) -> None:
    done = run("profile", "coded.csv", "--lang", "fr")
    assert done.returncode == 2
    assert "Choose from: zh, en." in done.stderr
