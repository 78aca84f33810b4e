"""Choose further posts of the pool for coding: small accounts whole, large ones at random up to a cap.

Usage: python select_pool_2.py DATA_DIR OUT.jsonl
The list holds no text: post_id, sha256, how (`account` or `random`) and why (the rule that took it).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import orjson
from select_pool import distinct, read

SEED = 21
TAKE = 1000
SMALL = 60  # an account with fewer labelled posts is taken whole
CAP = 62
BOARD_CAPS = {"内江市书记市长网上政务信箱": 30, "网络问政平台留言（泰迪杯C题2020,地名脱敏）": 20}
HERE = Path(__file__).parent


def main(data: Path, out: Path) -> None:
    """Write the shuffled list."""
    done = {row["post_id"] for row in read(HERE / "labels-pool-1.jsonl")}
    pool = read(data / "pool.jsonl.gz")
    labelled = read(data / "train.jsonl") + [post for post in pool if post["post_id"] in done]
    known = labelled + read(data / "gold_dev.jsonl")  # gold only to leave its posts out
    left = distinct([post for post in pool if post["post_id"] not in done], known)

    labels = Counter(post["account"] for post in labelled)
    rng = np.random.default_rng(SEED)
    rows = []
    used: Counter[str] = Counter()
    chance = [left[at] for at in rng.permutation(len(left))]
    for post in sorted(chance, key=lambda post: labels[post["account"]] >= SMALL):
        account = post["account"]
        small = labels[account] < SMALL
        if len(rows) == TAKE or (not small and used[account] >= BOARD_CAPS.get(account, CAP)):
            continue
        used[account] += not small
        how, why = (
            ("account", "account with few labels") if small else ("random", "at random, cap per account")
        )
        rows.append({"post_id": post["post_id"], "sha256": post["sha256"], "how": how, "why": why})
    out.write_bytes(b"".join(orjson.dumps(rows[at]) + b"\n" for at in rng.permutation(len(rows))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
