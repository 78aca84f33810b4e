"""A shared option reads the same, and does the same, in every command that has it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from govcode.cli import options
from tests.cli.commands import every_command, options_of

COMMANDS = every_command()
# What a shared option says everywhere; a command may add to what stands before …
SAME = {
    "--encoding": "Encoding of the input (else by its byte-order mark, then UTF-8, then GB18030).",
    "--seed": "Seed of every random choice; the manifest keeps it.",
    "--level": "Level of the intervals.",
    "--workers": "Number of processes, or auto.",
    "--excel": "Write CSV so that Excel on Windows shows Chinese.",
    "--excluded": "Where to list rows left out (default: STEM.excluded.jsonl beside the output).",
    "--codebook": "Codebook: a name or a TOML file…",
    "--from": "Format of the input: …",
    "--to": "Format of the output: …",
    "--output": "Where to write …",
}
ELSEWHERE = {  # the same name for another thing: what is read or written is no table
    ("codebook import", "--from"), ("codebook show", "--to"), ("codebook export", "--to"),
}  # fmt: skip
DEFAULTS = {"--seed": options.DEFAULT_SEED, "--level": 0.95, "--workers": "1", "--excel": False,
            "--excluded": None, "--encoding": None, "--from": None, "--json": False}  # fmt: skip
SUMMARIES = {"ingest", "segment", "classify", "adjudicate", "report", "export"}
WITHOUT_JSON = {
    "codebook new",
    "codebook export",
    "codebook import",
    "codebook migrate",
}  # they print no figures
USES = [(name, option) for name, command in COMMANDS.items() for option in options_of(command)]


@pytest.mark.parametrize(("name", "option"), [use for use in USES if use[1] in SAME and use not in ELSEWHERE])
def test_a_shared_option_says_the_same_everywhere(name: str, option: str) -> None:
    told, wanted = options_of(COMMANDS[name])[option].help, SAME[option]
    assert told.startswith(wanted[:-1]) if wanted.endswith("…") else told == wanted


@pytest.mark.parametrize(("name", "option"), [use for use in USES if use[1] in DEFAULTS])
def test_a_shared_option_has_one_default(name: str, option: str) -> None:
    if (name, option) not in ELSEWHERE:
        assert options_of(COMMANDS[name])[option].default == DEFAULTS[option]


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - WITHOUT_JSON))
def test_every_command_that_tells_something_tells_it_as_json(name: str) -> None:
    found = options_of(COMMANDS[name])["--json"].help
    assert found == (
        "Print a summary as JSON; what is written then goes to a file (-o)."
        if name in SUMMARIES
        else "Print the result as JSON."
    )


@pytest.mark.parametrize("name", [name for name in COMMANDS if "--output" in options_of(COMMANDS[name])])
def test_the_help_of_output_says_that_a_file_is_replaced(name: str) -> None:
    assert "replaced" in options_of(COMMANDS[name])["--output"].help


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_and_every_command_is_explained_in_sentences(name: str) -> None:
    command = COMMANDS[name]
    first, *rest = command.help.splitlines()
    assert re.fullmatch(r"[A-Z].+\. [\u4e00-\u9fff]+\.", first), first
    assert any(f"govcode {name} " in f"{line} " for line in rest), f"{name}: no example"
    for param in command.params:
        if param.name == "help":
            continue
        assert param.help, f"{name}: {param.name} is not explained"
        assert not param.help[0].islower() or ": " in param.help or ", " in param.help, param.help


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Three posts and their gold."""
    rows = [
        '{"post_id": "1", "account": "澄州发布", "text": "明天8时至18时棉纺路停水，请提前储水。"}',
        '{"post_id": "2", "account": "澄州发布", "text": "市政府召开常务会议，研究防汛工作。"}',
        '{"post_id": "3", "account": "澄州交通", "text": "3路公交车改道，请到新站台候车。"}',
        "no row",
    ]
    (tmp_path / "posts.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


SUMMARISED = {
    "ingest": ("posts.jsonl", "-o", "out.csv"),
    "segment": ("posts.jsonl", "-o", "out.csv"),
    "classify": ("posts.jsonl", "-o", "out.csv", "--coder", "rules"),
}


@pytest.mark.parametrize("name", SUMMARISED)
def test_a_summary_names_output_posts_excluded_and_notes(name: str, run, study: Path) -> None:
    done = run(name, *SUMMARISED[name], "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["output"] == "out.csv" and (study / "out.csv").exists()
    assert (told["read"], told["posts"]) == (4, 3)
    assert sum(told["excluded"].values()) == 1
    assert told["excluded_path"] == "out.excluded.jsonl"
    assert told["notes"] == []


def test_what_is_published_is_summarised_alike(run, study: Path) -> None:
    assert run("classify", "posts.jsonl", "--coder", "rules", "-o", "coded.csv").returncode == 0
    exported = json.loads(run("export", "coded.csv", "-o", "coded.dta", "--json").stdout)
    assert exported["posts"] == 3 and exported["files"] == ["coded.dta"]
    reported = json.loads(run("report", "coded.csv", "-o", "report.md", "--json").stdout)
    assert reported["posts"] == 3 and reported["output"] == exported["output"].replace(
        "coded.dta", "report.md"
    )


@pytest.mark.parametrize("name", sorted(SUMMARIES))
def test_a_summary_and_the_data_do_not_share_stdout(name: str, run, study: Path) -> None:
    done = run(name, "posts.jsonl", "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "-o" in done.stderr


def test_an_output_that_is_there_is_replaced(run, study: Path) -> None:
    (study / "out.csv").write_text("post_id,text\nold,旧的一行\n", encoding="utf-8")
    done = run("segment", "posts.jsonl", "-o", "out.csv")
    assert done.returncode == 0, done.stderr
    assert "旧的一行" not in (study / "out.csv").read_text(encoding="utf-8")
