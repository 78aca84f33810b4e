"""Shares of codes, facets and diversity of one group of posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from govcode.codebook.model import Codebook, Facet
from govcode.metrics.diversity import Diversity, diversity
from govcode.metrics.figures import Figure
from govcode.metrics.intervals import wald
from govcode.profiles.base import CODABLE, CodedPost, Measure, Share, counted, measured, share_of

OF_CODE = "posts of the code whose form is known"
RAW = "without correction for small samples, for comparison; the interval is that of the corrected figure"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A declared benchmark of a share (`value`), and the deficit of the share against it."""

    name: str
    value: Measure
    deficit: Measure


@dataclass(frozen=True, slots=True)
class FacetFigures:
    """A code seen closer: its posts by group of forms.

    `any_use` counts the code as primary or secondary; `groups` are shares of all codable posts; `within`
    shares of the code's posts whose form is known; `formless` posts of the code have no form.
    """

    facet: str
    code: str
    any_use: Share
    groups: tuple[Share, ...]
    within: tuple[Share, ...]
    formless: int
    deficit: bool
    benchmarks: tuple[Benchmark, ...] = ()


@dataclass(frozen=True, slots=True)
class DiversityFigures:
    """Functional diversity over all codes, and over the codes other than the residual one.

    `raw` is the entropy without correction for small samples, for comparison.
    """

    all_codes: Measure
    without_residual: Measure | None
    simpson: Measure
    raw: Measure


def code_shares(posts: Sequence[CodedPost], codebook: Codebook) -> tuple[Share, ...]:
    """Return the share of each code among codable posts, with its interval."""
    counts = Counter(p.code for p in posts)
    return tuple(_share(code, counts[code], len(posts)) for code in codebook.ids)


def facet_figures(posts: Sequence[CodedPost], facet: Facet) -> FacetFigures:
    """Divide the posts of a facet's code by groups of forms; posts without a form are counted apart."""
    n = len(posts)
    of_code = [p for p in posts if p.code == facet.code]
    formed = [p for p in of_code if p.form]
    hits = {g.id: sum(p.form in g.forms for p in formed) for g in facet.groups}
    known = bool(formed) or not of_code
    return FacetFigures(
        facet=facet.id, code=facet.code,
        any_use=_share(facet.code, sum(facet.code in (p.code, p.secondary) for p in posts), n),
        groups=tuple(_share(g.id, hits[g.id], n) for g in facet.groups) if known else (),
        within=tuple(_share(g.id, hits[g.id], len(formed), OF_CODE) for g in facet.groups) if formed else (),
        formless=len(of_code) - len(formed), deficit=facet.deficit,
    )  # fmt: skip


def deficit(share: float, benchmark: float) -> float:
    """Return 1 - min(1, share / benchmark) in [0, 1]: 0 at or above the benchmark, 1 where nothing is.

    An index of ours, never to be read without its benchmark. A benchmark of 0 gives 0.
    """
    return 1 - min(1.0, share / benchmark) if benchmark > 0 else 0.0


def benchmark_of(name: str, value: Measure, share: Measure) -> Benchmark:
    """Return the deficit of a share against a benchmark that is taken as fixed.

    The deficit falls as the share grows, so its limits are those of the share, the other way round.
    """
    low, high = deficit(share.high, value.value), deficit(share.low, value.value)
    found = Figure(deficit(share.value, value.value), low, high, share.level, share.interval)
    note = "the benchmark is taken as fixed"
    return Benchmark(name, value, measured(found, share.n, share.of, share.source, note))


def diversity_figures(posts: Sequence[CodedPost], codebook: Codebook) -> DiversityFigures | None:
    """Return normalised, bias-corrected entropy with its interval; None without codable posts."""
    counts = Counter(p.code for p in posts)
    if not sum(counts[c] for c in codebook.ids):
        return None
    full = diversity([counts[c] for c in codebook.ids])
    rest = [counts[c] for c in codebook.ids if c != codebook.residual]
    return DiversityFigures(
        all_codes=_evenness(full, [counts[c] for c in codebook.ids]),
        without_residual=_evenness(diversity(rest), rest) if codebook.residual and any(rest) else None,
        simpson=_simpson(full, [counts[c] for c in codebook.ids]),
        raw=counted(full.normalised, full.n, CODABLE, note=RAW),
    )  # fmt: skip


def _simpson(found: Diversity, counts: Sequence[int]) -> Measure:
    """Return 1 - sum p^2 with its delta-method interval: var = 4 (sum p^3 - (sum p^2)^2) / n; in [0, 1]."""
    shares = [c / found.n for c in counts]
    variance = 4 * (sum(p**3 for p in shares) - sum(p * p for p in shares) ** 2) / found.n
    return _cut(wald(found.simpson, sqrt(max(0.0, variance))), found.n, "delta method")


def _cut(figure: Figure, n: int, how: str) -> Measure:
    return Measure(figure.value, max(0.0, figure.low), min(1.0, figure.high), figure.level, how, n=n)


def _evenness(found: Diversity, counts: Sequence[int]) -> Measure:
    """Return corrected normalised entropy with the delta-method interval, cut to [0, 1].

    var(H) = (sum p ln^2 p - H^2) / n (Basharin 1959); where all codes are equally frequent it is 0 and the
    interval is the point.
    """
    shares = [c / found.n for c in counts if c]
    variance = (sum(p * log(p) ** 2 for p in shares) - found.entropy**2) / found.n
    scale = log(found.categories) if found.categories > 1 else 1.0
    figure = wald(found.corrected, sqrt(max(0.0, variance)) / scale)
    return _cut(figure, found.n, "delta method, Miller-Madow")


def _share(name: str, hits: int, n: int, of: str = CODABLE) -> Share:
    return Share(name, hits, n, share_of(hits, n, of))
