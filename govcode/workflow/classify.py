"""Raw files or posts in, coded table out: the main job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from govcode.coders.base import Coder, batch_of
from govcode.engines import serial
from govcode.engines.base import CoderSpec
from govcode.engines.layout import Layout
from govcode.engines.rendering import Lines, Renderer, Rendering
from govcode.readers.base import Each, PostStream
from govcode.readers.pieces import Item, gathered
from govcode.readers.posts import read_posts
from govcode.records import Excluded, RowCount
from govcode.workflow.coder import said
from govcode.workflow.excluded import ExcludedLog
from govcode.workflow.manifest import FileRecord, Manifest, file_record, input_records, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.workflow.sink import Sink, plain_sink, run_key
from govcode.workflow.tally import Tally
from govcode.writers.base import STREAM
from govcode.writers.tables import LINES, form_of

if TYPE_CHECKING:
    from govcode.engines.processes import Crew

CHECKPOINT = 8192  # posts between two checkpoints of a run that can be continued
MANY = 20_000  # posts whose tables are worth a thread of their own

Watch = Callable[[Iterable[Any]], AbstractContextManager[Iterable[Any]]]


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
        inputs, form=options.form_in, encoding=options.encoding, mapping=dict(options.mapping),
        each=_each(options.workers),
    )  # fmt: skip
    layout = Layout.of(stream.columns, coder.codes, explain=options.explain)
    form, _ = form_of(output, options.form_out)
    rendering = Rendering(layout, form, options.excel) if form in LINES else None
    tally = Tally()
    with (
        _crew(spec, options.workers, coder, rendering) as crew,
        ExcludedLog.beside(output, options.excluded) as log,
        watch(stream.pieces) as watched,
        _open_sink(inputs, output, layout, spec, options) as sink,
    ):
        run = _Run(coder, crew, layout, rendering, log, sink, tally)
        run.code(watched, stream if output == STREAM else None)
    result = ClassifyResult(
        output=output, count=log.count, by_code=_in_order(tally.counts()["code"], coder.codes),
        by_status=tally.counts()["status"], excluded=log.written, left_out=tuple(log.first),
        coder=coder.name, codebook=coder.codebook_hash, notes=(*stream.notes, *layout.notes),
    )  # fmt: skip
    write_manifest(output, _manifest(inputs, spec, options, result))
    return result


def _each(workers: int) -> Each:
    """Return what reads parts of a file: this process, or as many as there are workers."""
    if workers == 1:
        return map
    from govcode.engines import processes

    return processes.mapped(workers)


def _crew(
    spec: CoderSpec, workers: int, coder: Coder, rendering: Rendering | None
) -> AbstractContextManager[Crew | None]:
    """Start the workers; None where this process works alone."""
    if workers == 1:
        return nullcontext()
    from govcode.engines import processes

    return processes.crew(spec, workers, coder, rendering)


def _in_order(by_code: Mapping[str, int], codes: Sequence[str]) -> dict[str, int]:
    """Return the counts in the order of the codebook, what is no code last."""
    return {code: by_code[code] for code in (*codes, *by_code) if code in by_code}


@dataclass(frozen=True)
class _Run:
    """What codes, alone or as a crew, and where rows, counts and what is left out go."""

    coder: Coder
    crew: Crew | None
    layout: Layout
    rendering: Rendering | None
    log: ExcludedLog
    sink: Sink
    tally: Tally

    def code(self, items: Iterable[Item], stream: PostStream | None) -> None:
        """Code what is read; what has come of `stream` goes out before more of it is waited for."""
        self.tally.restore(self.sink.tallies)
        if self.rendering is None:
            self._by_rows(items)
        elif self.crew is None:
            self._steadily(items, Renderer(self.rendering), stream)
        else:
            pieces = self.log.after(self.sink.rows, gathered(items, batch_of(self.coder)))
            for piece, lines, account in self.crew.lines(pieces):
                self.log.settle(piece, lines.posts, account)
                self._take(lines)

    def _by_rows(self, items: Iterable[Item]) -> None:
        run = self.crew.run if self.crew else partial(serial.run, self.coder)
        for post, coding in run(self.log.sift(items)):
            self.sink.write(self.layout.row(post, coding))
            self.tally.add(coding)

    def _steadily(self, items: Iterable[Item], renderer: Renderer, stream: PostStream | None) -> None:
        posts = islice(self.log.sift(items), self.sink.rows, None)  # those of an earlier part are left aside
        steady = serial.Steady(self.coder, lambda *batch: self._take(renderer.lines(*batch)))

        def before_wait() -> None:
            steady.hand_on()
            self.sink.flush()

        if stream is not None:
            stream.before_wait = before_wait
        steady.run(posts)

    def _take(self, lines: Lines) -> None:
        """Write some lines and count them; a checkpoint now and then."""
        before = self.tally.total // CHECKPOINT
        self.sink.write_lines(lines.data, lines.posts)
        self.tally.add_all(lines)
        if self.tally.total // CHECKPOINT > before:
            self.sink.checkpoint(self.tally.counts())


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


def _records(inputs: Sequence[str], result: ClassifyResult) -> tuple[list[FileRecord], list[FileRecord]]:
    """Hash the inputs and what was written, side by side where there is much of it."""
    written = {result.output: result.count.kept}
    if result.excluded:
        written[result.excluded] = sum(result.count.excluded.values())
    if result.count.read < MANY:
        return input_records(inputs), [file_record(path, rows=rows) for path, rows in written.items()]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as other:
        given = other.submit(input_records, inputs)
        outputs = [file_record(path, rows=rows) for path, rows in written.items()]
        return given.result(), outputs


def _manifest(
    inputs: Sequence[str], spec: CoderSpec, options: ClassifyOptions, result: ClassifyResult
) -> Manifest:
    given, outputs = _records(inputs, result)
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
        inputs=given,
        outputs=outputs,
        codebook={"name": spec.codebook, "hash": result.codebook},
        model={"name": result.coder},
        counts={
            "read": result.count.read, "coded": result.count.kept, "excluded": result.count.excluded,
            "by_code": result.by_code, "by_status": result.by_status,
        },
        notes=list(result.notes),
    )  # fmt: skip
