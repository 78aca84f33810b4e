"""Every command shown in the READMEs runs, in the order shown."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
BLOCK = re.compile(r"(<!-- run: no -->\n)?```(sh|python)\n(.*?)```", re.DOTALL)


def blocks(name: str) -> list[tuple[bool, str, str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [(not m[1], m[2], m[3]) for m in BLOCK.finditer(text)]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the repository's example folder, with `govcode` on the PATH."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("out"))
    tools = tmp_path / "tools"
    tools.mkdir()
    script = tools / "govcode"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m govcode "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", READMES)
def test_every_command_shown_runs(name: str, study: Path) -> None:
    shell = "\n".join(code for run, kind, code in blocks(name) if run and kind == "sh")
    env = {**os.environ, "PATH": f"{study / 'tools'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-ec", shell], cwd=study, env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", READMES)
def test_every_python_example_runs(name: str, study: Path) -> None:
    for run, kind, code in blocks(name):
        if run and kind == "python":
            env = {**os.environ, "PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=study, env=env, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr


def test_both_readmes_show_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        lines = (
            re.split(r"(?:^|\s)#", line)[0].strip()
            for _, kind, code in blocks(name)
            if kind == "sh"
            for line in code.splitlines()
        )
        return [line for line in lines if line]

    assert commands(READMES[0]) == commands(READMES[1])


def _structure(name: str) -> list[str]:
    """Return what stands where: levels of headings, kinds of blocks, sizes of tables."""
    found: list[str] = []
    inside = False
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
            found += [line] if inside else []
        elif not inside and (heading := re.match(r"#+ ", line)):
            found.append(heading[0].strip())
        elif not inside and line.startswith("|"):
            found.append(f"row of {line.count('|')}")
    return found


def test_both_readmes_are_built_alike() -> None:
    assert _structure(READMES[0]) == _structure(READMES[1])


def test_both_readmes_name_the_same_figures_options_and_names() -> None:
    def named(name: str) -> dict[str, list[str]]:
        text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        rest = text[: text.index("\n## More" if name == READMES[0] else "\n## 更多")]
        code = sorted(set(re.findall(r"`([^`\n]+)`", rest)) - {"编码器"})
        return {
            "figures": sorted(re.findall(r"(?<![\w-])\.\d{2,3}|\d,\d{3}|\b\d{3}\b", rest)),
            "code": [c for c in code if not re.search(r"[\u4e00-\u9fff]|ENCODER", c)],
        }

    first, second = map(named, READMES)
    assert first["figures"] == second["figures"]
    assert first["code"] == second["code"]


def test_make_targets_shown_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in READMES:
        for target in re.findall(
            r"(?:^|`)make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{name} shows make {target}"


@pytest.mark.parametrize("name", READMES)
def test_figures_of_the_model_are_those_of_its_card(name: str) -> None:
    models = ("functions-zh", "functions-zh-large")
    cards = [
        json.loads((ROOT / "models" / model / "card.json").read_text(encoding="utf-8")) for model in models
    ]
    text = (ROOT / name).read_text(encoding="utf-8")
    for figures in (figures for card in cards for figures in (card["figures"], card["reported"])):
        for measure in ("macro_f1", "alpha"):
            shown = "{value:.3f} [{low:.3f}, {high:.3f}]".format(**figures[measure]).replace("0.", ".")
            assert shown in text, f"{name} does not show {measure} {shown}"
