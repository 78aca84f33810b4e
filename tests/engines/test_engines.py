"""Engines: every engine gives every post its coding, in order."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter

import pytest

from govcode.coders.base import BATCH, CHARACTERS, batch_of
from govcode.engines import processes, serial
from govcode.engines.base import CoderSpec, batches
from govcode.errors import GovcodeError
from govcode.readers.pieces import Batch, Piece
from govcode.records import Coding, Post

SPEC = CoderSpec("rules", "functions")
POSTS = [Post(str(i), f"第{i}次停水通知:明天8时起棉纺路停水,请提前储水。") for i in range(1200)]


def run(spec, posts, workers, coder=None):
    with processes.crew(spec, workers, coder) as crew:
        yield from crew.run(posts)


def lines_of(spec, posts, workers, rendering, coder):
    with processes.crew(spec, workers, coder, rendering) as crew:
        for _, made, _ in crew.lines(Piece(Batch(batch)) for batch in batches(posts)):
            yield made


@pytest.mark.parametrize("number", [0, 1, BATCH - 1, BATCH, BATCH + 1])
def test_batches_lose_nothing(number: int) -> None:
    cut = list(batches(POSTS[:number]))
    assert [p.post_id for batch in cut for p in batch] == [str(i) for i in range(number)]
    assert all(batch for batch in cut)


@pytest.mark.parametrize(("length", "sizes"), [(0, [BATCH, BATCH, 7]), (CHARACTERS // 300, None)])
def test_a_batch_is_full_by_posts_or_by_characters(length: int, sizes: list[int] | None) -> None:
    """So that memory does not grow where posts are long."""
    taken: list[list[Post]] = []
    steady = serial.Steady(_Nothing(), lambda posts, codings: taken.append(posts))
    posts = [Post(str(i), "长" * length) for i in range(2 * BATCH + 7)]
    steady.run(posts)
    assert [post for batch in taken for post in batch] == posts
    assert [len(batch) for batch in taken] == (sizes or [301] * 6 + [249])


def test_a_coder_may_say_how_many_posts_it_codes_together() -> None:
    coder = _Nothing()
    assert batch_of(coder) == BATCH
    coder.batch = 5
    taken: list[int] = []
    serial.Steady(coder, lambda posts, codings: taken.append(len(posts))).run(POSTS[:12])
    assert taken == [5, 5, 2]
    assert [post.post_id for post, _ in serial.run(coder, POSTS[:12])] == [str(i) for i in range(12)]


class _Nothing:
    name, codebook_hash, codes, batch = "none@0", "", (), BATCH

    def code(self, posts):
        return (Coding(post.post_id, self.name, "") for post in posts)


def test_serial_keeps_order() -> None:
    coded = list(serial.run(SPEC.build(), POSTS[:300]))
    assert [post.post_id for post, _ in coded] == [coding.post_id for _, coding in coded]


def test_processes_give_the_same_codings_in_the_same_order() -> None:
    alone = list(serial.run(SPEC.build(), POSTS))
    together = list(run(SPEC, POSTS, 2))
    assert [c for _, c in together] == [c for _, c in alone]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_forked_workers_share_the_coder_and_code_the_same(monkeypatch) -> None:
    from govcode.workflow.coder import coder_spec

    spec = coder_spec()
    coder = spec.build()
    alone = [c for _, c in serial.run(coder, POSTS)]
    monkeypatch.setattr(processes, "_may_fork", lambda: True)
    assert [c for _, c in run(spec, POSTS, 2, coder)] == alone
    assert processes._coder is None


def test_processes_read_ahead_only_a_little() -> None:
    taken = 0

    def source():
        nonlocal taken
        for post in POSTS * 20:
            taken += 1
            yield post

    coded = run(SPEC, source(), 2)
    next(coded)
    assert taken <= (processes.AHEAD * 2 + 1) * BATCH
    coded.close()


def test_parts_are_mapped_in_order_by_other_processes(monkeypatch) -> None:
    monkeypatch.setattr(processes, "_may_fork", lambda: sys.platform == "linux")
    assert list(processes.mapped(2)(hex, range(9))) == list(map(hex, range(9)))
    if sys.platform == "linux":
        assert os.getpid() not in processes.mapped(2)(_pid, range(9))
    monkeypatch.setattr(processes, "_may_fork", lambda: False)
    assert set(processes.mapped(2)(_pid, range(9))) == {os.getpid()}


def _pid(_: int) -> int:
    return os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
def test_a_killed_helper_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setattr(processes, "_may_fork", lambda: True)
    with pytest.raises(GovcodeError, match="worker process was ended"):
        processes.mapped(2)(_die, range(9))


def _die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="pipes have one size elsewhere")
@pytest.mark.parametrize("size", [processes.PIPE, 1 << 40])
def test_whole_parcels_wait_in_pipes_where_the_system_lets_them(monkeypatch, size: int) -> None:
    from fcntl import F_GETPIPE_SZ, fcntl

    monkeypatch.setattr(processes, "PIPE", size)
    with processes.crew(SPEC, 1, SPEC.build()) as hands:
        queues = hands._pool._call_queue, hands._pool._result_queue
        sizes = {fcntl(queue._reader.fileno(), F_GETPIPE_SZ) for queue in queues}
        assert len(list(hands.run(POSTS))) == len(POSTS)
    assert sizes <= ({size} if size == 1 << 20 else {1 << 16, 1 << 12})


def test_a_killed_worker_is_one_sentence() -> None:
    def slow():
        for post in POSTS * 50:
            time.sleep(0.0002)
            yield post

    before = set(processes.children())

    def kill() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for child in set(processes.children()) - before:
                os.kill(child, signal.SIGKILL)
                return
            time.sleep(0.05)

    threading.Thread(target=kill, daemon=True).start()
    with pytest.raises(GovcodeError, match="worker process was ended"):
        for _ in run(SPEC, slow(), 2):
            pass


def test_a_loader_that_fails_tells_why() -> None:
    with pytest.raises(GovcodeError, match="nowhere"):
        CoderSpec("rules", "nowhere.toml").build()


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv"])
@pytest.mark.parametrize("explain", [False, True])
def test_workers_make_the_lines_that_a_writer_would(tmp_path, form, explain) -> None:
    from govcode.engines.layout import Layout
    from govcode.engines.rendering import Rendering
    from govcode.records import POST_COLUMNS
    from govcode.writers.tables import open_writer

    spec = CoderSpec("rules", "functions", {"explain": explain})
    coder = spec.build()
    posts = [Post(p.post_id, f'{p.text} "引"\n', extra={"own": n, "list": [n]}) for n, p in enumerate(POSTS)]
    layout = Layout.of((*POST_COLUMNS, "own", "list"), coder.codes, explain=explain)
    by_row, by_line = tmp_path / f"rows.{form}", tmp_path / f"lines.{form}"
    with open_writer(by_row, layout.columns, excel=True) as writer:
        for post, coding in serial.run(coder, posts):
            writer.write(layout.row(post, coding))
    codes: Counter[str] = Counter()
    with open_writer(by_line, layout.columns, excel=True) as writer:
        for lines in lines_of(spec, posts, 2, Rendering(layout, form, excel=True), coder):
            writer.write_lines(lines.data)
            codes.update(lines.by_code)
    assert by_line.read_bytes() == by_row.read_bytes()
    assert codes == Counter(coding.code for coding in coder.code(posts))
