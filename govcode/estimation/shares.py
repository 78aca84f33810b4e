"""Design-based shares: gold alone, or gold correcting the machine (PPI, PPI++, DSL).

All are one estimator with a power λ: share = λ·(machine in corpus) + weighted mean over gold of (gold -
λ·machine). λ = 0 uses gold only, λ = 1 is the difference estimator that PPI and DSL are for a mean, and PPI++
tunes λ. Posts may be uncodable, so a share is a ratio; it is linearised (Särndal, Swensson & Wretman 1992).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.estimation.corpus import Corpus, Floats, Ints, Part, Sample
from govcode.estimation.results import Estimate
from govcode.metrics.clusters import cluster_inflation, cluster_variance, too_few_clusters
from govcode.metrics.design import weight_classes
from govcode.metrics.figures import Figure
from govcode.metrics.intervals import normal_quantile
from govcode.metrics.score import score_interval

FOLDS = 10
"""PPI++ tunes λ for each tenth of gold on the other nine."""
FEW_GOLD = 10
"""A group with fewer gold posts gets no corrected share."""
ONE_CLASS = 0.95
"""Where one weight class holds more of the posts than this, its interval is widened for skewness; joined
intervals of several classes cover enough without."""


@dataclass(frozen=True)
class _Terms:
    """One part, ready for intervals: rows are (code, weight class)."""

    part: Part
    raw: Floats  # (k,)
    error: Floats  # (k,)
    scale: float  # share of codable posts
    counts: Floats  # (k, classes, 9) effective numbers of posts in each cell
    support: Floats  # (k, classes, 9)
    shares: Floats  # (classes,) of the population
    left: Floats  # (classes,) 1 - sampling fraction
    extra: Floats  # (k,) variance from the machine's share in an unlimited population
    refused: Sequence[str]  # (k,) why there is no interval; empty where there is one


def design_shares(
    corpus: Corpus, sample: Sample, parts: Sequence[Part], *, method: str, level: float
) -> list[Estimate]:
    """Estimate the share of every code in every part by `stratified`, `ppi`, `ppi++` or `dsl`."""
    power = {"stratified": 0.0, "ppi++": None}.get(method, 1.0)
    endless = method.startswith("ppi")
    terms = {
        i: _terms(corpus, sample, part, power, endless=endless, level=level)
        for i, part in enumerate(parts)
        if len(part.members) >= FEW_GOLD
    }
    intervals = dict(zip(terms, _intervals(list(terms.values()), level), strict=True))
    estimates = []
    for i, part in enumerate(parts):
        naive = naive_shares(part)
        for k, code in enumerate(corpus.codes):
            common = (part.posts, len(part.members), method)
            if i in terms:
                low, high = (float(bound[k]) for bound in intervals[i])
                raw = float(terms[i].raw[k])
                figure = _kept(raw, low, high, level, terms[i].refused[k])
                estimates.append(
                    Estimate(code, part.group, figure, raw, float(terms[i].error[k]), naive[k], *common)
                )
            else:
                note = f"only {len(part.members)} gold posts: no corrected share"
                figure = Figure(math.nan, level=level, note=note)
                estimates.append(Estimate(code, part.group, figure, math.nan, math.nan, naive[k], *common))
    return estimates


def naive_shares(part: Part) -> list[float]:
    """Return the machine's shares among the posts it coded (NaN where it coded none)."""
    total = part.counts[:-1].sum()
    return [float(count / total) if total else math.nan for count in part.counts[:-1]]


def _kept(raw: float, low: float, high: float, level: float, refused: str) -> Figure:
    value = min(1.0, max(0.0, raw))
    note = "" if value == raw else f"the estimate itself is {raw:.4f}"
    if refused:
        return Figure(value, level=level, note="; ".join(filter(None, (refused, note))))
    bounds = (max(0.0, min(low, value)), min(1.0, max(high, value)))
    return Figure(value, *bounds, level, "score, by design", note)


def _terms(
    corpus: Corpus, sample: Sample, part: Part, fixed: float | None, *, endless: bool, level: float
) -> _Terms:
    codes, chosen = len(corpus.codes), part.members
    gold, machine = sample.gold[chosen], corpus.machine[sample.place[chosen]].astype(np.intp)
    weights = sample.weights[chosen] / sample.weights[chosen].sum()
    y, f = np.eye(codes + 1)[gold], np.eye(codes + 1)[machine]
    known = part.counts - (f.sum(0) if endless else 0)
    ahead = known / known.sum() if known.sum() > 0 else np.zeros(codes + 1)
    powers = np.full(len(y), fixed) if fixed is not None else _powers(y[:, :-1], f[:, :-1], part)
    power = float(powers.mean())
    total = power * ahead + weights @ (y - powers[:, None] * f)
    scale = float(total[:-1].sum())
    raw = total[:-1] / scale if scale > 0 else np.full(codes, np.nan)
    residuals = _centred(y, raw) - powers[:, None] * _centred(f, raw)
    extra = np.zeros(codes)
    if endless and known.sum() > 0:
        spread = ahead @ _centred(np.eye(codes + 1), raw) ** 2
        extra = (
            power**2 * np.maximum(spread - (ahead @ _centred(np.eye(codes + 1), raw)) ** 2, 0) / known.sum()
        )
    strata = sample.strata[chosen]
    clusters = sample.clusters[chosen] if sample.clusters is not None else None
    population = 0 if endless else part.posts
    variance = _variance(residuals, weights, strata, clusters, population) + extra
    classes, shares, left = weight_classes(weights, population)
    counts = _cells(gold, machine, weights, classes, codes)
    counts = counts / cluster_inflation(residuals, weights, clusters, level)[:, None, None]
    values = np.stack([1 - raw, -raw, np.zeros(codes)], -1)
    states = _machine_states(machine, classes, codes, _strata_of_codes(machine, strata, weights, part))
    seen = np.take_along_axis(values[:, None, :], states, -1)
    support = (values[:, None, :, None] - power * seen[:, :, None, :]).reshape(codes, -1, 9)
    events = np.abs(y - powers[:, None] * f)[:, :-1] > 0.5
    refused = too_few_clusters(events, ~events, clusters)
    return _Terms(part, raw, np.sqrt(variance) / scale, scale, counts, support, shares, left, extra, refused)


