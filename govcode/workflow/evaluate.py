"""Judge a coded table by gold: read both, match them by post id, score, write what is asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.errors import choices
from govcode.evaluation.ceiling import human_ceiling
from govcode.evaluation.comparison import compare_pairs
from govcode.evaluation.errors import WrongPost, worst_errors
from govcode.evaluation.evaluation import Evaluation, evaluate_pairs
from govcode.evaluation.pairs import Pairs
from govcode.evaluation.rows import COLUMNS, figure_rows
from govcode.metrics.figures import as_data
from govcode.metrics.gates import read_gates, unmet_gates
from govcode.metrics.resampling import REPLICATES, SEED
from govcode.readers.coded import CodedTable, read_coded
from govcode.readers.codings import read_codings
from govcode.readers.gold import GOLD, Gold, read_gold
from govcode.records import Coding
from govcode.workflow.lineage import learned_from
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.pairing import check_codebooks, codebook_hash, match
from govcode.workflow.protect import refuse_input
from govcode.writers.base import write_text
from govcode.writers.tables import open_writer

ERROR_COLUMNS = ("post_id", "account", "platform", "published_at", "title", "text", "reply", "url")


@dataclass(frozen=True)
class EvaluateOptions:
    """What a user may choose; see docs/evaluation.md."""

    codebook: str | None = None
    ignore_codebook: bool = False
    by: tuple[str, ...] = ()
    clusters: str = ""
    weighted: bool = True
    against: str | None = None
    codings: tuple[str, ...] = ()
    errors: str | None = None
    output: str | None = None
    fail_under: tuple[str, ...] = ()
    level: float = 0.95
    replicates: int = REPLICATES
    seed: int = SEED
    form: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class EvaluateResult:
    """The evaluation, what was read on the way, and the gates that were not met."""

    evaluation: Evaluation
    unmet: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wrong: int = 0
    files: tuple[str, ...] = field(default=())


def evaluate(coded: str | Path, gold: str | Path, options: EvaluateOptions | None = None) -> EvaluateResult:
    """Evaluate the coded table `coded` against the gold in `gold`."""
    chosen = options or EvaluateOptions()
    gates = read_gates(chosen.fail_under)
    for written in (chosen.output, chosen.errors):
        refuse_input(written, coded, gold)
    codebook = load_codebook(chosen.codebook) if chosen.codebook else None
    judged = read_gold(gold, encoding=chosen.encoding, codebook=codebook)
    table, pairs = _match(coded, judged, chosen)
    figures: dict[str, Any] = {"level": chosen.level, "replicates": chosen.replicates, "seed": chosen.seed}
    result = evaluate_pairs(pairs, coder=table.coder, **figures)
    if chosen.codings:
        result = replace(result, ceiling=human_ceiling(_codings(chosen), **figures))
    if chosen.against:
        other, second = _match(chosen.against, judged, chosen)
        names = (table.coder or str(coded), other.coder or chosen.against)
        result = replace(result, comparison=compare_pairs(pairs, second, names=names, **figures))
    seen = learned_from(coded, gold)
    if seen is not None:
        result = replace(result, notes=(*result.notes, str(seen)))
    wrong = worst_errors(pairs)
    files = _write(coded, gold, judged, table, result, wrong, chosen)
    unmet = tuple(unmet_gates(gate_figures(result), gates))
    notes = (*([str(seen)] if seen else []), *_notes(judged, table, pairs))
    return EvaluateResult(result, unmet, notes, len(wrong), files)


def gate_figures(result: Evaluation) -> dict[str, float]:
    """Return the figures that `--fail-under` can name: NAME, NAME:low, NAME:CODE, NAME:each (the least)."""
    figures = {"coverage": result.coverage.share}
    for name in ("accuracy", "macro_f1", "alpha", "mcc"):
        figure = getattr(result.scores, name)
        figures |= {name: figure.value, f"{name}:low": figure.low}
    for name in ("precision", "recall", "f1", "alpha"):
        values = {row.code: getattr(row, name).value for row in result.per_code if row.gold}
        figures |= {f"{name}:{code}": value for code, value in values.items()}
        figures[f"{name}:each"] = min(values.values(), default=math.nan)
    return figures


def _match(path: str | Path, gold: Gold, options: EvaluateOptions) -> tuple[CodedTable, Pairs]:
    codebook = load_codebook(options.codebook) if options.codebook else None
    table = read_coded(
        path, codes=codebook.ids if codebook else (), wanted=gold.codings,
        form=options.form, encoding=options.encoding,
    )  # fmt: skip
    check_codebooks(gold, table, codebook_hash(path, codebook), ignore=options.ignore_codebook)
    pairs = match(gold, table, clusters=options.clusters, by=options.by, weighted=options.weighted)
    return table, pairs


def _codings(options: EvaluateOptions) -> list[Coding]:
    """Read the codings of people; adjudicated rows among them are not a coder's."""
    codebook = load_codebook(options.codebook) if options.codebook else None
    found = read_codings(options.codings, encoding=options.encoding, codebook=codebook)
    return [coding for coding in found if coding.coder != GOLD]


