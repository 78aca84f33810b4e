"""What users get wrong: each mistake with its message, its exit code, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

CODES = ("information", "service", "appeal", "agenda", "other")
OLD = "sha256:" + "0" * 64


def table(folder: Path, name: str, rows, head: str = "post_id,coder,code") -> None:
    (folder / name).write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two coders, a coded table and gold of 40 posts; and what can be wrong with each."""
    posts = range(40)
    judged = "post_id,coder,code,inclusion_prob"
    a, b = ([(i, coder, CODES[i % 5]) for i in posts] for coder in "AB")
    gold = [(i, "gold", CODES[i % 5], 1) for i in posts]
    table(tmp_path, "A.csv", a)
    table(tmp_path, "B.csv", b)
    table(tmp_path, "apart.csv", [(f"x{i}", "B", "appeal") for i in posts])
    table(tmp_path, "twice.csv", [*b, (3, "B", "agenda"), (4, "B", "appeal")])
    table(tmp_path, "typo.csv", [*b[:39], (39, "B", "weather")])
    table(tmp_path, "old.csv", [(*row, OLD) for row in b], "post_id,coder,code,codebook")
    table(tmp_path, "alike.csv", [(i, coder, "appeal") for i in posts for coder in "AB"])
    table(tmp_path, "coded.csv", [(i, CODES[i % 5], "coded") for i in posts], "post_id,code,status")
    table(tmp_path, "gold.csv", gold, judged)
    table(tmp_path, "gold_apart.csv", [(f"x{i}", "gold", "appeal", 1) for i in posts], judged)
    table(tmp_path, "gold_twice.csv", [*gold, (3, "gold", "agenda", 1), (3, "gold", "other", 1)], judged)
    table(tmp_path, "gold_typo.csv", [*gold[:39], (39, "gold", "weather", 1)], judged)
    table(tmp_path, "gold_old.csv", [(*row, OLD) for row in gold], judged + ",codebook")
    table(tmp_path, "gold_alike.csv", [(i, "gold", "appeal", 1) for i in posts], judged)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("reliability A.csv", 1, "one coder only (A)"),
        ("reliability A.csv B.csv --coder A,C", 1, "no coding by C"),
        ("reliability A.csv B.csv --coder A,C", 1, "found: A, B"),
        ("reliability A.csv A.csv", 1, "No coding in: A.csv (40 duplicate)"),
        ("reliability A.csv apart.csv", 1, "No post was coded by two of the 2 coders (A, B)"),
        ("reliability A.csv old.csv", 4, "old.csv, line 2: coded with codebook"),
        ("reliability alike.csv --fail-under alpha=.8", 3, "alpha is undefined"),
        ("adjudicate A.csv B.csv --mode expert --expert C -o g.csv", 1, "expert 'C' coded no post"),
        ("adjudicate A.csv old.csv -o g.csv", 4, "old.csv, line 2"),
        ("evaluate coded.csv --gold gold.csv --codings A.csv", 1, "at least two coders"),
        ("evaluate coded.csv --gold gold_typo.csv --codebook functions", 1, "'weather'"),
        ("evaluate coded.csv --gold gold_twice.csv", 1, "gold_twice.csv, line 43: post '3' is 'other' here"),
        ("evaluate coded.csv --gold gold_old.csv --codebook functions", 4, "--ignore-codebook"),
        ("evaluate coded.csv --gold gold_apart.csv", 1, "no post in common"),
        ("evaluate coded.csv --gold absent.csv", 1, "absent.csv"),
        ("estimate coded.csv --gold gold_typo.csv", 1, "'weather', which the coded table does not know"),
        ("estimate coded.csv --gold gold_twice.csv", 1, "gold_twice.csv, line 43"),
        ("estimate coded.csv --gold gold_old.csv --codebook functions", 4, "--ignore-codebook"),
        ("estimate coded.csv --gold gold_apart.csv", 1, "no post in common"),
        ("estimate coded.csv --gold gold_alike.csv --method acc", 1, "0 times"),
        ("estimate coded.csv --gold gold.csv --method ols", 2, "stratified"),
    ],
)
def test_refused(run, files: Path, command: str, code: int, words: str) -> None:
    done = run(*command.split())
    assert done.returncode == code, done.stderr
    assert words in done.stderr and "Traceback" not in done.stderr
    assert not (files / "g.csv").exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("reliability A.csv twice.csv --bootstrap 50", "twice.csv, line 42: duplicate"),
        ("reliability A.csv twice.csv --bootstrap 50", "line 43: conflicting-duplicate"),
        ("reliability A.csv typo.csv --bootstrap 50", "typo.csv, line 41: unknown-code: 'weather' is not a"),
        ("reliability alike.csv --bootstrap 50", "Only one code was used (appeal)"),
        ("adjudicate A.csv twice.csv -o g.csv", "twice.csv, line 42"),
        ("adjudicate A.csv typo.csv -o g.csv", "typo.csv, line 41"),
        ("adjudicate A.csv apart.csv -o g.csv", "no post was coded by two people"),
        ("evaluate coded.csv --gold gold_typo.csv", "never uses its codes weather"),
        ("estimate coded.csv --gold gold_alike.csv", "uses one code only (appeal)"),
        ("evaluate coded.csv --gold gold.csv --against coded.csv", "McNemar's exact p 1.000"),
        (
            "evaluate coded.csv --gold gold.csv --against coded.csv --clusters post_id",
            "McNemar's test does not hold",
        ),
        ("evaluate coded.csv --gold gold_alike.csv --json", "gold has no post of agenda"),
    ],
)
def test_told_and_done(run, files: Path, command: str, words: str) -> None:
    done = run(*command.split())
    assert done.returncode == 0, done.stderr
    assert words in done.stderr + done.stdout, done.stderr
