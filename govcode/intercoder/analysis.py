"""The whole analysis: codings of several coders in, one result out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from govcode.errors import NotComputableError
from govcode.intercoder.borders import borders_of
from govcode.intercoder.cautions import cautions_of
from govcode.intercoder.draws import PAIRS, SMOOTHED, Sampler, sampler_of
from govcode.intercoder.drift import drift_of
from govcode.intercoder.panel import Decision, Panel, domain_of, panel_of
from govcode.intercoder.results import (
    RELIABLE,
    TENTATIVE,
    CodeReliability,
    Drift,
    Figures,
    PairReliability,
    Reliability,
    Resampling,
)  # fmt: skip
from govcode.intercoder.weighted import weighted_figures
from govcode.metrics.coefficients import COEFFICIENTS
from govcode.metrics.distances import between_sets, jaccard, masi
from govcode.metrics.figures import Figure
from govcode.metrics.ratings import MISSING, Ints
from govcode.metrics.resampling import REPLICATES, SEED
from govcode.metrics.tallies import Tallies
from govcode.records import NA, Coding

NO_SECONDARY = "none"


def analyse(
    codings: Sequence[Coding], *, codes: Sequence[str] = (), coders: Sequence[str] = (),
    rules: Sequence[str] = (), draws: int = REPLICATES, seed: int = SEED, level: float = 0.95,
    resample: str = SMOOTHED, clusters: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None, na_as_code: bool = False,
    probabilities: Mapping[str, float] | None = None,
) -> Reliability:  # fmt: skip
    """Compute the agreement of coders on the posts that at least two of them coded.

    `codes` is the scheme in codebook order (default: the codes in use; AC1 and Brennan-Prediger depend on
    it). NA is missing data unless `na_as_code`. `clusters` (post → cluster) makes the bootstrap draw
    clusters; `resample` is smoothed, units or pairs (see `sampler_of`). `groups` (post → value) adds
    figures by group; `probabilities` (post → inclusion probability) weighted figures, where they differ.
    Raises NotComputableError without two coders or without a post coded by both.
    """
    panel = panel_of(codings, coders)
    scheme = domain_of(panel, codes, na_as_code=na_as_code)
    sampler = sampler_of(panel, draws=draws, seed=seed, level=level, kind=resample, clusters=clusters)
    values = panel.values(lambda decision: decision[0], scheme)
    observed, drawn = sampler.tallies(values, len(scheme))
    overall = sampler.figures(observed, drawn)
    per_code = tuple(_one_code(sampler, code, _marked(values, k)) for k, code in enumerate(scheme))
    group_figures, group_posts = _groups(codings, groups, scheme, panel.coders, sampler)
    return Reliability(
        coders=panel.coders, codes=scheme, codings=int((panel.cells >= 0).sum()), posts=len(panel.posts),
        overlap=len(panel.overlap), missing=_missing(panel), overall=overall,
        weighted=weighted_figures(
            panel, values, scheme, probabilities or {}, clusters=clusters, draws=draws, seed=seed, level=level
        ),
        below=_below(sampler, observed, drawn), per_code=per_code, codable=_codable(panel, sampler),
        secondary=_secondary(panel, sampler, scheme), mentions=_mentions(panel, sampler, scheme),
        pairs=_pairs(panel, sampler, scheme), borders=borders_of(panel, rules), drift=_drift(panel, seed),
        groups=group_figures, group_posts=group_posts,
        resampling=Resampling(sampler.kind, sampler.draws, seed, level, len(set((clusters or {}).values()))),
        warnings=tuple(cautions_of(overall, per_code, observed, scheme, sampler.clusters)),
    )  # fmt: skip


def _marked(values: Ints, index: int) -> Ints:
    """Recode to 0 (the value) and 1 (any other); missing stays missing."""
    return np.where(values < 0, MISSING, (values != index).astype(np.int64))


def _one_code(sampler: Sampler, code: str, marked: Ints) -> CodeReliability:
    """Return the figures of a variable that is 0 where the code was given, else 1."""
    observed, drawn = sampler.tallies(marked, 2)
    pairs = observed.confusions
    together = float(pairs[:, 0, 0].sum())
    apart = float((pairs[:, 0, 1] + pairs[:, 1, 0]).sum())
    used = int(sampler.totals[(marked == 0).any(axis=1)].sum())
    return CodeReliability(code, used, together, apart, sampler.figures(observed, drawn))


def _codable(panel: Panel, sampler: Sampler) -> Figures:
    """Agreement on whether a post can be coded at all; empty where nobody said NA."""
    if all(code != NA for code, _ in panel.decisions):
        return {}
    values = panel.values(lambda decision: decision[0] == NA, (True, False))
    return sampler.figures(*sampler.tallies(values, 2), names=("alpha", "percent", "ac1"))


def _secondary(panel: Panel, sampler: Sampler, scheme: Sequence[str]) -> Figures:
    """Agreement on the secondary code alone, and on code and secondary code as a set; empty if unused."""
    if not any(second for _, second in panel.decisions):
        return {}
    domain = (*scheme, NO_SECONDARY)
    values = panel.values(lambda d: None if d[0] == NA else d[1] or NO_SECONDARY, domain)
    names = ("alpha", "percent", "ac1")
    found = dict(sampler.figures(*sampler.tallies(values, len(domain)), names=names))
    sets = sorted({_set_of(d) for d in panel.decisions if d[0] != NA}, key=sorted)
    marked = panel.values(lambda d: None if d[0] == NA else _set_of(d), sets)
    for name, measure in (("masi", masi), ("jaccard", jaccard)):
        found[f"alpha_{name}"] = sampler.alpha_of(marked, len(sets), between_sets(sets, measure))
    return found


def _set_of(decision: Decision) -> frozenset[str]:
    return frozenset(code for code in decision if code)


def _mentions(panel: Panel, sampler: Sampler, scheme: Sequence[str]) -> tuple[CodeReliability, ...]:
    """Agreement on whether a code is present at all, as code or secondary code; empty if no secondary."""
    if not any(second for _, second in panel.decisions):
        return ()
    found = []
    for code in (c for c in scheme if c != NA):
        values = panel.values(lambda d, c=code: None if d[0] == NA else c in d, (True, False))  # type: ignore[misc]
        found.append(_one_code(sampler, code, values))
    return tuple(found)


def _pairs(panel: Panel, sampler: Sampler, scheme: Sequence[str]) -> tuple[PairReliability, ...]:
    values = panel.values(lambda decision: decision[0], scheme)
    found = []
    for first, second in combinations(range(len(panel.coders)), 2):
        observed, drawn = sampler.tallies(values[:, [first, second]], len(scheme))
        table = observed.confusions[0].round().astype(int)
        figures = sampler.figures(observed, drawn, ("alpha", "percent", "holsti", "scott", "cohen", "ac1"))
        found.append(
            PairReliability(
                panel.coders[first], panel.coders[second], int(table.sum()), figures,
                tuple(tuple(row) for row in table.tolist()),
            )
        )  # fmt: skip
    return tuple(found)


def _drift(panel: Panel, seed: int) -> tuple[Drift, ...]:
    found = (drift_of(panel, coder, seed=seed) for coder in range(len(panel.coders)))
    return tuple(drift for drift in found if drift is not None)


def _missing(panel: Panel) -> dict[str, int]:
    """Count the NA of each coder."""
    marked = panel.values(lambda decision: decision[0] == NA or None, (True,))[panel.pattern] == 0
    return {name: int(n) for name, n in zip(panel.coders, marked.sum(axis=0), strict=True) if n}


def _below(sampler: Sampler, observed: Tallies, drawn: Tallies | None) -> dict[str, float]:
    """Return the share of draws in which alpha is under each threshold."""
    draws = sampler._pairs(observed) if sampler.kind == PAIRS else None
    if drawn is not None:
        draws = np.atleast_2d(COEFFICIENTS["alpha"].formula(drawn))[0]
    if draws is None or not (kept := draws[~np.isnan(draws)]).size:
        return {}
    return {f"{least:.3f}": float((kept < least).mean()) for least in (TENTATIVE, RELIABLE)}


def _groups(
    codings: Sequence[Coding], groups: Mapping[str, str] | None, scheme: Sequence[str],
    coders: Sequence[str], settings: Sampler,
) -> tuple[dict[str, dict[str, Figure]], dict[str, int]]:  # fmt: skip
    """Compute alpha, agreement and AC1 within each group; groups without double coding are left out."""
    split: dict[str, list[Coding]] = {}
    for coding in codings if groups else ():
        if coding.coder in coders:
            split.setdefault((groups or {}).get(coding.post_id) or "(none)", []).append(coding)
    found, posts = {}, {}
    for name in sorted(split):
        try:
            panel = panel_of(split[name])
        except NotComputableError:
            continue
        sampler = sampler_of(
            panel, draws=settings.draws, seed=settings.seed, level=settings.level, kind=settings.kind
        )
        values = panel.values(lambda decision: decision[0], scheme)
        found[name] = sampler.figures(
            *sampler.tallies(values, len(scheme)), names=("alpha", "percent", "ac1")
        )
        posts[name] = len(panel.overlap)
    return found, posts
