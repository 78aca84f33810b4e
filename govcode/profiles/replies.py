"""Do citizens' messages get a reply, and how soon: only where the table holds replies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from govcode.metrics.figures import Figure
from govcode.metrics.intervals import wilson
from govcode.metrics.survival import SurvivalCurve, kaplan_meier
from govcode.profiles.base import CodedPost

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Replies:
    """Messages that could be answered, those that were, and days until the reply.

    `curve` is None where no reply has a time; `untimed` answered messages are then not in it.
    """

    answerable: int
    answered: int
    rate: Figure
    curve: SurvivalCurve | None
    median: float | None
    median_low: float | None
    median_high: float | None
    untimed: int


def replies(posts: Sequence[CodedPost], channels: Collection[str], end: datetime | None) -> Replies | None:
    """Return the reply rate and the Kaplan-Meier latency in days; None where no post has a reply.

    A message is answerable where it has a reply or is coded as a channel of citizens (`channels`: the codes
    of deficit facets). Unanswered messages with a date are censored at `end`, the last date of the table.
    """
    if not any(p.reply for p in posts):
        return None
    messages = [p for p in posts if p.reply or p.code in channels]
    answered = sum(bool(p.reply) for p in messages)
    times: list[float] = []
    events: list[bool] = []
    for post in messages:
        until = post.replied if post.reply else end
        if post.published and until and until >= post.published:
            times.append((until - post.published).total_seconds() / SECONDS_A_DAY)
            events.append(bool(post.reply))
    curve = kaplan_meier(times, events) if any(events) else None
    low, high = curve.median_interval if curve else (None, None)
    return Replies(
        answerable=len(messages), answered=answered, rate=wilson(answered, len(messages)), curve=curve,
        median=curve.median if curve else None, median_low=low, median_high=high,
        untimed=answered - sum(events),
    )  # fmt: skip
