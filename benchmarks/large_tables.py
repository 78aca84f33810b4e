"""Print time and peak memory of the commands other than `classify` on large tables.

`python benchmarks/large_tables.py [--rows 1000000] [--rounds 1] [--only NAME,…] [--folder FOLDER]` makes
invented tables of that many rows (a crawl, two coders' codings, a coded table with its texts, gold for 2,000
of its posts) and runs each command on them in a process of its own. `reliability` reads half as many posts,
each coded twice: that many codings; .sav is left out without pyreadstat. All of it takes about an hour; with
`--folder` the tables are kept there, and `--only` runs a part.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path

from corpus import varied_posts
from measure import median, run

CODES = ("information", "service", "appeal", "agenda", "other")
GOLD = 2000
ACCOUNTS = 500
EXPORTS = ("csv", "jsonl", "parquet", "xlsx", "dta", "sav")
HEADER = "| command | wall s | CPU s | peak MiB |\n| --- | --: | --: | --: |"
CRAWL = ("微博id", "用户昵称", "微博正文", "发布时间")
CODINGS = ("post_id", "coder", "code")
CODED = (
    "post_id", "account", "platform", "published_at", "title", "text", "code", "secondary", "form",
    *(f"p_{code}" for code in CODES), "status", "coder",
)  # fmt: skip


def date(n: int) -> str:
    """Return the time of the n-th post: one every two minutes."""
    day = n // 720
    return f"{2020 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02} {n // 30 % 24:02}:{n * 2 % 60:02}"


def code_rows(rows: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the true code and those of two coders and a machine, each right nine times in ten."""
    draw = random.Random(7)
    for _ in range(rows):
        truth = draw.choice(CODES)
        one, two, machine = (truth if draw.random() < 0.9 else draw.choice(CODES) for _ in range(3))
        yield truth, one, two, machine


def crawl(rows: int) -> Iterator[Sequence[str]]:
    """Yield the rows of a crawl."""
    for n, (title, text) in enumerate(varied_posts(rows)):
        yield str(4 * 10**15 + n), f"账号{n % ACCOUNTS}", f"{title}{text}", date(n)


def codings(rows: int, column: int, coder: str, every: int = 1) -> Iterator[Sequence[str]]:
    """Yield codings of one coder."""
    for n, codes in enumerate(code_rows(rows)):
        if n % every == 0:
            yield f"b{n}", coder, codes[column]


def coded(rows: int) -> Iterator[Sequence[str]]:
    """Yield the rows of a coded table."""
    for n, ((title, text), codes) in enumerate(zip(varied_posts(rows), code_rows(rows), strict=True)):
        shares = ("0.8" if code == codes[3] else "0.05" for code in CODES)
        head = (f"b{n}", f"账号{n % ACCOUNTS}", "weibo" if n % 3 else "wechat", date(n), title, text)
        yield *head, codes[3], "", "", *shares, "coded", "functions-zh"


def write_tables(folder: Path, rows: int) -> None:
    """Write the tables that are not there yet."""
    every = max(1, rows // GOLD)
    tables = {
        "crawl": (CRAWL, crawl(rows)),
        "one": (CODINGS, codings(rows // 2, 1, "a1")),
        "two": (CODINGS, codings(rows // 2, 2, "a2")),
        "coded": (CODED, coded(rows)),
        "gold": (CODINGS, codings(rows, 0, "gold", every)),
    }
    for name, (header, lines) in tables.items():
        path, part = folder / f"{name}-{rows}.csv", folder / f"{name}.part"
        if path.exists():
            continue
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(lines)
        part.rename(path)


def commands(folder: Path, rows: int) -> dict[str, list[str]]:
    """Return what follows `govcode`, by name."""
    at = {name: str(folder / f"{name}-{rows}.csv") for name in ("crawl", "one", "two", "coded", "gold")}
    posts, gold = str(folder / "posts.csv"), ["--gold", at["gold"]]
    return {
        "ingest": ["ingest", at["crawl"], "-o", posts],
        "ingest --near-duplicates mark": ["ingest", at["crawl"], "-o", posts, "--near-duplicates", "mark"],
        "reliability": ["reliability", at["one"], at["two"], "--json"],
        "estimate": ["estimate", at["coded"], *gold, "--assume-random", "--json"],
        "estimate --by account": [
            "estimate", at["coded"], *gold, "--assume-random", "--by", "account", "--json",
        ],
        "evaluate": ["evaluate", at["coded"], *gold, "--json"],
        "profile": ["profile", at["coded"], "--by", "account", "--json"],
        "profile --no-synergy": ["profile", at["coded"], "--by", "account", "--no-synergy", "--json"],
        "report": ["report", at["coded"], *gold, "--assume-random", "-o", str(folder / "report.html")],
    } | {
        f"export .{form}": ["export", at["coded"], "-o", str(folder / f"exported.{form}")]
        for form in EXPORTS
        if form != "sav" or find_spec("pyreadstat")
    }  # fmt: skip


def place(folder: str) -> AbstractContextManager[str]:
    """Return the folder, or one that goes away."""
    if not folder:
        return tempfile.TemporaryDirectory()
    Path(folder).mkdir(parents=True, exist_ok=True)
    return nullcontext(folder)


def main() -> None:
    """Measure and print, a line as soon as a command is through."""
    parser = argparse.ArgumentParser(description="Time the other commands on large tables.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", help="commands, comma-separated; 'tables' runs none")
    parser.add_argument("--folder", default="", help="keep the tables here")
    options = parser.parse_args()
    wanted = {name.strip() for name in options.only.split(",") if name.strip()}
    with place(options.folder) as name:
        write_tables(Path(name), options.rows)
        chosen = commands(Path(name), options.rows)
        if unknown := wanted - chosen.keys() - {"tables"}:
            parser.error(f"no such command: {', '.join(sorted(unknown))}; there are: {', '.join(chosen)}")
        print(f"{options.rows:,} rows\n\n{HEADER}")
        for command, words in chosen.items():
            if wanted and command not in wanted:
                continue
            runs = [run([sys.executable, "-m", "govcode", *words, "-q"]) for _ in range(options.rounds)]
            figures = (f"{median(runs, field):.1f}" for field in ("wall", "cpu", "memory"))
            print(f"| {command} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
