"""A run that is killed again and again ends in the same bytes as one that is left alone."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

POSTS = 6000
KILLS = 50
WORDS = (
    "停水 通知 明天 施工 公园 条例 草案 征求 意见 早安 澄州 天气 晴 好 心情 公安 防骗 课堂 招聘 公告".split()
)
# The command itself, with a checkpoint every 256 posts instead of every 8,192.
RUN = (
    "from govcode.workflow import classify; classify.CHECKPOINT = 256; "
    "from govcode.__main__ import main; main()"
)


@pytest.fixture
def posts(tmp_path) -> Path:
    draw = random.Random(4)
    path = tmp_path / "posts.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(POSTS):
            row = {"post_id": f"p{n}", "text": "，".join(draw.choices(WORDS, k=draw.randint(1, 60)))}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def start(posts: Path, output: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, "classify", str(posts), "-o", str(output), "-q", *more]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=os.environ
    )


@pytest.mark.slow
def test_fifty_kills_lose_and_repeat_nothing(posts: Path, tmp_path: Path) -> None:
    whole, output = tmp_path / "whole.jsonl", tmp_path / "coded.jsonl"
    begun = time.monotonic()
    assert start(posts, whole).wait() == 0
    length = time.monotonic() - begun
    expected = whole.read_bytes()
    draw = random.Random(11)
    kills = continued = 0
    while kills < KILLS:
        continued += (tmp_path / "coded.jsonl.partial.json").exists()
        workers = draw.choice(["1", "1", "2"])
        process = start(posts, output, "--resume", "--workers", workers)
        try:
            process.wait(timeout=draw.uniform(0.2, 1.1) * length)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
        else:
            assert process.returncode == 0
            assert output.exists()
        if output.exists():  # also where it was killed after its last step
            assert output.read_bytes() == expected
            output.unlink()
    assert start(posts, output, "--resume").wait() == 0
    assert output.read_bytes() == expected
    assert continued >= KILLS // 5  # the kills did fall into runs that had written something
    assert {path.name for path in tmp_path.iterdir() if "partial" in path.name} == set()


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_leaves_nothing(posts: Path, tmp_path: Path) -> None:
    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    output = tmp_path / "coded.jsonl"
    command = [sys.executable, "-m", "govcode", "classify", str(posts), "-o", str(output), "-q"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=full)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "could not be written completely" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["posts.jsonl"]


@pytest.mark.slow
def test_a_full_disk_can_be_resumed(posts: Path, tmp_path: Path) -> None:
    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    whole, output = tmp_path / "whole.jsonl", tmp_path / "coded.jsonl"
    assert start(posts, whole).wait() == 0
    command = [sys.executable, "-c", RUN, "classify", str(posts), "-o", str(output), "-q", "--resume"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=full)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not output.exists()
    assert start(posts, output, "--resume").wait() == 0
    assert output.read_bytes() == whole.read_bytes()
