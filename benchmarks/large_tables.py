"""Print time and peak memory of the other commands on large tables.

`python benchmarks/large_tables.py [--rows 1000000] [--rounds 1]` makes invented tables of that many rows
(posts, two coders' codings, a coded table with gold for 2,000 of its posts) and runs `ingest`,
`reliability`, `estimate` and `evaluate` on them.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from measure import median, paired

CODES = ("information", "service", "appeal", "agenda", "other")
GOLD = 2000


def write_tables(folder: Path, rows: int) -> None:
    """Write all tables; two coders agree on about four posts in five."""
    draw = random.Random(7)
    names = ("weibo.csv", "one.csv", "two.csv", "coded.csv", "gold.csv")
    weibo, one, two, coded, gold = (
        (folder / name).open("w", encoding="utf-8", newline="\n") for name in names
    )
    shares = ",".join(f"p_{code}" for code in CODES)
    weibo.write("微博id,用户昵称,微博正文,发布时间\n")
    one.write("post_id,coder,code\n")
    two.write("post_id,coder,code\n")
    coded.write(f"post_id,account,code,{shares},status,coder\n")
    gold.write("post_id,coder,code\n")
    for n in range(rows):
        truth = draw.choice(CODES)
        first, second, machine = (truth if draw.random() < 0.9 else draw.choice(CODES) for _ in range(3))
        weibo.write(f"{4 * 10**15 + n},账号{n % 500},第{n}号通知：明天8时至18时停水。,2024-01-01 08:00\n")
        one.write(f"b{n},a1,{first}\n")
        two.write(f"b{n},a2,{second}\n")
        parts = ",".join("0.8" if code == machine else "0.05" for code in CODES)
        coded.write(f"b{n},账号{n % 500},{machine},{parts},coded,m\n")
        if n % max(1, rows // GOLD) == 0:
            gold.write(f"b{n},gold,{truth}\n")
    for file in (weibo, one, two, coded, gold):
        file.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the other commands on large tables.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, options.rows)
        at = {path.stem: str(path) for path in folder.iterdir()}
        govcode = [sys.executable, "-m", "govcode"]
        results = paired(
            {
                "ingest": [*govcode, "ingest", at["weibo"], "-o", f"{name}/posts.csv", "-q"],
                "reliability": [*govcode, "reliability", at["one"], at["two"], "--json", "-q"],
                "estimate": [
                    *govcode,
                    "estimate",
                    at["coded"],
                    "--gold",
                    at["gold"],
                    "--assume-random",
                    "--json",
                    "-q",
                ],
                "evaluate": [*govcode, "evaluate", at["coded"], "--gold", at["gold"], "--json", "-q"],
            },
            options.rounds,
            warm=False,
        )
    print(f"{options.rows:,} rows\n\n| command | wall s | CPU s | peak MiB |\n| --- | --: | --: | --: |")
    for command, runs in results.items():
        figures = (median(runs, field) for field in ("wall", "cpu", "memory"))
        print(f"| {command} | {' | '.join(f'{figure:.1f}' for figure in figures)} |")


if __name__ == "__main__":
    main()
