"""Do citizens' messages get a reply, and how soon: only where the table holds replies."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from govcode.metrics.survival import SurvivalCurve, kaplan_meier
from govcode.profiles.base import CodedPost, Measure, counted, share_of

SECONDS_A_DAY = 86_400
ANSWERABLE = "messages that could be answered"
TIMED = "messages with the times that are needed"
SUBSTANTIVE = ("substantive", "solved", "solution", "实质", "实质答复", "解决", "1")
_SENTENCE = re.compile(r"[。!!;;\n]+")
_FORMULA = re.compile(
    "您好|你好|网友|感谢|谢谢|收悉|已收到|转(?:交|办|至|给|送|达)|交由|反馈给|请(?:您)?(?:拨打|致电|咨询|联系|关注|耐心等待|到|前往)"
    "|咨询电话|联系电话|热线|祝您|再见|欢迎|此复|特此回复|现答复如下|会尽快|正在(?:核实|处理|办理)"
)
_DONE = re.compile(
    "已(?:经)?(?:解决|修复|完成|办结|退还|补发|安装|清理|整改|发放|恢复)|经(?:核实|查|调查|现场)|根据|按照|规定"
)


@dataclass(frozen=True, slots=True)
class Replies:
    """Messages that could be answered, those that were, and days until the reply.

    `curve` is None where no reply has a time; `untimed` answered messages are then not in it.
    `substantive` is the share of replies that do more than pass on or thank: as people coded them (`coded`),
    else an upper bound by rule.
    """

    answerable: int
    answered: int
    rate: Measure
    curve: SurvivalCurve | None
    median: Measure
    untimed: int
    substantive: Measure | None = None
    coded: bool = False


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
    return Replies(
        answerable=len(messages), answered=answered, rate=share_of(answered, len(messages), ANSWERABLE),
        curve=curve, median=_median(curve),
        untimed=answered - sum(events), **_substantive([p for p in messages if p.reply]),
    )  # fmt: skip


def _median(curve: SurvivalCurve | None) -> Measure:
    """Return the median days until a reply, with the limits that the data reach."""
    if curve is None or curve.median is None:
        note = "fewer than half were answered" if curve else "no reply has a time"
        return counted(None, curve.n if curve else 0, TIMED, note=note)
    low, high = (math.nan if t is None else t for t in curve.median_interval)
    note = "a limit lies beyond the data" if math.isnan(low) or math.isnan(high) else ""
    return Measure(curve.median, low, high, 0.95, "Brookmeyer-Crowley", note, curve.n, TIMED)


def _substantive(answered: Sequence[CodedPost]) -> dict[str, Any]:
    kinds = [p.reply_kind for p in answered if p.reply_kind]
    if kinds:
        known = sum(k in SUBSTANTIVE for k in kinds)
        return {"substantive": share_of(known, len(kinds), "replies of coded kind"), "coded": True}
    told = sum(not is_formula(p.reply) for p in answered)
    return {"substantive": share_of(told, len(answered), "replies")}


def is_formula(reply: str) -> bool:
    """Say whether a reply holds nothing but greetings, thanks, passing on, or where to turn.

    Every sentence must be such a formula; one that tells anything else makes the reply count as substantive,
    so the share of substantive replies is an upper bound.
    """
    sentences = [s.strip() for s in _SENTENCE.split(reply) if s.strip()]
    return all(_FORMULA.search(s) and not _DONE.search(s) for s in sentences)
