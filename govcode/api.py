"""govcode from Python: data frames in, data frames out. The same methods as the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from govcode.coders.base import Coder
from govcode.engines import serial
from govcode.engines.layout import Layout
from govcode.readers.base import PostStream, Table
from govcode.readers.posts import posts_of, read_posts
from govcode.records import Excluded, Post
from govcode.tables import column_names, frame_of, rows_of
from govcode.text.clean import coding_text
from govcode.text.segment import Segmenter
from govcode.workflow.coder import DEFAULT_MODEL, coder_spec

EXCLUDED = "excluded"  # attrs key of a returned frame: the rows left out, with their reasons


def ingest(paths: str | Path | Sequence[str | Path], **options: Any) -> pd.DataFrame:
    """Read posts from files that `govcode ingest` reads; `frame.attrs["excluded"]` lists what was left out.

    `options` are those of `govcode.readers.posts.read_posts` (form, encoding, mapping, crawled_at).
    """
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    stream = read_posts([str(path) for path in several], **options)
    posts, left_out = _sift(stream)
    return _with_excluded(frame_of((p.row(stream.columns) for p in posts), stream.columns), left_out)


def classify(
    posts: pd.DataFrame,
    *,
    coder: str = "linear",
    model: str = DEFAULT_MODEL,
    codebook: str | None = None,
    explain: bool = False,
    max_error: float | None = None,
    columns: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Return `posts` with the columns of a coded table: code, secondary, form, p_<code>, status, coder.

    Columns are recognised as in files; `columns` ({"text": "微博正文"}) overrides. Every post keeps its
    index; rows without a post are listed in `frame.attrs["excluded"]`.
    """
    spec = coder_spec(coder, model=model, codebook=codebook, explain=explain, max_error=max_error)
    built: Coder = spec.build()
    stream = _stream(posts, columns)
    layout = Layout.of(stream.columns, built.codes, explain=explain)
    kept, left_out = _sift(stream)
    rows = (layout.row(post, coding) for post, coding in serial.run(built, kept))
    frame = frame_of(rows, layout.columns)
    for name in (c for c in layout.columns if c.startswith("p_") and c[2:] in built.codes):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    return _with_excluded(_indexed(frame, posts, left_out), left_out)


def segment(
    posts: pd.DataFrame,
    *,
    engine: str = "rjieba",
    user_dictionary: str | Path | None = None,
    stop_words: str | Path | None = None,
    columns: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Return `posts` with a column `tokens`: the words of the cleaned title and text of each post."""
    segmenter = Segmenter(engine, user_dictionary, stop_words)
    stream = _stream(posts, columns)
    kept, left_out = _sift(stream)
    frame = frame_of((post.row(stream.columns) for post in kept), stream.columns)
    frame["tokens"] = [segmenter.segment("\n".join(coding_text(post))) for post in kept]
    return _with_excluded(_indexed(frame, posts, left_out), left_out)


def _stream(frame: pd.DataFrame, columns: dict[str, str] | None) -> PostStream:
    table = Table("data frame", "frame", tuple(column_names(frame)), rows_of(frame))
    return posts_of([table], mapping=columns)


def _sift(stream: PostStream) -> tuple[list[Post], list[Excluded]]:
    posts: list[Post] = []
    left_out: list[Excluded] = []
    for item in stream:
        (left_out if isinstance(item, Excluded) else posts).append(item)  # type: ignore[arg-type]
    return posts, left_out


def _indexed(frame: pd.DataFrame, posts: pd.DataFrame, left_out: Sequence[Excluded]) -> pd.DataFrame:
    """Give each post the index of its row, so that results can be joined to the user's frame."""
    dropped = {item.line for item in left_out}
    places = [place for place in range(len(posts)) if place + 1 not in dropped]
    if len(places) == len(frame):  # else a row held several posts
        frame.index = posts.index[places]
    return frame


def _with_excluded(frame: pd.DataFrame, left_out: Sequence[Excluded]) -> pd.DataFrame:
    frame.attrs[EXCLUDED] = [{"line": e.line, "reason": e.reason, "detail": e.detail} for e in left_out]
    return frame
