"""The progress bar counts rows, however they come."""

from __future__ import annotations

import sys

import pytest

from govcode.cli.console import STATE, progress


@pytest.mark.parametrize("items", [[1] * 130, [100, 30], [64, 64, 1, 1], [0, 130]])
def test_items_count_as_many_rows_as_they_hold(monkeypatch, items: list[int]) -> None:
    from rich.progress import Progress

    done, update = [], Progress.update
    monkeypatch.setattr(STATE, "quiet", False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        Progress,
        "update",
        lambda *a, advance, **more: done.append(advance) or update(*a, advance=advance, **more),
    )
    with progress(items, "coding", size=int) as watched:
        assert list(watched) == items
    assert sum(done) == 130
    with progress(items, "coding") as watched:
        assert list(watched) == items
    assert sum(done) == 130 + len(items)
