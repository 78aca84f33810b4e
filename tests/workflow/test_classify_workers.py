"""Any number of workers gives the same bytes, counts and excluded rows, also of damaged tables."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from govcode.coders.rules import RuleCoder
from govcode.engines import processes
from govcode.engines.base import CoderSpec
from govcode.readers import decoding
from govcode.readers.pieces import rows_in
from govcode.workflow import classify as workflow
from govcode.workflow.classify import ClassifyOptions, classify
from govcode.workflow.excluded import ExcludedLog

SPEC = CoderSpec("rules", "functions")
ODD = (
    b"", b"  ", b'{"post_id": "broken', b"[1, 2]", b'{"post_id": "n", "text": NaN}', b'{"post_id": "z", "text": "a\x00b"}',
    b'{"post_id": "s", "text": "\\ud800x"}', b'\xef\xbb\xbf{"post_id": "bom", "own": 1}', b'{"post_id": 7, "text": null}',
    '{"post_id": "gb", "text": "停水通知"}'.encode("gb18030"), b'{"post_id": "bad", "text": "\xff\xfe"}',
)  # fmt: skip


@pytest.fixture(autouse=True)
def forked(monkeypatch) -> None:
    """Fork also where pytest has threads, which are idle; small blocks, so that there are many."""
    if sys.platform == "linux":
        monkeypatch.setattr(processes, "_may_fork", lambda: True)
        monkeypatch.setattr(processes, "_shared", lambda coder: True)
    monkeypatch.setattr(decoding, "CHUNK", 4000)


def posts(seed: int, *, odd: float, encoding: str = "utf-8", number: int = 900) -> bytes:
    draw = random.Random(seed)
    words = "停水 通知 明天 施工 公园 条例 草案 征求 意见 早安 澄州 天气 a1 1".split()
    lines = []
    for n in range(number):
        row = {"post_id": f"p{n % 800}", "text": "，".join(draw.choices(words, k=draw.randint(0, 20)))}
        if n % 7 == 0:
            row |= {"own": [n], "title": "早安"}
        good = json.dumps(row, ensure_ascii=n % 400 > 350).encode(encoding)
        lines.append(draw.choice(ODD) if draw.random() < odd else good)
    return b"\n".join(lines)


def coded(folder: Path, name: str, *inputs: Path, workers: int, **options):
    output = folder / f"{name}{workers}.jsonl"
    result = classify([*map(str, inputs)], str(output), SPEC, ClassifyOptions(workers=workers, **options))
    left_out = Path(result.excluded).read_bytes() if result.excluded else b""
    counts = result.count.read, result.count.kept, result.count.excluded, result.by_code, result.by_status
    return output.read_bytes(), left_out, counts, result.notes, result.left_out


CLEAN, DIRTY = {"odd": 0.0}, {"odd": 0.05}
TABLES = {
    "clean": [CLEAN], "damaged": [DIRTY], "ruined": [{"odd": 0.6}], "gb18030": [{**DIRTY, "encoding": "gb18030"}],
    "several": [DIRTY, {**CLEAN, "number": 3}, {**DIRTY, "encoding": "gb18030", "number": 200}, DIRTY],
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_the_number_of_workers_changes_nothing(tmp_path: Path, kind: str) -> None:
    inputs = []
    for n, how in enumerate(TABLES[kind]):
        inputs.append(tmp_path / f"t{n}.jsonl")
        inputs[-1].write_bytes(posts(n, **how))
    alone = coded(tmp_path, "x", *inputs, workers=1)
    assert alone[0].count(b"\n") == alone[2][1] > 0
    assert alone[1].count(b"\n") == sum(alone[2][2].values())
    for workers in (2, 3):
        assert coded(tmp_path, "x", *inputs, workers=workers) == alone


def test_a_pipe_gives_the_same(tmp_path: Path, monkeypatch) -> None:
    late = b'{"post_id": "x", "text": "\xe6\x97\xa9", "late": 1}'
    data = posts(1, odd=0.05) + b"\n" + late + b"\n" + posts(2, odd=0.05)
    (tmp_path / "t.jsonl").write_bytes(data)
    found = []
    for workers in (1, 2):
        command = ["cat", str(tmp_path / "t.jsonl")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            monkeypatch.setattr(sys, "stdin", other.stdout)
            found.append(coded(tmp_path, "x", Path("-"), workers=workers, form_in="jsonl"))
    assert found[1] == found[0]
    assert "late" in found[0][3][0]
    assert found[0][2][0] > 1700


def test_a_table_with_flags_or_of_another_form_goes_with_lines(tmp_path: Path) -> None:
    plain, flagged, sheet = (tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.csv"))
    plain.write_bytes(posts(1, odd=0.05))
    flagged.write_bytes(b'{"post_id": "twice", "text": "\xe6\x97\xa9", "flags": ""}\n' * 300)
    sheet.write_text("post_id,text\n" + "1,停水通知\n" * 300 + "1,2,3\n", encoding="utf-8")
    alone = coded(tmp_path, "x", plain, flagged, sheet, plain, workers=1)
    assert coded(tmp_path, "x", plain, flagged, sheet, plain, workers=2) == alone
    assert b'"twice-300"' in alone[0]
    assert alone[2][2]["too-many-cells"] == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_goes_on_inside_a_piece(tmp_path: Path, monkeypatch, workers: int) -> None:
    table = tmp_path / "t.jsonl"
    table.write_bytes(posts(5, odd=0.05))
    whole = coded(tmp_path, "whole", table, workers=1)
    monkeypatch.setattr(workflow, "CHECKPOINT", 100)
    monkeypatch.setattr(RuleCoder, "batch", 384, raising=False)
    take, taken = workflow._Run._take, iter(range(2))

    def stopped(self, lines) -> None:
        if next(taken, None) is None:
            raise KeyboardInterrupt
        take(self, lines)

    with monkeypatch.context() as patch:
        patch.setattr(workflow._Run, "_take", stopped)
        with pytest.raises(KeyboardInterrupt):
            coded(tmp_path, "x", table, workers=workers, resume=True)
    assert (tmp_path / f"x{workers}.jsonl.partial.json").exists()
    for path in tmp_path.glob("x*.excluded*"):
        path.unlink()
    assert coded(tmp_path, "x", table, workers=workers, resume=True) == whole


@pytest.mark.parametrize("already", [0, 1, 383, 384, 385, 600, 899, 900, 5000])
def test_posts_of_an_earlier_part_are_counted_and_left_aside(tmp_path: Path, already: int) -> None:
    from govcode.readers.pieces import gathered
    from govcode.readers.posts import read_posts

    table = tmp_path / "t.jsonl"
    table.write_bytes(posts(5, odd=0.05))
    one, other = ExcludedLog(), ExcludedLog()
    expected = list(islice(one.sift(read_posts([str(table)]).posts), already, None))
    found = []
    for piece in other.after(already, gathered(read_posts([str(table)]).pieces)):
        read, account = piece.rows.read()
        other.settle(piece, len(read), account)
        found += read
    assert found == expected
    assert vars(other.count) == vars(one.count)
    assert other.first == one.first


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
@pytest.mark.parametrize("form", ["jsonl", "xlsx"])
def test_workers_share_the_coder_also_where_a_progress_bar_has_a_thread(tmp_path, monkeypatch, form) -> None:
    before, hows, make = threading.active_count(), [], processes.get_context
    monkeypatch.setattr(processes, "_may_fork", lambda: threading.active_count() == before)
    monkeypatch.setattr(processes, "get_context", lambda how: hows.append(how) or make(how))
    table, done = tmp_path / "t.jsonl", threading.Event()
    table.write_bytes(posts(2, odd=0.0, number=40))

    @contextmanager
    def watch(items):
        thread = threading.Thread(target=done.wait)
        thread.start()
        yield items
        done.set()
        thread.join()

    options = ClassifyOptions(workers=2)
    assert classify([str(table)], str(tmp_path / f"x.{form}"), SPEC, options, watch=watch).count.kept == 40
    assert hows == ["fork"]


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_rows(tmp_path: Path, workers: int) -> None:
    table = tmp_path / "t.jsonl"
    table.write_bytes(posts(2, odd=0.0) + b"\n")
    seen = 0

    @contextmanager
    def watch(items):
        def each():
            nonlocal seen
            for item in items:
                seen += rows_in(item)
                yield item

        yield each()

    classify([str(table)], str(tmp_path / "out.jsonl"), SPEC, ClassifyOptions(workers=workers), watch=watch)
    assert seen == 900


def test_large_tables_are_hashed_side_by_side_with_the_same_manifest(tmp_path: Path, monkeypatch) -> None:
    table = tmp_path / "t.jsonl"
    table.write_bytes(posts(5, odd=0.05))
    manifest = tmp_path / "x1.jsonl.manifest.json"
    coded(tmp_path, "x", table, workers=1)
    before = manifest.read_bytes()
    threads: list[int] = []
    monkeypatch.setattr(workflow, "MANY", 1)
    monkeypatch.setattr(
        workflow,
        "input_records",
        _then(workflow.input_records, lambda: threads.append(threading.get_ident())),
    )
    coded(tmp_path, "x", table, workers=1)
    assert manifest.read_bytes() == before
    assert threads and threads != [threading.get_ident()]


def _then(function, tell):
    def told(*given):
        tell()
        return function(*given)

    return told
