"""The menu: light to start, complete, one sentence for every error."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib import import_module

import pytest

from govcode.cli.app import STAGES

HEAVY = ("pandas", "numpy", "sklearn", "jieba", "rjieba", "scipy", "pyarrow", "rich", "openpyxl", "starlette")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['govcode', '--help']\n"
        "from govcode.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert stop.code == 0, stop.code\n"
        f"found = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "print('HEAVY', found)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("HEAVY []")
    for stage in STAGES:
        assert stage.name in done.stdout


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.name)
def test_every_command_of_the_menu_exists_and_has_help(stage, govcode) -> None:
    import_module(f"govcode.cli.{stage.name}")
    done = govcode(stage.name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage: govcode" in done.stdout


@pytest.mark.slow
@pytest.mark.timing
def test_help_answers_nearly_as_fast_as_typer_starts() -> None:
    def seconds(*command: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], capture_output=True, check=True)
        return time.perf_counter() - start

    ratios = sorted(seconds("-m", "govcode", "--help") / seconds("-c", "import typer") for _ in range(11))
    assert ratios[5] < 1.6, ratios


def test_unknown_command_is_a_usage_error(govcode) -> None:
    done = govcode("clasify")
    assert done.returncode == 2
    assert "clasify" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_file_gives_defaults_and_flags_win(govcode, tmp_path) -> None:
    (tmp_path / "govcode.toml").write_text('[commands.classify]\nmodel = "no-such-model"\n', encoding="utf-8")
    (tmp_path / "p.jsonl").write_text('{"post_id": "1", "text": "今天停水"}\n', encoding="utf-8")
    done = govcode("classify", "p.jsonl")
    assert done.returncode != 0
    assert "no-such-model" in done.stderr
    done = govcode("classify", "p.jsonl", "--coder", "rules", "--model", "functions-zh", "--to", "jsonl")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["post_id"] == "1"


def test_broken_settings_file_is_named(govcode, tmp_path) -> None:
    (tmp_path / "govcode.toml").write_text("[commands\n", encoding="utf-8")
    done = govcode("classify", "x.csv")
    assert done.returncode == 2
    assert "govcode.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_are_spelt_like_options(govcode, tmp_path) -> None:
    (tmp_path / "p.txt").write_text("post_id,text\n1,今天停水\n", encoding="utf-8")
    lines = '[commands.classify]\nfrom = "csv"\ncoder = "rules"\nto = "csv"\nmax-error = 0.1\n'
    (tmp_path / "govcode.toml").write_text(lines, encoding="utf-8")
    done = govcode("classify", "p.txt", "--coder", "linear")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("post_id,text,code")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("[commands.classify]\nmodle = 'x'\n", ("'modle'", "Did you mean: model")),
        ("[commands.classify]\nas_json = true\n", ("'as_json'",)),
        ("[commands]\nclassify = 3\n", ("[commands.classify]",)),
        ("[commands.clasify]\nmodel = 'x'\n", ("clasify", "classify")),
    ],
)
def test_a_setting_that_is_none_is_refused(run, tmp_path, lines: str, told: tuple[str, ...]) -> None:
    (tmp_path / "govcode.toml").write_text(lines, encoding="utf-8")
    done = run("classify", "x.csv")
    assert done.returncode == 2
    for part in told:
        assert part in done.stderr


def test_settings_of_a_sub_command_stand_in_its_table(run, tmp_path) -> None:
    (tmp_path / "govcode.toml").write_text('[commands.codebook.show]\ncode = "appeal"\n', encoding="utf-8")
    assert "appeal" in run("codebook", "show").stdout
    assert "information" not in run("codebook", "show").stdout.split("\n")[0]


def test_the_codebook_of_the_study_is_that_of_every_command(run, tmp_path) -> None:
    assert run("codebook", "new", "mine.toml").returncode == 0
    (tmp_path / "p.csv").write_text("post_id,text\n1,楼道的灯坏了三天，请派人来修。\n", encoding="utf-8")
    (tmp_path / "govcode.toml").write_text('[study]\ncodebook = "mine.toml"\n', encoding="utf-8")
    done = run("classify", "p.csv", "--coder", "rules", "--to", "csv")
    assert "p_problem" in done.stdout, done.stderr
    done = run("classify", "p.csv", "--coder", "rules", "--to", "csv", "--codebook", "functions")
    assert "p_appeal" in done.stdout, done.stderr


def test_options_of_all_commands_stand_above_their_tables(run, tmp_path) -> None:
    (tmp_path / "govcode.toml").write_text(
        "[commands]\nseed = 5\nlang = 'zh'\ncodebook = 'functions'\n", encoding="utf-8"
    )
    rows = [f"{n},2024-05-0{n},澄州今天停水第{n}天" for n in range(1, 7)]
    (tmp_path / "p.csv").write_text("\n".join(["post_id,published_at,text", *rows]), encoding="utf-8")
    done = run("sample", "p.csv", "--size", "2", "-o", "sheet.csv")
    assert "seed 5" in done.stderr, done.stderr
    assert "市民诉求" in run("codebook", "show").stdout


def test_help_names_what_an_option_takes_in_words(run) -> None:
    for stage in STAGES:
        told = run(stage.name, "--help").stdout
        for machine in ("<bool>", "<str>", "<float>", "<list", "{", "<path>"):
            assert machine not in told, f"{stage.name}: {machine}"


def test_help_loses_no_brackets(run) -> None:
    assert "'govcode[transformer]'" in " ".join(run("train", "--help").stdout.split())
    assert "[study]" in run("status", "--help").stdout
    assert "word [frequency [tag]]" in " ".join(run("segment", "--help").stdout.replace("│", "").split())


def test_the_model_of_the_study_codes(run, tmp_path) -> None:
    (tmp_path / "p.csv").write_text("post_id,text\n1,楼道的灯坏了三天，请派人来修。\n", encoding="utf-8")
    (tmp_path / "govcode.toml").write_text('[study]\nmodel = "no-such-model"\n', encoding="utf-8")
    assert "no-such-model" in run("classify", "p.csv").stderr
    assert run("classify", "p.csv", "--model", "functions-zh", "--coder", "rules").returncode == 0
    assert "no-such-model" not in run("estimate", "p.csv").stderr  # --model is the regression there
