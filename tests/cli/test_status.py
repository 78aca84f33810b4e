"""`govcode status` as a user meets it."""

from __future__ import annotations

import json


def test_status(run, tmp_path):
    (tmp_path / "govcode.toml").write_text('[study]\ncorpus = "p.csv"\ncoded = "c.csv"\n', encoding="utf-8")
    (tmp_path / "p.csv").write_text("post_id,text\n1,某县\n", encoding="utf-8")
    done = run("status")
    assert (
        done.returncode == 0
        and "given" in done.stdout
        and "next: govcode classify p.csv -o c.csv" in done.stdout
    )
    data = json.loads(run("status", "--json").stdout)
    assert [step["state"] for step in data["steps"]] == ["given", "missing"] and data["schema_version"] == 1
    checked = run("status", "--check")
    assert checked.returncode == 3 and "coded" in checked.stderr


def test_no_study_file(run):
    done = run("status")
    assert done.returncode == 1 and "[study]" in done.stderr
