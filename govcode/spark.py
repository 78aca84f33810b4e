"""govcode on Spark: a data frame of posts in, the same data frame with its codings out.

Needs the extra `govcode[spark]` and a Java runtime on the driver.
"""

from __future__ import annotations

from typing import Any

from govcode.engines.spark_schema import coded_frame
from govcode.workflow.coder import DEFAULT_MODEL, coder_spec


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
    return coded_frame(posts, spec, explain=explain)
