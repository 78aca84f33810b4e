"""Check that invented posts repeat no known post: Jaccard of 3-grams, and runs of Chinese characters.

Usage: python apart.py KNOWN.jsonl[.gz] ... (files that are absent are left out)
Compares every file `invented*.jsonl` beside this script with each known file and prints a Markdown table.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from math import ceil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from variety import RUN, grams, read, runs

NEAR = 0.60  # Jaccard of character 3-grams from which two posts count as near-duplicates
SEARCHED = 0.40  # pairs below this similarity are not looked for


def sets(texts: list[str]) -> list[set[str]]:
    """Return the character 3-grams of each text, punctuation left out."""
    return [set(grams(re.sub(r"\W", "", text), 3)) for text in texts]


def nearest(texts: list[str], known: list[str]) -> list[float]:
    """Return for each text the Jaccard similarity to the nearest known one (0 where it is below SEARCHED).

    Two sets with similarity t share one of the rarest |A| - ceil(t |A|) + 1 members of A, so only posts
    that hold one of these are compared.
    """
    others = sets(known)
    uses = Counter(gram for other in others for gram in other)
    holders: dict[str, list[int]] = defaultdict(list)
    for number, other in enumerate(others):
        for gram in other:
            holders[gram].append(number)
    best = []
    for own in sets(texts):
        rarest = sorted(own, key=lambda gram: (uses[gram], gram))[: len(own) - ceil(SEARCHED * len(own)) + 1]
        near = {number for gram in rarest for number in holders.get(gram, ())}
        alike = (len(own & others[n]) / len(own | others[n]) for n in near if _ratio(own, others[n]) >= 0.4)
        best.append(max((value for value in alike if value >= SEARCHED), default=0.0))
    return best


def _ratio(one: set[str], other: set[str]) -> float:
    return min(len(one), len(other)) / max(1, len(one), len(other))


def table(invented: list[Path], known: list[Path]) -> str:
    """Return the figures as a table."""
    lines = [
        f"| invented | known | posts | alike ≥ {NEAR} | ≥ {SEARCHED} | most alike | {RUN} signs shared |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for against in filter(Path.is_file, known):
        others = read(against)
        copied = {run for text in others for run in runs(text)}
        for path in invented:
            texts = read(path)
            found = nearest(texts, others)
            shared = sum(not copied.isdisjoint(runs(text)) for text in texts)
            near, some = (sum(value >= level for value in found) for level in (NEAR, SEARCHED))
            cells = (path.name, against.name, f"{len(texts):,}", near, some, f"{max(found):.2f}", shared)
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    beside = sorted(Path(__file__).parent.glob("invented*.jsonl"))
    sys.stdout.write(table(beside, [Path(name) for name in sys.argv[1:]]) + "\n")
