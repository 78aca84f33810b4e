"""The whole profile: every group of posts with its functions, its limits, and what cannot be told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median

from govcode.codebook.model import Codebook
from govcode.profiles.alignment import Alignment, Issue, alignment
from govcode.profiles.base import MINIMUM, CodedPost, Correction, Measure, Share, counted
from govcode.profiles.contrast import Contrast, contrasts
from govcode.profiles.mentions import Mentions, mentions
from govcode.profiles.periods import Periods, periods
from govcode.profiles.recoding import Recoding
from govcode.profiles.replies import Replies, replies
from govcode.profiles.reuse import Reuse, reuse
from govcode.profiles.rhythm import Rhythm, rhythm
from govcode.profiles.sensitivity import Sensitivity, sensitivity
from govcode.profiles.series import SeriesAlignment
from govcode.profiles.shares import (
    DiversityFigures,
    FacetFigures,
    benchmark_of,
    code_shares,
    diversity_figures,
    facet_figures,
)
from govcode.profiles.uptake import Uptake, holm_adjusted, uptake
from govcode.records import ERROR, UNSURE

GROUPINGS = ("account", "department", "platform", "month")
ALL: tuple[str, ...] = ()
PEERS = 3
"""A peer median needs at least this many accounts."""
DECLARED = "a benchmark that is declared, not estimated: no interval"


@dataclass(frozen=True, slots=True)
class GroupProfile:
    """One group of posts. `key` holds its values in the order of the grouping; empty = all posts.

    With fewer than 30 codable posts it is `insufficient`: counts are given, shares are not.
    """

    key: tuple[str, ...]
    posts: int
    codable: int
    uncodable: int
    unsure: int
    errors: int
    insufficient: bool
    counts: tuple[tuple[str, int], ...]
    shares: tuple[Share, ...] = ()
    facets: tuple[FacetFigures, ...] = ()
    diversity: DiversityFigures | None = None
    rhythm: Rhythm | None = None
    replies: Replies | None = None
    sensitivity: Sensitivity | None = None
    alignment: Alignment | None = None
    series: SeriesAlignment | None = None
    uptake: Uptake | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Functions and limits of accounts: all posts, each group, and what lies between accounts."""

    codes: tuple[str, ...]
    grouping: tuple[str, ...]
    check: date | None
    overall: GroupProfile
    groups: tuple[GroupProfile, ...]
    accounts: int
    contrasts: tuple[Contrast, ...]
    reuse: Reuse | None
    mentions: Mentions | None
    periods: Periods
    correction: Correction | None = None
    recodings: tuple[Recoding, ...] = ()
    series: SeriesAlignment | None = None
    uptake: Uptake | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What every group is profiled with."""

    codebook: Codebook
    check: date | None
    missing: Collection[date]
    end: datetime | None
    issues: tuple[Issue, ...]


def profile(
    posts: Sequence[CodedPost],
    codebook: Codebook,
    *,
    by: Sequence[str] = ("account",),
    check: date | None = None,
    missing: Collection[date] = (),
    synergy: bool = True,
    issues: Sequence[Issue] = (),
) -> Profile:
    """Profile coded posts: all of them, and each group by account, department, platform or month.

    An empty `by` makes no groups. `check` is the date up to which regularity is judged (default: the last
    date of the table); `missing` are days that the crawl did not cover. `synergy=False` leaves out reuse and
    mentions. `issues` are the public agenda.
    """
    end = max((p.published for p in posts if p.published), default=None)
    check = check or (end.date() if end else None)
    groups: dict[tuple[str, ...], list[CodedPost]] = defaultdict(list)
    for post in posts if by else ():
        groups[group_key(post, by)].append(post)
    several = synergy and len({p.account for p in posts}) > 1
    setting = Setting(codebook, check, missing, end, tuple(issues))
    made = benchmarked([_group(key, members, setting) for key, members in sorted(groups.items())], codebook)
    if "month" not in by:
        taken = [_uptake([] if g.insufficient else groups[g.key], codebook, issues) for g in made]
        made = [replace(g, uptake=u) for g, u in zip(made, holm_adjusted(taken), strict=True)]
    codable = {" · ".join(k): [p for p in members if p.codable] for k, members in sorted(groups.items())}
    return Profile(
        codes=codebook.ids, grouping=tuple(by), check=check,
        overall=benchmarked([_group(ALL, posts, setting)], codebook)[0], groups=tuple(made),
        accounts=len({p.account for p in posts if p.account}), contrasts=contrasts(codable, codebook),
        reuse=reuse(posts) if several else None, mentions=mentions(posts) if several else None,
        periods=periods(posts, codebook), uptake=_uptake(posts, codebook, issues),
    )  # fmt: skip


def _uptake(posts: Sequence[CodedPost], codebook: Codebook, issues: Sequence[Issue]) -> Uptake | None:
    """Return the uptake of issues that the first facet with forms of uptake raises."""
    facet = next((f for f in codebook.facets if f.uptake), None)
    return uptake(posts, issues, facet.code, frozenset(facet.uptake)) if facet and issues else None


def group_key(post: CodedPost, by: Sequence[str]) -> tuple[str, ...]:
    """Return the values of one post in the order of the grouping; a missing date gives an empty month."""
    return tuple(
        (f"{post.published:%Y-%m}" if post.published else "") if name == "month" else str(getattr(post, name))
        for name in by
    )


def _group(key: tuple[str, ...], posts: Sequence[CodedPost], setting: Setting) -> GroupProfile:
    codebook = setting.codebook
    codable = [p for p in posts if p.codable]
    counts = Counter(p.code for p in codable)
    status = Counter(p.status for p in posts)
    base = GroupProfile(
        key=key, posts=len(posts), codable=len(codable), errors=status[ERROR],
        uncodable=len(posts) - len(codable) - status[ERROR], unsure=status[UNSURE],
        insufficient=len(codable) < MINIMUM, counts=tuple((c, counts[c]) for c in codebook.ids),
        rhythm=rhythm(posts, setting.check, setting.missing) if setting.check else None,
    )  # fmt: skip
    if base.insufficient:
        return base
    channels = frozenset(f.code for f in codebook.facets if f.deficit)
    return replace(
        base, shares=code_shares(codable, codebook),
        facets=tuple(facet_figures(codable, f) for f in codebook.facets),
        diversity=diversity_figures(codable, codebook), replies=replies(codable, channels, setting.end),
        sensitivity=sensitivity(codable, codebook), alignment=alignment(codable, setting.issues),
    )  # fmt: skip


def benchmarked(groups: Sequence[GroupProfile], codebook: Codebook) -> list[GroupProfile]:
    """Give deficit facets their declared benchmarks: an equal share, and the median of the groups."""
    codes = len(codebook.ids)
    equal = counted(1 / codes, codes, "codes", source="codebook", note=DECLARED)
    medians: dict[str, Measure] = {}
    for facet in codebook.facets:
        shares = [f.any_use.best.value for g in groups for f in g.facets if f.facet == facet.id]
        if len(shares) >= PEERS:
            medians[facet.id] = counted(median(shares), len(shares), "groups", note=DECLARED)
    return [
        replace(g, facets=tuple(_with_benchmarks(f, equal, medians.get(f.facet)) for f in g.facets))
        for g in groups
    ]


def _with_benchmarks(facet: FacetFigures, equal: Measure, peers: Measure | None) -> FacetFigures:
    if not facet.deficit:
        return facet
    found = [benchmark_of("equal share", equal, facet.any_use.best)]
    if peers is not None:
        found.append(benchmark_of("peer median", peers, facet.any_use.best))
    return replace(facet, benchmarks=tuple(found))
