"""Read codings, compute the agreement of coders, check the gates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.codebook.citations import cited_rules
from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.errors import InputError, NotComputableError, UsageError, choices
from govcode.intercoder.analysis import analyse
from govcode.intercoder.borders import disagreements
from govcode.intercoder.draws import KINDS, SMOOTHED
from govcode.intercoder.panel import panel_of
from govcode.intercoder.results import Reliability
from govcode.metrics.figures import as_data
from govcode.metrics.gates import read_gates, unmet_gates
from govcode.metrics.resampling import REPLICATES, SEED
from govcode.readers.codings import Codings, read_codings
from govcode.readers.lookup import read_columns
from govcode.readers.values import read_probability
from govcode.records import Coding
from govcode.workflow.excluded import with_reasons
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.writers.base import STREAM, write_text
from govcode.writers.tables import open_writer

NO_CODEBOOK = "none"
GOLD = "gold"
PROBABILITY = "inclusion_prob"


@dataclass(frozen=True)
class ReliabilityRun:
    """The result, what was read, and the gates that were not met (one sentence each)."""

    reliability: Reliability
    counts: Mapping[str, Any]
    notes: tuple[str, ...]
    excluded: tuple[str, ...]
    unmet: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """Return everything as JSON can hold it."""
        return {
            **as_data(self.reliability), "verdict": self.reliability.verdict(), "counts": dict(self.counts),
            "input_notes": list(self.notes), "excluded_rows": list(self.excluded),
            "gates_not_met": list(self.unmet),
        }  # fmt: skip


@dataclass(frozen=True)
class ReliabilityOptions:
    """How to compute: see `govcode reliability --help`."""

    coders: tuple[str, ...] = ()
    by: str = ""
    clusters: str = ""
    posts: str = ""
    draws: int = REPLICATES
    resample: str = SMOOTHED
    level: float = 0.95
    seed: int = SEED
    na_as_code: bool = False
    gates: tuple[str, ...] = ()
    codebook: str = "functions"
    form: str | None = None
    encoding: str | None = None


def reliability(
    paths: Sequence[str], options: ReliabilityOptions, *, output: str = STREAM, disagreed: str = ""
) -> ReliabilityRun:
    """Compute the agreement of the coders in `paths`; write it as JSON to `output` unless that is `-`.

    `disagreed` names a table for the posts on which coders disagree. Raises UsageError for gates that
    name no figure, InputError and CodingError for what cannot be read.
    """
    if options.resample not in KINDS:
        raise UsageError(f"'{options.resample}' is not a bootstrap.", hint=f"Choose from: {choices(KINDS)}.")
    gates = read_gates(options.gates)
    for written in (output, disagreed):
        refuse_input(written, *paths)
    codebook = None if options.codebook == NO_CODEBOOK else load_codebook(options.codebook)
    wanted = tuple(dict.fromkeys(c for c in (options.by, options.clusters) if c))
    read = read_codings(paths, form=options.form, encoding=options.encoding, codebook=codebook, keep=wanted)
    notes = list(read.notes)
    codings = read.codings
    if GOLD not in options.coders and GOLD in read.coders:
        codings = [coding for coding in codings if coding.coder != GOLD]
        notes.append("gold was left out: it is made from these coders; name it with --coder to compare")
    columns = _columns(read, wanted, options)
    result = _analyse(codings, read, columns, options, codebook)
    run = ReliabilityRun(
        result, read.counts(), tuple(notes),
        tuple(f"{e.source}, line {e.line}: {e.reason}: {e.detail}" for e in read.excluded),
        tuple(unmet_gates(result.by_name(), gates)),
    )  # fmt: skip
    _write(run, paths, read, options, codebook, output)
    if disagreed:
        _write_disagreements(codings, options, codebook, disagreed)
    return run


def _analyse(
    codings: Sequence[Coding], read: Codings, columns: Mapping[str, Mapping[str, str]],
    options: ReliabilityOptions, codebook: Codebook | None,
) -> Reliability:  # fmt: skip
    """Compute; where it cannot be done, name the files that hold no coding."""
    try:
        return analyse(
            codings, codes=codebook.ids if codebook else (), coders=options.coders,
            rules=tuple(rule.id for rule in codebook.rules) if codebook else (), draws=options.draws,
            seed=options.seed, level=options.level, resample=options.resample,
            clusters=columns.get(options.clusters), groups=columns.get(options.by),
            probabilities=_probabilities(codings, options),
            na_as_code=options.na_as_code,
        )  # fmt: skip
    except NotComputableError as error:
        if not read.barren:
            raise
        told = f"{error.message} No coding in: {with_reasons(read.barren, read.excluded)}."
        raise NotComputableError(told, hint=error.hint) from error


def _probabilities(codings: Sequence[Coding], options: ReliabilityOptions) -> dict[str, float]:
    """Return post → inclusion probability, from the frame file in `--posts`, else from the codings."""
    if options.posts:
        table = read_columns([options.posts], (), optional=(PROBABILITY,))
        found = {post: read_probability(row.get(PROBABILITY)) for post, row in table.items()}
    else:
        found = {c.post_id: p for c in codings if (p := c.inclusion_prob) is not None}
    return {post: value for post, value in found.items() if value is not None and 0 < value <= 1}


def _columns(read: Codings, wanted: Sequence[str], options: ReliabilityOptions) -> dict[str, dict[str, str]]:
    """Return column → post → value, from `--posts` or from the codings themselves."""
    table: Mapping[str, Mapping[str, Any]] = read.columns
    if options.posts and wanted:
        table = read_columns([options.posts], wanted)
    columns = {c: {post: str(v[c]) for post, v in table.items() if v.get(c)} for c in wanted}
    for column, values in columns.items():
        if not values:
            raise InputError(
                f"The codings have no column '{column}'.",
                hint="Coding sheets hide it; name the posts or the frame file with --posts FILE.",
            )
    return columns


def _write(
    run: ReliabilityRun, paths: Sequence[str], read: Codings, options: ReliabilityOptions,
    codebook: Codebook | None, output: str,
) -> None:  # fmt: skip
    if output == STREAM:
        return
    write_text(output, json.dumps(run.data(), ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    alpha = run.reliability.overall["alpha"]
    instrument = {"id": codebook.id, "version": codebook.version, "hash": codebook.hash} if codebook else {}
    write_manifest(
        output,
        Manifest(
            "reliability",
            options=as_data(options),
            inputs=[
                *(file_record(path, rows=read.rows.get(str(path))) for path in paths),
                *([file_record(options.posts)] if options.posts else []),
            ],
            outputs=[file_record(output)],
            codebook=instrument,
            seed=options.seed,
            counts=dict(run.counts),
            results={"alpha": as_data(alpha), "verdict": run.reliability.verdict()},
            notes=run.notes,
        ),
    )  # fmt: skip


def _write_disagreements(
    codings: Sequence[Coding], options: ReliabilityOptions, codebook: Codebook | None, path: str
) -> None:
    """Write one row per disagreement: each coder's code, secondary code and note, and the rules cited."""
    panel = panel_of(codings, options.coders)
    parts = ("code", "secondary", "note")
    columns = ["post_id", *(f"{part}_{coder}" for part in parts for coder in panel.coders), "rules"]
    known = tuple(rule.id for rule in codebook.rules) if codebook else ()
    with open_writer(Path(path) if path != STREAM else path, columns) as writer:
        for case in disagreements(panel):
            row: dict[str, Any] = {"post_id": case.post_id}
            row.update({f"{part}_{c.coder}": getattr(c, part) for c in case.codings for part in parts})
            rules = (rule for c in case.codings for rule in cited_rules(c.note, known))
            row["rules"] = " ".join(dict.fromkeys(rules))
            writer.write(row)
