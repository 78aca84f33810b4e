"""`govcode codebook` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook

MOOD = """id = "mood"
version = "1"
title = "Mood"
tie_break = ["bad", "good"]
[[codes]]
id = "good"
label = "Good"
question = "Is the guest content?"
definition = "The guest is content."
counts = "Praise."
[[codes]]
id = "bad"
label = "Bad"
definition = "The guest is not content."
counts = "Complaints."
[[examples]]
id = "e1"
text = "a dirty bath"
code = "bad"
[[examples]]
id = "e2"
text = "a lovely garden"
code = "good"
[expressions]
good = ['lovely | good']
bad = [{ weight = 2, match = 'dirty' }]
"""
# Golden: the whole screen of a small codebook.
SHOWN = """\
Mood  mood 1  sha256:xxxxxxxxxxxx
Coder's card
code label keyword question
bad Bad
good Good Is the guest content?
border rules 0 · examples 2 · sensitivity mappings 0 · expressions 2
"""


@pytest.fixture
def mood(tmp_path: Path) -> Path:
    file = tmp_path / "mood.toml"
    file.write_text(MOOD, encoding="utf-8")
    return file


def test_show_is_golden(run, mood: Path) -> None:
    out = run("codebook", "show", mood).stdout
    plain = "\n".join(" ".join(line.split()) for line in out.splitlines()) + "\n"
    expected = SHOWN.replace("xxxxxxxxxxxx", load_codebook(mood).short_hash).replace(
        "Mood  mood 1  ", "Mood mood 1 "
    )
    assert plain.lower() == expected.lower()


def test_show_speaks_both_languages_and_json(run) -> None:
    assert "市民诉求" in run("codebook", "show", "--lang", "zh").stdout
    assert "Citizens' appeals" in run("codebook", "show").stdout
    data = json.loads(run("codebook", "show", "--json").stdout)
    assert data["hash"] == load_codebook().hash and len(data["forms"]) == 29
    one = json.loads(run("codebook", "show", "--code", "appeal", "--json").stdout)
    assert [form["id"] for form in one["forms"]] == ["P1", "P2", "P3", "P4", "P5"]


def test_show_code_holds_its_rules_examples_and_expressions(run) -> None:
    out = run("codebook", "show", "--code", "appeal", "--lang", "zh").stdout
    assert "B13" in out and "APP05 ⚑" in out and "接访日" in out
    assert "AGE01" not in out


def test_the_printable_manual_holds_everything(run, tmp_path: Path) -> None:
    assert run("codebook", "show", "--to", "markdown", "--lang", "zh", "-o", "m.md").returncode == 0
    text = (tmp_path / "m.md").read_text(encoding="utf-8")
    book = load_codebook()
    for part in (*book.forms, *book.rules, *book.examples, *book.mappings):
        assert part.id in text
    assert all(code.definition["zh"] in text for code in book.codes)


@pytest.mark.parametrize("args", [("--code", "nothing"), ("--lang", "fr"), ("--to", "pdf"), ("no.toml",)])
def test_show_refuses_in_one_sentence(run, args: tuple[str, ...]) -> None:
    done = run("codebook", "show", *args)
    assert done.returncode in (1, 2) and done.stderr.startswith("govcode: ") and not done.stdout


def test_check_passes_the_shipped_codebook_without_a_word_of_warning(run) -> None:
    done = run("codebook", "check")
    assert (done.returncode, done.stdout) == (0, "")
    assert "holds together" in done.stderr


def test_check_names_every_problem_with_its_line(run, mood: Path) -> None:
    mood.write_text(
        MOOD.replace("'dirty'", "'(dirty'").replace('code = "good"', 'code = "godo"'), encoding="utf-8"
    )
    done = run("codebook", "check", mood)
    assert done.returncode == 1
    assert "mood.toml:23: error: example 'e2' names the code 'godo'" in done.stdout.replace("\n", " ")
    assert "mood.toml:26: error: expression of 'bad', column 7" in done.stdout.replace("\n", " ")
    data = json.loads(run("codebook", "check", mood, "--json").stdout)
    assert not data["ok"] and {p["slug"] for p in data["problems"]} >= {"unknown-code", "bad-expression"}


def test_check_counts_the_examples_that_the_rules_meet(run, mood: Path) -> None:
    data = json.loads(run("codebook", "check", mood, "--json").stdout)
    assert data["ok"] and (data["examples_met"], data["examples"]) == (2, 2)


def test_check_of_what_is_not_toml_names_the_line(run, mood: Path) -> None:
    mood.write_text('id = "a"\nid = "b"\n', encoding="utf-8")
    done = run("codebook", "check", mood)
    assert done.returncode == 1 and "mood.toml:2: error" in done.stdout


def test_new_writes_a_codebook_that_passes_and_never_overwrites(run, tmp_path: Path) -> None:
    assert run("codebook", "new", "mine.toml").returncode == 0
    done = run("codebook", "check", "mine.toml")
    assert (done.returncode, done.stdout) == (0, "")
    before = (tmp_path / "mine.toml").read_bytes()
    assert run("codebook", "new", "mine.toml").returncode == 2
    assert (tmp_path / "mine.toml").read_bytes() == before
    assert run("codebook", "new", "mine.txt").returncode == 2


def test_diff_is_readable_and_as_json(run, mood: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.toml"
    after.write_text(MOOD.replace('"bad"', '"poor"').replace("bad =", "poor ="), encoding="utf-8")
    done = run("codebook", "diff", mood, after)
    assert "codes bad is now poor" in done.stdout and "Hashes differ" in done.stdout
    data = json.loads(run("codebook", "diff", mood, after, "--json").stdout)
    assert data["renamed_codes"] == {"bad": "poor"} and not data["same"]
    assert "Hashes are equal" in run("codebook", "diff", mood, mood).stdout


def test_export_and_import_go_round(run, tmp_path: Path) -> None:
    for to, name, parts in (("qdc", "c.qdc", 5), ("kh-coder", "c.txt", 20)):
        assert run("codebook", "export", "--to", to, "-o", name).returncode == 0
        assert run("codebook", "import", name, "-o", f"{to}.toml").returncode == 0
        assert len(load_codebook(tmp_path / f"{to}.toml").codes) >= parts
        assert run("codebook", "import", name, "-o", f"{to}.toml").returncode == 2
    assert run("codebook", "export", "--to", "toml", "-o", "t.toml").returncode == 0
    assert load_codebook(tmp_path / "t.toml").hash == load_codebook().hash


def test_migrate_keeps_every_row_or_writes_nothing(run, mood: Path, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('to = "mood.toml"\n[codes]\nnice = "good"\n', encoding="utf-8")
    (tmp_path / "c.csv").write_text(
        "post_id,code,own\n0012345678901234567,nice,x\n2,bad,y\n", encoding="utf-8"
    )
    assert run("codebook", "migrate", "map.toml", "c.csv", "-o", "new.csv").returncode == 0
    lines = (tmp_path / "new.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "post_id,code,own,codebook,code_before"
    assert lines[1].startswith("0012345678901234567,good,x,sha256:") and lines[1].endswith(",nice")
    manifest = json.loads((tmp_path / "new.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"] == {"rows": 2, "changed": 1, "excluded": 0}
    (tmp_path / "c.csv").write_text("post_id,code\n1,strange\n", encoding="utf-8")
    done = run("codebook", "migrate", "map.toml", "c.csv", "-o", "none.csv")
    assert done.returncode == 1 and "code 'strange' (1)" in done.stderr
    assert not (tmp_path / "none.csv").exists()


def test_migrate_refuses_codings_of_another_codebook(run, mood: Path, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('to = "mood.toml"\nfrom = "functions"\n', encoding="utf-8")
    (tmp_path / "c.csv").write_text("post_id,code,codebook\n1,good,sha256:0123456789ab\n", encoding="utf-8")
    assert run("codebook", "migrate", "map.toml", "c.csv", "-o", "n.csv").returncode == 4
