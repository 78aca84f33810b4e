"""Simple, stratified and constructed-week samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from govcode.errors import InputError, UsageError
from govcode.sampling.allocation import NEYMAN, PROPORTIONAL, allocate, spread_of
from govcode.sampling.draw import Draw, Floats, Frame, Ints, check_size

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def draw_simple(frame: Frame, size: int, generator: np.random.Generator) -> Draw:
    """Draw `size` posts without replacement, each with probability n / N."""
    check_size(size, len(frame))
    chosen = np.sort(generator.choice(len(frame), size=size, replace=False)).astype(np.int64)
    probability = np.full(size, size / len(frame))
    design = {"name": "simple", "population": len(frame), "size": size}
    return Draw(chosen, probability, ("all",) * size, ("",) * size, design)


def draw_stratified(
    frame: Frame, size: int, by: Sequence[str], generator: np.random.Generator, *,
    allocation: str = PROPORTIONAL, least: int = 1,
) -> Draw:  # fmt: skip
    """Draw from every stratum without replacement; n_h / N_h is the probability of its posts.

    `by` names columns (`account`, `month`, the machine's `code` …). Neyman allocation takes the spread of
    the codes within strata from machine probabilities (or machine codes).
    """
    if not by:
        raise UsageError("A stratified sample needs --by.", hint="For example --by account,month.")
    check_size(size, len(frame))
    labels, stratum = frame.labels(by)
    sizes = np.bincount(stratum, minlength=len(labels))
    spread = spread_of(machine_probabilities(frame), stratum, len(labels)) if allocation == NEYMAN else None
    numbers = allocate(sizes, size, allocation, spread=spread, least=least)
    chosen = _within(stratum, numbers, generator)
    names = [labels[h] for h in stratum[chosen]]
    probability = (numbers / np.maximum(sizes, 1))[stratum[chosen]]
    strata = {label: {"population": int(sizes[h]), "size": int(numbers[h])} for h, label in enumerate(labels)}
    design = {
        "name": "stratified", "population": len(frame), "size": size, "by": list(by),
        "allocation": allocation, "strata": strata,
    }  # fmt: skip
    return Draw(chosen, probability, tuple(names), ("",) * size, design, tuple(_cautions(numbers, sizes)))


def _cautions(numbers: Ints, sizes: Ints) -> Iterator[str]:
    alone = int(((numbers == 1) & (sizes > 1)).sum())
    if alone:
        yield f"{alone} strata have one drawn post: their variance cannot be estimated"
    empty = numbers == 0
    if empty.any():
        yield (
            f"{int(empty.sum())} strata with {int(sizes[empty].sum())} posts could not be drawn from: shares "
            "estimated from this sample leave them out"
        )


def _within(stratum: Ints, numbers: Ints, generator: np.random.Generator) -> Ints:
    """Draw `numbers[h]` positions from each stratum: the first ones of a shuffled order."""
    order = generator.permutation(len(stratum))
    order = order[np.argsort(stratum[order], kind="stable")]
    sizes = np.bincount(stratum, minlength=len(numbers))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.sort(order[rank < numbers[stratum[order]]]).astype(np.int64)


def machine_probabilities(frame: Frame) -> Floats:
    """Return the machine's probabilities, or 1/0 from its codes; raise UsageError where there is neither."""
    if frame.probabilities.size:
        return frame.probabilities
    if "code" not in frame.columns or not any(frame.columns["code"]):
        raise UsageError(
            "This design needs machine codes, and these posts have none.",
            hint="Classify first: `govcode classify posts.jsonl -o coded.jsonl`, then sample coded.jsonl.",
        )
    codes, index = np.unique(np.array(frame.columns["code"], dtype=str), return_inverse=True)
    return np.eye(len(codes))[index]


def draw_weeks(frame: Frame, weeks: int, generator: np.random.Generator, *, size: int | None = None) -> Draw:
    """Draw constructed weeks: for each, one random Monday, one random Tuesday … of the period.

    All days are different. Every post of a drawn day is taken (probability weeks / number of such
    weekdays), or, with `size`, a simple random part of them (the probability times the fraction taken).
    Days are clusters: variance must be computed over days, not posts. Source: Riffe, Aust and Lacy 1993;
    Luke, Caburnay and Cohen 2011.
    """
    days = [_day(text) for text in frame.column("published_at")]
    known = [day for day in days if day is not None]
    if not known:
        raise InputError("No post has a date that can be read.", hint="published_at is ISO 8601.")
    calendar = _calendar(min(known), max(known))
    short = [WEEKDAYS[w] for w in range(7) if len(calendar[w]) < weeks]
    if weeks < 1 or short:
        raise UsageError(
            f"{weeks} constructed weeks cannot be built from {min(known)} to {max(known)}.",
            hint="Each takes a Monday, a Tuesday … of its own; give fewer --weeks.",
        )
    drawn = {
        day
        for w in range(7)
        for day in generator.choice(np.array(calendar[w]), size=weeks, replace=False).tolist()
    }
    chosen = np.array([i for i, day in enumerate(days) if day in drawn], dtype=np.int64)
    taken, fraction = len(chosen), 1.0
    if size is not None and 0 < size < taken:
        chosen = np.sort(generator.choice(chosen, size=size, replace=False))
        fraction = size / taken
    weekday = [day.weekday() for i in chosen if (day := days[i]) is not None]
    probability = np.array([weeks / len(calendar[w]) * fraction for w in weekday])
    design = {
        "name": "weeks", "population": len(frame), "size": len(chosen), "weeks": weeks,
        "from": str(min(known)), "to": str(max(known)), "days": sorted(map(str, drawn)),
        "posts_on_days": taken, "cluster": "day",
        "strata": {WEEKDAYS[w]: {"population": len(calendar[w]), "size": weeks} for w in range(7)},
    }  # fmt: skip
    lost = len(days) - len(known)
    notes = (f"{lost} posts without a date could not be drawn (probability 0)",) if lost else ()
    clusters = tuple(str(days[i]) for i in chosen)
    return Draw(chosen, probability, tuple(WEEKDAYS[w] for w in weekday), clusters, design, notes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _calendar(first: date, last: date) -> list[list[date]]:
    """Return all days of the period by weekday, those without posts too."""
    days: list[list[date]] = [[] for _ in range(7)]
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        days[day.weekday()].append(day)
    return days
