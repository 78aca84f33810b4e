"""Ingest of large files: flat memory, throughput beside pandas, and what Excel habits do to a file."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from govcode.readers.tables import open_table
from govcode.records import Row
from govcode.writers.tables import open_writer
from tests.scripts import load_script

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
load_script(ROOT / "benchmarks" / "measure.py")  # which the next one imports
LARGE = load_script(ROOT / "benchmarks" / "ingest_large.py")


def peak_of(path: Path, output: Path) -> float:
    """Return the peak memory of `govcode ingest` in MiB."""
    return LARGE.ingest(path, output).memory


@pytest.mark.slow
@pytest.mark.parametrize("write", [LARGE.table, LARGE.array])
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_memory_does_not_grow_with_the_file(write, suffix: str, tmp_path: Path) -> None:
    write(tmp_path / "s.dat", 10_000)
    write(tmp_path / "l.dat", 100_000)
    small = peak_of(tmp_path / "s.dat", tmp_path / f"s.{suffix}")
    large = peak_of(tmp_path / "l.dat", tmp_path / f"l.{suffix}")
    assert (tmp_path / "l.dat").stat().st_size > 100e6
    assert large < 250
    # Keys of duplicates: an id, a link and a text a post, at most 300 bytes in all.
    assert large - small < 45


@pytest.mark.slow
@pytest.mark.timing
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_throughput_is_at_least_that_of_pandas(form: str, tmp_path: Path) -> None:
    speed = load_script(ROOT / "benchmarks" / "ingest_speed.py")
    write = speed.write_csv if form == "csv" else speed.write_jsonl
    ratios = speed.ratios(write(tmp_path / f"t.{form}", 50_000), 5)
    print(f"throughput of ingest to that of pandas, CPU time, {form}: {[f'{r:.2f}' for r in ratios]}")
    assert statistics.median(ratios) >= 1.0


EXCEL = [
    ("4463517821345678", "2023-05-01", "青川发布，“停水”通知😀"),
    ("001234567890123456789", "2023-05-01T08:30:00+08:00", "=1+1"),
    ("0012", "2023-12-31 23:59:59", "+86 10 12345"),
    ("4463517821345670", "05-01", "@青川发布 -1"),
    ("1e5", "2023/5/1", '=HYPERLINK("http://example.org","点")'),
    ("-7", "", "第一行\n第二行"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["e.csv", "e.xlsx"])
def test_libreoffice_shows_characters_and_ids(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    with open_writer(tmp_path / name, ("post_id", "published_at", "text"), excel=True) as writer:
        for post in EXCEL:
            writer.write(dict(zip(("post_id", "published_at", "text"), post, strict=True)))
    out = tmp_path / "out"
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to"]
    command += ["csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", str(out)]
    if name.endswith(".csv"):  # a person sees UTF-8 chosen by the mark; the converter must be told
        command.append("--infilter=CSV:44,34,76,1")
    subprocess.run([*command, str(tmp_path / name)], check=True, capture_output=True, timeout=180)
    with (out / "e.csv").open(encoding="utf-8", newline="") as file:
        shown = list(csv.reader(file))
    # What guards a cell (a TAB, an apostrophe) may show; our own reader takes it off.
    assert [[cell.strip().removeprefix("'") for cell in row] for row in shown[1:]] == [
        [*post] for post in EXCEL
    ]
    again = [[*row.values.values()] for row in open_table(out / "e.csv") if isinstance(row, Row)]
    assert [row[0].strip().removeprefix("'") for row in again] == [post[0] for post in EXCEL]


def test_a_reader_that_goes_away_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    LARGE.table(path, 3000)
    command = f"'{sys.executable}' -m govcode ingest '{path}' --to csv -q | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=ENVIRONMENT)
    assert done.stdout.startswith("post_id,account")
    assert done.stderr == ""


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    run = subprocess.Popen(
        [sys.executable, "-m", "govcode", "ingest", "-", "--from", "csv", "-o", str(tmp_path / "o.csv")],
        stdin=read, stderr=subprocess.PIPE, env=ENVIRONMENT,
    )  # fmt: skip
    os.write(write, "标题\n停水\n降温\n".encode())
    for _ in range(200):
        if any(tmp_path.iterdir()):
            break
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, error = run.communicate(timeout=30)
    os.close(write)
    os.close(read)
    assert run.returncode == 130
    assert b"Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def line(number: int, form: str, **more: object) -> bytes:
    row = {"标题": f"第{number}期", "正文": "停水", **more}
    text = f"{row['标题']},停水" if form == "csv" else json.dumps(row, ensure_ascii=False)
    return f"{text}\n".encode()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("verb", [["ingest"], ["classify", "--coder", "rules"]], ids=["ingest", "classify"])
def test_posts_of_a_slow_pipe_come_out_before_it_ends(form: str, verb: list[str]) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "govcode", *verb, "-", "--from", form, "--to", "jsonl", "-q"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
    )  # fmt: skip
    watchdog = threading.Timer(120, run.kill)  # a post that does not come must fail, not hang
    watchdog.start()
    try:
        assert run.stdin is not None
        assert run.stdout is not None
        run.stdin.write("标题,正文\n".encode() * (form == "csv"))
        for start, end in ((0, 205), (205, 206), (206, 207)):
            run.stdin.write(b"".join(line(n, form) for n in range(start, end)))
            run.stdin.flush()
            for n in range(start, end):  # the pipe is still open
                assert json.loads(run.stdout.readline() or "{}").get("title") == f"第{n}期"
        rest, told = run.communicate(line(207, form, 迟到="甲"), timeout=60)
    finally:
        watchdog.cancel()
        run.kill()
    assert (json.loads(rest)["title"], run.returncode) == ("第207期", 0), told


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "xlsx", "parquet", "csv.gz"])
def test_a_pipe_of_many_pieces_loses_nothing(form: str, tmp_path: Path, govcode) -> None:
    number = 3000
    path = tmp_path / f"t.{form}"
    if form == "json":
        LARGE.array(path, number)
    else:
        with open_writer(path, LARGE.HEADER) as writer:
            for row in LARGE.rows(number):
                writer.write(dict(zip(LARGE.HEADER, row, strict=True)))
    more = ["--from", form.removesuffix(".gz"), "-o", tmp_path / "o.jsonl"]
    done = govcode("ingest", "-", *more, stdin=path.read_bytes())
    assert f"{number:,} rows in = {number:,} posts + 0 excluded" in done.stderr
    assert len((tmp_path / "o.jsonl").read_bytes().splitlines()) == number


def test_columns_that_come_late_on_a_pipe_are_told(govcode) -> None:
    done = govcode(
        "ingest",
        "-",
        "--from",
        "jsonl",
        stdin=b"".join(line(n, "jsonl") for n in range(200)) + line(200, "jsonl", 迟到="甲"),
    )
    assert len(done.stdout.splitlines()) == 201
    assert "left out: 迟到" in done.stderr
    assert "late-column 1" in done.stderr


@pytest.mark.slow
def test_memory_of_a_folder_does_not_grow_with_its_files(tmp_path: Path) -> None:
    peaks = []
    for number in (2_000, 20_000):
        folder = tmp_path / str(number)
        folder.mkdir()
        for n in range(number):
            (folder / f"{n:06}.txt").write_text(f"第{n}期停水通知：明早八点停水，请提前储水。")
        peaks.append(peak_of(folder, tmp_path / f"{number}.jsonl"))
        (record,) = json.loads((tmp_path / f"{number}.jsonl.manifest.json").read_text())["inputs"]
        assert (record["path"], record["rows"]) == (str(folder), number)
    # Names of files and keys of duplicates: some 500 bytes a file.
    assert peaks[1] - peaks[0] < 15


@pytest.mark.slow
@pytest.mark.parametrize("case", ["folder", "zip", "csv", "json", "pipe"])
def test_the_large_cases_scaled_down_lose_nothing(case: str, tmp_path: Path) -> None:
    found = LARGE.measured(case, 2000, tmp_path)
    assert (found.posts, found.excluded) == (2000, 0)
    assert found.run.memory < 150
    assert list(tmp_path.iterdir()) == []
