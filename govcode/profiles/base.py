"""What a profile is made of: coded posts in, frozen figures out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from govcode.metrics.figures import Figure
from govcode.metrics.intervals import share_interval
from govcode.records import ERROR, NA

MINIMUM = 30
"""Fewer codable posts than this in a group make its shares insufficient."""


class Texts(Protocol):
    """Texts kept elsewhere than in the posts."""

    def __getitem__(self, number: int) -> str:
        """Return a text by its number."""


class CodedPost(NamedTuple):
    """What a profile needs of one row of a coded table.

    `passage` is title and text, or the number of it in `texts`; read it as `text`.
    """

    post_id: str
    account: str
    platform: str
    published: datetime | None
    code: str
    secondary: str = ""
    form: str = ""
    status: str = ""
    passage: str | int = ""
    reply: str = ""
    replied: datetime | None = None
    department: str = ""
    texts: Texts | None = None
    reply_kind: str = ""

    @property
    def text(self) -> str:
        """Return title and text, wherever they are kept."""
        if self.texts is not None and isinstance(self.passage, int):
            return self.texts[self.passage]
        return str(self.passage)

    @property
    def codable(self) -> bool:
        """Say whether the post has a code."""
        return self.code not in ("", NA) and self.status != ERROR


CODED, WITH_GOLD, WITH_AGENDA, WITH_OTHER = "coded", "coded, gold", "coded, agenda", "coded, other coding"
CODABLE = "codable posts"
WHOLE = "counted over the whole table, which is no sample: no interval"


@dataclass(frozen=True, slots=True)
class Measure(Figure):
    """A figure with its denominator `n`, what `n` counts (`of`), and the tables it rests on (`source`).

    Without an interval `note` says why there is none.
    """

    n: float = 0
    of: str = CODABLE
    source: str = CODED


def measured(figure: Figure, n: float, of: str = CODABLE, source: str = CODED, note: str = "") -> Measure:
    """Return a figure with its denominator and source; `note` where it has no interval."""
    return Measure(
        figure.value,
        figure.low,
        figure.high,
        figure.level,
        figure.interval,
        note or figure.note,
        n,
        of,
        source,
    )


def share_of(hits: int, n: int, of: str = CODABLE, source: str = CODED) -> Measure:
    """Return hits / n with its interval: Wilson's, exact where hits or misses are rare."""
    return measured(share_interval(hits, n), n, of, source)


def counted(
    value: float | None, n: float, of: str, source: str = CODED, note: str = WHOLE
) -> Measure:  # fmt: skip
    """Return a figure without interval, with the reason; None becomes NaN."""
    return Measure(math.nan if value is None else value, note=note, n=n, of=of, source=source)


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its numerator and denominator; `figure` carries the interval and how it was made.

    `corrected` is the share corrected by gold, where gold exists.
    """

    code: str
    hits: int
    n: int
    figure: Measure
    corrected: Measure | None = None

    @property
    def best(self) -> Measure:
        """Return the corrected figure where there is one, else the counted one."""
        return self.corrected or self.figure


@dataclass(frozen=True, slots=True)
class Correction:
    """How shares were corrected by gold: method, its name for people, its assumption, gold posts used.

    Without a method nothing was corrected, and `reason` says why. `refused` names facets that stay as
    counted, each with the slug of its reason.
    """

    method: str
    label: str
    assumption: str
    gold: int
    reason: str = ""
    refused: tuple[tuple[str, str], ...] = ()
