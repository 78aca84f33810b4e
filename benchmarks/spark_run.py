"""Code the same posts with the local engine and on Spark; print times, and whether the lines are the same.

`python benchmarks/spark_run.py [--posts 500000] [--master local[2]]` needs the extra `spark` and Java. Lines
are compared as a set with counts, to the byte: their order over part files is Spark's.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from corpus import write_posts
from measure import Run, run


def digests(paths: Iterable[Path]) -> list[bytes]:
    """Return a digest of every line, sorted."""
    found = []
    for path in paths:
        with path.open("rb") as lines:
            found += [hashlib.blake2b(line.rstrip(b"\n"), digest_size=16).digest() for line in lines]
    return sorted(found)


def same(local: Path, parts: Path) -> bool:
    """Tell whether the part files hold the lines of the local file, each as often."""
    return digests([local]) == digests(sorted(parts.glob("part-*")))


def line(name: str, posts: int, measured: Run) -> str:
    """Return one row of the table."""
    return f"| {name} | {measured.wall:.1f} | {posts / measured.wall:,.0f} |"


def main() -> None:
    """Run, compare, print; end with 1 where lines differ."""
    parser = argparse.ArgumentParser(description="Compare Spark with the local engine.")
    parser.add_argument("--posts", type=int, default=500_000)
    parser.add_argument("--master", default="local[2]")
    options = parser.parse_args()
    submit = f"--master {options.master} --conf spark.ui.enabled=false pyspark-shell"
    os.environ.update({"PYSPARK_SUBMIT_ARGS": submit, "PYSPARK_PYTHON": sys.executable})
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory() as name:
        posts, local, parts = (
            Path(name) / "posts.jsonl",
            Path(name) / "local.jsonl",
            Path(name) / "spark.jsonl",
        )
        write_posts(posts, options.posts)
        classify = [sys.executable, "-m", "govcode", "classify", str(posts), "-q", "-o"]
        rows = [
            line("classify", options.posts, run([*classify, str(local)])),
            line(f"classify --engine spark, {options.master}", options.posts,
                 run([*classify, str(parts), "--engine", "spark"])),
        ]  # fmt: skip
        equal = same(local, parts)
    print(f"{options.posts:,} posts\n\n| engine | wall s | posts/s |\n| --- | --: | --: |")
    print("\n".join(rows))
    print(f"\nlines: {'the same' if equal else 'NOT the same'}")
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
