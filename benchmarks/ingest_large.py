"""Ingest of very large inputs: what they take in time and memory, one after the other.

`python benchmarks/ingest_large.py [--scale 1] [--only folder zip csv json pipe]`

At scale 1: a folder and a zip archive of one million text files, a CSV file of 2 GB, a JSON array of
300 MB as a file and on a pipe. Files are made in a temporary folder (some 7 GB for the CSV case with its
output) and removed after each case.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from measure import Run, run

WORDS = "青川市民政局发布通知请注意防范暴雨天气减少外出做好储水准备咨询电话如下工作时间办理流程公开征求意见"
HEADER = ("标题", "正文", "公众号", "发布时间", "链接", "阅读数")
ROOT = Path(__file__).parent.parent
PIPED = 'file=$1; shift; cat "$file" | "$@" --from json'


@dataclass(frozen=True)
class Taken:
    """What one run wrote (posts, rows left out), MB read, and what it took."""

    posts: int
    excluded: int
    size: float
    run: Run


def text(n: int) -> str:
    """Return the text of the n-th file: short, and no other's."""
    return f"第{n}期停水通知：明早八点停水，请提前储水。"


def folder(path: Path, number: int) -> None:
    """Make a folder of text files, a thousand in each folder below it."""
    for n in range(number):
        if n % 1000 == 0:
            below = path / f"{n // 1000:04}"
            below.mkdir(parents=True)
        (below / f"{n:07}.txt").write_text(text(n), encoding="utf-8")


def archive(path: Path, number: int) -> None:
    """Make a zip archive of as many text files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for n in range(number):
            packed.writestr(f"{n // 1000:04}/{n:07}.txt", text(n))


def rows(number: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of some 1.1 kB."""
    for n in range(number):
        start = n * 7 % len(WORDS)
        body = (WORDS[start:] + WORDS[:start] + "，") * 7 + str(n)
        link = f"http://mp.weixin.qq.com/s/{n}"
        yield f"第{n}期{WORDS[:9]}", body, "青川发布", f"2023-{n % 12 + 1:02}-01 08:30", link, str(n % 1000)


def table(path: Path, number: int) -> None:
    """Write a CSV file of so many posts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(number))


def array(path: Path, number: int) -> None:
    """Write a JSON array of so many posts."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for n, row in enumerate(rows(number)):
            file.write(",\n" * bool(n) + json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False))
        file.write("]")


def ingest(source: Path, output: Path, *, piped: bool = False) -> Run:
    """Run `govcode ingest` on a source, or on a pipe from it."""
    command = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "govcode", "ingest"]
    command += ["-" if piped else str(source), "-o", str(output), "-q"]
    return run(["sh", "-c", PIPED, "sh", str(source), *command] if piped else command)


def taken(source: Path, output: Path, *, piped: bool) -> Taken:
    """Ingest a source and return what that took."""
    measured = ingest(source, output, piped=piped)
    counts = json.loads(Path(f"{output}.manifest.json").read_text(encoding="utf-8"))["counts"]
    return Taken(counts["posts"], sum(counts["excluded"].values()), source.stat().st_size / 1e6, measured)


CASES: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "folder": (folder, 1_000_000),
    "zip": (archive, 1_000_000),
    "csv": (table, 1_720_000),
    "json": (array, 245_000),
    "pipe": (array, 245_000),
}


def measured(case: str, number: int, place: Path) -> Taken:
    """Make the input of a case, ingest it, remove it."""
    make, _ = CASES[case]
    source = place / {"folder": "texts", "zip": "texts.zip", "csv": "posts.csv"}.get(case, "posts.json")
    try:
        make(source, number)
        return taken(source, place / "out.jsonl", piped=case == "pipe")
    finally:
        for file in place.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()


def main() -> None:
    """Print one line a case."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", nargs="*", choices=list(CASES), default=list(CASES))
    chosen = parser.parse_args()
    for case in chosen.only:
        with tempfile.TemporaryDirectory() as place:
            found = measured(case, int(CASES[case][1] * chosen.scale), Path(place))
        print(
            f"{case}: {found.posts:,} posts, {found.excluded:,} excluded, input {found.size:,.0f} MB; "
            f"CPU {found.run.cpu:.0f} s, clock {found.run.wall:.0f} s, peak {found.run.memory:.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()
