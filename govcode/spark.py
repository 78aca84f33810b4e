"""govcode on Spark: a data frame of posts in, the same data frame with its codings out.

Needs the extra `govcode[spark]` and a Java runtime on the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from govcode.engines.spark import map_batches, model_files
from govcode.engines.spark_schema import coded_schema
from govcode.workflow.coder import DEFAULT_MODEL, coder_spec

if TYPE_CHECKING:
    import pyarrow as pa


def classify(
    posts: Any,
    *,
    coder: str = "linear",
    model: str = DEFAULT_MODEL,
    codebook: str | None = None,
    explain: bool = False,
    max_error: float | None = None,
) -> Any:
    """Return the Spark data frame `posts` with the columns of a coded table.

    `posts` has `post_id` and `text` or `title` (and perhaps `reply`), all strings. The codings are those
    of the local engine; the model travels to the workers once. Raises UsageError where columns are
    missing or would be covered by ours.
    """
    spec = coder_spec(coder, model=model, codebook=codebook, explain=explain, max_error=max_error)
    schema = coded_schema(posts, spec, explain=explain)
    files = posts.sparkSession.sparkContext.broadcast(model_files(spec))

    def partition(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map_batches(batches, spec, files.value, explain=explain)

    return posts.mapInArrow(partition, schema)
