"""Codings, gold and filled coding sheets, from any table.

A table has one row per coder and post (`post_id, coder, code, …`), one row per post (a coding sheet of one
coder, named in its `coder` column or by the file), or is wide: one row per post and `code_NAME` columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govcode.codebook.model import Codebook
from govcode.codebook.sheet import check_of
from govcode.errors import CodingError, HashMismatchError, choices
from govcode.readers.layout import Layout
from govcode.readers.origins import Origins
from govcode.readers.plain_rows import PlainRows, no_collection
from govcode.readers.tables import open_table
from govcode.readers.values import (
    NONE_WORDS,
    Names,
    damaged_id,
    fold,
    names_of_codes,
    names_of_forms,
    read_id,
    read_probability,
    read_sure,
    read_text,
    same_hash,
)  # fmt: skip
from govcode.records import NA, Coding, Excluded

TEXTS = ("note", "codebook", "coded_at", "stratum")

NOT_CODED = "not-coded"
UNKNOWN_CODE = "unknown-code"
NO_POST_ID = "no-post-id"
DAMAGED_ID = "damaged-id"
DUPLICATE = "duplicate"
CONFLICT = "conflicting-duplicate"
BAD_PROBABILITY = "bad-probability"
CHANGED_ROW = "changed-row"
REASONS = (NOT_CODED, UNKNOWN_CODE, NO_POST_ID, DAMAGED_ID, DUPLICATE, CONFLICT, BAD_PROBABILITY, CHANGED_ROW)


@dataclass
class Codings:
    """What was read: the codings, what was left out, and what is worth telling.

    `rows` counts the rows of each file; `columns` holds, per post, the columns asked for with `keep`;
    `barren` names the files without a single coding.
    """

    codings: list[Coding] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    barren: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Coding]:
        return iter(self.codings)

    def __len__(self) -> int:
        return len(self.codings)

    @property
    def coders(self) -> tuple[str, ...]:
        """Coders in order of appearance."""
        return tuple(dict.fromkeys(coding.coder for coding in self.codings))

    def counts(self) -> dict[str, Any]:
        """Return rows read, codings kept, and excluded by reason."""
        reasons = Counter(item.reason for item in self.excluded)
        return {"read": sum(self.rows.values()), "kept": len(self), "excluded": dict(sorted(reasons.items()))}


def read_codings(
    paths: Sequence[str | Path], *, form: str | None = None, encoding: str | None = None,
    codebook: Codebook | None = None, coder: str = "", keep: Sequence[str] = (),
) -> Codings:  # fmt: skip
    """Read codings, gold or filled sheets; with a codebook, check every code against it.

    A code written as label, in full-width letters or with blanks is accepted and noted; an unknown one
    excludes its row and names the nearest valid code. Of two codings by one coder of one post the later
    (by `coded_at`, else the first in the file) is kept. `coder` names whoever filled sheets without a
    coder column (default: the file's name). Raises InputError for a table without the columns,
    HashMismatchError for codings made with another codebook, CodingError where no coding is left.
    """
    found = Codings()
    intake = _Intake(found, codebook, tuple(keep))
    with no_collection():
        for path in paths:
            table = open_table(path, form=form, encoding=encoding)
            found.notes.extend(table.notes)
            number, before = 0, len(found)
            layout = Layout(table.source, table.columns, coder)
            plain = PlainRows.of(layout, table.columns, keep=bool(keep))
            for row in table:
                number += 1
                if isinstance(row, Excluded):
                    found.excluded.append(row)
                    continue
                if plain is not None and (coding := plain.coding(row.values)) is not None:
                    intake.place_in(coding, table.source, row.line, row.values)
                    continue
                for values in layout.split(row.values):
                    intake.add(table.source, row.line, values, row.values, plain)
            found.rows[str(path)] = number
            if len(found) == before:
                found.notes.append(f"{table.source}: holds no coding")
                found.barren.append(table.source)
    intake.finish()
    return found


class _Intake:
    """Take rows in one by one: check, normalise, and see to duplicates."""

    def __init__(self, found: Codings, codebook: Codebook | None, keep: tuple[str, ...]) -> None:
        self.found, self.codebook, self.keep = found, codebook, keep
        self.codes, self.forms = names_of_codes(codebook), names_of_forms(codebook)
        self.place: defaultdict[str, dict[str, int]] = defaultdict(dict)  # coder -> post -> number
        self.origin = Origins()
        self.respelled: Counter[tuple[str, str]] = Counter()
        self.loose: Counter[str] = Counter()
        self.hash = codebook.hash if codebook else ""
        self.checked: set[str] = set()
        self.clean: dict[tuple[Any, Any, Any], tuple[str, str, str]] = {}
        self.numbers: dict[int, int] = {}

    def add(
        self, source: str, line: int, values: dict[str, Any], row: Mapping[str, Any],
        plain: PlainRows | None = None,
    ) -> None:  # fmt: skip
        """Take one row in, or exclude it; let the short way learn what needed no telling."""
        told = (self.respelled.total(), self.loose.total())
        coding = self._coding(source, line, values, row)
        if isinstance(coding, Excluded):
            coding.row = dict(row)
            self.found.excluded.append(coding)
            return
        if plain is not None and told == (self.respelled.total(), self.loose.total()):
            plain.learn(row, coding)
        self.place_in(coding, source, line, row)

    def place_in(self, coding: Coding, source: str, line: int, row: Mapping[str, Any]) -> None:
        """Take a checked coding in, or settle it with an earlier one of the same coder and post."""
        if self.keep:
            kept = {c: str(row[c]) for c in self.keep if row.get(c) not in (None, "")}
            self.found.columns.setdefault(coding.post_id, {}).update(kept)
        codings = self.found.codings
        known = self.place[coding.coder].setdefault(coding.post_id, len(codings))
        if known == len(codings):
            codings.append(coding)
            self.origin.append(source, line)
            if "check" in row and (number := str(row.get("no") or "")).isdigit():
                self.numbers[known] = int(number)
        else:
            self._settle(known, coding, source, line, row)

    def _coding(
        self, source: str, line: int, values: dict[str, Any], row: Mapping[str, Any]
    ) -> Coding | Excluded:
        post_id = read_id(values["post_id"])
        if not post_id:
            return Excluded(source, line, NO_POST_ID, "the row names no post")
        if damaged_id(post_id):
            return Excluded(source, line, DAMAGED_ID, f"'{post_id}' was rounded by a spreadsheet")
        if not self._as_drawn(post_id, row):
            return Excluded(
                source, line, CHANGED_ROW, f"id and text of post {post_id} no longer belong together"
            )
        probability = read_probability(values.get("inclusion_prob"))
        if probability is not None and not 0 < probability <= 1:
            return Excluded(source, line, BAD_PROBABILITY, f"inclusion_prob {values['inclusion_prob']}")
        key = (values["code"], values.get("secondary", ""), values.get("form", ""))
        decided = self.clean.get(key) or self._decide(key)
        if isinstance(decided, str):
            return Excluded(source, line, decided, self._why(decided, key[0]))
        if values.get("codebook"):
            self._check_hash(source, line, str(values["codebook"]))
        code, secondary, form = decided
        note, codebook, coded_at, stratum = (read_text(values.get(name)) for name in TEXTS)
        sure = read_sure(values["sure"]) if values.get("sure") not in (None, "") else None
        return Coding(
            post_id, values["coder"], code, secondary, form, sure, note, codebook, coded_at,
            stratum=stratum, inclusion_prob=probability,
        )  # fmt: skip

    def _decide(self, key: tuple[Any, Any, Any]) -> tuple[str, str, str] | str:
        """Match what was written; remember what matched as it stands; return the slug of what did not."""
        written, second, form = key
        if fold(written) == "":
            return NOT_CODED
        told = (self.respelled.total(), self.loose.total())
        code = self._match(self.codes, written)
        if not code:
            return UNKNOWN_CODE
        decided = (code, self._secondary(second, code), self._optional(self.forms, form, "form"))
        if told == (self.respelled.total(), self.loose.total()) and all(type(v) is str for v in key):
            self.clean[key] = decided
        return decided

    def _why(self, reason: str, written: object) -> str:
        if reason == NOT_CODED:
            return "the row has no code"
        near = self.codes.nearest(written)
        valid = choices((*self.codebook.ids, NA)) if self.codebook else ""
        told = f"; nearest: {near}" if near else f"; codes: {valid}" if valid else ""
        return f"'{written}' is not a code{told}"

    def _as_drawn(self, post_id: str, row: Mapping[str, Any]) -> bool:
        """Tell whether the row of a coding sheet still holds the post it was drawn with."""
        if "check" not in row or "text" not in row:
            return True
        check = str(row["check"] or "").strip()
        if not check:
            self.loose["row was added by hand to a coding sheet"] += 1
        return not check or check == check_of({**row, "post_id": post_id})

    def _match(self, names: Names, written: object) -> str:
        match = names.find(written)
        if match is None:
            return ""
        if not match.exact:
            self.respelled[str(written), match.id] += 1
        return match.id

    def _optional(self, names: Names, written: object, what: str) -> str:
        if fold(written) in NONE_WORDS:
            return ""
        found = self._match(names, written)
        if not found:
            self.loose[f"{what} '{written}' is not in the codebook and was left out"] += 1
        return found

    def _secondary(self, written: object, code: str) -> str:
        second = self._optional(self.codes, written, "secondary code")
        if second == code:
            self.loose["secondary code equal to the code was left out"] += 1
        return "" if second in (code, NA) else second

    def _check_hash(self, source: str, line: int, written: str) -> None:
        if not written or written in self.checked:
            return
        if not self.hash:
            self.hash = written
        if not same_hash(written, self.hash):
            raise HashMismatchError(
                f"{source}, line {line}: coded with codebook {written[:19]}, not with {self.hash[:19]}.",
                hint="Name the codebook that was used with --codebook, or code these posts again.",
            )
        self.checked.add(written)

    def _settle(self, known: int, coding: Coding, source: str, line: int, row: Mapping[str, Any]) -> None:
        kept, (old_source, old_line) = self.found.codings[known], self.origin[known]
        same = (kept.code, kept.secondary, kept.form) == (coding.code, coding.secondary, coding.form)
        later = bool(kept.coded_at) and coding.coded_at > kept.coded_at
        if later:
            self.found.codings[known], self.origin[known] = coding, (source, line)
            source, line, old_source, old_line = old_source, old_line, source, line
            coding, kept = kept, coding
        detail = f"{coding.coder} coded post {coding.post_id} again ({old_source}, line {old_line}"
        detail += ")" if same else f": {kept.code}, here {coding.code})"
        self.found.excluded.append(Excluded(source, line, DUPLICATE if same else CONFLICT, detail, dict(row)))

    def _reorder(self) -> None:
        """Put the rows of coding sheets that somebody sorted back into the order of the sheet."""
        if not self.numbers:
            return
        order = self.origin.sorted(self.numbers)
        if order != list(range(len(order))):
            self.found.codings[:] = [self.found.codings[i] for i in order]
            self.found.notes.append("rows of coding sheets were put back into the order of the sheets")

    def finish(self) -> None:
        """Note what was put right; refuse a set in which nothing is left."""
        self._reorder()
        for (written, code), number in self.respelled.items():
            self.found.notes.append(f"'{written}' was read as {code} ({number}×)")
        self.found.notes.extend(f"{text} ({number}×)" for text, number in self.loose.items())
        if self.found.codings:
            return
        reasons = self.found.counts()["excluded"]
        if reasons.get(UNKNOWN_CODE):
            sample = next(e.detail for e in self.found.excluded if e.reason == UNKNOWN_CODE)
            sample = sample.partition("; codes:")[0]
            valid = choices((*self.codebook.ids, NA)) if self.codebook else ""
            raise CodingError(
                f"No row has a code of the codebook: {sample}.", hint=f"Codes: {valid}; or name --codebook."
            )
        listed = choices(f"{reason} {number}" for reason, number in reasons.items()) or "no rows"
        raise CodingError(f"There is no coding to read ({listed}).", hint="Fill the column 'code' first.")
