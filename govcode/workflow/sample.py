"""Draw posts for people to code: read the frame, draw, write blind sheets and the frame file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.codebook.sheet import check_of
from govcode.errors import UsageError, choices
from govcode.metrics.figures import as_data
from govcode.metrics.planning import lacy_riffe, size_for_margin
from govcode.records import Post, RowCount
from govcode.sampling.designs import draw_simple, draw_stratified, draw_weeks
from govcode.sampling.draw import Draw, Frame
from govcode.sampling.enriched import SYSTEMATIC, draw_enriched
from govcode.sampling.overlap import Assignment, assign
from govcode.workflow.frame import fetch_posts, read_frame
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.protect import refuse_filled, refuse_input
from govcode.writers.base import STREAM
from govcode.writers.sheets import write_sheet
from govcode.writers.tables import open_writer

DESIGNS = ("simple", "stratified", "weeks", "enriched")
FRAME_COLUMNS = (
    "post_id", "account", "published_at", "stratum", "cluster", "inclusion_prob", "overlap", "coders",
    "order",
)  # fmt: skip
DEFAULT_SEED = 20190201


@dataclass(frozen=True)
class SampleOptions:
    """How to draw: see `govcode sample --help`."""

    design: str = "simple"
    size: int | None = None
    by: tuple[str, ...] = ()
    allocation: str = "proportional"
    least: int = 1
    weeks: int = 2
    enrich: Mapping[str, float] = field(default_factory=dict)
    uncertain: float = 0.0
    method: str = SYSTEMATIC
    margin: float | None = None
    expected: float = 0.5
    coders: tuple[str, ...] = ()
    overlap: int | None = None
    agreement: float | None = None
    without: tuple[str, ...] = ()
    seed: int = DEFAULT_SEED
    codebook: str = "functions"
    frame: str = ""
    overwrite: bool = False
    form: str | None = None
    to: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class SampleRun:
    """What was drawn and where it was written."""

    design: Mapping[str, Any]
    size: int
    overlap: int
    sheets: tuple[str, ...]
    frame: str
    per_coder: Mapping[str, int]
    counts: Mapping[str, Any]
    notes: tuple[str, ...]
    seed: int


def sample(paths: Sequence[str], options: SampleOptions, *, output: str) -> SampleRun:
    """Draw from the posts in `paths`; write one blind sheet a coder to `output` and the frame file.

    The frame file (default: `NAME.frame.csv` beside the sheets) alone holds account, stratum and
    probability of each drawn post. With several coders the sheets are `NAME.CODER.ext`. Raises UsageError
    for a design that does not fit the posts.
    """
    frame_path = options.frame or _beside(output)
    for coder in options.coders:
        _check_name(coder)
    for coder in options.coders if len(options.coders) > 1 else ("",):
        refuse_input(_sheet_path(output, coder), *paths)
        refuse_filled(_sheet_path(output, coder), overwrite=options.overwrite)
    codebook = load_codebook(options.codebook)
    count = RowCount()
    source = {"form": options.form, "encoding": options.encoding}
    frame, posts, notes = read_frame(paths, count, by=options.by, without=options.without, **source)
    generator = np.random.Generator(np.random.PCG64(options.seed))
    draw = _draw(frame, options, generator)
    coders = options.coders or ("",)
    overlap = options.overlap
    if overlap is None and options.agreement is not None:
        overlap = min(len(draw.chosen), lacy_riffe(options.agreement, len(draw.chosen)))
    work = assign(len(draw.chosen), coders, generator, overlap=overlap)
    drawn = fetch_posts(paths, [frame.ids[i] for i in draw.chosen], posts, **source)
    sheets, cut = _write_sheets(output, drawn, work, codebook, options)
    if cut:
        notes.append(f"{cut} texts are longer than an Excel cell and were cut; write .csv to keep them whole")
    _write_frame(frame_path, drawn, draw, work)
    run = SampleRun(
        draw.design, len(drawn), len(work.overlap), tuple(sheets), frame_path,
        {coder: len(rows) for coder, rows in work.lists.items()},
        {"read": count.read, "kept": count.kept, "excluded": dict(sorted(count.excluded.items()))},
        (*notes, *draw.notes), options.seed,
    )  # fmt: skip
    _write_manifests(run, paths, options, codebook)
    return run


def _beside(output: str) -> str:
    if output == STREAM:
        raise UsageError(
            "A sheet on standard output needs a place for the probabilities.", hint="Add --frame frame.csv."
        )
    path = Path(output)
    return str(path.with_name(f"{path.name.split('.')[0]}.frame.csv"))


def _draw(frame: Frame, options: SampleOptions, generator: np.random.Generator) -> Draw:
    if options.design not in DESIGNS:
        raise UsageError(f"'{options.design}' is not a design.", hint=f"Choose from: {choices(DESIGNS)}.")
    size = options.size
    if size is None and options.margin is not None:
        size = size_for_margin(options.margin, share=options.expected, population=len(frame))
    if options.design == "weeks":
        return draw_weeks(frame, options.weeks, generator, size=size)
    if size is None:
        raise UsageError("How many posts?", hint="Give --size N or --for-margin .05; --plan shows sizes.")
    if options.design == "stratified":
        return draw_stratified(
            frame, size, options.by, generator, allocation=options.allocation, least=options.least
        )
    if options.design == "enriched":
        return draw_enriched(
            frame, size, generator, codes=options.enrich, uncertain=options.uncertain, method=options.method
        )
    return draw_simple(frame, size, generator)


def _write_sheets(
    output: str, drawn: Sequence[Post], work: Assignment, codebook: Codebook, options: SampleOptions
) -> tuple[list[str], int]:
    paths, cut = [], 0
    for coder, order in work.lists.items():
        path = _sheet_path(output, coder if len(work.lists) > 1 else "")
        rows = [_sheet_row(drawn[i], number, coder, codebook) for number, i in enumerate(order, start=1)]
        cut += write_sheet(path, rows, codebook, form=options.to)
        paths.append(path)
    return paths, cut


def _sheet_path(output: str, coder: str) -> str:
    """Return `NAME.CODER.ext`; the output itself where there is one coder."""
    if not coder:
        return output
    if output == STREAM:
        raise UsageError("Several coders need several sheets.", hint="Name a file with -o sheet.xlsx.")
    path = Path(output)
    stem, dot, suffixes = path.name.partition(".")
    return str(path.with_name(f"{stem}.{coder}{dot}{suffixes}"))


def _check_name(coder: str) -> None:
    if coder == "frame" or set(coder) & set('/\\:*?"<>|'):
        raise UsageError(f"'{coder}' cannot be a coder's name: it becomes part of a file name.")


def _sheet_row(post: Post, number: int, coder: str, codebook: Codebook) -> dict[str, Any]:
    row = {
        "no": str(number), "post_id": post.post_id, "title": post.title, "text": post.text,
        "reply": post.reply, "coder": coder, "codebook": codebook.hash,
    }  # fmt: skip
    return {**row, "check": check_of(row)}


def _write_frame(path: str, drawn: Sequence[Post], draw: Draw, work: Assignment) -> None:
    """Write what coders must not see: account, stratum, cluster and probability of every drawn post."""
    common = set(work.overlap.tolist())
    whose: dict[int, list[str]] = {}
    for coder, order in work.lists.items():
        for i in order.tolist():
            whose.setdefault(i, []).append(coder)
    with open_writer(path, FRAME_COLUMNS) as writer:
        for i, post in enumerate(drawn):
            writer.write({
                "post_id": post.post_id, "account": post.account, "published_at": post.published_at,
                "stratum": draw.stratum[i], "cluster": draw.cluster[i],
                "inclusion_prob": float(draw.probability[i]), "overlap": int(i in common),
                "coders": " ".join(whose.get(i, ())), "order": i + 1,
            })  # fmt: skip


def _write_manifests(
    run: SampleRun, paths: Sequence[str], options: SampleOptions, codebook: Codebook
) -> None:
    """Leave the design beside the frame file; beside the sheets only what coders may know."""
    instrument = {"id": codebook.id, "version": codebook.version, "hash": codebook.hash}
    sheets = [
        file_record(sheet, rows=number)
        for sheet, number in zip(run.sheets, run.per_coder.values(), strict=True)
    ]
    for sheet in sheets:
        write_manifest(sheet.path, Manifest("sample", outputs=[sheet], codebook=instrument))
    manifest = Manifest(
        "sample",
        options=as_data(options),
        inputs=[file_record(path) for path in paths],
        outputs=[*sheets, file_record(run.frame, rows=run.size)],
        codebook=instrument,
        seed=run.seed,
        counts=dict(run.counts),
        results={"design": dict(run.design), "overlap": run.overlap},
        notes=run.notes,
    )
    write_manifest(run.frame, manifest)
