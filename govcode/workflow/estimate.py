"""Estimate shares of a coded corpus from its gold sample: read, match, estimate, write."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.errors import CodingError, NotComputableError, UsageError, choices
from govcode.estimation.corpus import Column, Corpus, Floats, Sample
from govcode.estimation.estimation import Plan, estimate_shares
from govcode.estimation.formula import Formula, read_formula
from govcode.estimation.results import METHODS, Estimation
from govcode.estimation.rows import COLUMNS, figure_rows, figures_by_name
from govcode.metrics.figures import as_data
from govcode.metrics.resampling import SEED
from govcode.readers.coded import CodedTable, Factor, group_value, read_coded
from govcode.readers.gold import HOW_TO_GET_IT, WHAT_IT_IS, Gold, read_gold
from govcode.records import NA, Coding
from govcode.workflow.lineage import learned_from
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.pairing import check_codebooks, codebook_hash
from govcode.workflow.protect import refuse_input
from govcode.workflow.training_shares import training_shares
from govcode.writers.base import write_text
from govcode.writers.tables import open_writer

AUTO = "auto"
CLUSTER = "cluster"


@dataclass(frozen=True)
class EstimateOptions:
    """What a user may choose; see docs/estimation.md."""

    by: tuple[str, ...] = ()
    method: str = AUTO
    assume_random: bool = False
    clusters: str = ""
    sampled_by: str = ""
    sensitivity: bool = False
    regress: str | None = None
    model: str = "logistic"
    prior: str = ""
    codebook: str | None = None
    ignore_codebook: bool = False
    output: str | None = None
    level: float = 0.95
    seed: int = SEED
    form: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class EstimateResult:
    """The estimation, what was met on the way, and the file written."""

    estimation: Estimation
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A coded table and its gold, read and matched, ready for any number of plans."""

    method: str
    gold: Gold
    table: CodedTable
    corpus: Corpus
    sample: Sample


def prepare(coded: str | Path, gold: str | Path | None, options: EstimateOptions) -> Prepared:
    """Read and match; raise NotComputableError where gold cannot carry the method."""
    formula = read_formula(options.regress) if options.regress else None
    codebook = load_codebook(options.codebook) if options.codebook else None
    judged = read_gold(gold, encoding=options.encoding, codebook=codebook) if gold else Gold("")
    method = _method(options, judged)
    table = _read(coded, judged, options, codebook, formula)
    check_codebooks(judged, table, codebook_hash(coded, codebook), ignore=options.ignore_codebook)
    return Prepared(method, judged, table, _corpus(table, method), _sample(judged, table, options))


def estimate(
    coded: str | Path, gold: str | Path | None, options: EstimateOptions | None = None
) -> EstimateResult:
    """Estimate the shares of codes in `coded`, corrected by `gold` (needed by every method but `count`)."""
    chosen = options or EstimateOptions()
    refuse_input(chosen.output, coded, gold)
    formula = read_formula(chosen.regress) if chosen.regress else None
    ready = prepare(coded, gold, chosen)
    judged, table, corpus, sample = ready.gold, ready.table, ready.corpus, ready.sample
    clusters = table.groups.get(chosen.clusters)
    prior, told = _prior(coded, chosen.prior, corpus, ready.method)
    plan = Plan(
        ready.method, chosen.by, chosen.level, chosen.seed, chosen.assume_random, prior,
        load_codebook(chosen.codebook or "functions").mappings if chosen.sensitivity else (), formula,
        Column(clusters.values, clusters.index) if clusters else None, chosen.model == "logistic",
    )  # fmt: skip
    result = estimate_shares(corpus, sample, plan, unmatched=len(judged.codings) - len(sample))
    seen = learned_from(coded, gold) if gold else None
    if seen is not None:
        result = replace(result, notes=(*result.notes, str(seen)))
    files = _write(coded, gold, result, chosen)
    notes = (*([str(seen)] if seen else []), *_notes(judged, table, result), *told)
    return EstimateResult(result, notes, files)


