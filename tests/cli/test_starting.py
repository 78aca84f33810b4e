"""One post is coded soon: nothing is loaded that it does not need, and the whole takes little."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

POST = '{"post_id": "1", "text": "明天8时至18时，澄州市棉纺路停水。"}\n'
# What other inputs, outputs and runs need, and what is known to load slowly.
NOT_NEEDED = (
    "rich", "pydantic", "pandas", "scipy", "sklearn", "jieba", "concurrent.futures", "multiprocessing", "logging",
    "importlib.metadata", "importlib.resources", "govcode.readers.convert", "govcode.readers.dates",
    "govcode.readers.duplicates", "govcode.readers.delimited", "govcode.writers.resumable", "govcode.writers.xlsx",
    "govcode.coders.vectoriser", "govcode.coders.terms", "govcode.coders.rules", "govcode.engines.processes",
)  # fmt: skip


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """The arguments that code one post."""
    (tmp_path / "post.jsonl").write_text(POST, encoding="utf-8")
    return ["classify", str(tmp_path / "post.jsonl"), "-o", str(tmp_path / "coded.jsonl"), "-q"]


def test_one_post_loads_only_what_it_needs(command: list[str]) -> None:
    code = (
        f"import sys; sys.argv = ['govcode', *{command!r}]\n"
        "from govcode.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print([name for name in {NOT_NEEDED!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_waits_for_the_end_of_the_process_is_still_written(command: list[str], tmp_path: Path) -> None:
    code = (
        "import atexit, sys, threading, time\n"
        f"sys.argv = ['govcode', *{command!r}]\n"
        "late = open('late.txt', 'w'); late.write('flushed')\n"
        "atexit.register(lambda: open('last.txt', 'w').write('called'))\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), open('thread.txt', 'w').write('waited for'))).start()\n"
        "from govcode.__main__ import main\n"
        "main()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    found = {name: (tmp_path / f"{name}.txt").read_text() for name in ("late", "last", "thread")}
    assert found == {"late": "flushed", "last": "called", "thread": "waited for"}


@pytest.mark.slow
@pytest.mark.timing
def test_one_post_takes_less_than_thirty_five_empty_starts(command: list[str], tmp_path: Path) -> None:
    """With modules that are compiled, as an installation has them; the first run compiles them."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(tmp_path / "compiled")

    def seconds(*arguments: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True, env=env)
        return time.perf_counter() - start

    seconds("-m", "govcode", *command)
    ratios = sorted(seconds("-m", "govcode", *command) / seconds("-c", "pass") for _ in range(11))
    assert ratios[5] < 35, ratios
