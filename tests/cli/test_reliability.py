"""`govcode reliability` as users run it."""

from __future__ import annotations

import json
from pathlib import Path


def two_sheets(folder: Path, second: str = "b,b,a,b,a,b") -> None:
    (folder / "A.csv").write_text("post_id,code\n" + "".join(f"{i},{c}\n" for i, c in enumerate("bbabab")))
    (folder / "B.csv").write_text(
        "post_id,code\n" + "".join(f"{i},{c}\n" for i, c in enumerate(second.split(",")))
    )


def test_json_has_every_figure_and_the_seed(run, tmp_path: Path) -> None:
    two_sheets(tmp_path, "b,b,a,b,a,a")
    done = run("reliability", "A.csv", "B.csv", "--codebook", "none", "--json", "--bootstrap", "200")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["coders"] == ["A", "B"] and data["overlap"] == 6
    assert set(data["overall"]) == {"alpha", "percent", "holsti", "scott", "cohen", "fleiss", "ac1", "bp"}
    assert data["resampling"]["seed"] == 20190201 and data["resampling"]["draws"] == 200
    assert abs(data["overall"]["percent"]["value"] - 5 / 6) < 1e-12


def test_gates_decide_the_exit_code(run, tmp_path: Path) -> None:
    two_sheets(tmp_path)
    met = run("reliability", "A.csv", "B.csv", "--codebook", "none", "--fail-under", "alpha=.80")
    assert met.returncode == 0 and "reliable" in met.stdout
    two_sheets(tmp_path, "b,a,a,b,b,a")
    for gate in ("alpha=.80", "alpha:low=.667", "alpha:each=.5", "alpha:b=.5"):
        done = run(
            "reliability", "A.csv", "B.csv", "--codebook", "none", "--fail-under", gate, "--bootstrap", "50"
        )
        assert done.returncode == 3 and gate.partition("=")[0] in done.stderr
    wrong = run("reliability", "A.csv", "B.csv", "--codebook", "none", "--fail-under", "beta=.8")
    assert wrong.returncode == 2 and "alpha" in wrong.stderr


def test_output_has_a_manifest_and_repeats_byte_for_byte(run, tmp_path: Path) -> None:
    two_sheets(tmp_path, "b,b,a,b,a,a")
    for name in ("one.json", "two.json"):
        done = run("reliability", "A.csv", "B.csv", "--codebook", "none", "-o", name, "--bootstrap", "99")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    manifest = json.loads((tmp_path / "one.json.manifest.json").read_text())
    assert manifest["command"] == "reliability" and manifest["seed"] == 20190201
    assert [i["rows"] for i in manifest["inputs"]] == [6, 6]


def test_the_posts_are_among_the_inputs_and_a_repetition_finds_them(run, tmp_path: Path) -> None:
    two_sheets(tmp_path, "b,b,a,b,a,a")
    (tmp_path / "posts.csv").write_text(
        "post_id,account\n" + "".join(f"{i},{'ns'[i < 3]}\n" for i in range(6))
    )
    done = run(
        "reliability", "A.csv", "B.csv", "--codebook", "none", "--bootstrap", "50", "--posts", "posts.csv",
        "--by", "account", "-o", "r.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "r.json.manifest.json").read_text())
    assert [i["path"] for i in manifest["inputs"]] == ["A.csv", "B.csv", "posts.csv"]
    assert all(i["sha256"] for i in manifest["inputs"])
    assert manifest["results"]["alpha"]["value"] < 1 and manifest["results"]["verdict"]
    again = run("verify", "r.json")
    assert again.returncode == 0 and "r.json" in again.stdout, again.stderr
    (tmp_path / "posts.csv").write_text("post_id,account\n0,n\n")
    assert run("verify", "r.json").returncode == 4


def test_an_unknown_code_names_the_nearest_or_all(run, tmp_path: Path) -> None:
    rows = "1,service\n2,servise\n3,zzz\n"
    for name in "AB":
        (tmp_path / f"{name}.csv").write_text("post_id,code\n" + rows)
    done = run("reliability", "A.csv", "B.csv", "--json", "--bootstrap", "50")
    assert done.returncode == 0, done.stderr
    told = " ".join(json.loads(done.stdout)["excluded_rows"])
    assert "A.csv, line 3: unknown-code: 'servise' is not a code; nearest: service" in told
    assert "'zzz' is not a code; codes: information, service, appeal, agenda, other, NA" in told


def test_disagreements_become_a_table(run, tmp_path: Path) -> None:
    two_sheets(tmp_path, "b,b,a,b,a,a")
    done = run("reliability", "A.csv", "B.csv", "--codebook", "none", "--disagreements", "d.csv")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "d.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("post_id,code_A,code_B") and lines[1].startswith("5,b,a") and len(lines) == 2


def test_groups_and_clusters_come_from_the_posts(run, tmp_path: Path) -> None:
    two_sheets(tmp_path, "b,b,a,b,a,a")
    rows = "".join(f"{i},{'n' if i < 3 else 's'},2024-0{1 + i % 2}-05T08:00:00\n" for i in range(6))
    (tmp_path / "posts.csv").write_text("post_id,account,published_at\n" + rows)
    args = ("reliability", "A.csv", "B.csv", "--codebook", "none", "--json", "--bootstrap", "50")
    done = run(*args, "--by", "month", "--clusters", "account", "--posts", "posts.csv")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["group_posts"] == {"2024-01": 3, "2024-02": 3} and data["resampling"]["clusters"] == 2
    missing = run(*args, "--by", "account")
    assert missing.returncode == 1 and "--posts" in missing.stderr


def test_gold_is_not_a_coder(run, tmp_path: Path) -> None:
    two_sheets(tmp_path)
    (tmp_path / "gold.csv").write_text("post_id,coder,code\n0,gold,a\n1,gold,a\n")
    done = run("reliability", "A.csv", "B.csv", "gold.csv", "--codebook", "none", "--json")
    assert json.loads(done.stdout)["coders"] == ["A", "B"] and "gold was left out" in done.stderr


def test_bad_input_says_what_to_do(run, tmp_path: Path) -> None:
    two_sheets(tmp_path)
    alone = run("reliability", "A.csv", "--codebook", "none")
    assert alone.returncode == 1 and "one coder only" in alone.stderr
    (tmp_path / "E.csv").write_text("post_id,code\n1,\n")
    unfilled = run("reliability", "A.csv", "E.csv", "--codebook", "none")
    assert unfilled.returncode == 1 and "No coding in: E.csv" in unfilled.stderr
    (tmp_path / "C.csv").write_text("post_id,code\n77,a\n")
    apart = run("reliability", "A.csv", "C.csv", "--codebook", "none")
    assert apart.returncode == 1 and "No post was coded by two" in apart.stderr
    other = run("reliability", "A.csv", "B.csv")
    assert other.returncode == 1 and "is not a code" in other.stderr and "Codes:" in other.stderr
    (tmp_path / "D.csv").write_text("post_id,code,codebook\n0,information,sha256:" + "0" * 64 + "\n")
    stale = run("reliability", "D.csv", "D.csv")
    assert stale.returncode == 4
    absent = run("reliability", "none.csv", "--codebook", "none")
    assert absent.returncode == 1 and "none.csv" in absent.stderr