def _method(options: EstimateOptions, gold: Gold) -> str:
    """Return the method asked for, or the best that gold allows; refuse what its design cannot carry."""
    name = "dsl" if options.method == AUTO and gold.source else options.method
    name = "count" if name == AUTO else name
    if name not in METHODS:
        raise UsageError(f"Unknown method '{name}'.", hint=f"Choose from: {choices(METHODS)}.")
    asking = [text for text, asked in ((f"--method {name}", name != "count"), ("--regress", options.regress),
                                       ("--sensitivity", options.sensitivity)) if asked]  # fmt: skip
    if asking and not gold.source:
        raise UsageError(
            f"{asking[0]} needs --gold FILE: {WHAT_IT_IS}.",
            hint=f"{HOW_TO_GET_IT}. Without gold there is only the naive --method count.",
        )
    unknown = sum(coding.inclusion_prob is None for coding in gold.codings.values())
    if (METHODS[name].by_design or options.regress) and unknown and not options.assume_random:
        raise NotComputableError(
            f"{gold.source}: {unknown} gold posts have no inclusion_prob: nobody knows what they stand for.",
            hint="Draw gold with govcode sample, which records it; say --assume-random if gold is a simple "
            "random draw from this corpus; or see docs/estimation.md for --method acc.",
        )
    return name


def _read(
    coded: str | Path, gold: Gold, options: EstimateOptions, codebook: Codebook | None,
    formula: Formula | None,
) -> CodedTable:  # fmt: skip
    columns = dict.fromkeys((*options.by, *(formula.columns if formula else ())))
    if options.clusters and formula:
        columns[options.clusters] = None
    if options.sampled_by and options.sampled_by not in gold.columns:
        columns[options.sampled_by] = None
    return read_coded(
        coded, codes=codebook.ids if codebook else (), columns=tuple(columns), wanted=gold.codings,
        form=options.form, encoding=options.encoding,
    )  # fmt: skip


def _corpus(table: CodedTable, method: str) -> Corpus:
    """Return the coded table as a corpus; posts without a code count as uncodable."""
    if not len(table):
        raise NotComputableError(f"{table.source}: has no posts.", hint="Code some: govcode classify.")
    machine = np.where(table.machine >= 0, table.machine, len(table.codes)).astype(np.int16)
    groups = {name: _column(factor) for name, factor in table.groups.items()}
    probabilities = table.probabilities if method in ("pacc", "emq") else None
    forms = _column(table.forms) if table.forms else None
    return Corpus(table.codes, machine, groups, probabilities, forms)


def _column(factor: Factor) -> Column:
    return Column(factor.values, factor.index)


def _sample(gold: Gold, table: CodedTable, options: EstimateOptions) -> Sample:
    """Return the gold posts that are in the corpus, in the corpus' terms."""
    found = [coding for coding in gold.codings.values() if coding.post_id in table.position]
    if gold.codings and not found:
        raise NotComputableError(
            f"{table.source} and {gold.source} have no post in common.",
            hint="Gold has to be a sample of the very posts in the coded table, with the same post_id.",
        )
    places = {code: k for k, code in enumerate(table.codes)} | {NA: len(table.codes)}
    strange = next((coding for coding in found if coding.code not in places), None)
    if strange is not None:
        raise CodingError(
            f"{gold.source}: post '{strange.post_id}' has the code '{strange.code}', which the coded table "
            "does not know.",
            hint=f"Its codes: {choices(table.codes)}. Name the codebook of both with --codebook.",
        )
    known = all(coding.inclusion_prob is not None for coding in found)
    equal = len(found) / max(1, len(table))
    drawn = [coding.inclusion_prob if known else equal for coding in found]
    return Sample(
        np.array([table.position[coding.post_id] for coding in found], dtype=np.intp),
        np.array([places[coding.code] for coding in found], dtype=np.intp),
        1 / np.array(drawn, dtype=np.float64),
        _numbers([coding.stratum for coding in found]),
        _clusters(gold, table, found, options.sampled_by),
        tuple(coding.form for coding in found),
    )  # fmt: skip


