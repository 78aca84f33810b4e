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

POOL = REAL / "pool.jsonl.gz"
# Characters in the texts of 13,516 posts of WeChat and Weibo accounts, in 20 spans of as many posts each;
# about a third have only a title.
LENGTHS = (*[0] * 7, 39, 65, 93, 112, 127, 138, 148, 156, 175, 215, 288, 445, 1227, 3000)
SPANS = tuple(itertools.pairwise(LENGTHS))
SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]?")


def source_posts() -> Iterator[dict[str, str]]:
    """Yield title and text of every post at hand once."""
    if POOL.exists():
        with gzip.open(POOL, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)
    for path in sorted((ROOT / "models" / "training").glob("invented*.jsonl")):
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def varied_posts(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Yield title and text of `number` posts that differ: sentences of the posts at hand, shuffled.

    Lengths are those of real posts; one post in twenty repeats the one before it but for its last sentence.
    """
    draw = random.Random(seed)
    sentences = list(
        dict.fromkeys(s for p in source_posts() for s in SENTENCE.findall(p["title"] + p["text"]))
    )
    title, body = "", [""]
    for n in range(number):
        if n % 20:
            length = draw.uniform(*draw.choice(SPANS))
            body = [""]
            while length > 0:
                body.append(draw.choice(sentences))
                length -= len(body[-1])
            named = len(body) == 1 or draw.random() < 0.4
            title = (draw.choice(sentences)[:15] + draw.choice(sentences)[:15]) * named
        yield title, "".join(body[:-1] if n % 20 == 0 and len(body) > 2 else body)


def write_posts(path: Path, number: int, characters: int | None = None) -> int:
    """Write `number` posts with ids of their own; with `characters`, all that long. Return the characters.

    Where there are no real posts, they are as long as real ones, of invented sentences.
    """
    real = POOL.exists()
    posts = [(p["title"], p["text"]) for p in source_posts()] if real else list(varied_posts(20_000))
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
