"""Posts of realistic lengths for the benchmarks: invented ones, and real ones where they are present."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
REAL = Path(os.environ.get("GOVCODE_REAL_DATA", ROOT.parent / "shared" / "data"))

SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]?")


def source_posts() -> Iterator[dict[str, str]]:
    """Yield title and text of every post at hand once."""
    pool = REAL / "pool.jsonl.gz"
    if pool.exists():
        with gzip.open(pool, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)
    for path in sorted((ROOT / "models" / "training").glob("invented*.jsonl")):
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def write_posts(path: Path, number: int, characters: int | None = None) -> int:
    """Write `number` posts with ids of their own; with `characters`, all that long. Return the characters."""
    posts = [(p["title"], p["text"]) for p in source_posts()]
    if characters:
        text = itertools.cycle("".join(t + b for t, b in posts))
        posts = [("", "".join(itertools.islice(text, characters))) for _ in range(min(number, 20_000))]
    total = 0
    with path.open("w", encoding="utf-8") as file:
        for i, (title, text) in enumerate(itertools.islice(itertools.cycle(posts), number)):
            row = {"post_id": f"b{i:08d}", "account": f"账号{i % 50}", "title": title, "text": text}
            total += len(title) + len(text)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return total


def varied_posts(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Yield title and text of `number` posts that differ: sentences of the posts at hand, shuffled.

    Lengths are theirs; one post in twenty repeats the one before it but for its last sentence.
    """
    draw = random.Random(seed)
    posts = [(p["title"], p["text"]) for p in source_posts()]
    sentences = list({s for _, text in posts for s in SENTENCE.findall(text)})
    body: list[str] = []
    for n in range(number):
        title, like = posts[n % len(posts)]
        if n % 20 or not body:
            body, length = [], 0
            while length < len(like):
                body.append(draw.choice(sentences))
                length += len(body[-1])
        yield title, "".join(body[:-1] if n % 20 == 0 else body)[:20_000]


def write_cleaned(source: Path, target: Path) -> None:
    """Write the same posts with the text that coders see: what the floor segments."""
    from govcode.records import Post
    from govcode.text.clean import coding_text

    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        for line in lines:
            row = json.loads(line)
            text = coding_text(Post(row["post_id"], row["text"], row["title"]))
            row["title"], row["text"] = text.title, text.body
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
