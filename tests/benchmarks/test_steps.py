"""Every step of classify is timed, and does what the command does."""

from __future__ import annotations

import sys

import pytest


def test_steps_are_timed_on_what_they_are_given(bench, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    module = bench("steps")
    monkeypatch.setattr(sys, "argv", ["steps.py", "--posts", "200", "--rounds", "1"])
    module.main()
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    times = {name: float(value) for name, value in rows}
    assert list(times)[1:3] == ["read", "clean"]
    assert len(times) == 10
    assert all(value > 0 for value in times.values())
    assert times["all of it, from posts to codings"] > times["sums of weights"]
