"""What a profile is made of: coded posts in, frozen figures out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from govcode.metrics.figures import Figure
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


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its numerator and denominator; `figure` carries the interval and how it was made.

    `corrected` is the share corrected by gold, where gold exists.
    """

    code: str
    hits: int
    n: int
    figure: Figure
    corrected: Figure | None = None

    @property
    def best(self) -> Figure:
        """Return the corrected figure where there is one, else the counted one."""
        return self.corrected or self.figure


@dataclass(frozen=True, slots=True)
class Correction:
    """How shares were corrected by gold: method, its name for people, its assumption, gold posts used.

    Without a method nothing was corrected, and `reason` says why. `refused` names facets that stay as
    counted, each with the slug of its reason; `months` are (month, code, share) where gold suffices.
    """

    method: str
    label: str
    assumption: str
    gold: int
    reason: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    months: tuple[tuple[str, str, Figure], ...] = ()
