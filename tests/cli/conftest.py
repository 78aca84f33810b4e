"""The command line inside the test's own process: quicker than a process for each command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from govcode.cli.app import app
from govcode.cli.console import STATE


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in an empty folder; like the `govcode` fixture, without a new process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(STATE, "quiet", False)
    monkeypatch.setattr(STATE, "debug", False)

    def call(*args: object, stdin: str | bytes | None = None) -> subprocess.CompletedProcess[str]:
        result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return subprocess.CompletedProcess(args, result.exit_code, result.stdout, result.stderr)

    return call
