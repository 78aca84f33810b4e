"""From a coding sheet (any table with `post_id` and `title` or `text`) to its store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govcode.codebook.model import Codebook
from govcode.errors import HashMismatchError, InputError
from govcode.page.site import Sheet
from govcode.page.store import SheetPost, Store, store_path
from govcode.readers.tables import open_table
from govcode.records import Excluded, Row

_OWN = ("post_id", "title", "text", "reply", "account", "platform", "published_at", "stratum")


@dataclass
class Taken:
    """Sheets that are open, with what was left out of them by reason."""

    sheets: list[Sheet] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def open_sheets(
    paths: Sequence[Path], codebook: Codebook, closing: ExitStack, *, form: str | None = None,
    encoding: str | None = None,
) -> Taken:  # fmt: skip
    """Open the store of every sheet, and take the posts of sheets that are new or have changed.

    Rows without an id, without title and text, or with an id that was there before are left out and
    counted. Raises HashMismatchError where a store was coded with another codebook.
    """
    taken = Taken()
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path}: there is no such sheet.", hint="Draw one with: govcode sample")
        store = closing.enter_context(Store(store_path(path)))
        _check_codebook(store, codebook)
        digest = _digest(path)
        if store.get("digest") != digest:
            coders: set[str] = set()
            store.take(_posts(path, form, encoding, taken, coders), digest)
            store.put("coder", coders.pop() if len(coders) == 1 else "")
        if not store.count():
            raise InputError(f"{path}: holds no post.", hint="A sheet has columns post_id and title or text.")
        taken.sheets.append(Sheet(path.name, store, path))
    return taken


def _check_codebook(store: Store, codebook: Codebook) -> None:
    row = store.db.execute(
        "SELECT codebook FROM decision WHERE code <> '' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    if row and row[0] != codebook.hash:
        raise HashMismatchError(
            f"{store.path.name}: its codings were made with another codebook ({_short(row[0])}, not "
            f"{_short(codebook.hash)}).",
            hint="Give that codebook with --codebook, or code a copy of the sheet under another name.",
        )


def _short(value: str) -> str:
    return value.removeprefix("sha256:")[:12]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _posts(
    path: Path, form: str | None, encoding: str | None, taken: Taken, coders: set[str]
) -> Iterator[SheetPost]:
    """Yield the posts of a sheet in its own order (its rows', as the sampler has shuffled them)."""
    table = open_table(path, form=form, encoding=encoding)
    taken.notes.extend(table.notes)
    missing = "post_id" if "post_id" not in table.columns else ""
    if missing or not {"title", "text"} & set(table.columns):
        raise InputError(
            f"{path}: has no column '{missing or 'text'}' (it has: {', '.join(table.columns)}).",
            hint="Draw a sheet with: govcode sample",
        )
    seen: set[str] = set()
    for row in table:
        reason = _unfit(row, seen)
        if reason:
            taken.excluded[reason] = taken.excluded.get(reason, 0) + 1
        elif isinstance(row, Row):
            post = _post(len(seen) + 1, row.values)
            seen.add(post.post_id)
            coders.add(_cell(row.values, "coder"))
            yield post


def _unfit(row: Row | Excluded, seen: set[str]) -> str:
    if isinstance(row, Excluded):
        return row.reason
    post_id = _cell(row.values, "post_id")
    if not post_id:
        return "no-id"
    if post_id in seen:
        return "duplicate-id"
    return "" if any(_cell(row.values, c).strip() for c in ("title", "text", "reply")) else "empty"


def _post(position: int, values: dict[str, Any]) -> SheetPost:
    own = {name: _cell(values, name) for name in _OWN}
    probability = _cell(values, "inclusion_prob")
    return SheetPost(position, inclusion_prob=float(probability) if probability else None, **own)


def _cell(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)
