"""Codings as a table of posts × coders, compressed to distinct patterns."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from govcode.errors import NotComputableError, choices
from govcode.metrics.ratings import MISSING, Ints, patterns
from govcode.records import NA, Coding

# What one coder said about one post: code and secondary code.
Decision = tuple[str, str]


@dataclass(frozen=True)
class Panel:
    """Who said what about which post.

    `cells` (posts × coders) indexes `codings`, MISSING where a coder did not code the post. `rows`
    (patterns × coders) indexes `decisions`; `pattern` gives each post's row.
    """

    codings: Sequence[Coding]
    posts: tuple[str, ...]
    coders: tuple[str, ...]
    cells: Ints
    decisions: tuple[Decision, ...]
    rows: Ints
    pattern: Ints

    def values(self, of: Callable[[Decision], Hashable | None], domain: Sequence[Hashable]) -> Ints:
        """Return patterns × coders as indices into `domain`; None (and what is outside) is missing."""
        index = {value: i for i, value in enumerate(domain)}
        picked = [MISSING if (v := of(d)) is None else index.get(v, MISSING) for d in self.decisions]
        return np.array([*picked, MISSING], dtype=np.int64)[self.rows]

    @property
    def overlap(self) -> Ints:
        """Positions of the posts that at least two coders coded (NA included)."""
        return np.flatnonzero((self.cells >= 0).sum(axis=1) >= 2)


def panel_of(codings: Sequence[Coding], coders: Sequence[str] = ()) -> Panel:
    """Arrange codings as a panel; `coders` chooses and orders the columns (default: all, as they appear).

    Raises NotComputableError where there are fewer than two coders or no post was coded by two.
    """
    posts: dict[str, int] = {}
    names: dict[str, int] = {name: i for i, name in enumerate(coders)}
    decisions: dict[Decision, int] = {}
    found = array("q")
    for coding in codings:
        if coders and coding.coder not in names:
            found.extend((MISSING, MISSING, MISSING))
            continue
        found.append(posts.setdefault(coding.post_id, len(posts)))
        found.append(names.setdefault(coding.coder, len(names)))
        found.append(decisions.setdefault((coding.code, coding.secondary), len(decisions)))
    place = np.array(found, dtype=np.int64).reshape(-1, 3)
    _check_coders(names, place, codings)
    here = np.flatnonzero(place[:, 0] >= 0)
    cells = np.full((len(posts), len(names)), MISSING, dtype=np.int64)
    cells[place[here, 0], place[here, 1]] = here
    coded = np.where(cells >= 0, place[cells, 2], MISSING)
    rows, pattern = patterns(coded, len(decisions))
    panel = Panel(codings, tuple(posts), tuple(names), cells, tuple(decisions), rows, pattern)
    if not len(panel.overlap):
        raise NotComputableError(
            f"No post was coded by two of the {len(names)} coders ({', '.join(names)}).",
            hint="Give the same posts to two coders: `govcode sample … --coders A,B --overlap N`.",
        )
    return panel


def _check_coders(names: Mapping[str, int], place: Ints, codings: Sequence[Coding]) -> None:
    seen = set(np.unique(place[:, 1]).tolist())
    absent = [name for name, i in names.items() if i not in seen]
    if absent:
        there = dict.fromkeys(coding.coder for coding in codings)
        raise NotComputableError(
            f"There is no coding by {', '.join(absent)}.",
            hint=f"Check the spelling of --coder; found: {choices(there) or 'no coder'}.",
        )
    if len(names) < 2:
        raise NotComputableError(
            f"There is one coder only ({', '.join(names) or 'none'}); agreement needs two.",
            hint="Give the codings of every coder; sheets without a coder column are named by their file.",
        )


def domain_of(panel: Panel, codes: Sequence[str], *, na_as_code: bool = False) -> tuple[str, ...]:
    """Return the scheme: the codes given, else those in use, with NA when it counts as a code."""
    used = sorted({code for code, _ in panel.decisions} - {NA})
    scheme = tuple(codes) if codes else tuple(used)
    if not scheme:
        raise NotComputableError("Every coding is NA: there is nothing to compare.", hint="Check the sheets.")
    return (*scheme, NA) if na_as_code else scheme
