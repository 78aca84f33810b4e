"""The codings of every coder, from all sheets and from files."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.page.ledger import CODING, entries
from govcode.page.site import Sheet
from govcode.records import Coding


def all_codings(
    sheets: Sequence[Sheet], others: Sequence[Coding] = (), post_id: str | None = None
) -> list[Coding]:
    """Return the codings of all sheets and of files, one for each coder and post (the first found)."""
    found: dict[tuple[str, str], Coding] = {}
    for sheet in sheets:
        for entry in entries(sheet.store, role=CODING, post_id=post_id):
            found.setdefault((entry.coding.post_id, entry.coding.coder), entry.coding)
    for coding in others:
        if post_id in (None, coding.post_id):
            found.setdefault((coding.post_id, coding.coder), coding)
    return list(found.values())


def by_post(codings: Sequence[Coding]) -> dict[str, list[Coding]]:
    """Group codings by post, in the order in which posts first appear."""
    grouped: dict[str, list[Coding]] = {}
    for coding in codings:
        grouped.setdefault(coding.post_id, []).append(coding)
    return grouped
