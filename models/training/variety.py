"""Measure how varied invented posts are, and whether they repeat known posts.

Usage: python variety.py INVENTED.jsonl [KNOWN.jsonl[.gz] ...]
Prints a Markdown table. Known posts that are absent are left out.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

RUN = 12  # Chinese characters in a row that count as copied
NEAR = 0.60  # Jaccard of character 3-grams from which two posts count as near-duplicates
SAMPLE = 50_000  # characters, posts in the order of the file, over which n-grams are counted
ROWS = 500  # posts compared at a time


def read(path: Path) -> list[str]:
    """Return title, text and reply of each post of a JSON-lines file, gzipped or not."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    posts = (orjson.loads(line) for line in content.splitlines())
    return [
        "\n".join(post.get(field) or "" for field in ("title", "text", "reply")).strip() for post in posts
    ]


def grams(text: str, size: int) -> list[str]:
    """Return all character n-grams."""
    return [text[start : start + size] for start in range(len(text) - size + 1)]


def runs(text: str) -> set[str]:
    """Return all runs of Chinese characters, signs and spaces between them left out."""
    return set(grams(re.sub(r"[^\u4e00-\u9fff]", "", text), RUN))


def distinct(texts: list[str], size: int) -> float:
    """Return different n-grams over all n-grams; the ratio falls with length, so the length is fixed."""
    joined = re.sub(r"[^\w]|_", "", "".join(texts))[:SAMPLE]
    found = grams(joined, size)
    return len(set(found)) / len(found)


def nearest(texts: list[str]) -> NDArray[np.float64]:
    """Return for each post the cosine to the most similar other one, by character 2- to 4-grams."""
    matrix = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True).fit_transform(texts)
    best = np.zeros(len(texts))
    for start in range(0, len(texts), ROWS):
        similar = (matrix[start : start + ROWS] @ matrix.T).toarray()
        rows = np.arange(len(similar))
        similar[rows, start + rows] = 0
        best[start : start + ROWS] = similar.max(axis=1)
    return best


def overlaps(texts: list[str]) -> Iterator[float]:
    """Yield for each post its largest Jaccard similarity to an earlier one, by character 3-grams."""
    seen: dict[str, list[int]] = {}
    sizes: list[int] = []
    for number, text in enumerate(texts):
        own = set(grams(re.sub(r"\W", "", text), 3))
        shared = Counter(other for gram in own for other in seen.get(gram, ()))
        yield max((n / (len(own) + sizes[other] - n) for other, n in shared.items()), default=0.0)
        sizes.append(len(own))
        for gram in own:
            seen.setdefault(gram, []).append(number)


def table(invented: Path, known: list[Path]) -> str:
    """Return the figures as a table."""
    texts = read(invented)
    best = nearest(texts)
    twins = sum(value >= NEAR for value in overlaps(texts))
    length = [len(text) for text in texts]
    lines = [
        "| figure | value |",
        "| --- | --- |",
        f"| posts | {len(texts):,} |",
        f"| characters: mean, median | {np.mean(length):.0f}, {np.median(length):.0f} |",
    ]
    for size in (1, 2, 3):
        lines.append(f"| distinct-{size} (first {SAMPLE:,} characters) | {distinct(texts, size):.3f} |")
    high = np.percentile(best, 95)
    lines.append(
        f"| cosine to the nearest other post: mean, 95th percentile | {best.mean():.3f}, {high:.3f} |"
    )
    lines.append(f"| near-duplicates (Jaccard of 3-grams ≥ {NEAR}) | {twins / len(texts):.2%} |")
    for path in filter(Path.is_file, known):
        against = {run for text in read(path) for run in runs(text)}
        copied = sum(not against.isdisjoint(runs(text)) for text in texts)
        lines.append(f"| posts sharing {RUN} Chinese characters in a row with {path.name} | {copied} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.stdout.write(table(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]) + "\n")
