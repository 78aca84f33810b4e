"""Tell what was left out, the same way after every command that reads posts."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.cli.console import say, warn
from govcode.records import Excluded, RowCount


def tell_left_out(count: RowCount, path: str, first: Sequence[Excluded]) -> None:
    """Say where the row(s) left out are listed; where nothing was written, warn and show the first."""
    number = sum(count.excluded.values())
    if not number:
        return
    reasons = ", ".join(f"{reason} {rows:,}" for reason, rows in sorted(count.excluded.items()))
    if path:
        say(f"{number:,} row(s) left out ({reasons}): {path}")
        return
    warn(f"{number:,} row(s) left out ({reasons}); --excluded FILE lists all of them. The first:")
    for row in first:
        warn(f"{row.source}:{row.line}: {row.reason}: {row.detail}")
