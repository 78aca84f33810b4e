"""Put shares corrected by gold beside the counted ones, from the same estimation as `govcode estimate`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from govcode.codebook.model import Codebook
from govcode.errors import NotComputableError
from govcode.estimation.corpus import parts_of
from govcode.estimation.estimation import Plan, estimate_shares
from govcode.estimation.results import Estimate, Estimation
from govcode.estimation.sensitivity import mapped_shares
from govcode.estimation.shares import design_shares
from govcode.metrics.figures import Figure
from govcode.profiles.base import WITH_GOLD, CodedPost, Correction, Measure, Share, measured
from govcode.profiles.contrast import REST, Contrast
from govcode.profiles.periods import Periods
from govcode.profiles.profile import ALL, GroupProfile, Profile, benchmarked
from govcode.profiles.sensitivity import held
from govcode.profiles.shares import FacetFigures
from govcode.records import Coding
from govcode.workflow.estimate import EstimateOptions, Prepared, prepare

Key = tuple[tuple[str, ...], str]  # group, code or part of a facet
GOLD_ONLY = "stratified"
GOLD_POSTS = "gold posts"
ANY = "*"
ALL_OTHERS = "all others"


@dataclass(frozen=True)
class GoldSource:
    """Where gold is, how it was drawn, and how the coded table is to be read."""

    path: str
    assume_random: bool = False
    form: str | None = None
    encoding: str | None = None


def corrected(
    found: Profile, posts: Sequence[CodedPost], coded: str, gold: GoldSource, codebook: Codebook
) -> Profile:
    """Return the profile with corrected shares of codes, facets, months, and differences between accounts.

    What gold cannot carry stays as counted, with its reason: a group or month with too little gold, a facet
    of whose codes gold has no form or no second code. Gold without recorded inclusion probabilities
    corrects nothing unless it is said to be a simple random draw.
    """
    unit = found.periods.unit
    columns = (*found.grouping, *(() if unit in found.grouping else (unit,)))
    options = EstimateOptions(
        by=columns, assume_random=gold.assume_random, codebook=codebook.source, form=gold.form,
        encoding=gold.encoding,
    )  # fmt: skip
    try:
        ready = prepare(coded, gold.path, options)
        result = _estimated(ready, found.grouping)
    except NotComputableError as error:
        reason = str(error).replace(gold.path, Path(gold.path).name).replace(coded, Path(coded).name)
        return replace(found, correction=Correction("", "", "", 0, reason))
    facets, refused = _facets(ready, posts, found.grouping, codebook)
    shares = _figures(result.estimates, found.grouping)
    mapped = _mapped(ready, found.grouping, codebook)
    whole, *groups = (
        _mapped_too(_with(g, shares, facets), mapped, codebook) for g in (found.overall, *found.groups)
    )
    return replace(
        found,
        correction=Correction(
            result.method, result.label, result.assumption, result.gold, refused=tuple(refused)
        ),
        overall=benchmarked([whole], codebook)[0], groups=tuple(benchmarked(groups, codebook)),
        contrasts=_contrasts(found, result),
        periods=_periods(found.periods, _estimated(ready, (found.periods.unit,))),
    )  # fmt: skip


def _estimated(ready: Prepared, by: tuple[str, ...]) -> Estimation:
    plan = Plan(ready.method, by, assumed=True)
    if all(c.inclusion_prob is not None for c in ready.gold.codings.values()):
        plan = replace(plan, assumed=False)
    unmatched = len(ready.gold.codings) - len(ready.sample)
    return estimate_shares(ready.corpus, ready.sample, plan, unmatched=unmatched)


def _usable(figure: Figure | None) -> bool:
    return figure is not None and figure.value == figure.value


def _figures(rows: Iterable[Estimate], grouping: Sequence[str]) -> dict[Key, Measure]:
    return {
        (tuple(row.group.get(name, "") for name in grouping) if row.group else ALL, row.code): _measure(row)
        for row in rows
    }


def _measure(row: Estimate) -> Measure:
    return measured(row.share, row.gold, GOLD_POSTS, WITH_GOLD)


def _periods(found: Periods, result: Estimation) -> Periods:
    """Return the shares by period with the corrected ones of those that hold gold enough."""
    figures = _figures((row for row in result.estimates if row.group), (found.unit,))
    return replace(
        found,
        periods=tuple(
            replace(p, shares=tuple(_share(s, figures.get(((p.period,), s.code))) for s in p.shares))
            for p in found.periods
        ),
    )


def _with(
    group: GroupProfile, shares: Mapping[Key, Measure], facets: Mapping[str, Mapping[Key, Measure]]
) -> GroupProfile:
    """Return a group with every corrected share there is."""

    def part(facet: FacetFigures, name: str, share: Share) -> Share:
        return _share(share, facets.get(facet.facet, {}).get((group.key, name)))

    return replace(
        group, shares=tuple(_share(s, shares.get((group.key, s.code))) for s in group.shares),
        facets=tuple(
            replace(
                f, any_use=part(f, ANY, f.any_use), groups=tuple(part(f, s.code, s) for s in f.groups)
            )
            for f in group.facets
        ),
    )  # fmt: skip


def _mapped(ready: Prepared, grouping: tuple[str, ...], codebook: Codebook) -> dict[str, dict[Key, Measure]]:
    """Return the corrected shares under every sensitivity mapping; none where gold has no forms."""
    if any(m.forms for m in codebook.mappings) and not all(ready.sample.forms or ("",)):
        return {}
    return {
        mapping.id: _figures(rows, grouping)
        for mapping, rows in mapped_shares(
            ready.corpus, ready.sample, codebook.mappings, grouping, method=ready.method
        )
    }


def _mapped_too(
    group: GroupProfile, mapped: Mapping[str, Mapping[Key, Measure]], codebook: Codebook
) -> GroupProfile:
    """Return a group whose sensitivity rests on corrected shares, where gold allows it for every mapping."""
    found = group.sensitivity
    if found is None or not mapped or any(s.corrected is None for s in group.shares):
        return group
    rows = tuple(
        replace(
            m, extremes=(),
            shares=tuple(_share(s, mapped[m.mapping].get((group.key, s.code))) for s in m.shares),
        )
        for m in found.mappings
    )  # fmt: skip
    if any(s.corrected is None for m in rows for s in m.shares):
        return group
    plain = {s.code: s.best.value for s in group.shares}
    findings = held(plain, rows, codebook)
    return replace(group, sensitivity=replace(found, mappings=rows, findings=findings, corrected=True))


def _share(share: Share, figure: Measure | None) -> Share:
    return replace(share, corrected=figure) if _usable(figure) else share


def _contrasts(found: Profile, result: Estimation) -> tuple[Contrast, ...]:
    """Return the differences of corrected shares; those of counts where gold allows none."""
    sizes = {" · ".join(g.key): g.codable for g in found.groups}
    whole = found.overall.codable
    rows = tuple(
        Contrast(
            d.first, REST if d.second == ALL_OTHERS else d.second, d.code,
            measured(d.difference, result.gold, GOLD_POSTS, WITH_GOLD),
            sizes.get(d.first, 0), sizes.get(d.second, whole - sizes.get(d.first, 0)), d.p, d.p_holm,
            corrected=True,
        )
        for d in result.differences
    )  # fmt: skip
    return rows or found.contrasts


def _facets(
    ready: Prepared, posts: Sequence[CodedPost], grouping: tuple[str, ...], codebook: Codebook
) -> tuple[dict[str, dict[Key, Measure]], list[tuple[str, str]]]:
    """Return corrected shares of every facet, and why there are none (facet, slug of the reason)."""
    found: dict[str, dict[Key, Measure]] = {}
    refused: list[tuple[str, str]] = []
    golds = list(ready.gold.codings.values())
    golds = [c for c in golds if c.post_id in ready.table.position]
    if len(posts) != len(ready.corpus):
        return found, [(facet.id, "rows_differ") for facet in codebook.facets]
    for facet in codebook.facets:
        figures: dict[Key, Measure] = {}
        if any(c.secondary for c in golds):
            figures |= _binary(ready, posts, golds, grouping, (facet.code, frozenset(), ANY))
        else:
            refused.append((facet.id, "gold_no_secondary"))
        if any(c.code == facet.code and not c.form for c in golds):
            refused.append((facet.id, "gold_no_form"))
        else:
            for group in facet.groups:
                wanted = (facet.code, frozenset(group.forms), group.id)
                figures |= _binary(ready, posts, golds, grouping, wanted)
        found[facet.id] = figures
    return found, refused


def _binary(
    ready: Prepared, posts: Sequence[CodedPost], golds: Sequence[Coding], grouping: tuple[str, ...],
    wanted: tuple[str, frozenset[str], str],
) -> dict[Key, Measure]:  # fmt: skip
    """Estimate one share of posts that are (or hold) a code, by group: by the machine and gold, or gold only.

    `wanted` is (code, forms, name): with forms the code must be primary and have one of them. Where the
    machine gave no forms it cannot help, and gold alone is used.
    """
    code, forms, name = wanted

    def hit(one: str, other: str, form: str) -> int:
        return int(not (one == code and form in forms if forms else code in (one, other)))

    blind = bool(forms) and any(p.code == code and not p.form for p in posts)
    machine = np.array([hit(p.code, p.secondary, p.form) if p.codable else 2 for p in posts], dtype=np.int16)
    gold = np.array([hit(c.code, c.secondary, c.form) for c in golds], dtype=np.intp)
    corpus = replace(ready.corpus, codes=("hit", "rest"), machine=machine, probabilities=None)
    sample = replace(ready.sample, gold=np.where(ready.sample.gold == len(ready.corpus.codes), 2, gold))
    method = GOLD_ONLY if blind else ready.method
    parts = [part for by in ((), grouping) for part in parts_of(corpus, sample, by)]
    rows = design_shares(corpus, sample, parts, method=method, level=0.95)
    return {
        (tuple(row.group.get(g, "") for g in grouping) if row.group else ALL, name): _measure(row)
        for row in rows
        if row.code == "hit"
    }
