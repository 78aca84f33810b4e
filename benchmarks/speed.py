"""Print how fast govcode codes, beside the floor and beside what users write today.

`python benchmarks/speed.py [--posts 5000] [--rounds 5] [--only NAME,…]` runs every contender on the same
posts in turns and prints one table: posts and characters per second, CPU, peak memory, and the ratio of
wall and CPU time to the floor (bare segmentation of the same cleaned text, plus reading and writing the
same table) as median with its spread over the paired rounds. Contenders whose packages are missing are
left out.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from corpus import ROOT, write_cleaned, write_posts
from measure import median, paired, ratio

HERE = Path(__file__).parent
OTHERS = {
    "fastText on jieba words": ("fasttext", "fasttext"),
    "network of BERT-base shape (random weights)": ("torch", "network"),
    "spaCy zh textcat (random weights)": ("spacy", "spacy"),
}
FLOOR = "bare segmentation (floor)"
HEADER = (
    "| contender | posts/s | characters/s | CPU s | peak MiB | time ÷ floor | CPU ÷ floor |\n"
    "| --- | --: | --: | --: | --: | --: | --: |"
)


def contenders(folder: Path) -> dict[str, Sequence[str]]:
    """Return the commands by name; those whose packages or models are missing are left out."""
    python, posts, cleaned = sys.executable, str(folder / "posts.jsonl"), str(folder / "cleaned.jsonl")
    out = str(folder / "out.jsonl")
    classify = [python, "-m", "govcode", "classify", posts, "-o", out, "-q"]
    commands: dict[str, Sequence[str]] = {
        "read and write": [python, str(HERE / "floor.py"), cleaned, out, "--copy"],
        FLOOR: [python, str(HERE / "floor.py"), cleaned, out],
        "classify": classify,
        "classify --workers 2": [*classify, "--workers", "2"],
        "classify --coder rules": [*classify, "--coder", "rules"],
    }
    if (ROOT / "models" / "functions-zh-large").exists():
        commands["classify --model functions-zh-large"] = [*classify, "--model", "functions-zh-large"]
    for name, (package, script) in OTHERS.items():
        if find_spec(package):
            commands[name] = [python, str(HERE / "others.py"), script, posts, out]
    model = str(folder / "plain.joblib")
    commands["plain script"] = [python, str(HERE / "plain_script.py"), "code", posts, model, out]
    return commands


def train_plain(folder: Path) -> None:
    """Fit the plain script on the invented posts; its training is not timed."""
    script, training = str(HERE / "plain_script.py"), str(ROOT / "models" / "training" / "invented.jsonl")
    subprocess.run([sys.executable, script, "train", training, str(folder / "plain.joblib")], check=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Print how fast govcode codes, beside the floor.")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--characters", type=int, default=None, help="make all posts this long")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="contenders, comma-separated (the floor always runs)")
    options = parser.parse_args()
    wanted = {n.strip() for n in options.only.split(",") if n.strip()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = contenders(folder)
        if unknown := wanted - {*commands, *OTHERS}:
            parser.error(f"no contender {', '.join(sorted(unknown))}; there are: {', '.join(commands)}")
        total = write_posts(folder / "posts.jsonl", options.posts, options.characters)
        write_cleaned(folder / "posts.jsonl", folder / "cleaned.jsonl")
        if not wanted or "plain script" in wanted:
            train_plain(folder)
        commands = {n: c for n, c in commands.items() if not wanted or n in wanted or n == FLOOR}
        results = paired(commands, options.rounds)
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    print(f"{options.posts:,} posts, {total:,} characters, {options.rounds} rounds, {machine}\n\n{HEADER}")
    for name, runs in results.items():
        wall = median(runs, "wall")
        cells = (
            name, f"{options.posts / wall:,.0f}", f"{total / wall:,.0f}", f"{median(runs, 'cpu'):.2f}",
            f"{median(runs, 'memory'):.0f}", ratio(runs, results[FLOOR]), ratio(runs, results[FLOOR], "cpu"),
        )  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    for name, (package, _) in OTHERS.items():
        if not find_spec(package) and (not wanted or name in wanted):
            print(f"| {name} | not installed ({package}) | | | | | |")


if __name__ == "__main__":
    main()
