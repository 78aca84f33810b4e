"""Closed, full and narrow streams: one sentence each, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
POST = '{"post_id": "1", "text": "明天停水,请市民提前储水"}\n'
CODE = "classify posts.jsonl --coder rules"


def shell(tmp_path: Path, line: str, **env: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "posts.jsonl").write_text(POST, encoding="utf-8")
    command = f"{sys.executable} -m govcode {line}"
    return subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", **env},
    )  # fmt: skip


def test_a_closed_stdout_is_told_and_harms_no_run_that_writes_to_a_file(tmp_path: Path) -> None:
    done = shell(tmp_path, f"{CODE} >&-")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "govcode: Standard output is closed.")
    done = shell(tmp_path, f"{CODE} -o coded.csv >&- 2>&- <&-")
    assert done.returncode == 0
    assert (tmp_path / "coded.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("line", [CODE, "codebook show", "models list", "--version", "--help"])
def test_a_full_disk_is_one_sentence(tmp_path: Path, line: str, unbuffered: str) -> None:
    done = shell(tmp_path, f"{line} > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 1
    assert done.stderr.startswith("govcode: output: No space left on device.")
    assert "fault" not in done.stderr and "Traceback" not in done.stderr


def test_a_narrow_encoding_stops_no_output(tmp_path: Path) -> None:
    done = shell(tmp_path, "codebook show --code appeal", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\\u" in done.stdout
    done = shell(tmp_path, "codebook show --json", PYTHONIOENCODING="gbk")
    assert json.loads(done.stdout)["id"]


def test_a_misspelt_command_is_guessed(govcode) -> None:
    done = govcode("classfy", "x.csv")
    assert done.returncode == 2
    assert "There is no command 'classfy'." in done.stderr
    assert "govcode classify" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("line", ["codebook show", "codebook show --json"])
def test_a_reader_who_has_gone_ends_a_command_quietly(tmp_path: Path, line: str, unbuffered: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "govcode", *line.split()], cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), told) == (141, b"")


def test_options_before_a_command_say_that_stdout_is_closed(tmp_path: Path) -> None:
    done = shell(tmp_path, "--version >&-")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "govcode: Standard output is closed.")
