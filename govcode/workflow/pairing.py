"""Match gold and a coded table by post id, with weights, clusters and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.errors import CodingError, HashMismatchError, NotComputableError, UsageError, choices
from govcode.evaluation.pairs import Groups, Pairs
from govcode.readers.base import STREAM
from govcode.readers.coded import DERIVED, MISSING_POSITION, CodedTable, group_value
from govcode.readers.gold import Gold
from govcode.records import NA, Coding
from govcode.workflow.manifest import read_manifest

Ints = NDArray[np.intp]


def match(
    gold: Gold, coded: CodedTable, *, clusters: str = "", by: Sequence[str] = (), weighted: bool = True
) -> Pairs:
    """Put gold and machine codes of the same posts side by side, in gold's order.

    Weighted by 1/inclusion_prob where every gold post has one, they differ, and `weighted` is left on: a
    simple random draw needs no weights. `clusters` and `by` name columns of either table (or `year`,
    `quarter`, `month`, `length`).
    """
    judged = [coding for coding in gold.codings.values() if coding.code != NA]
    if judged and not coded.position:
        raise NotComputableError(
            f"{coded.source} and {gold.source} have no post in common.",
            hint="Both need the same post_id: evaluate the coding of the very posts that gold was made of.",
        )
    codes = _codes(coded, gold, judged)
    places = {code: place for place, code in enumerate(codes)}
    rows = np.array([coded.position.get(coding.post_id, -1) for coding in judged], dtype=np.intp)
    drawn = {coding.inclusion_prob for coding in judged}
    known = weighted and None not in drawn and len(drawn) > 1
    strata = _groups([coding.stratum for coding in judged]).index if known else None
    return Pairs(
        codes=codes,
        post_ids=tuple(coding.post_id for coding in judged),
        gold=np.array([places[coding.code] for coding in judged], dtype=np.intp),
        machine=_machine(coded, rows, places),
        certain=(rows >= 0) & coded.certain[rows] if len(coded) else rows >= 0,
        weights=np.array([1 / (coding.inclusion_prob or 1) if known else 1.0 for coding in judged]),
        weighted=known,
        probabilities=_probabilities(coded, judged, codes),
        strata=strata,
        among=_among(gold, coded, judged, places) if known else None,
        clusters=_clusters(gold, coded, judged, clusters) if clusters else None,
        forms=_groups([c.form for c in judged]) if any(c.form for c in judged) else None,
        groups={name: _groups(_column(gold, coded, judged, name)) for name in by},
        left_out=len(gold.codings) - len(judged),
    )


def check_codebooks(gold: Gold, coded: CodedTable, coded_hash: str, *, ignore: bool = False) -> None:
    """Refuse gold and codings that were made with different codebooks (HashMismatchError)."""
    for other in gold.codebooks:
        if not ignore and coded_hash and not _same(other, coded_hash):
            raise HashMismatchError(
                f"{gold.source} was coded with codebook {_short(other)}, {coded.source} with "
                f"{_short(coded_hash)}.",
                hint="Code one of them again, or compare the codebooks (govcode codebook diff) and pass "
                "--ignore-codebook if no code changed its meaning.",
            )


def codebook_hash(coded: str | Path, codebook: Codebook | None) -> str:
    """Return the hash of the codebook a table was coded with: the one named, else the manifest's."""
    if codebook is not None:
        return codebook.hash
    manifest = None if str(coded) == STREAM else read_manifest(coded)
    return str(((manifest or {}).get("codebook") or {}).get("hash", ""))


def _short(text: str) -> str:
    return text.removeprefix("sha256:")[:12]


def _same(one: str, two: str) -> bool:
    one, two = one.removeprefix("sha256:"), two.removeprefix("sha256:")
    length = min(len(one), len(two))
    return length > 0 and one[:length] == two[:length]


