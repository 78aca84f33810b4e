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