def _write(
    coded: str | Path, gold: str | Path, judged: Gold, table: CodedTable, result: Evaluation,
    wrong: Sequence[WrongPost], options: EvaluateOptions,
) -> tuple[str, ...]:  # fmt: skip
    """Write the result and the list of errors where asked, each with its manifest."""
    inputs = [file_record(path) for path in (coded, gold, options.against, *options.codings) if path]
    settings = {k: v for k, v in asdict(options).items() if k not in ("output", "errors", "seed") and v}
    used = codebook_hash(coded, load_codebook(options.codebook) if options.codebook else None)
    files = []
    if options.output:
        rows = _write_result(options.output, result)
        files.append((options.output, rows))
    if options.errors:
        _write_errors(options.errors, judged, table, wrong)
        files.append((options.errors, len(wrong)))
    for path, rows in files:
        wrote = {"wrote": "errors"} if path == options.errors else {}
        manifest = Manifest(
            "evaluate", {**settings, **wrote}, inputs, [file_record(path, rows=rows)], seed=options.seed,
            codebook={"hash": used} if used else {},
            counts={"posts": result.posts, "left_out": result.left_out}, results=gate_figures_data(result),
        )  # fmt: skip
        write_manifest(path, manifest)
    return tuple(path for path, _ in files)


def gate_figures_data(result: Evaluation) -> dict[str, Any]:
    """Return the gate figures for JSON (undefined ones are null)."""
    data: dict[str, Any] = as_data(gate_figures(result))
    return data


def _write_result(path: str, result: Evaluation) -> int | None:
    if path.endswith(".json"):
        write_text(path, json.dumps(as_data(result), ensure_ascii=False, indent=2) + "\n")
        return None
    rows = list(figure_rows(result))
    with open_writer(path, COLUMNS) as writer:
        for row in rows:
            writer.write(row)
    return len(rows)


def _write_errors(path: str, gold: Gold, table: CodedTable, wrong: Sequence[WrongPost]) -> None:
    known = {*gold.columns, *table.columns}
    own = [name for name in ERROR_COLUMNS if name in known]
    judged = ["gold", "code", "p_code", "p_gold", "gold_form", *(["evidence"] if "evidence" in known else [])]
    with open_writer(path, [*own, *judged]) as writer:
        for error in wrong:
            row = {**gold.rows[error.post_id], **table.rows.get(error.post_id, {})}
            found = {k: "" if v != v else v for k, v in asdict(error).items()}
            writer.write({**{name: row.get(name, "") for name in (*own, "evidence")}, **found})


def _notes(gold: Gold, coded: CodedTable, pairs: Pairs) -> tuple[str, ...]:
    given = sum(coding.inclusion_prob is not None for coding in gold.codings.values())
    machine = {coded.coder} & {coding.coder for coding in gold.codings.values()} - {""}
    partly = 0 < given < len(gold.codings) and not pairs.weighted
    unknown = [code for code in pairs.codes if code not in coded.codes]
    pieces = {
        f"{gold.source}: {coded.source} never uses its codes {choices(unknown)}; --codebook checks": unknown,
        f"{coded.source}: {coded.repeated} repeated rows were taken once": coded.repeated,
        f"{gold.source}: {gold.repeated} repeated rows were taken once": gold.repeated,
        f"{gold.source}: {len(gold.excluded)} rows without a usable gold code were left out": gold.excluded,
        f"{coded.source}: {sum(coded.excluded.values())} damaged rows were left out": coded.excluded,
        f"{gold.source}: its codes are of {coded.coder}, the coder that is judged: they are no gold": machine,
        f"{gold.source}: only {given} posts have an inclusion_prob, so nothing is weighted": partly,
    }
    return tuple(text for text, true in pieces.items() if true)