def _codes(coded: CodedTable, gold: Gold, judged: Sequence[Coding]) -> tuple[str, ...]:
    """Return the codes of both; where the coded table fixes them, gold may not have others."""
    strange = [coding for coding in judged if coding.code not in coded.codes]
    if strange and coded.fixed:
        raise CodingError(
            f"{gold.source}: post '{strange[0].post_id}' has the code '{strange[0].code}', which the coded "
            f"table does not know ({len(strange)} such posts).",
            hint=f"Its codes: {choices((*coded.codes, NA))}. Were both made with the same codebook?",
        )
    if strange:
        return tuple(sorted({*coded.codes, *(coding.code for coding in judged)}))
    return coded.codes


def _machine(coded: CodedTable, rows: Ints, places: Mapping[str, int]) -> Ints:
    """Return machine positions in the labels of the pairs: codes, then NA, then missing."""
    if not len(coded):
        return np.full(len(rows), len(places) + 1, dtype=np.intp)
    found = np.where(rows >= 0, coded.machine[rows], MISSING_POSITION).astype(np.intp)
    moved = np.array([places[code] for code in coded.codes] or [0], dtype=np.intp)
    return np.where(found >= 0, moved[np.maximum(found, 0)], len(places) - found - 1)


def _among(gold: Gold, coded: CodedTable, judged: Sequence[Coding], places: Mapping[str, int]) -> Ints:
    """Return the code among whose machine codings each judged post was drawn, -1 where none is sure.

    Strata whose posts all have one machine code are strata of that code if they are just as large as it is
    often: Σ 1/inclusion_prob over them is the number of posts with that code.
    """
    sizes: dict[str, float] = {}
    given: dict[str, set[int]] = {}
    for coding in gold.codings.values():
        row = coded.position.get(coding.post_id, -1)
        given.setdefault(coding.stratum, set()).add(int(coded.machine[row]) if row >= 0 else MISSING_POSITION)
        sizes[coding.stratum] = sizes.get(coding.stratum, 0.0) + 1 / (coding.inclusion_prob or 1)
    pure = {stratum: min(found) for stratum, found in given.items() if len(found) == 1}
    sure = {}
    for number, code in enumerate(coded.codes):
        own = [stratum for stratum, found in pure.items() if found == number]
        if own and abs(sum(sizes[s] for s in own) - np.count_nonzero(coded.machine == number)) < 0.5:
            sure.update(dict.fromkeys(own, places[code]))
    return np.array([sure.get(coding.stratum, -1) for coding in judged], dtype=np.intp)


def _probabilities(
    coded: CodedTable, judged: Sequence[Coding], codes: tuple[str, ...]
) -> NDArray[np.float64] | None:
    """Return the probabilities of the judged posts as they were written, not as they were packed."""
    if coded.probabilities is None:
        return None
    out = np.full((len(judged), len(codes)), np.nan)
    for i, coding in enumerate(judged):
        row = coded.rows.get(coding.post_id)
        if row is not None:
            out[i] = [
                float(value) if (value := row.get(f"p_{c}")) not in (None, "") else np.nan for c in codes
            ]
    return out


def _column(gold: Gold, coded: CodedTable, judged: Sequence[Coding], name: str) -> list[str]:
    """Return one column for the judged posts, from the coded table, else from gold."""
    known = {*coded.columns, *gold.columns}
    if name not in known and name not in DERIVED:
        raise UsageError(
            f"Neither {coded.source} nor {gold.source} has a column '{name}'.",
            hint=f"Columns: {choices(dict.fromkeys((*coded.columns, *gold.columns)))}; "
            f"derived: {choices(DERIVED)}.",
        )
    values = []
    for coding in judged:
        row: dict[str, Any] = {**gold.rows[coding.post_id], **coded.rows.get(coding.post_id, {})}
        values.append(group_value(row, name))
    return values


def _clusters(gold: Gold, coded: CodedTable, judged: Sequence[Coding], name: str) -> Groups:
    """Return clusters; a post without a value is a cluster of its own."""
    values = _column(gold, coded, judged, name)
    return _groups([value or f"\0{i}" for i, value in enumerate(values)])


def _groups(values: Sequence[str]) -> Groups:
    numbers: dict[str, int] = {}
    index = [numbers.setdefault(value, len(numbers)) for value in values]
    return Groups(tuple(numbers), np.array(index, dtype=np.intp))
