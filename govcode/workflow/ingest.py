"""Read what users have, mend it, account for every row, and write a table of posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

from govcode.errors import UsageError
from govcode.readers.base import PostStream, Recognition
from govcode.readers.duplicates import Duplicates, as_excluded
from govcode.readers.numbering import numbered
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post, RowCount
from govcode.workflow.clustering import CLUSTER, clustered
from govcode.workflow.excluded import ExcludedLog
from govcode.workflow.manifest import Manifest, file_record, input_records, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.workflow.summary import Summary, Tally
from govcode.writers.base import STREAM
from govcode.writers.tables import form_of, open_writer

Items = Iterable[Post | Excluded]
Watch = Callable[[Iterable[Any]], AbstractContextManager[Iterable[Any]]]


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
    sheets: Sequence[str] = ()


@dataclass(frozen=True)
class IngestResult:
    """What came in, what went out, and what was done in between."""

    count: RowCount
    repairs: Mapping[str, int]
    formats: Mapping[str, int]
    recognised: tuple[Recognition, ...]
    summary: Summary
    clusters: int
    columns: tuple[str, ...]
    excluded_path: str
    left_out: tuple[Excluded, ...]
    notes: tuple[str, ...]

    @property
    def posts(self) -> int:
        """Posts written."""
        return self.count.kept

    @property
    def excluded(self) -> Mapping[str, int]:
        """Excluded rows by reason."""
        return self.count.excluded

    @property
    def rows(self) -> int:
        """Rows read: posts and excluded."""
        return self.count.read


def ingest(
    paths: Sequence[str],
    output: str = STREAM,
    options: IngestOptions | None = None,
    *,
    watch: Watch = nullcontext,
) -> IngestResult:
    """Read posts from `paths` and write them to `output`; rows in = posts + excluded.

    Excluded rows go to `options.excluded`, or to `STEM.excluded.jsonl` beside the output where there
    are any. Exact duplicates are excluded unless `options.duplicates` is `keep`; near-duplicates get
    the id of the first of their kind in a column `cluster` where `near_duplicates` is `mark`.
    """
    options = options or IngestOptions()
    _check(options)
    form_of(output, options.to)
    refuse_input(output, *paths)
    stream = read_posts(
        paths, form=options.form, encoding=options.encoding, mapping=options.mapping,
        crawled_at=options.crawled_at, unique=False, sheets=options.sheets,
        texts_first=options.duplicates == "drop",
    )  # fmt: skip
    sizes: list[int] = []
    columns = (*stream.columns, CLUSTER) if options.near_duplicates == "mark" else stream.columns
    tally = Tally()
    with (
        ExcludedLog.beside(output, options.excluded) as log,
        watch(stream) as watched,
        open_writer(output, columns, form=options.to, excel=options.excel) as writer,
    ):
        if output == STREAM:
            stream.before_wait = getattr(writer, "flush", None)
        for post in log.sift(_compared(watched, stream, options, sizes)):
            tally.add(post)
            writer.write(_row(post))
    result = IngestResult(
        log.count, dict(sorted(stream.repairs.items())), dict(stream.formats), tuple(stream.recognised),
        tally.summary(), len(sizes), columns, log.written, tuple(log.first),
        tuple(dict.fromkeys(stream.notes)),
    )  # fmt: skip
    write_manifest(output, _manifest(paths, output, options, result))
    return result


def _row(post: Post) -> dict[str, Any]:
    """Return the post as a row in the usual order of columns; a writer puts any other order right."""
    return {
        "post_id": post.post_id, "account": post.account, "platform": post.platform,
        "published_at": post.published_at, "title": post.title, "text": post.text, "reply": post.reply,
        "url": post.url, **post.extra,
    }  # fmt: skip


def _check(options: IngestOptions) -> None:
    for name, value, allowed in (
        ("--duplicates", options.duplicates, ("drop", "keep")),
        ("--near-duplicates", options.near_duplicates, ("ignore", "mark")),
    ):
        if value not in allowed:
            raise UsageError(
                f"'{value}' is not a choice of {name}.", hint=f"Choose from: {', '.join(allowed)}."
            )


def _compared(items: Items, stream: PostStream, options: IngestOptions, sizes: list[int]) -> Items:
    """Pass items on without exact duplicates, with near-duplicates marked, as wanted."""
    if options.duplicates == "drop":
        items = _without_duplicates(items, stream)
    items = numbered(items, stream, only_made=options.duplicates == "drop")
    return clustered(items, sizes) if options.near_duplicates == "mark" else items


def _without_duplicates(items: Items, stream: PostStream) -> Iterator[Post | Excluded]:
    found = Duplicates().found
    for item in items:
        if type(item) is Post and (repeat := found(item, stream.source, stream.line)) is not None:
            yield as_excluded(item, repeat, stream.source, stream.line)
        else:
            yield item


def as_json_data(result: IngestResult) -> dict[str, Any]:
    """Return the result as plain data for `--json` and the manifest."""
    return {
        "read": result.rows,
        "posts": result.posts,
        "excluded": dict(result.excluded),
        "excluded_path": result.excluded_path,
        "formats": dict(result.formats),
        "repairs": dict(result.repairs),
        "clusters": result.clusters,
        "columns": list(result.columns),
        "summary": asdict(result.summary),
        "sources": [asdict(source) for source in result.recognised],
        "notes": list(result.notes),
    }


def _manifest(paths: Sequence[str], output: str, options: IngestOptions, result: IngestResult) -> Manifest:
    outputs = [file_record(output, rows=result.posts)]
    if result.excluded_path:
        outputs.append(file_record(result.excluded_path, rows=sum(result.excluded.values())))
    return Manifest(
        command="ingest",
        options=asdict(options),
        inputs=input_records([path for path in paths if path != STREAM]),
        outputs=outputs,
        counts={"read": result.rows, "posts": result.posts, "excluded": dict(result.excluded)},
        results={
            "formats": dict(result.formats),
            "repairs": dict(result.repairs),
            "clusters": result.clusters,
            "summary": asdict(result.summary),
            "sources": [asdict(source) for source in result.recognised],
        },
        notes=result.notes,
    )