def _clusters(
    gold: Gold, table: CodedTable, found: list[Coding], name: str
) -> np.ndarray[tuple[int], np.dtype[np.intp]] | None:
    """Return clusters of the gold posts: the column named, else the clusters that `sample` recorded."""
    own = name or CLUSTER
    if own not in gold.columns and own not in table.groups:
        return None
    values = []
    for i, coding in enumerate(found):
        row = {**table.rows.get(coding.post_id, {}), **gold.rows[coding.post_id]}
        values.append(group_value(row, own) or f"\0{i}")
    return _numbers(values) if name or len(set(values)) < len(values) else None


def _numbers(values: list[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.intp)


def _prior(
    coded: str | Path, text: str, corpus: Corpus, method: str
) -> tuple[Floats | None, tuple[str, ...]]:
    """Return the shares of the codes in training: those given, else (for EMQ) those on the model's card."""
    if text:
        return _read_prior(text, corpus), ()
    found = training_shares(coded, corpus.codes) if method == "emq" else None
    if found is None:
        return None, ()
    model, shares = found
    told = ", ".join(f"{code} {share:.3f}" for code, share in zip(corpus.codes, shares, strict=True))
    return np.array(shares), (f"shares in training, from the card of model {model}: {told}",)


def _read_prior(text: str, corpus: Corpus) -> Floats:
    try:
        shares = np.array([float(part) for part in text.split(",")])
    except ValueError:
        shares = np.empty(0)
    if len(shares) != len(corpus.codes) or (shares <= 0).any() or abs(shares.sum() - 1) > 0.01:
        raise UsageError(
            f"--prior '{text}' is not {len(corpus.codes)} positive shares that sum to 1.",
            hint=f"Give one for each of: {choices(corpus.codes)}.",
        )
    return np.asarray(shares / shares.sum())


def _notes(gold: Gold, table: CodedTable, result: Estimation) -> tuple[str, ...]:
    used = {coding.code for coding in gold.codings.values()}
    pieces = {
        f"{gold.source}: uses one code only ({', '.join(used)}): is it the right file?": len(used) == 1,
        f"{gold.source}: {gold.repeated} repeated rows were taken once": gold.repeated,
        f"{table.source}: {table.repeated} repeated rows were taken once": table.repeated,
        f"{table.source}: {sum(table.excluded.values())} damaged rows were left out": table.excluded,
        f"{gold.source}: {len(gold.excluded)} rows without a usable gold code were left out": gold.excluded,
        f"{result.unmatched} gold posts are not in the coded table": result.unmatched,
    }
    return tuple(text for text, true in pieces.items() if true)


def _write(
    coded: str | Path, gold: str | Path | None, result: Estimation, options: EstimateOptions
) -> tuple[str, ...]:
    if not options.output:
        return ()
    rows = None
    used = codebook_hash(coded, load_codebook(options.codebook) if options.codebook else None)
    if options.output.endswith(".json"):
        write_text(options.output, json.dumps(as_data(result), ensure_ascii=False, indent=2) + "\n")
    else:
        table = list(figure_rows(result))
        rows = len(table)
        with open_writer(options.output, COLUMNS) as writer:
            for row in table:
                writer.write(row)
    settings = {k: v for k, v in asdict(options).items() if k not in ("output", "seed") and v}
    manifest = Manifest(
        "estimate", settings, [file_record(path) for path in (coded, gold) if path],
        [file_record(options.output, rows=rows)], seed=options.seed,
        codebook={"hash": used} if used else {},
        counts={"posts": result.posts, "gold": result.gold, "unmatched": result.unmatched},
        results=figures_by_name(result),
    )  # fmt: skip
    write_manifest(options.output, manifest)
    return (options.output,)
