"""Sources and lines of codings."""

from __future__ import annotations

from govcode.readers.origins import Origins


def test_origins_keep_source_and_line() -> None:
    origins = Origins()
    for source, line in (("b.csv", 2), ("b.csv", 3), ("a.csv", 9)):
        origins.append(source, line)
    assert [origins[i] for i in range(len(origins))] == [("b.csv", 2), ("b.csv", 3), ("a.csv", 9)]
    origins[0] = ("c.csv", 1 << 40)
    assert origins[0] == ("c.csv", 1 << 40)
    assert origins.sorted({}) == [1, 2, 0]  # sources as they came: b, a, c
    origins.append("b.csv", 1)
    assert origins.sorted({1: 7}) == [1, 3, 2, 0]
