"""What a coding sheet looks like: its columns, the entries of its lists, and the check of each row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govcode.codebook.model import Text, say

# What coders read, what they fill, and what travels along unseen. Account, link and date are left out.
READ_COLUMNS = ("no", "post_id", "title", "text", "reply")
FILL_COLUMNS = ("code", "secondary", "form", "sure", "note")
CARRY_COLUMNS = ("coder", "codebook", "check")
SHEET_COLUMNS = (*READ_COLUMNS, *FILL_COLUMNS, *CARRY_COLUMNS)


@dataclass(frozen=True, slots=True)
class SheetKind:
    """The columns of a sheet: to read, to fill (unlocked), and to carry along unseen."""

    read: tuple[str, ...]
    fill: tuple[str, ...]
    carry: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in order."""
        return (*self.read, *self.fill, *self.carry)


CODING_SHEET = SheetKind(READ_COLUMNS, FILL_COLUMNS, CARRY_COLUMNS)
QUEUE_SHEET = SheetKind(
    (*READ_COLUMNS, "codings", "notes"),
    ("code", "secondary", "form", "rule", "note", "decided_by", "decided_at"),
    ("codebook", "check"),
)

NO_SECONDARY = "none"
_BLANK = re.compile(r"[\s\x00-\x1f\ufeff\u200b]+|_x000[0-9A-Da-d]_")


def entry(item_id: str, label: Text) -> str:
    """Return the entry of a drop-down list: id and label (`appeal 市民诉求`)."""
    name = say(label, "zh")
    return item_id if not name or name == item_id else f"{item_id} {name}"


def check_of(row: Mapping[str, Any]) -> str:
    """Return what ties a row's post to its id: 12 hex digits over post_id, title, text and reply.

    Blanks and line ends do not count, because spreadsheets change them, nor does the apostrophe that keeps
    Excel from taking a text for a formula.
    """
    parts = (str(row.get(column) or "") for column in ("post_id", "title", "text", "reply"))
    text = "\x1f".join(_BLANK.sub("", part).lstrip("'") for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
