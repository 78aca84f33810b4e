"""Choose posts of the unlabelled pool for coding: some at random, some uncertain, some of rare forms.

Usage: python select_pool.py DATA_DIR OUT.jsonl
The list holds no text: post_id, sha256, how (random, uncertain or rare) and why (the rule that took it).
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import orjson
import rjieba
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

SEED = 20
TAKE = {"random": 1000, "rare": 900, "uncertain": 1400}
# A cap of 12 posts per account and way of drawing would leave 1,300 posts, for a few accounts hold most of
# the pool. Small accounts are therefore taken whole, large ones up to these caps.
CAP = {"random": 110, "rare": 100, "uncertain": 150}
CITIZEN_CAP = 25  # message boards: nearly always an appeal, so a few suffice
NEAR = 0.80  # cosine of character 4-grams from which two posts count as the same text
RARE = ("P1", "P3", "P4", "P5", "A1", "A3", "A4", "A5", "A6", "S2", "S3", "S6")
RARE += ("O1", "O2", "O3", "O4", "O5", "O6")

Post = dict[str, str]


def read(path: Path) -> list[Post]:
    """Return the posts of a JSON-lines file, gzipped or not."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return [orjson.loads(line) for line in content.splitlines()]


def full(post: Post) -> str:
    """Title, text and reply as one string."""
    return "\n".join(part for part in (post.get("title"), post.get("text"), post.get("reply")) if part)


def bare(text: str) -> str:
    """Only the Chinese characters, digits and Latin letters: what near-duplicates share."""
    return re.sub(r"https?://\S+|[^\w]|_", "", text)


def words(text: str) -> list[str]:
    """Segment into words."""
    return [word for word in rjieba.cut(text) if word.strip()]


def distinct(pool: list[Post], known: list[Post]) -> list[Post]:
    """Pool posts whose text is, nearly, neither a known post nor an earlier post of the pool."""
    grams = TfidfVectorizer(analyzer="char", ngram_range=(3, 4), min_df=2, dtype=np.float32)
    texts = [bare(full(post))[:600] for post in known + pool]
    matrix: csr_matrix = grams.fit_transform(texts)
    old, new = matrix[: len(known)], matrix[len(known) :]
    seen = {post["sha256"] for post in known if "sha256" in post} | set(texts[: len(known)])
    keep: list[int] = []
    kept: set[int] = set()
    for start in range(0, len(pool), 500):
        block = new[start : start + 500]
        near_old = (block @ old.T).max(axis=1).toarray().ravel() >= NEAR
        twins = (block @ new[: start + 500].T).tocsr()
        for row in range(block.shape[0]):
            at = start + row
            line = twins[row]
            alike = line.indices[line.data >= NEAR]
            text = texts[len(known) + at]
            if near_old[row] or pool[at]["sha256"] in seen or text in seen or kept.intersection(alike):
                continue
            seen.add(text)
            kept.add(at)
            keep.append(at)
    return [pool[at] for at in keep]


def first(order: Iterable[int], pool: list[Post], taken: set[int], cap: int, number: int) -> Iterator[int]:
    """Yield the first `number` posts in this order that no cap forbids."""
    used: Counter[str] = Counter()
    for at in order:
        account = pool[at]["account"]
        limit = CITIZEN_CAP if pool[at]["account_type"] == "citizen" else cap
        if at in taken or used[account] >= limit:
            continue
        used[account] += 1
        taken.add(at)
        yield at
        if sum(used.values()) == number:
            return


def main(data: Path, out: Path) -> None:
    """Write the shuffled list."""
    train, invented = read(data / "train.jsonl"), read(data / "invented.jsonl")
    gold = read(data / "gold_dev.jsonl")  # only to leave its posts out
    pool = distinct(read(data / "pool.jsonl.gz"), train + gold + invented)

    coded = [post for post in train + invented if post["code"] != "NA"]
    features = make_union(
        TfidfVectorizer(analyzer=words, min_df=2, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(analyzer="char", ngram_range=(2, 3), min_df=4, sublinear_tf=True, dtype=np.float32),
    )
    known = features.fit_transform([full(post)[:600] for post in coded])
    asked = features.transform([full(post)[:600] for post in pool])
    by_code = LogisticRegression(C=5, class_weight="balanced", max_iter=150)
    by_form = LogisticRegression(C=5, class_weight="balanced", max_iter=60)
    code = np.sort(by_code.fit(known, [post["code"] for post in coded]).predict_proba(asked), axis=1)
    form = by_form.fit(known, [post["form"] for post in coded])
    rare = form.predict_proba(asked)[:, [name in RARE for name in form.classes_]].sum(axis=1)

    rng = np.random.default_rng(SEED)
    chance = list(rng.permutation(len(pool)))
    orders = {
        "random": (chance, "at random, cap per account"),
        "rare": (np.argsort(-rare), "highest probability of a rare form, cap per account"),
        "uncertain": (np.argsort(code[:, -1] - code[:, -2]), "smallest margin, cap per account"),
    }
    taken: set[int] = set()
    rows = [
        {"post_id": pool[at]["post_id"], "sha256": pool[at]["sha256"], "how": how, "why": why}
        for how, (order, why) in orders.items()
        for at in first(order, pool, taken, CAP[how], TAKE[how])
    ]
    out.write_bytes(b"".join(orjson.dumps(rows[at]) + b"\n" for at in rng.permutation(len(rows))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
