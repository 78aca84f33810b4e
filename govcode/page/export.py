"""Codings as the rest of govcode reads them, from one or several stores."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from govcode.page.ledger import CODING, entries
from govcode.page.store import Store
from govcode.records import CODING_COLUMNS

COLUMNS = (*CODING_COLUMNS, "assisted", "seconds")


def coding_rows(stores: Iterable[Store], coder: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield one row for each coder and post that has a decision, sheet by sheet.

    To the columns of codings come `assisted` (1 where the machine's suggestion was shown) and
    `seconds` (time spent on the post).
    """
    for store in stores:
        for entry in entries(store, role=CODING, coder=coder):
            coding = entry.coding
            yield {
                "post_id": coding.post_id, "coder": coding.coder, "code": coding.code,
                "secondary": coding.secondary, "form": coding.form, "sure": int(bool(coding.sure)),
                "note": coding.note, "codebook": coding.codebook, "coded_at": coding.coded_at,
                "assisted": int(entry.assisted), "seconds": round(entry.seconds, 1),
            }  # fmt: skip


def csv_bytes(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> bytes:
    """Return rows as CSV in UTF-8 (with a mark, so that Excel reads it)."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")
