"""Print how long each step of `classify` takes for a post, in this process, one step after the other.

`python benchmarks/steps.py [--posts 50000] [--rounds 3]` runs each step over all posts, in batches as the
command does, and prints the least CPU time of the rounds. In a real run the steps take turns.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import write_posts

from govcode.codebook.load import load_codebook
from govcode.coders.linear import LinearCoder, load
from govcode.coders.store import find_model
from govcode.engines.base import batches
from govcode.engines.layout import Layout
from govcode.engines.rendering import Renderer, Rendering
from govcode.readers.posts import read_posts
from govcode.records import Post
from govcode.text.clean import coding_texts


class Clock:
    """Time steps and print a line for each."""

    def __init__(self, posts: int, rounds: int) -> None:
        self._posts, self._rounds = posts, rounds

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        """Run a step several times; print its least time for a post and return what it gave."""
        least = float("inf")
        for _ in range(self._rounds):
            start = time.process_time()
            found = step()
            least = min(least, time.process_time() - start)
        print(f"| {name} | {least * 1e6 / self._posts:.1f} |", flush=True)
        return found


def steps(clock: Clock, path: str, coder: LinearCoder) -> None:
    """Time all steps on the posts of a table."""
    stream = read_posts([path])
    posts = [post for post in clock("read", lambda: list(read_posts([path]).posts)) if isinstance(post, Post)]
    parts = list(batches(posts))
    texts = clock("clean", lambda: [coding_texts(part) for part in parts])
    runs = "".join(f"{title} {body}\n" for part in texts for title, body in part)
    clock("rjieba alone, whole texts", lambda: list(coder._segmenter.cut(runs)))
    rows = clock("cut into words, find features", lambda: [coder._rows(part) for part in texts])
    scores = clock("sums of weights", lambda: [coder.scores(part) for part in rows])
    own = [coder._support.totals(part) for part in scores]
    if coder._opinion:
        opinion = coder._opinion
        clock("expressions where it wavers", lambda: list(map(opinion.join, own, texts)))
    codings = clock("all of it, from posts to codings", lambda: [coder.code_batch(part) for part in parts])
    layout = Layout.of(stream.columns, coder.codes, explain=False)
    for form in ("jsonl", "csv"):
        renderer = Renderer(Rendering(layout, form))
        clock(f"lines of {form}", lambda r=renderer: list(map(r.lines, parts, codings)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Print how long each step of classify takes for a post.")
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.jsonl"
        write_posts(path, options.posts)
        coder = load(load_codebook("functions"), model=find_model("functions-zh"))
        print("| step | µs a post |\n| --- | --: |")
        start = time.process_time()
        coder.share()
        print(f"| tables, once (ms) | {(time.process_time() - start) * 1e3:.0f} |")
        steps(Clock(options.posts, options.rounds), str(path), coder)


if __name__ == "__main__":
    main()
