"""What a Spark worker does with table rows: posts, codings, and the very lines a local run writes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from govcode.coders.base import Coder
from govcode.engines.base import CoderSpec
from govcode.engines.layout import Layout
from govcode.engines.spark import Files, coder_from
from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.posts import posts_of
from govcode.records import Post, Row
from govcode.writers.tables import WRITERS

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class LineJob:
    """How rows become lines: the columns of the posts table, the form of the output, the coder."""

    spec: CoderSpec
    columns: tuple[str, ...]
    form: str
    explain: bool = False
    json_lines: bool = False  # rows come as JSON lines in a column `value`


def lines(batches: Iterable[pa.RecordBatch], job: LineJob, files: Files) -> Iterator[pa.RecordBatch]:
    """Code the batches of one partition; yield its output lines in a column `value`.

    CSV parts begin with a header line each, as Spark's own do.
    """
    import pyarrow as pa

    coder = coder_from(job.spec, files)
    layout = Layout.of(job.columns, coder.codes, explain=job.explain)
    first = True
    for batch in batches:
        text = _text(coder, layout, _rows(batch, job), job.columns, job.form)
        body = text if first or job.form == "jsonl" else text[text.index("\n") + 1 :]
        first = False
        yield pa.RecordBatch.from_arrays([pa.array([body.removesuffix("\n")])], names=["value"])


def _rows(batch: pa.RecordBatch, job: LineJob) -> Iterator[Mapping[str, Any]]:
    if not job.json_lines:
        yield from batch.to_pylist()
        return
    known = set(job.columns)
    for line in batch.column("value").to_pylist():
        if not line or line.isspace():
            continue
        row = orjson.loads(line)
        if not isinstance(row, dict) or not row.keys() <= known:
            raise InputError(
                f"A line does not have the columns of the first one: {line[:80]}",
                hint="Run `govcode ingest` first: it writes one kind of row.",
            )
        yield row


def _text(
    coder: Coder, layout: Layout, rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], form: str
) -> str:
    """Return the lines that a local run would write for these rows."""
    plain = (Row(0, {key: "" if value is None else value for key, value in row.items()}) for row in rows)
    stream = posts_of([Table("spark", "rows", columns, plain)])
    posts: Sequence[Post] = [post for post in stream if isinstance(post, Post)]
    buffer = io.BytesIO()
    writer = WRITERS.load(form)(buffer, layout.columns)
    for post, coding in zip(posts, coder.code(posts), strict=True):
        writer.write(layout.row(post, coding))
    writer.close()
    return buffer.getvalue().decode("utf-8")
