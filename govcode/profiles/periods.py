"""Shares of the codes over time, by the finest unit that has posts enough."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from govcode.codebook.model import Codebook
from govcode.profiles.base import MINIMUM, CodedPost, Share, share_of

UNITS = ("month", "quarter", "year")
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Period:
    """One month (`2023-04`), quarter (`2023-Q2`) or year; under 30 codable posts it has no shares."""

    period: str
    n: int
    counts: tuple[tuple[str, int], ...]
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Periods:
    """Every period from the first to the last in which a codable post is dated, those without posts too."""

    unit: str
    periods: tuple[Period, ...] = ()

    @property
    def drawn(self) -> bool:
        """Say whether there are two periods or more, and one of them with shares."""
        return len(self.periods) >= FEWEST and any(p.shares for p in self.periods)


def periods(posts: Sequence[CodedPost], codebook: Codebook) -> Periods:
    """Count codable posts by month; by quarter or year where fewer than two months have 30 of them.

    Where no unit has two such periods it stays months.
    """
    months = Counter(
        (p.published.year, p.published.month, p.code) for p in posts if p.published and p.codable
    )
    made = [_by(unit, months, codebook) for unit in UNITS]
    return next((m for m in made if sum(bool(p.shares) for p in m.periods) >= FEWEST), made[0])


def period_in(time: datetime, unit: str) -> str:
    """Return the month, quarter or year of a time as it is written."""
    return _name(time.year, time.month, unit)


def _name(year: int, month: int, unit: str) -> str:
    if unit == "month":
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-Q{(month + 2) // 3}" if unit == "quarter" else f"{year:04d}"


def _by(unit: str, months: Counter[tuple[int, int, str]], codebook: Codebook) -> Periods:
    if not months:
        return Periods(unit)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (year, month, code), number in months.items():
        counts[_name(year, month, unit)][code] += number
    first, last = (edge((y * 12 + m - 1) for y, m, _ in months) for edge in (min, max))
    axis = dict.fromkeys(_name(m // 12, m % 12 + 1, unit) for m in range(first, last + 1))
    return Periods(unit, tuple(_period(name, counts[name], codebook) for name in axis))


def _period(name: str, found: Counter[str], codebook: Codebook) -> Period:
    n = found.total()
    shares = tuple(Share(c, found[c], n, share_of(found[c], n)) for c in codebook.ids) if n >= MINIMUM else ()
    return Period(name, n, tuple((c, found[c]) for c in codebook.ids), shares)
