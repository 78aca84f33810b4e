"""Read what users have, mend it, account for every row, and write a table of posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from govcode.errors import UsageError
from govcode.readers.base import Recognition
from govcode.readers.duplicates import Duplicates, as_excluded
from govcode.readers.posts import read_posts
from govcode.records import EXCLUDED_COLUMNS, Excluded, Post, RowCount
from govcode.workflow.clustering import CLUSTER, clustered
from govcode.workflow.manifest import FileRecord, Manifest, file_record, write_manifest
from govcode.workflow.summary import Summary, Tally
from govcode.writers.base import STREAM
from govcode.writers.tables import form_of, open_writer

Items = Iterable[Post | Excluded]


@dataclass(frozen=True)
class IngestOptions:
    """What a user may choose; see docs/ingest.md."""

    form: str | None = None
    to: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    crawled_at: str = ""
    excluded: str | None = None
    duplicates: str = "drop"
    near_duplicates: str = "ignore"
    excel: bool = False


@dataclass(frozen=True)
class IngestResult:
    """What came in, what went out, and what was done in between."""

    posts: int
    excluded: Mapping[str, int]
    repairs: Mapping[str, int]
    formats: Mapping[str, int]
    recognised: tuple[Recognition, ...]
    summary: Summary
    clusters: int
    columns: tuple[str, ...]
    excluded_path: str
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows read: posts and excluded."""
        return self.posts + sum(self.excluded.values())


def ingest(
    paths: Sequence[str],
    output: str = STREAM,
    options: IngestOptions | None = None,
    *,
    watch: Callable[[Items], Items] = iter,
) -> IngestResult:
    """Read posts from `paths` and write them to `output`; rows in = posts + excluded.

    Excluded rows go to `options.excluded`, or to `STEM.excluded.jsonl` beside the output where there
    are any. Exact duplicates are excluded unless `options.duplicates` is `keep`; near-duplicates get
    the id of the first of their kind in a column `cluster` where `near_duplicates` is `mark`.
    """
    options = options or IngestOptions()
    _check(options)
    form_of(output, options.to)
    stream = read_posts(
        paths, form=options.form, encoding=options.encoding, mapping=options.mapping,
        crawled_at=options.crawled_at, unique=options.duplicates == "keep",
    )  # fmt: skip
    columns = stream.columns
    items: Items = watch(stream)
    if options.duplicates == "drop":
        items = _without_duplicates(items)
    sizes: dict[int, int] = {}
    if options.near_duplicates == "mark":
        columns = (*columns, CLUSTER)
        items = clustered(items, sizes)
    count, tally = RowCount(), Tally()
    beside = _excluded_path(output, options.excluded)
    with ExitStack() as stack:
        writer = stack.enter_context(open_writer(output, columns, form=options.to, excel=options.excel))
        left_out = _LateWriter(stack, beside)
        for item in count.watch(items):
            if isinstance(item, Excluded):
                left_out.write(item)
            else:
                tally.add(item)
                writer.write(_row(item, columns))
    result = IngestResult(
        count.kept, count.excluded, dict(sorted(stream.repairs.items())), dict(stream.formats),
        tuple(stream.recognised), tally.summary(), sum(n > 1 for n in sizes.values()), columns,
        left_out.path, tuple(dict.fromkeys(stream.notes)),
    )  # fmt: skip
    write_manifest(output, _manifest(paths, output, options, result))
    return result


def _row(post: Post, columns: tuple[str, ...]) -> dict[str, Any]:
    """Return the post as a row; the usual order of columns is built without looking each one up."""
    row = {
        "post_id": post.post_id, "account": post.account, "platform": post.platform,
        "published_at": post.published_at, "title": post.title, "text": post.text, "reply": post.reply,
        "url": post.url, **post.extra,
    }  # fmt: skip
    return row if tuple(row) == columns else post.row(columns)


def _check(options: IngestOptions) -> None:
    for name, value, allowed in (
        ("--duplicates", options.duplicates, ("drop", "keep")),
        ("--near-duplicates", options.near_duplicates, ("ignore", "mark")),
    ):
        if value not in allowed:
            raise UsageError(
                f"'{value}' is not a choice of {name}.", hint=f"Choose from: {', '.join(allowed)}."
            )


def _without_duplicates(items: Items) -> Iterator[Post | Excluded]:
    duplicates = Duplicates()
    for item in items:
        if isinstance(item, Post) and (reason := duplicates.found(item)):
            yield as_excluded(item, reason)
        else:
            yield item


def _excluded_path(output: str, wanted: str | None) -> str:
    """Return where excluded rows go: as wanted, else beside the output, else nowhere (a stream)."""
    if wanted is not None:
        form_of(wanted)
        return wanted
    if output == STREAM:
        return ""
    path = Path(output)
    return str(path.with_name(f"{path.name.split('.', 1)[0]}.excluded.jsonl"))


class _LateWriter:
    """Write excluded rows to a table that is opened when the first one comes."""

    def __init__(self, stack: ExitStack, path: str) -> None:
        self._stack, self._wanted = stack, path
        self._writer: Any = None
        self.path = ""

    def write(self, item: Excluded) -> None:
        """Append one excluded row."""
        if not self._wanted:
            return
        if self._writer is None:
            self._writer = self._stack.enter_context(open_writer(self._wanted, EXCLUDED_COLUMNS))
            self.path = self._wanted
        self._writer.write(
            {
                "source": item.source,
                "line": item.line,
                "reason": item.reason,
                "detail": item.detail,
                "row": item.row,
            }
        )


def _manifest(paths: Sequence[str], output: str, options: IngestOptions, result: IngestResult) -> Manifest:
    outputs = [file_record(output, rows=result.posts)]
    if result.excluded_path:
        outputs.append(file_record(result.excluded_path, rows=sum(result.excluded.values())))
    return Manifest(
        command="ingest",
        options=asdict(options),
        inputs=[_input_record(path) for path in paths],
        outputs=outputs,
        counts={"read": result.rows, "posts": result.posts, "excluded": dict(result.excluded)},
        results={
            "formats": dict(result.formats),
            "repairs": dict(result.repairs),
            "clusters": result.clusters,
            "summary": asdict(result.summary),
        },
        notes=result.notes,
    )


def _input_record(path: str) -> FileRecord:
    return FileRecord(path) if path != STREAM and Path(path).is_dir() else file_record(path)
