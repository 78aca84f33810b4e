"""Where in a table of codings the parts of a coding stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from govcode.errors import InputError, choices
from govcode.readers.values import fold

ALIASES = {
    "post_id": ("post_id", "id", "编号", "帖文编号"),
    "coder": ("coder", "编码员"),
    "code": ("code", "编码", "主码", "primary"),
    "secondary": ("secondary", "次码"),
    "form": ("form", "形式"),
    "sure": ("sure", "confidence", "把握"),
    "note": ("note", "备注"),
    "codebook": ("codebook",),
    "coded_at": ("coded_at",),
    "stratum": ("stratum",),
    "inclusion_prob": ("inclusion_prob",),
}
WIDE = "code_"


class Layout:
    """The columns of one table of codings: one row a coding, or wide with `code_NAME` columns."""

    def __init__(self, source: str, columns: Sequence[str], coder: str) -> None:
        present = {fold(c): c for c in columns}
        self.where = {
            name: next((present[a] for a in aliases if a in present), "") for name, aliases in ALIASES.items()
        }
        self.present = [(name, column) for name, column in self.where.items() if column]
        self.coder = coder or Path(Path(source).name.removesuffix(".gz")).stem
        self.wide = tuple(c for c in columns if c.startswith(WIDE) and len(c) > len(WIDE))
        if not self.where["post_id"]:
            raise InputError(
                f"{source}: has no column 'post_id' (columns: {choices(columns) or 'none'}).",
                hint="Codings have the columns post_id, coder, code.",
            )
        if self.where["code"]:
            self.wide = ()
        elif not self.wide:
            raise InputError(
                f"{source}: has no column 'code' (columns: {choices(columns)}).",
                hint="Codings have one row per coder and post (post_id, coder, code), or code_NAME columns.",
            )

    def split(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the raw parts of each coding in the row."""
        values = {name: row.get(column, "") for name, column in self.present}
        if not self.wide:
            values["coder"] = str(values.get("coder") or "").strip() or self.coder
            yield values
            return
        for column in self.wide:
            name = column.removeprefix(WIDE)
            parts = {part: row.get(f"{part}_{name}", "") for part in ("secondary", "form", "sure", "note")}
            yield {**values, **parts, "code": row.get(column, ""), "coder": name}
