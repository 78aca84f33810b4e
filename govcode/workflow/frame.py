"""The posts that may be drawn, read in two passes: first what the design needs, then the drawn ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from govcode.errors import InputError
from govcode.readers.lookup import read_columns
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post, RowCount
from govcode.sampling.draw import Frame
from govcode.writers.base import STREAM

KEPT = ("account", "platform", "published_at", "code")
CUT_FROM_DATE = {"year": 4, "month": 7, "day": 10}
PROBABILITY = "p_"


def read_frame(
    paths: Sequence[str],
    count: RowCount,
    *,
    by: Sequence[str] = (),
    without: Sequence[str] = (),
    form: str | None = None,
    encoding: str | None = None,
) -> tuple[Frame, dict[str, Post] | None, list[str]]:
    """Return the frame, whole posts only where the input cannot be read twice, and notes.

    `by` names columns (also `year`, `month`, `day` of `published_at`); `without` names tables whose posts
    are left out.
    """
    stream = read_posts(paths, form=form, encoding=encoding)
    names = [c for c in stream.columns if c.startswith(PROBABILITY)]
    wanted = [c for c in dict.fromkeys((*KEPT, *by)) if c in stream.columns or c in ("month", "year", "day")]
    left_out = set(read_columns(without, ())) if without else set()
    ids: dict[str, None] = {}
    columns: dict[str, list[str]] = {c: [] for c in wanted}
    rows: list[list[float]] = []
    whole: dict[str, Post] | None = {} if STREAM in paths else None
    for post in count.watch(_without(stream.posts, left_out, ids)):
        if isinstance(post, Excluded):
            continue
        ids[post.post_id] = None
        for column, values in columns.items():
            values.append(_value(post, column))
        if names:
            rows.append([_number(post.extra.get(name)) for name in names])
        if whole is not None:
            whole[post.post_id] = post
    if not ids:
        raise InputError("There is no post to draw from.", hint="Check the input and --without.")
    codes = tuple(name.removeprefix(PROBABILITY) for name in names)
    probabilities = np.array(rows) if names else np.empty((0, 0))
    notes = [*stream.notes]
    if names and np.isnan(probabilities).any():
        lacking = int(np.isnan(probabilities).any(1).sum())
        notes.append(f"{lacking} posts without machine probabilities were given equal ones")
        probabilities = np.where(np.isnan(probabilities), 1 / len(names), probabilities)
    return Frame(list(ids), columns, codes, probabilities), whole, notes


def _without(
    posts: Iterable[Post | Excluded], left_out: set[str], seen: Mapping[str, None]
) -> Iterable[Post | Excluded]:
    """Pass posts on; leave out those coded before, without id, or there twice."""
    for post in posts:
        if isinstance(post, Excluded):
            yield post
        elif not post.post_id:
            yield Excluded("", 0, "no-post-id", "a post without an id cannot be drawn")
        elif post.post_id in left_out:
            yield Excluded("", 0, "left-out", "named by --without")
        elif post.post_id in seen:
            yield Excluded("", 0, "duplicate-id", f"post {post.post_id} is there twice")
        else:
            yield post


def _value(post: Post, column: str) -> str:
    if column in post.extra:
        return str(post.extra[column])
    if column in CUT_FROM_DATE:
        return post.published_at[: CUT_FROM_DATE[column]]
    return str(getattr(post, column, "") or "")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def fetch_posts(
    paths: Sequence[str],
    ids: Sequence[str],
    whole: Mapping[str, Post] | None,
    *,
    form: str | None = None,
    encoding: str | None = None,
) -> list[Post]:
    """Return the posts with these ids, in this order; `whole` holds them where the input was a stream."""
    if whole is None:
        wanted, whole = set(ids), {}
        for post in read_posts(paths, form=form, encoding=encoding):
            if isinstance(post, Post) and post.post_id in wanted:
                whole.setdefault(post.post_id, post)
    return [whole[post_id] for post_id in ids]
