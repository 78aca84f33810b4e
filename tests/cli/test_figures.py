"""Tables in a terminal: narrow ones wrap, and never hide a figure."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from govcode.cli import figures


@pytest.mark.parametrize("width", [20, 40, 60, 120])
def test_a_narrow_terminal_hides_no_figure(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    screen = Console(file=out, width=width, force_terminal=True, no_color=True, color_system=None)
    monkeypatch.setattr(figures, "console", lambda **_: screen)
    columns = ["account", "posts", "share [95 %]", "uncodable"]
    figures.show_table("Shares", columns, [["榆林渡应急", "1,200", "29.6% [27.1, 32.2]", "0"]])
    told = out.getvalue()
    assert "…" not in told
    for word in ("榆林渡应急", "1,200", "29.6%", "[27.1,", "32.2]", "uncodable"):
        assert word in told


def test_a_table_without_rows_is_its_header(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    figures.show_table("Nothing", ["code", "posts"], [])
    assert "code" in capsys.readouterr().out
