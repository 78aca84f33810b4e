"""Raw files or posts in, coded table out: the main job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from govcode.coders.base import Coder
from govcode.engines import serial
from govcode.engines.base import CoderSpec
from govcode.engines.layout import Layout
from govcode.readers.base import PostStream
from govcode.readers.posts import read_posts
from govcode.records import Coding, Excluded, Post, RowCount
from govcode.workflow.coder import said
from govcode.workflow.excluded import ExcludedLog
from govcode.workflow.manifest import Manifest, file_record, input_records, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.workflow.sink import Sink, plain_sink, run_key
from govcode.writers.base import STREAM
from govcode.writers.tables import LINES, form_of

if TYPE_CHECKING:
    from govcode.engines.rendering import Lines

CHECKPOINT = 8192  # posts between two checkpoints of a run that can be continued

Watch = Callable[[Iterable[Any]], AbstractContextManager[Iterable[Any]]]
Take = Callable[[Post, Coding], None]


@dataclass(frozen=True)
class ClassifyOptions:
    """How to read, code and write; the defaults are those of the command."""

    form_in: str | None = None
    form_out: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    excel: bool = False
    excluded: str | None = None
    explain: bool = False
    workers: int = 1
    resume: bool = False


@dataclass(frozen=True)
class ClassifyResult:
    """What one run did: rows read, coded and left out; posts by code and by status."""

    output: str
    count: RowCount
    by_code: Mapping[str, int]
    by_status: Mapping[str, int]
    excluded: str
    left_out: Sequence[Excluded]
    coder: str
    codebook: str
    notes: Sequence[str]


def classify(
    inputs: Sequence[str],
    output: str,
    spec: CoderSpec,
    options: ClassifyOptions,
    *,
    watch: Watch = nullcontext,
) -> ClassifyResult:
    """Code every post of `inputs` and write the coded table.

    Every row read is either coded or in `excluded` with its reason. The output and its manifest
    appear only when the run is complete. `watch` wraps the stream of posts (a progress bar).
    """
    refuse_input(output, *inputs)
    coder = spec.build()
    stream = read_posts(
        inputs, form=options.form_in, encoding=options.encoding, mapping=dict(options.mapping)
    )
    layout = Layout.of(stream.columns, coder.codes, explain=options.explain)
    tally = Tally()
    with (
        ExcludedLog.beside(output, options.excluded) as log,
        watch(stream.posts) as watched,
        _open_sink(inputs, output, layout, spec, options) as sink,
    ):
        tally.restore(sink.tallies)
        posts = islice(log.sift(watched), sink.rows, None)

        def take(post: Post, coding: Coding) -> None:
            sink.write(layout.row(post, coding))
            tally.add(coding)
            if tally.total % CHECKPOINT == 0:
                sink.checkpoint(tally.counts())

        form, _ = form_of(output, options.form_out)
        if output == STREAM and options.workers == 1:
            _steadily(coder, posts, take, stream, sink)
        elif options.workers > 1 and form in LINES:
            from govcode.engines import processes
            from govcode.engines.rendering import Rendering

            rendering = Rendering(layout, form, options.excel)
            _in_lines(processes.lines(spec, posts, options.workers, rendering, coder), sink, tally)
        else:
            for post, coding in _coded(coder, spec, posts, options.workers):
                take(post, coding)
    result = ClassifyResult(
        output=output, count=log.count, by_code=_in_order(tally.counts()["code"], coder.codes),
        by_status=tally.counts()["status"], excluded=log.written, left_out=tuple(log.first),
        coder=coder.name, codebook=coder.codebook_hash, notes=(*stream.notes, *layout.notes),
    )  # fmt: skip
    write_manifest(output, _manifest(inputs, spec, options, result))
    return result


def _in_order(by_code: Mapping[str, int], codes: Sequence[str]) -> dict[str, int]:
    """Return the counts in the order of the codebook, what is no code last."""
    return {code: by_code[code] for code in (*codes, *by_code) if code in by_code}


class Tally:
    """Count posts by code and by status."""

    def __init__(self) -> None:
        self._codes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self.total = 0

    def add(self, coding: Coding) -> None:
        """Count one coding."""
        self._codes[coding.code] += 1
        self._statuses[coding.status] += 1
        self.total += 1

    def add_all(self, lines: Lines) -> None:
        """Count the codings of some lines."""
        self._codes.update(lines.by_code)
        self._statuses.update(lines.by_status)
        self.total += lines.posts

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts in a fixed order."""
        return {"code": dict(sorted(self._codes.items())), "status": dict(sorted(self._statuses.items()))}

    def restore(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Take over the counts of an earlier part of the run."""
        self._codes.update(counts.get("code", {}))
        self._statuses.update(counts.get("status", {}))
        self.total = sum(self._codes.values())


def _in_lines(made: Iterable[Lines], sink: Sink, tally: Tally) -> None:
    """Write what workers have coded and made lines of."""
    for lines in made:
        before = tally.total // CHECKPOINT
        sink.write_lines(lines.data, lines.posts)
        tally.add_all(lines)
        if tally.total // CHECKPOINT > before:
            sink.checkpoint(tally.counts())


def _steadily(coder: Coder, posts: Iterable[Post], take: Take, stream: PostStream, sink: Sink) -> None:
    """Code a stream for a stream: what has come is coded and flushed before more is waited for."""
    steady = serial.Steady(coder, take)

    def before_wait() -> None:
        steady.hand_on()
        sink.flush()

    stream.before_wait = before_wait
    steady.run(posts)


def _coded(
    coder: Coder, spec: CoderSpec, posts: Iterable[Post], workers: int
) -> Iterator[tuple[Post, Coding]]:
    if workers == 1:
        return serial.run(coder, posts)
    from govcode.engines import processes

    return processes.run(spec, posts, workers, coder)


def _open_sink(
    inputs: Sequence[str], output: str, layout: Layout, spec: CoderSpec, options: ClassifyOptions
) -> AbstractContextManager[Sink]:
    if not options.resume:
        return plain_sink(output, layout.columns, form=options.form_out, excel=options.excel)
    from govcode.writers.resumable import open_resumable

    run = run_key(inputs, layout.columns, spec, mapping=options.mapping, encoding=options.encoding)
    return open_resumable(output, layout.columns, run=run, form=options.form_out, excel=options.excel)


def as_json_data(result: ClassifyResult) -> dict[str, Any]:
    """Return the result as plain data for `--json`."""
    return {
        "output": result.output, "read": result.count.read, "posts": result.count.kept,
        "excluded": result.count.excluded, "excluded_path": result.excluded,
        "by_code": dict(result.by_code), "by_status": dict(result.by_status),
        "coder": result.coder, "codebook": result.codebook, "notes": list(result.notes),
    }  # fmt: skip


def _manifest(
    inputs: Sequence[str], spec: CoderSpec, options: ClassifyOptions, result: ClassifyResult
) -> Manifest:
    outputs = [file_record(result.output, rows=result.count.kept)]
    if result.excluded:
        outputs.append(file_record(result.excluded, rows=sum(result.count.excluded.values())))
    return Manifest(
        command="classify",
        options={
            "coder": spec.kind,
            **{name: said(value) for name, value in spec.options.items()},
            "excel": options.excel,
            "mapping": dict(options.mapping),
            "from": options.form_in,
            "encoding": options.encoding,
        },
        inputs=input_records(inputs),
        outputs=outputs,
        codebook={"name": spec.codebook, "hash": result.codebook},
        model={"name": result.coder},
        counts={
            "read": result.count.read, "coded": result.count.kept, "excluded": result.count.excluded,
            "by_code": result.by_code, "by_status": result.by_status,
        },
        notes=list(result.notes),
    )  # fmt: skip
