"""Code posts tables of any size on Spark, from files to files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from govcode.engines.base import CoderSpec
from govcode.engines.spark import model_files, session
from govcode.engines.spark_lines import LineJob, lines
from govcode.engines.spark_schema import coded_frame
from govcode.errors import OutputError, UsageError, choices
from govcode.readers.base import STREAM
from govcode.writers.tables import form_of

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = ("jsonl", "csv", "parquet")


def classify_spark(
    inputs: Sequence[str], output: str, spec: CoderSpec, *, form_in: str | None = None,
    form_out: str | None = None, encoding: str | None = None, explain: bool = False,
) -> int:  # fmt: skip
    """Code posts tables into the folder `output` of part files; return the number of rows.

    Inputs are posts tables (JSON Lines, CSV, Parquet; files, folders or patterns that Spark can reach),
    as `ingest` writes them. JSON Lines and CSV parts hold the very lines of a local run. Raises
    UsageError for forms and columns that do not fit, OutputError where the folder exists.
    """
    source, target = _form(inputs[0], form_in), _form(output, form_out)
    if STREAM in (*inputs, output):
        raise UsageError("--engine spark reads and writes files, not streams.")
    spark = session()
    posts = _read(spark, list(inputs), source, encoding)
    if target == "parquet":
        coded = _with_columns(posts, source, spec, explain=explain)
        _write(coded.write.parquet, output)
        return int(spark.read.parquet(output).count())
    columns = _columns(posts, source)
    job = LineJob(spec, columns, target, explain, json_lines=source == "jsonl")
    files = spark.sparkContext.broadcast(model_files(spec))

    def partition(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return lines(batches, job, files.value)

    _write(posts.mapInArrow(partition, "value string").write.text, output)
    return int(posts.count())


def _form(path: str, form: str | None) -> str:
    kind, _ = form_of(path.rstrip("/"), form)
    if kind not in FORMS:
        raise UsageError(
            f"--engine spark does not know {kind} tables.", hint=f"Choose from: {choices(FORMS)}."
        )
    return kind


def _read(spark: Any, inputs: list[str], form: str, encoding: str | None) -> Any:
    if form == "parquet":
        return spark.read.parquet(*inputs)
    if form == "jsonl":
        return spark.read.option("lineSep", "\n").text(inputs)
    options = {"header": True, "multiLine": True, "quote": '"', "escape": '"', "mode": "FAILFAST",
               "encoding": encoding or "UTF-8"}  # fmt: skip
    return spark.read.options(**options).csv(inputs)


def _columns(posts: Any, form: str) -> tuple[str, ...]:
    """Return the columns of the posts table; those of JSON Lines are the keys of the first line."""
    if form != "jsonl":
        columns = tuple(posts.columns)
    else:
        import orjson

        first = posts.head(1)
        columns = tuple(orjson.loads(first[0].value)) if first else ()
    if "post_id" not in columns or not {"text", "title"} & set(columns):
        raise UsageError(
            "--engine spark takes posts tables (post_id, and text or title).",
            hint=f"Run `govcode ingest` first. There are: {choices(columns)}.",
        )
    return columns


def _with_columns(posts: Any, form: str, spec: CoderSpec, *, explain: bool) -> Any:
    if form == "jsonl":
        posts = posts.sparkSession.read.options(primitivesAsString=True, mode="FAILFAST").json(
            posts.rdd.map(lambda row: row.value)
        )
    return coded_frame(posts, spec, explain=explain)


def _write(write: Any, output: str) -> None:
    from pyspark.errors import AnalysisException

    try:
        write(output)
    except AnalysisException as error:
        if "PATH_ALREADY_EXISTS" in str(error):
            raise OutputError(f"{output}: exists already.", hint="Choose another -o.") from error
        raise
