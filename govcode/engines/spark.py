"""Code posts on a Spark cluster: the same coder, mapped over partitions with Arrow.

The coder is described by plain values; the bytes of a model folder travel once, as a broadcast, and
each Python worker builds the coder once. Spark does the distributing; nothing of that is ours.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govcode.coders.base import Coder
from govcode.engines.base import CoderSpec
from govcode.errors import MissingExtraError
from govcode.records import Coding, Post

if TYPE_CHECKING:
    import pyarrow as pa

FIELDS = ("post_id", "title", "text", "reply")
Files = Mapping[str, bytes]  # path inside the model folder -> content

_built: dict[str, Coder] = {}


def session() -> Any:
    """Return the active Spark session, or start one; raise MissingExtraError without pyspark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("--engine spark", extra="spark") from error
    warnings.filterwarnings("ignore", module="pyspark")
    spark = SparkSession.builder.appName("govcode").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def model_files(spec: CoderSpec) -> dict[str, bytes]:
    """Read the files of the coder's model folder; a coder without a model has none."""
    folder = spec.options.get("model")
    if folder is None:
        return {}
    root = Path(folder)
    return {str(f.relative_to(root)): f.read_bytes() for f in sorted(root.rglob("*")) if f.is_file()}


def coder_from(spec: CoderSpec, files: Files) -> Coder:
    """Build the coder in a worker, once: its model is unpacked from the broadcast."""
    key = repr(spec)
    if key not in _built:
        if not files:
            _built[key] = spec.build()
        else:
            with tempfile.TemporaryDirectory(prefix="govcode-model-") as name:
                folder = Path(name) / Path(spec.options["model"]).name
                for inside, content in files.items():
                    target = folder / inside
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
                local = CoderSpec(spec.kind, spec.codebook, {**spec.options, "model": folder})
                _built[key] = local.build()
    return _built[key]


def code_batch(coder: Coder, batch: pa.RecordBatch) -> list[Coding]:
    """Code one Arrow batch of posts; columns that are missing count as empty."""
    names = batch.schema.names
    columns = [
        [str(v) if v is not None else "" for v in batch.column(name).to_pylist()]
        if name in names
        else [""] * batch.num_rows
        for name in FIELDS
    ]
    posts = (Post(i, text, title, reply=reply) for i, title, text, reply in zip(*columns, strict=True))
    return list(coder.code(posts))


def with_codings(
    batch: pa.RecordBatch, codings: Sequence[Coding], codes: Sequence[str], *, explain: bool
) -> pa.RecordBatch:
    """Return the batch with the columns of a coded table after its own."""
    import pyarrow as pa

    from govcode.engines.layout import evidence_text

    text = pa.string()
    added: list[tuple[str, pa.Array]] = [
        ("code", pa.array([c.code for c in codings], text)),
        ("secondary", pa.array([c.secondary for c in codings], text)),
        ("form", pa.array([c.form for c in codings], text)),
    ]
    for k, code in enumerate(codes):
        shares = [c.probabilities[k] if c.probabilities else None for c in codings]
        added.append((f"p_{code}", pa.array(shares, pa.float64())))
    added.append(("status", pa.array([c.status for c in codings], text)))
    if explain:
        added.append(("evidence", pa.array([evidence_text(c.evidence) for c in codings], text)))
    added.append(("coder", pa.array([c.coder for c in codings], text)))
    arrays = [*batch.columns, *(array for _, array in added)]
    return pa.RecordBatch.from_arrays(arrays, names=[*batch.schema.names, *(name for name, _ in added)])


def map_batches(
    batches: Iterable[pa.RecordBatch], spec: CoderSpec, files: Files, *, explain: bool
) -> Iterator[pa.RecordBatch]:
    """Code the batches of one partition, in order."""
    coder = coder_from(spec, files)
    for batch in batches:
        yield with_codings(batch, code_batch(coder, batch), coder.codes, explain=explain)
