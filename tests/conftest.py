"""What every test may use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def govcode(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own, in an empty folder."""

    def run(*args: object, stdin: str | bytes | None = None, cwd: Path | None = None, **env: str):
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "govcode", *map(str, args)],
            input=data if data is not None else b"",
            capture_output=True,
            cwd=cwd or tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", **env},
            timeout=300,
        )
        return subprocess.CompletedProcess(
            done.args,
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
        )

    return run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in an empty folder; like `govcode`, but in this process, which is quicker."""
    from typer.testing import CliRunner

    from govcode.cli.app import app
    from govcode.cli.console import STATE

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(STATE, "quiet", False)
    monkeypatch.setattr(STATE, "debug", False)

    def call(*args: object, stdin: str | bytes | None = None) -> subprocess.CompletedProcess[str]:
        result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return subprocess.CompletedProcess(args, result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real posts, which is not part of the repository; skip where it is absent."""
    folder = Path(os.environ.get("GOVCODE_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "gold_dev.jsonl").exists():
        pytest.skip("the labelled real posts are not here")
    return folder
