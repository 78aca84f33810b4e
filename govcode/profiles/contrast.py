"""Which accounts differ in which codes: differences with intervals, corrected for looking often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from govcode.codebook.model import Codebook
from govcode.metrics.comparison import equal_shares_p, holm, newcombe
from govcode.profiles.base import MINIMUM, CodedPost, Measure, measured

PAIRWISE_UP_TO = 8
REST = "*"
LEVEL = 0.05
OF_BOTH = "codable posts of both"


@dataclass(frozen=True, slots=True)
class Contrast:
    """Share of a code at a minus at b (`*` = all other accounts), with interval and Holm-adjusted p.

    `corrected` differences are of shares corrected by gold, the others of counts.
    """

    a: str
    b: str
    code: str
    difference: Measure
    n_a: int
    n_b: int
    p: float
    p_holm: float
    corrected: bool = False

    @property
    def differs(self) -> bool:
        """Say whether the difference stands at 5% after correction."""
        return self.p_holm < LEVEL


def contrasts(groups: Mapping[str, Sequence[CodedPost]], codebook: Codebook) -> tuple[Contrast, ...]:
    """Compare accounts with at least 30 codable posts: all pairs up to eight, else each with all others.

    Holm's correction is over all comparisons returned. Posts are taken as independent draws: posts of one
    event are not, so intervals are rather too narrow.
    """
    counts = {name: Counter(p.code for p in posts) for name, posts in groups.items() if len(posts) >= MINIMUM}
    totals = {name: sum(c.values()) for name, c in counts.items()}
    if len(counts) < 2:
        return ()
    rows: list[tuple[str, str, str, int, int, int, int]] = []
    for code in codebook.ids:
        if len(counts) <= PAIRWISE_UP_TO:
            for a, b in combinations(counts, 2):
                rows.append((a, b, code, counts[a][code], totals[a], counts[b][code], totals[b]))
        else:
            hits, everyone = sum(c[code] for c in counts.values()), sum(totals.values())
            for a in counts:
                own, n = counts[a][code], totals[a]
                rows.append((a, REST, code, own, n, hits - own, everyone - n))
    p_values = [equal_shares_p(*row[3:]) for row in rows]
    return tuple(
        Contrast(a, b, code, measured(newcombe(ha, na, hb, nb), na + nb, OF_BOTH), na, nb, p, adjusted)
        for (a, b, code, ha, na, hb, nb), p, adjusted in zip(rows, p_values, holm(p_values), strict=True)
    )
