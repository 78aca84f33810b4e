"""Run whole commands and account for them: wall time, CPU time, peak memory of the largest process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One finished run of one command. Times in seconds, memory in MiB (children included in the peak)."""

    wall: float
    cpu: float
    memory: float


# A process of its own starts the command: what is measured must not hold the memory of this one, which a
# child has until its program begins.
_START = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall = time.perf_counter() - start
process.returncode = os.waitstatus_to_exitcode(status)
figures = [process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]
print(json.dumps(figures))
"""


def run(command: Sequence[str]) -> Run:
    """Run a command to its end and measure it; stop everything where it fails.

    Modules may be kept compiled, as an installed package has them.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", _START, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        env=kept,
    )
    code, *figures = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return Run(*figures)


def paired(commands: Mapping[str, Sequence[str]], rounds: int, *, warm: bool = True) -> dict[str, list[Run]]:
    """Run all commands in turn, `rounds` times over; with `warm` after one round that is not counted."""
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(0 if warm else 1, rounds + 1):
        for name, command in commands.items():
            measured = run(command)
            if turn:
                results[name].append(measured)
    return results


def ratio(runs: Sequence[Run], floor: Sequence[Run], field: str = "wall") -> str:
    """Return the ratio of one figure, pair by pair: median (lowest–highest)."""
    values = sorted(getattr(a, field) / getattr(b, field) for a, b in zip(runs, floor, strict=True))
    return f"{statistics.median(values):.2f} ({values[0]:.2f}–{values[-1]:.2f})"


def median(runs: Sequence[Run], field: str) -> float:
    """Return the median of one figure."""
    return statistics.median(getattr(run, field) for run in runs)
