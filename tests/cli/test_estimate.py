"""`govcode estimate` as a user meets it."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

CODES = ("north", "south", "west")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("estimate")
    rng = np.random.default_rng(9)
    gold = rng.integers(0, 3, 2000)
    machine = np.where(rng.random(2000) < 0.8, gold, (gold + 1) % 3)
    with (folder / "coded.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["post_id", "账号", "published_at", "code", *(f"p_{c}" for c in CODES), "status"])
        for i, code in enumerate(machine):
            p = [0.8 if k == code else 0.1 for k in range(3)]
            writer.writerow([f"{i:016d}", ["甲", "乙"][i % 2], f"202{i % 3}-01-05", CODES[code], *p, "coded"])
    with (folder / "gold.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["post_id", "coder", "code", "stratum", "inclusion_prob"])
        for i in rng.choice(2000, 300, replace=False):
            writer.writerow([f"{i:016d}", "gold", CODES[gold[i]], "all", 0.15])
    plain = (folder / "gold.csv").read_text(encoding="utf-8").replace(",all,0.15", ",,")
    (folder / "plain.csv").write_text(plain, encoding="utf-8")
    return folder


def test_json(run, files):
    done = run("estimate", files / "coded.csv", "--gold", files / "gold.csv", "--by", "账号,year", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["method"] == "dsl" and data["posts"] == 2000 and data["gold"] == 300
    assert {e["group"].get("账号") for e in data["estimates"]} == {None, "甲", "乙"}
    first = data["estimates"][0]
    assert first["share"]["low"] < 1 / 3 < first["share"]["high"] and first["naive"] != first["raw"]
    assert data["differences"] and all(d["p_holm"] >= d["p"] for d in data["differences"])


def test_tables_for_readers_and_a_file(run, files, tmp_path):
    done = run("estimate", files / "coded.csv", "--gold", files / "gold.csv", "--by", "账号",
                   "--regress", "west ~ C(账号) + year", "-o", tmp_path / "e.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in (
        "naive count",
        "design-based supervised learning",
        "differences (3 tests",
        "账号[甲]",
        "odds ratio",
    ):
        assert words in done.stdout, words
    with (tmp_path / "e.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["part"] for row in rows} == {"share", "difference", "regression"}
    manifest = json.loads((tmp_path / "e.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "estimate" and manifest["outputs"][0]["rows"] == len(rows)


def test_groups_without_interval_say_why_and_are_not_tested(run, files, tmp_path):
    head, *rows = (files / "gold.csv").read_text(encoding="utf-8").splitlines()
    days = "\n".join([head + ",cluster", *(f"{row},day{i % 4}" for i, row in enumerate(rows))])
    (tmp_path / "days.csv").write_text(days + "\n", encoding="utf-8")
    done = run("estimate", files / "coded.csv", "--gold", tmp_path / "days.csv", "--by", "账号")
    assert done.returncode == 0 and "widened for clusters" in done.stdout, done.stderr
    assert "differences (0 tests, p by Holm; 3 without an interval are not tested)" in done.stdout
    assert "乙 west, 甲 north, 甲 south, 甲 west: no interval: 4 clusters, 5 are the least" in done.stdout


def test_a_regression_over_too_few_clusters_is_refused(run, files):
    done = run("estimate", files / "coded.csv", "--gold", files / "gold.csv", "--regress", "west ~ year",
               "--clusters", "账号")  # fmt: skip
    assert done.returncode == 1 and "clusters are too few" in done.stderr and "finer" in done.stderr


def test_gold_without_probabilities_is_refused_with_the_way_out(run, files):
    call = ("estimate", files / "coded.csv", "--gold", files / "plain.csv")
    done = run(*call)
    assert done.returncode == 1 and "inclusion_prob" in done.stderr and "--assume-random" in done.stderr
    assert run(*call, "--assume-random").returncode == 0
    assert run(*call, "--method", "acc").returncode == 0


def test_count_needs_no_gold_and_says_what_it_is(run, files):
    done = run("estimate", files / "coded.csv")
    assert done.returncode == 0 and "naive count" in done.stdout and "not corrected" in done.stdout
    needs = run("estimate", files / "coded.csv", "--method", "dsl")
    assert needs.returncode == 2 and "--gold" in needs.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--method", "magic"), "ppi++"), (("--by", "colour"), "账号"), (("--regress", "west"), "CODE ~"),
     (("--model", "cubic"), "linear"), (("--method", "emq", "--prior", ".5,.5"), "3 positive shares")],
)  # fmt: skip
def test_wrong_usage(run, files, options, words):
    done = run("estimate", files / "coded.csv", "--gold", files / "gold.csv", *options)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


def test_gold_of_another_codebook_is_exit_4(run, files, tmp_path):
    text = (files / "gold.csv").read_text(encoding="utf-8").splitlines()
    other = [text[0] + ",codebook", *(line + ",sha256:" + "a" * 64 for line in text[1:])]
    (tmp_path / "other.csv").write_text("\n".join(other), encoding="utf-8")
    coded = tmp_path / "coded.csv"
    coded.write_bytes((files / "coded.csv").read_bytes())
    (tmp_path / "coded.csv.manifest.json").write_text(
        json.dumps({"codebook": {"hash": "sha256:" + "b" * 64}})
    )
    for command in ("estimate", "evaluate"):
        done = run(command, coded, "--gold", tmp_path / "other.csv")
        assert done.returncode == 4 and "--ignore-codebook" in done.stderr, done.stderr
        assert run(command, coded, "--gold", tmp_path / "other.csv", "--ignore-codebook").returncode == 0
