"""Put the training corpus together: invented posts, and real posts by label, id and hash.

Labels (`training/labels*.jsonl`) name posts without their text. The text comes from a folder of real
posts (GOVCODE_REAL_DATA, else ../shared/data beside the checkout). A text is taken only if it is the one
that was coded: `training/digests.jsonl` holds the SHA-256 of title, text and reply, a line each. (The
`sha256` of a label is the record's own in the source; for posts known by title alone it covers the whole
article, which is not here.)
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govcode.codebook.model import Codebook
from govcode.coders.examples import Example
from govcode.errors import HashMismatchError, InputError
from govcode.records import NA, Post
from govcode.text.clean import coding_text

TRAINING = Path(__file__).parent / "training"
ROOT = Path(__file__).parent.parent
SOURCES = ("train.jsonl", "pool.jsonl.gz")
UNSURE_WEIGHT = 0.7
AS_THEY_COME = ("", "random", "account")  # ways of drawing (`how`) that did not look for hard or rare posts
SECOND_SOUGHT = "labels-pool-3.jsonl"  # the round of labels that looked for second codes

Row = dict[str, Any]


def real_folder() -> Path:
    """Return the folder of real posts."""
    return Path(os.environ.get("GOVCODE_REAL_DATA", ROOT.parent / "shared" / "data"))


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def digest(post: Row) -> str:
    """Return the SHA-256 of title, text and reply, a line each."""
    parts = (post.get("title") or "", post.get("text") or "", post.get("reply") or "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def labels() -> dict[str, Row]:
    """Return the first-pass labels of real posts by post id."""
    found: dict[str, Row] = {}
    for path in sorted(TRAINING.glob("labels*.jsonl")):
        for row in rows(path):
            if row.get("pass", 1) == 1:
                found.setdefault(row["post_id"], row | {"second_sought": path.name == SECOND_SOUGHT})
    for row in rows(TRAINING / "secondary.jsonl"):
        if row.get("pass", 1) == 1:
            found[row["post_id"]] |= {"secondary": row["secondary"], "second_sought": True}
    return found


def invented() -> list[Row]:
    """Return all invented posts with their codes."""
    return [row for path in sorted(TRAINING.glob("invented*.jsonl")) for row in rows(path)]


def real(folder: Path) -> list[tuple[Row, Row]]:
    """Return (post, label) for every labelled post; raise HashMismatchError where a text is another one."""
    wanted = labels()
    known = {row["post_id"]: row["digest"] for row in rows(TRAINING / "digests.jsonl")}
    found: list[tuple[Row, Row]] = []
    for name in SOURCES:
        path = folder / name
        if not path.exists():
            raise InputError(f"{path}: is missing.", hint="Set GOVCODE_REAL_DATA to its folder.")
        for post in rows(path):
            label = wanted.pop(post["post_id"], None)
            if label is None:
                continue
            if digest(post) != known.get(post["post_id"]) or post["sha256"] != label["sha256"]:
                raise HashMismatchError(f"{path}: post '{post['post_id']}' is not the text that was coded.")
            found.append((post, label))
    if wanted:
        raise InputError(f"{folder}: {len(wanted)} labelled posts are missing (first: {next(iter(wanted))}).")
    return found


def example(post: Row, label: Row, *, held_out: bool) -> Example:
    """Return one example as coders read it."""
    text = coding_text(
        Post(
            post["post_id"],
            title=post.get("title") or "",
            text=post.get("text") or "",
            reply=post.get("reply") or "",
        )
    )
    return Example(
        post["post_id"], text, label["code"], label.get("secondary") or "", label.get("form") or "",
        account=post.get("account") or "", held_out=held_out,
        weight=1.0 if label.get("sure", 1) in (1, "", None) else UNSURE_WEIGHT,
        typical=label.get("how", "") in AS_THEY_COME, second_sought=label.get("second_sought", True),
    )  # fmt: skip


def examples(codebook: Codebook, folder: Path | None = None) -> list[Example]:
    """Return everything to learn from in a fixed order: real posts (if there), then invented ones."""
    known = set(codebook.ids)
    folder = folder or real_folder()
    pairs: Iterable[tuple[Row, Row]] = real(folder)
    learned = [example(post, label, held_out=True) for post, label in pairs if label["code"] != NA]
    learned += [example(row, row, held_out=False) for row in invented() if row["code"] in known]
    return learned
