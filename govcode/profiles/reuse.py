"""Visible synergy, first part: the same text at several accounts or platforms, who leads, and how late."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.shingles import (
    BANDS,
    Clusters,
    band_keys,
    candidate_groups,
    containment,
    jaccard,
    normalise,
    shingles,
    signature,
)
from govcode.profiles.base import CodedPost, Measure, counted

THRESHOLD = 0.8
MINIMUM_CHARACTERS = 12
EXCERPT = 120  # characters of a long text that are compared with short ones
MINIMUM_EXCERPT = 30  # shingles: shorter texts are not taken for excerpts
WINDOW_DAYS = 7
NEIGHBOURS = 3
CACHED = 10_000
DATED = "dated clusters of both"
LONGEST = 5_000
"""Characters of a text that are compared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Reuse between two accounts: clusters that hold both, clusters of a, lag of b after a in hours.

    `reuse` is the share of a's clusters in which b takes part.
    """

    a: str
    b: str
    both: int
    of_a: int
    a_first: int
    b_first: int
    same_minute: int
    reuse: Measure
    median_lag_hours: Measure


@dataclass(frozen=True, slots=True)
class Reuse:
    """Near-duplicate texts: clusters across accounts and across platforms, pairs, leaders.

    `compared` posts had text enough; `clusters` hold posts of two or more accounts; `leaders` maps
    accounts to clusters in which theirs was the first dated post.
    """

    compared: int
    clusters: int
    posts: int
    same_account: int
    cross_platform: int
    pairs: tuple[Pair, ...]
    leaders: tuple[tuple[str, int], ...]
    led: int
    examples: tuple[tuple[str, ...], ...]


def reuse(posts: Sequence[CodedPost]) -> Reuse:
    """Find near-duplicates (Jaccard >= .8, or an excerpt contained >= .8) within seven days of each other.

    Texts are normalised, cut into 3-character shingles, signed with 100 MinHash values in 20 bands of 5;
    every candidate is verified exactly. Dated posts further apart than the window are not the same story.
    """
    ordered = sorted(posts, key=lambda p: (p.published or datetime.max, p.account, p.post_id))
    kept, members = _clusters(ordered)
    across = [m for m in members if len({kept[i].account for i in m}) > 1]
    platforms = [m for m in members if len({kept[i].platform for i in m if kept[i].platform}) > 1]
    leaders = Counter(name for m in across if (name := _leader([kept[i] for i in m])))
    return Reuse(
        compared=len(kept), clusters=len(across), posts=sum(map(len, across)),
        same_account=len(members) - len(across), cross_platform=len(platforms),
        pairs=_pairs([[kept[i] for i in m] for m in across]),
        leaders=tuple(sorted(leaders.items(), key=lambda item: (-item[1], item[0]))),
        led=sum(leaders.values()),
        examples=tuple(tuple(kept[i].post_id for i in m) for m in sorted(across, key=len)[-5:][::-1]),
    )  # fmt: skip


def _clusters(posts: Sequence[CodedPost]) -> tuple[list[CodedPost], list[list[int]]]:
    """Return the posts with text enough, and the clusters of them as positions.

    Long texts are compared by their beginning as well. Texts are read when they are needed.
    """
    kept: list[CodedPost] = []
    keys, starts = bytearray(), bytearray()
    long: list[int] = []
    for post in posts:
        text = _words(post)
        if len(text) < MINIMUM_CHARACTERS:
            continue
        keys += _keys(text)
        if len(text) > EXCERPT * 3 // 2:
            starts += _keys(text[:EXCERPT])
            long.append(len(kept))
        kept.append(post)
    if len(kept) < 2:
        return kept, []
    owners = np.concatenate((np.arange(len(kept)), np.array(long, dtype=np.intp)))
    keys += starts
    found = Clusters(len(kept))
    words = lru_cache(CACHED)(lambda place: _words(kept[place]))
    for a, b in _links(kept, owners, np.frombuffer(keys, dtype=np.uint32).reshape(-1, BANDS)):
        if found.root(a) != found.root(b) and _same(words(a), words(b)):
            found.join(a, b)
    return kept, found.sets()


def _keys(text: str) -> bytes:
    """Return the bands of a text in half their bits: a million posts in 80 MB."""
    return (band_keys(signature(text)) >> np.uint64(32)).astype(np.uint32).tobytes()


def _words(post: CodedPost) -> str:
    return normalise(post.text[:LONGEST])


def _links(
    posts: Sequence[CodedPost], owners: NDArray[np.intp], keys: NDArray[np.uint32]
) -> Iterator[tuple[int, int]]:
    """Yield candidate pairs: each post with its nearest neighbours in time that share a band."""
    for group in candidate_groups(keys):
        members = np.unique(owners[group]).tolist()
        for place, a in enumerate(members):
            for b in members[place + 1 : place + 1 + NEIGHBOURS]:
                if _near(posts[a].published, posts[b].published):
                    yield a, b


def _near(a: datetime | None, b: datetime | None) -> bool:
    return a is None or b is None or abs((b - a).total_seconds()) <= WINDOW_DAYS * 86_400


def _same(a: str, b: str) -> bool:
    if a == b:
        return True
    one, other = shingles(a), shingles(b)
    if jaccard(one, other) >= THRESHOLD:
        return True
    return min(len(one), len(other)) >= MINIMUM_EXCERPT and containment(one, other) >= THRESHOLD


def _firsts(cluster: Sequence[CodedPost]) -> dict[str, datetime | None]:
    """Return each account's first dated post in a cluster (None where it has no date)."""
    firsts: dict[str, datetime | None] = {}
    for post in cluster:
        known = firsts.setdefault(post.account, post.published)
        if post.published and (known is None or post.published < known):
            firsts[post.account] = post.published
    return firsts


def _leader(cluster: Sequence[CodedPost]) -> str:
    """Return the account that was first, or an empty string for a tie or without dates."""
    dated = sorted((t, a) for a, t in _firsts(cluster).items() if t)
    if len(dated) < 2 or dated[0][0] == dated[1][0]:
        return ""
    return dated[0][1]


def _pairs(clusters: Sequence[Sequence[CodedPost]]) -> tuple[Pair, ...]:
    of: Counter[str] = Counter()
    lags: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for cluster in clusters:
        firsts = _firsts(cluster)
        of.update(firsts.keys())
        names = sorted(firsts)
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                one, other = firsts[a], firsts[b]
                lags[a, b].append((other - one).total_seconds() / 3600 if one and other else None)
    return tuple(_pair(a, b, hours, of) for (a, b), hours in sorted(lags.items()))


def _pair(a: str, b: str, hours: Sequence[float | None], of: Counter[str]) -> Pair:
    """Return the pair with the account that is more often first as `a`."""
    known = [h for h in hours if h is not None]
    first, second = sum(h > 0 for h in known), sum(h < 0 for h in known)
    if second > first:
        a, b, first, second = b, a, second, first
    return Pair(
        a=a, b=b, both=len(hours), of_a=of[a], a_first=first, b_first=second,
        same_minute=sum(abs(h) < 1 / 60 for h in known),
        reuse=counted(len(hours) / of[a], of[a], "clusters of a"),
        median_lag_hours=(
            counted(median(map(abs, known)), len(known), DATED) if known
            else counted(None, 0, DATED, note="no cluster with both is dated")
        ),
    )  # fmt: skip
