"""One table of a report, rendered alike in the terminal, in Markdown, LaTeX and HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from govcode.metrics.figures import Figure
from govcode.profiles.base import Measure, Share


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table as text: `rows` are cells, the first column is a name, the others figures.

    `notes` say denominators, intervals and what the figures cannot show, `source` the files they rest on;
    `empty` says why there are no rows. `prose` tables hold sentences in their cells: these are wrapped.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    empty: str = ""
    prose: bool = False
    source: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return everything that is said under the table."""
        return (*self.notes, self.source) if self.source else self.notes


def percent(value: float | None, digits: int = 1) -> str:
    """Write a share as `12.3%`; an undefined one as `–`."""
    return "–" if value is None or math.isnan(value) else f"{100 * value:.{digits}f}%"


def percent_interval(figure: Figure) -> str:
    """Write a share with its interval: `12.3% [10.1, 14.9]`."""
    if math.isnan(figure.low) or math.isnan(figure.high):
        return percent(figure.value)
    return f"{percent(figure.value)} [{100 * figure.low:.1f}, {100 * figure.high:.1f}]"


COUNTED = "°"
"""Marks a counted share among corrected ones."""


def share_text(share: Share, *, mixed: bool) -> str:
    """Write a share with its interval; among corrected shares (`mixed`) a counted one is marked."""
    text = percent_interval(share.best)
    return text + COUNTED if mixed and share.corrected is None else text


def decimal(value: float | None, digits: int = 3) -> str:
    """Write a number with a fixed number of digits; an undefined one as `–`."""
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def decimal_interval(figure: Figure, digits: int = 3) -> str:
    """Write a number with its interval: `.697 [.6, .7]`."""
    if math.isnan(figure.low) and math.isnan(figure.high):
        return decimal(figure.value, digits)
    low, high = decimal(figure.low, digits), decimal(figure.high, digits)
    return f"{decimal(figure.value, digits)} [{low}, {high}]"


def share_with_n(figure: Measure) -> str:
    """Write a share that has no interval with its own denominator: `12.3% (n=34)`."""
    return "–" if math.isnan(figure.value) else f"{percent(figure.value)} (n={figure.n:g})"


def joined(parts: Sequence[str], language: str) -> str:
    """Join the parts of a name or list as the language does."""
    return ("、" if language == "zh" else ", ").join(parts)
