"""Codings of one codebook carried over to another: renamed, merged or split codes, and nothing lost.

A mapping file names the target codebook and says what becomes of each code. A code is split by its forms:
a form that has a code of its own in `[forms]` goes there, whatever the post's code was.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govcode.codebook.load import load_codebook, shipped_codebooks
from govcode.codebook.model import Codebook
from govcode.errors import CodebookError, CodingError
from govcode.records import NA

KEYS = ("to", "from", "codes", "forms", "form_ids")


@dataclass(frozen=True)
class Migration:
    """What becomes of codes (old -> new), forms (old form -> new code) and form ids (old -> new)."""

    target: Codebook
    source: Codebook | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    form_ids: Mapping[str, str] = field(default_factory=dict)

    def code(self, code: str, form: str = "") -> str | None:
        """Return the new code, or None where the mapping does not say and the target has no such code."""
        if not code or code == NA:
            return code
        if form in self.forms:
            return self.forms[form]
        new = self.codes.get(code, code)
        return new if new in self.target.ids else None

    def form(self, form: str) -> str | None:
        """Return the new form id, or None where the target has no such form."""
        new = self.form_ids.get(form, form)
        known = {part.id for part in self.target.forms}
        return new if not new or new in known else None


def load_migration(path: str | Path) -> Migration:
    """Read a mapping file; raise CodebookError for what is missing or leads nowhere."""
    file = Path(path)
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CodebookError(f"{file}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise CodebookError(f"{file}: is not valid TOML ({error}).") from error
    unknown = [key for key in values if key not in KEYS]
    if unknown or "to" not in values:
        what = f"has an unknown key '{unknown[0]}'" if unknown else "does not name the target codebook"
        raise CodebookError(f"{file}: {what}.", hint='Needed: to = "new.toml", then [codes] old = "new".')
    target = _book(values["to"], file)
    tables = {key: _table(values.get(key, {}), key, file) for key in ("codes", "forms", "form_ids")}
    for key in ("codes", "forms"):
        for old, new in tables[key].items():
            if new not in (*target.ids, NA):
                raise CodebookError(f"{file}: [{key}] {old} = '{new}', which is no code of '{target.id}'.")
    source = _book(values["from"], file) if "from" in values else None
    return Migration(target, source, **tables)


def _book(name: Any, file: Path) -> Codebook:
    """Load a codebook by its shipped name, or by its path beside the mapping file."""
    if str(name) in shipped_codebooks():
        return load_codebook(str(name))
    return load_codebook(file.parent / str(name))


def _table(value: Any, key: str, file: Path) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise CodebookError(f'{file}: [{key}] must say old = "new".')
    return value


class RowMigrator:
    """Migrate the rows of one table; count what the mapping does not cover and refuse it at the end.

    `code`, `secondary`, `form` and `codebook` are rewritten; `code_before`, `secondary_before` and
    `form_before` keep what stood there. A second code that falls together with the first is cleared.
    """

    def __init__(self, migration: Migration, columns: tuple[str, ...]) -> None:
        self.migration = migration
        self.changed = 0
        self._missing: Counter[tuple[str, str]] = Counter()
        self._codes = [
            c for c in columns if c == "code" or (c.startswith("code_") and not c.endswith("_before"))
        ]
        if not self._codes:
            raise CodingError("The table has no column 'code'.", hint=f"Columns: {', '.join(columns)}.")
        self._old = [c for c in (*self._codes, "secondary", "form") if c in columns]
        self._scores = self._score_columns(columns)
        gone = {old for olds in self._scores.values() for old in olds}
        kept = [column for column in columns if column not in gone]
        added = [*self._scores, "codebook", *(f"{c}_before" for c in self._old)]
        self.columns = (*kept, *(c for c in dict.fromkeys(added) if c not in kept))

    def _score_columns(self, columns: tuple[str, ...]) -> dict[str, list[str]]:
        """Return `p_new` -> the columns to sum; empty where a split by form leaves no sum to take."""
        if self.migration.forms:
            return {}
        sums: dict[str, list[str]] = {f"p_{code}": [] for code in self.migration.target.ids}
        for column in columns:
            new = self.migration.code(column.removeprefix("p_")) if column.startswith("p_") else None
            if new:
                sums.setdefault(f"p_{new}", []).append(column)
        return sums if any(sums.values()) else {}

    def row(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the migrated row."""
        new = dict(values)
        form = _text(values.get("form"))
        for column in self._codes:
            new[column] = self._new(self.migration.code(_text(values.get(column)), form), values, column)
        if "form" in values:
            new["form"] = self._new(self.migration.form(form), values, "form")
        if "secondary" in values:
            second = self._new(self.migration.code(_text(values["secondary"])), values, "secondary")
            new["secondary"] = "" if second == new.get("code") else second
        new.update(self._sums(values))
        new["codebook"] = self.migration.target.hash
        new.update({f"{column}_before": values.get(column, "") for column in self._old})
        self.changed += any(_text(new.get(c)) != _text(values.get(c)) for c in self._old)
        return new

    def _sums(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the probabilities of the new codes; empty where the row has none."""
        if not any(_text(values.get(old)) for olds in self._scores.values() for old in olds):
            return dict.fromkeys(self._scores, "")
        return {
            column: round(sum(float(_text(values.get(old)) or 0) for old in olds), 12)
            for column, olds in self._scores.items()
        }

    def _new(self, new: str | None, values: Mapping[str, Any], column: str) -> str:
        if new is None:
            self._missing[column, _text(values.get(column))] += 1
            return ""
        return new

    def finish(self) -> None:
        """Raise CodingError naming every value that the mapping does not cover."""
        if self._missing:
            listed = ", ".join(f"{c} '{v}' ({n})" for (c, v), n in sorted(self._missing.items()))
            raise CodingError(
                f"The mapping does not say what becomes of: {listed}.",
                hint="Add these to [codes], [forms] or [form_ids]; nothing was written.",
            )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
