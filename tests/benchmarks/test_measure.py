"""Commands are measured as they are, and compared pair by pair."""

from __future__ import annotations

import sys

import pytest


def test_time_and_memory_of_a_command(bench) -> None:
    measure = bench("measure")
    ballast = b"\1" * 200_000_000  # what the measuring process holds is not counted
    small = measure.run([sys.executable, "-c", "pass"])
    assert len(ballast) > small.memory * 1_000_000 * 5
    work = "x = bytearray(150_000_000)\nfor _ in range(3_000_000): pass"
    large = measure.run([sys.executable, "-c", work])
    assert 135 < large.memory - small.memory < 155
    assert large.cpu > small.cpu
    assert large.wall > 0


def test_memory_is_that_of_the_largest_process(bench) -> None:
    """A worker that needs much memory is seen, though its parent needs little."""
    measure = bench("measure")
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(150_000_000)'])"
    assert 150 < measure.run([sys.executable, "-c", child]).memory < 200


def test_a_command_that_fails_stops_everything(bench) -> None:
    with pytest.raises(SystemExit, match="kaputt"):
        bench("measure").run([sys.executable, "-c", "raise SystemExit('kaputt')"])


def test_ratios_are_of_pairs(bench) -> None:
    measure = bench("measure")
    ours = [measure.Run(2, 1, 50), measure.Run(3, 1, 50), measure.Run(8, 1, 50)]
    floor = [measure.Run(1, 1, 50), measure.Run(2, 1, 25), measure.Run(2, 1, 10)]
    assert measure.ratio(ours, floor) == "2.00 (1.50–4.00)"
    assert measure.ratio(ours, floor, "memory") == "2.00 (1.00–5.00)"
    assert measure.median(ours, "wall") == 3


def test_commands_take_turns(bench, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = bench("measure")
    seen: list[str] = []
    monkeypatch.setattr(measure, "run", lambda command: seen.append(command[0]) or measure.Run(1, 1, 1))
    results = measure.paired({"a": ["A"], "b": ["B"]}, 2)
    assert seen == ["A", "B"] * 3  # the first round warms up
    assert {name: len(runs) for name, runs in results.items()} == {"a": 2, "b": 2}
