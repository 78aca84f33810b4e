"""Between which codes coders disagree, and which border rules they wrote down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from govcode.codebook.citations import cited_rules
from govcode.intercoder.panel import Panel
from govcode.intercoder.results import Border
from govcode.metrics.ratings import Ints
from govcode.records import Coding

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A post to which coders gave different codes."""

    post_id: str
    codings: tuple[Coding, ...]


def disagreements(panel: Panel) -> Iterator[Disagreement]:
    """Yield the posts on whose code (NA included) coders disagree, in order."""
    codes = panel.values(lambda decision: decision[0], sorted({code for code, _ in panel.decisions}))
    for post in _split(codes, panel):
        cells = panel.cells[post]
        yield Disagreement(panel.posts[post], tuple(panel.codings[i] for i in cells[cells >= 0]))


def _split(codes: Ints, panel: Panel) -> list[int]:
    mixed = [len({int(v) for v in row if v >= 0}) > 1 for row in codes]
    return [post for post, row in enumerate(panel.pattern.tolist()) if mixed[row]]


def borders_of(panel: Panel, rules: Sequence[str] = ()) -> tuple[Border, ...]:
    """Count disagreements by pair of codes, most frequent first."""
    posts: Counter[tuple[str, str]] = Counter()
    cited: dict[tuple[str, str], Counter[str]] = {}
    forms: dict[tuple[str, str], Counter[str]] = {}
    examples: dict[tuple[str, str], list[str]] = {}
    for case in disagreements(panel):
        pairs = {_ordered(a.code, b.code) for a, b in combinations(case.codings, 2) if a.code != b.code}
        found = {rule for coding in case.codings for rule in cited_rules(coding.note, rules)}
        kinds = "/".join(sorted({coding.form for coding in case.codings if coding.form}))
        for pair in pairs:
            posts[pair] += 1
            cited.setdefault(pair, Counter()).update(found)
            forms.setdefault(pair, Counter()).update([kinds] if kinds else [])
            if len(shown := examples.setdefault(pair, [])) < EXAMPLES:
                shown.append(case.post_id)
    return tuple(
        Border(
            pair, number, dict(sorted(cited[pair].items(), key=_by_count)),
            dict(sorted(forms[pair].items(), key=_by_count)[:5]), tuple(examples[pair]),
        )
        for pair, number in sorted(posts.items(), key=_by_count)
    )  # fmt: skip


def _ordered(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def _by_count(item: tuple[object, int]) -> tuple[int, str]:
    return (-item[1], str(item[0]))
