"""The columns of a coded Spark data frame, and the frame itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from govcode.engines.base import CoderSpec
from govcode.engines.spark import map_batches, model_files
from govcode.errors import UsageError, choices

if TYPE_CHECKING:
    import pyarrow as pa


def coded_frame(posts: Any, spec: CoderSpec, *, explain: bool) -> Any:
    """Return the Spark data frame `posts` with the columns of a coded table; the model travels once."""
    schema = coded_schema(posts, spec, explain=explain)
    files = posts.sparkSession.sparkContext.broadcast(model_files(spec))

    def partition(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map_batches(batches, spec, files.value, explain=explain)

    return posts.mapInArrow(partition, schema)


def coded_schema(posts: Any, spec: CoderSpec, *, explain: bool) -> Any:
    """Return the schema of `posts` followed by the columns of a coded table.

    Raises UsageError where columns of a posts table are missing or ours are taken.
    """
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    shares = [f"p_{code}" for code in spec.build().codes]
    added = ["code", "secondary", "form", *shares, "status", *(["evidence"] if explain else []), "coder"]
    _check(posts.columns, added)
    fields = [StructField(name, DoubleType() if name in shares else StringType()) for name in added]
    return StructType([*posts.schema.fields, *fields])


def _check(columns: Sequence[str], added: Sequence[str]) -> None:
    if "post_id" not in columns or not {"text", "title"} & set(columns):
        raise UsageError(
            "A data frame of posts needs post_id and text or title.", hint=f"It has: {choices(columns)}."
        )
    if taken := sorted(set(columns) & set(added)):
        raise UsageError(
            f"The data frame has columns that govcode adds: {choices(taken)}.", hint="Rename them first."
        )
