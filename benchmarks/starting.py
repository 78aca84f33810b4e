"""Print how long it takes to start: `--help` and one post, beside bare Python and bare Typer.

`python benchmarks/starting.py [ROUNDS]` runs all commands in turns, with modules that are compiled already,
as those of an installed package are: the round that is not counted compiles them into a folder of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measure import median, paired, ratio

BARE, TYPER = "python -c pass", "python -c 'import typer'"


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as name:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = f"{name}/compiled"
        post = Path(name) / "post.jsonl"
        post.write_text('{"post_id": "1", "text": "明天8时至18时，澄州市棉纺路停水。"}\n', encoding="utf-8")
        govcode = [sys.executable, "-m", "govcode"]
        results = paired(
            {
                BARE: [sys.executable, "-c", "pass"],
                TYPER: [sys.executable, "-c", "import typer"],
                "govcode --help": [*govcode, "--help"],
                "govcode classify (one post)": [
                    *govcode,
                    "classify",
                    str(post),
                    "-o",
                    f"{name}/out.jsonl",
                    "-q",
                ],
            },
            rounds,
        )
    print("| command | wall s | ÷ python -c pass | ÷ import typer |\n| --- | --: | --: | --: |")
    for command, runs in results.items():
        wall = f"{median(runs, 'wall'):.3f}"
        print(f"| {command} | {wall} | {ratio(runs, results[BARE])} | {ratio(runs, results[TYPER])} |")


if __name__ == "__main__":
    main()
