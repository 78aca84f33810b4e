"""Gold from any table: a gold file, codings, or posts with a `code` column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govcode.codebook.model import Codebook
from govcode.errors import CodingError, InputError, choices
from govcode.readers.layout import ALIASES
from govcode.readers.tables import open_table
from govcode.readers.values import Names, names_of_codes
from govcode.records import Coding, Excluded, Row

GOLD = "gold"
WHAT_IT_IS = "a table of posts that people coded (post_id, code), which the machine is held against"
HOW_TO_GET_IT = (
    "To make it: govcode sample POSTS --coders A,B -o sheet.xlsx; let both fill their sheets; then "
    "govcode adjudicate sheet.A.xlsx sheet.B.xlsx --frame sheet.frame.csv -o gold.csv"
)


@dataclass
class Gold:
    """Gold by post id, with the whole row each came from (for groups and error lists)."""

    source: str
    codings: dict[str, Coding] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    excluded: list[Excluded] = field(default_factory=list)
    repeated: int = 0

    @property
    def codebooks(self) -> tuple[str, ...]:
        """The codebook hashes that the gold says it was coded by."""
        return tuple(sorted({coding.codebook for coding in self.codings.values() if coding.codebook}))


def read_gold(
    path: str | Path, *, form: str | None = None, encoding: str | None = None,
    codebook: Codebook | None = None,
) -> Gold:  # fmt: skip
    """Read one gold code per post; headers may be English or Chinese (as in coding sheets).

    With a codebook a code may be written as its label. Where some rows have `coder = gold`, only those
    count. Rows without a code are excluded and counted; a row repeated with the same code is taken once.
    Raises CodingError where a post has two different codes, InputError where `post_id` or `code` is missing.
    """
    table = open_table(path, form=form, encoding=encoding)
    names = {name: next((a for a in known if a in table.columns), name) for name, known in ALIASES.items()}
    gold = Gold(table.source, columns=tuple(dict.fromkeys((*table.columns, *_present(names, table.columns)))))
    for needed in ("post_id", "code"):
        if names[needed] not in table.columns:
            raise InputError(
                f"{table.source}: has no column '{needed}', so it is not gold.",
                hint=f"Its columns: {choices(table.columns)}.",
            )
    rows: list[Row] = []
    spelled = names_of_codes(codebook)
    for item in table:
        if isinstance(item, Excluded):
            gold.excluded.append(item)
        else:
            rows.append(_named(item, names, spelled if codebook else None))
    adjudicated = any(_text(row, "coder") == GOLD for row in rows)
    for row in rows:
        if adjudicated and _text(row, "coder") != GOLD:
            gold.excluded.append(Excluded(table.source, row.line, "not-gold", "another coder's row"))
        elif not _text(row, "code") or not _text(row, "post_id"):
            gold.excluded.append(Excluded(table.source, row.line, "no-code", "post id or code is empty"))
        else:
            _add(gold, row)
    return gold


def _present(names: Mapping[str, str], columns: tuple[str, ...]) -> list[str]:
    return [name for name, column in names.items() if column in columns]


def _named(row: Row, names: Mapping[str, str], codes: Names | None) -> Row:
    """Give the columns of a row the contract's names, and its code its id."""
    values = dict(row.values)
    for name, column in names.items():
        if name != column and column in values:
            values[name] = values[column]
    found = codes.find(values.get("code")) if codes is not None else None
    if found is not None:
        values["code"] = found.id
    return Row(row.line, values)


def _add(gold: Gold, row: Row) -> None:
    coding = _coding(gold.source, row)
    before = gold.codings.get(coding.post_id)
    if before is not None and before.code != coding.code:
        raise CodingError(
            f"{gold.source}, line {row.line}: post '{coding.post_id}' is '{coding.code}' here and "
            f"'{before.code}' in an earlier row.",
            hint="Gold has one code per post: settle disagreements first (govcode adjudicate).",
        )
    if before is not None:
        gold.repeated += 1
        return
    gold.codings[coding.post_id] = coding
    gold.rows[coding.post_id] = row.values


def _coding(source: str, row: Row) -> Coding:
    return Coding(
        post_id=_text(row, "post_id"), coder=_text(row, "coder"), code=_text(row, "code"),
        secondary=_text(row, "secondary"), form=_text(row, "form"), codebook=_text(row, "codebook"),
        stratum=_text(row, "stratum"), inclusion_prob=_probability(source, row),
    )  # fmt: skip


def _probability(source: str, row: Row) -> float | None:
    value = _text(row, "inclusion_prob")
    if not value:
        return None
    try:
        probability = float(value)
    except ValueError:
        probability = -1.0
    if not 0 < probability <= 1:
        raise InputError(
            f"{source}, line {row.line}: inclusion_prob '{value}' is not a probability above 0 and up to 1.",
            hint="It is the probability with which the post was drawn; `govcode sample` records it.",
        )
    return probability


def _text(row: Row | Mapping[str, Any], name: str) -> str:
    values = row.values if isinstance(row, Row) else row
    value = values.get(name)
    return "" if value is None else str(value).strip()
