"""Print whether `classify` grows: memory per process and posts per CPU second on ever larger tables.

`python benchmarks/growth.py [--posts 5000,50000,500000] [--workers 1] [--rounds 1]` codes the same posts in
ever larger tables, each in a fresh process, and prints peak memory (of the largest process) and speed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from corpus import write_posts
from measure import Run, median, run

HEADER = "| posts | wall s | CPU s | posts per CPU s | peak MiB |\n| --: | --: | --: | --: | --: |"


def measure(folder: Path, posts: int, workers: str, rounds: int) -> list[Run]:
    """Code a table of that many posts `rounds` times."""
    source, target = folder / f"{posts}.jsonl", folder / "out.jsonl"
    write_posts(source, posts)
    command = [sys.executable, "-m", "govcode", "classify", str(source), "-o", str(target), "-q"]
    runs = [run([*command, "--workers", workers]) for _ in range(rounds)]
    source.unlink()
    return runs


def line(posts: int, runs: list[Run]) -> str:
    """Return one row of the table: medians."""
    cpu = median(runs, "cpu")
    cells = (f"{posts:,}", f"{median(runs, 'wall'):.1f}", f"{cpu:.1f}", f"{posts / cpu:,.0f}")
    return f"| {' | '.join(cells)} | {median(runs, 'memory'):.0f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Print whether classify grows with its input.")
    parser.add_argument("--posts", default="5000,50000,500000", help="sizes, comma-separated")
    parser.add_argument("--workers", default="1")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    print(HEADER)
    with tempfile.TemporaryDirectory() as name:
        for posts in map(int, options.posts.split(",")):
            runs = measure(Path(name), posts, options.workers, options.rounds)
            print(line(posts, runs), flush=True)


if __name__ == "__main__":
    main()
