"""Every command that a page of docs/ shows runs, in the order shown; every link leads somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk import fill_queue, lay_out

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
TEXTS = [*PAGES, ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md"]
BLOCK = re.compile(r"(<!-- run: no -->\n)?^```([a-z]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(page: Path) -> list[str]:
    """Return the lines of the blocks that are to run, continued lines joined, remarks kept."""
    found: list[str] = []
    for skipped, kind, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "sh" and not skipped:
            found += code.replace("\\\n", " ").strip().splitlines()
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_stand_in_blocks_that_are_run(page: Path) -> None:
    for _, kind, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        if re.search(r"^(govcode|python|pip|make|cat) ", code, re.MULTILINE):
            assert kind == "sh", f"{page.name}: a block of commands is marked '{kind}'"


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    lay_out(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_every_command_of_a_page_runs(
    page: Path, laid: Path, run: Callable[..., object], tmp_path: Path
) -> None:
    subprocess.run(["cp", "-r", f"{laid}/.", tmp_path], check=True)
    for line in commands(page):
        if line.startswith("#"):
            if "queue.xlsx" in line:
                fill_queue(tmp_path / "queue.xlsx")
            continue
        if {"|", ">"} & set(shlex.split(line, comments=True)):
            done = _shell(line, tmp_path)
        else:
            name, *arguments = shlex.split(line, comments=True)
            assert name == "govcode", f"{page.name}: cannot run: {line}"
            done = run(*arguments)
        assert done.returncode == 0, f"{page.name}: {line}\n{done.stderr}"


def _shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    line = re.sub(r"\bgovcode\b", f"{sys.executable} -m govcode", line)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""}
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_every_link_leads_to_a_file_and_a_heading(text: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, heading = target.partition("#")
        file = (text.parent / path) if path else text
        assert file.exists(), f"{text.name} leads to {target}, which is not there"
        if heading:
            known = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {_anchor(title) for title in known}, f"{text.name} leads to {target}"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("text", TEXTS[:-1], ids=lambda text: text.name)
def test_every_option_a_page_names_exists(text: Path) -> None:
    from tests.cli.commands import every_command, options_of

    known = {name for command in every_command().values() for name in options_of(command)}
    known |= {"--help", "--version", "--quiet", "--debug", "--no-browser", "--hashes-only", "--no-synergy"}
    option = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
    benchmarks = (path.read_text(encoding="utf-8") for path in (ROOT / "benchmarks").glob("*.py"))
    foreign = {"--master"}.union(*(option.findall(source) for source in benchmarks))  # of Spark, benchmarks/
    named = set(option.findall(text.read_text(encoding="utf-8")))
    assert named <= known | foreign, f"{text.name}: {sorted(named - known - foreign)}"
