"""The floor: read a table, cut its cleaned text with rjieba, write the table. Nothing is coded.

`python benchmarks/floor.py IN OUT` segments; with `--copy` it only reads and writes.
"""

from __future__ import annotations

import sys

import rjieba

from govcode.readers.tables import open_table
from govcode.records import Row
from govcode.writers.tables import open_writer


def main() -> None:
    """Copy the table, cutting on the way."""
    source, target = [a for a in sys.argv[1:] if not a.startswith("--")]
    copy = "--copy" in sys.argv
    table = open_table(source)
    with open_writer(target, [*table.columns, "tokens"]) as writer:
        for row in table:
            assert isinstance(row, Row)
            if not copy:
                row.values["tokens"] = len(rjieba.cut(f"{row.values['title']}\n{row.values['text']}"))
            writer.write(row.values)


if __name__ == "__main__":
    main()
