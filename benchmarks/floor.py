"""The floor: read a table, cut its cleaned text with rjieba, write the coded table. Nothing is coded.

`python benchmarks/floor.py IN OUT` segments; with `--copy` it only reads and writes. Every post gets the same
coding, so that the table written has the columns and about the size of the one that `classify` writes.
"""

from __future__ import annotations

import sys

import rjieba

from govcode.readers.tables import open_table
from govcode.records import Row
from govcode.writers.tables import open_writer

CODING = {
    "code": "information", "secondary": "", "form": "I1", "p_information": 0.912345, "p_service": 0.031245,
    "p_appeal": 0.003113, "p_agenda": 0.012112, "p_other": 0.041185, "status": "coded",
    "coder": "floor@000000000000",
}  # fmt: skip


def main() -> None:
    """Write the table with a coding, cutting on the way."""
    source, target = [a for a in sys.argv[1:] if not a.startswith("--")]
    copy = "--copy" in sys.argv
    table = open_table(source)
    with open_writer(target, [*table.columns, *CODING]) as writer:
        for row in table:
            assert isinstance(row, Row)
            if not copy:
                rjieba.cut(f"{row.values['title']}\n{row.values['text']}")
            writer.write({**row.values, **CODING})


if __name__ == "__main__":
    main()
