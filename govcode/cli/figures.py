"""How figures look in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from govcode.cli.console import console
from govcode.metrics.figures import Figure

FILE_WIDTH = 200  # nothing is wrapped in a pipe or a file


def number(value: float, digits: int = 3) -> str:
    """Write a number as `.812`, with its sign; an undefined one as `–`."""
    if math.isnan(value):
        return "–"
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def with_interval(figure: Figure, digits: int = 3) -> str:
    """Write `.812 [.790, .833]`; without the brackets where there is no interval."""
    if math.isnan(figure.low) or math.isnan(figure.high):
        return number(figure.value, digits)
    return f"{number(figure.value, digits)} [{number(figure.low, digits)}, {number(figure.high, digits)}]"


def p_value(value: float) -> str:
    """Write a p-value: `.034`, `<.001`, `–` where undefined."""
    return "<.001" if value < 0.001 else number(value)


def bare_reasons(figures: Iterable[tuple[str, Figure]]) -> list[str]:
    """Say why figures stand without an interval: each reason once, after the names of what it is of."""
    reasons: dict[str, dict[str, None]] = {}
    for name, figure in figures:
        if figure.value == figure.value and figure.low != figure.low and figure.note:
            reasons.setdefault(figure.note, {})[name] = None
    return [f"{', '.join(names)}: {why}" for why, names in reasons.items()]


def split_names(values: Iterable[str]) -> tuple[str, ...]:
    """Read names given with commas or by repeating the option."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def show_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, stderr: bool = False
) -> None:
    """Print a table on stdout: the first column is text, the others are numbers, which are never cut."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    cells = [list(row) for row in rows]
    needed = 0
    for place, column in enumerate(columns):
        texts = [column, *(row[place] for row in cells)]
        widest = max(
            cell_len(word) for text in texts for word in ([text] if not place else text.split() or [""])
        )
        table.add_column(
            column, justify="right" if place else "left", no_wrap=not place, min_width=widest, overflow="fold"
        )
        needed += widest + 4  # as rich counts its padding
    for row in cells:
        table.add_row(*map(Text, row))
    out = console(stderr=stderr)
    out.print()
    out.width = max(out.width if out.is_terminal else FILE_WIDTH, needed)
    out.print(table)


def show(line: str) -> None:
    """Print a line of a result on stdout."""
    console(stderr=False).print(line, markup=False)
