"""Judge a coded table by gold: read both, match them by post id, score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from govcode.errors import CodingError, NotComputableError, choices
from govcode.evaluation.evaluation import Evaluation, evaluate_pairs
from govcode.evaluation.pairs import Pairs
from govcode.metrics.gates import read_gates, unmet_gates
from govcode.metrics.resampling import REPLICATES, SEED
from govcode.readers.coded import CodedTable, read_coded
from govcode.readers.gold import Gold, read_gold
from govcode.records import NA, Coding


@dataclass(frozen=True)
class EvaluateResult:
    """The evaluation, what was read on the way, and the gates that were not met."""

    evaluation: Evaluation
    unmet: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def evaluate(
    coded: str | Path, gold: str | Path, *, level: float = 0.95, replicates: int = REPLICATES,
    seed: int = SEED, fail_under: Sequence[str] = (), form: str | None = None, encoding: str | None = None,
) -> EvaluateResult:  # fmt: skip
    """Evaluate the coded table `coded` against the gold in `gold`."""
    gates = read_gates(fail_under)
    judged = read_gold(gold, encoding=encoding)
    table = read_coded(coded, wanted=judged.codings, form=form, encoding=encoding)
    pairs = match(judged, table)
    result = evaluate_pairs(pairs, coder=table.coder, level=level, replicates=replicates, seed=seed)
    return EvaluateResult(result, tuple(unmet_gates(gate_figures(result), gates)), _notes(judged, table))


def match(gold: Gold, coded: CodedTable) -> Pairs:
    """Put gold and machine codes of the same posts side by side, in gold's order."""
    judged = [coding for coding in gold.codings.values() if coding.code != NA]
    if judged and not coded.position:
        raise NotComputableError(
            f"{coded.source} and {gold.source} have no post in common.",
            hint="Both need the same post_id: evaluate the coding of the very posts that gold was made of.",
        )
    codes = _codes(coded, gold, judged)
    places = {code: place for place, code in enumerate(codes)}
    rows = np.array([coded.position.get(coding.post_id, -1) for coding in judged], dtype=np.intp)
    found = rows >= 0
    machine = np.where(found, coded.machine[rows], -2).astype(np.intp) if len(coded) else rows * 0 - 2
    machine = np.where(machine >= 0, _moved(coded, places)[np.maximum(machine, 0)], len(codes) - machine - 1)
    return Pairs(
        codes=codes,
        post_ids=tuple(coding.post_id for coding in judged),
        gold=np.array([places[coding.code] for coding in judged], dtype=np.intp),
        machine=machine,
        certain=found & coded.certain[rows] if len(coded) else found,
        weights=np.ones(len(judged)),
        left_out=len(gold.codings) - len(judged),
    )


def _codes(coded: CodedTable, gold: Gold, judged: Sequence[Coding]) -> tuple[str, ...]:
    """Return the codes of both; where the coded table fixes them, gold may not have others."""
    strange = [coding for coding in judged if coding.code not in coded.codes]
    if strange and any(column.startswith("p_") for column in coded.columns):
        raise CodingError(
            f"{gold.source}: post '{strange[0].post_id}' has the code '{strange[0].code}', which the coded "
            f"table does not know ({len(strange)} such posts).",
            hint=f"Its codes: {choices((*coded.codes, NA))}. Were both made with the same codebook?",
        )
    if strange:
        return tuple(sorted({*coded.codes, *(coding.code for coding in judged)}))
    return coded.codes


def _moved(coded: CodedTable, places: Mapping[str, int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array([places[code] for code in coded.codes] or [0], dtype=np.intp)


def gate_figures(result: Evaluation) -> dict[str, float]:
    """Return the figures that `--fail-under` can name."""
    scores = result.scores
    figures = {
        "accuracy": scores.accuracy.value, "macro_f1": scores.macro_f1.value,
        "alpha": scores.alpha.value, "mcc": scores.mcc.value, "coverage": result.coverage.share,
    }  # fmt: skip
    for row in result.per_code:
        figures |= {f"precision.{row.code}": row.precision.value, f"recall.{row.code}": row.recall.value}
        figures[f"f1.{row.code}"] = row.f1.value
    return figures


def _notes(gold: Gold, coded: CodedTable) -> tuple[str, ...]:
    notes = []
    if coded.repeated:
        notes.append(f"{coded.source}: {coded.repeated} repeated rows were taken once")
    if gold.repeated:
        notes.append(f"{gold.source}: {gold.repeated} repeated rows were taken once")
    if gold.excluded:
        notes.append(f"{gold.source}: {len(gold.excluded)} rows without a usable gold code were left out")
    if coded.excluded:
        notes.append(f"{coded.source}: {sum(coded.excluded.values())} damaged rows were left out")
    return tuple(notes)