def _centred(indicators: Floats, shares: Floats) -> Floats:
    """Return [code] - share·[codable] for each post and code."""
    return np.asarray(indicators[:, :-1] - shares * (1 - indicators[:, -1:]))


def _powers(y: Floats, f: Floats, part: Part) -> Floats:
    """Return a λ for every gold post, tuned on the other folds: the estimate has no bias of its own.

    Folds are by position; equal sizes but for one post. With few posts every post is a fold.
    """
    fold = np.arange(len(y)) % FOLDS
    tuned = [_power(y[fold != k], f[fold != k], part) for k in range(min(FOLDS, len(y)))]
    return np.asarray(np.array(tuned)[fold])


def _power(y: Floats, f: Floats, part: Part) -> float:
    """Return the λ in [0, 1] that makes the variances of all codes together smallest (PPI++)."""
    everything = part.counts[:-1] / part.posts
    spread = float((everything * (1 - everything)).sum()) * part.posts / max(1, part.posts - 1)
    shared = float(((y - y.mean(0)) * (f - f.mean(0))).mean(0).sum())
    unlabelled = max(1, part.posts - len(y))
    return min(1.0, max(0.0, shared / ((1 + len(y) / unlabelled) * spread))) if spread > 0 else 0.0


def _variance(
    residuals: Floats, weights: Floats, strata: Ints, clusters: Ints | None, population: int
) -> Floats:
    """Return the variance of the weighted mean residual: within strata, or between clusters."""
    if clusters is not None:
        return cluster_variance(residuals, weights, clusters)
    variance = np.zeros(residuals.shape[1])
    pooled = residuals.var(0, ddof=1)
    for stratum in np.unique(strata):
        inside = strata == stratum
        number, share = int(inside.sum()), float(weights[inside].sum())
        fraction = min(1.0, number / (share * population)) if population else 0.0
        spread = residuals[inside].var(0, ddof=1) if number > 1 else pooled
        variance += share**2 * (1 - fraction) * spread / number
    return variance


def _cells(gold: Ints, machine: Ints, weights: Floats, classes: Ints, codes: int) -> NDArray[np.float64]:
    """Count posts by (this code, other code, uncodable) in gold and machine, per code and weight class."""
    out = np.zeros((codes, int(classes.max()) + 1, 9))
    for number in range(out.shape[1]):
        inside = classes == number
        scaled = weights[inside] * inside.sum() / weights[inside].sum()
        for k in range(codes):
            state = [np.where(x[inside] == k, 0, np.where(x[inside] < codes, 1, 2)) for x in (gold, machine)]
            out[k, number] = np.bincount(state[0] * 3 + state[1], weights=scaled, minlength=9)
    return out


def _strata_of_codes(machine: Ints, strata: Ints, weights: Floats, part: Part) -> bool:
    """Tell whether strata were made of machine codes: no two share a code, and their sizes fit the corpus."""
    names = np.unique(strata)
    sets = [frozenset(machine[strata == name].tolist()) for name in names]
    if len(names) < 2 or sum(map(len, sets)) > len(frozenset().union(*sets)):
        return False
    sizes = [part.counts[list(codes)].sum() / part.posts for codes in sets]
    found = [weights[strata == name].sum() for name in names]
    enough = all((strata == name).sum() >= FEW_GOLD for name in names)
    return enough and bool(np.allclose(sizes, found, rtol=0.05))


def _machine_states(machine: Ints, classes: Ints, codes: int, known: bool) -> Ints:
    """Return (k, classes, 3): the machine state that each of (this code, other, uncodable) stands for.

    All three are possible, except where strata were made of machine codes: then a class without the code
    cannot hold it, and a class of nothing else holds only it.
    """
    states = np.tile(np.arange(3), (codes, int(classes.max()) + 1, 1))
    for number in range(states.shape[1] if known else 0):
        inside = machine[classes == number]
        for k in range(codes):
            if (inside == k).all():
                states[k, number] = 0
            elif not (inside == k).any():
                states[k, number, 0] = 1
    return states


def _intervals(terms: Sequence[_Terms], level: float) -> list[tuple[Floats, Floats]]:
    """Return (low, high) per part: score intervals of the classes, put together by MOVER."""
    if not terms:
        return []
    rows = [t.counts.reshape(-1, 9) for t in terms]
    supports = [t.support.reshape(-1, 9) for t in terms]
    careful = np.concatenate(
        [np.full(len(r), t.shares.max() > ONE_CLASS) for r, t in zip(rows, terms, strict=True)]
    )
    low, high = score_interval(np.concatenate(rows), np.concatenate(supports), level=level, careful=careful)
    cuts = np.cumsum([len(r) for r in rows])[:-1]
    out = []
    for t, below, above in zip(terms, np.split(low, cuts), np.split(high, cuts), strict=True):
        mean = (t.counts * t.support).sum(-1) / t.counts.sum(-1)
        spread = normal_quantile(level) ** 2 * t.extra
        reach = [
            np.sqrt((t.shares**2 * t.left * (bound.reshape(mean.shape) - mean) ** 2).sum(1) + spread)
            / t.scale
            for bound in (below, above)
        ]
        out.append((t.raw - reach[0], t.raw + reach[1]))
    return out
