"""Gold from the page: what coders agreed on, and what was decided where they did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from govcode.page.collected import all_codings, by_post
from govcode.page.disputes import decisions
from govcode.page.site import Sheet, Site
from govcode.records import GOLD_COLUMNS, Coding

GOLD_CODER = "gold"
COLUMNS = (*GOLD_COLUMNS, "how", "decided_by")
AGREED, ADJUDICATED, SINGLE = "agreed", "adjudicated", "single"


def gold_rows(site: Site) -> Iterator[dict[str, Any]]:
    """Yield one row for each post whose code is settled, in the order of the sheets.

    `how` is `agreed`, `adjudicated`, or `single` (one coder only). Disagreements without a decision are
    left out. An agreed post keeps a secondary code or form that more than half of its coders gave.
    """
    decided = decisions(site.sheets)
    for post_id, codings in by_post(all_codings(site.sheets, site.others)).items():
        if post_id in decided:
            coding = decided[post_id].coding
            yield _row(site.sheets, coding, ADJUDICATED, coding.coder)
        elif len({coding.code for coding in codings}) == 1:
            yield _row(site.sheets, _agreed(codings), AGREED if len(codings) > 1 else SINGLE, "")


def unsettled(site: Site) -> int:
    """Return how many disagreements have no decision yet."""
    decided = decisions(site.sheets)
    grouped = by_post(all_codings(site.sheets, site.others))
    return sum(p not in decided and len({c.code for c in codings}) > 1 for p, codings in grouped.items())


def _agreed(codings: Sequence[Coding]) -> Coding:
    first = codings[0]
    return Coding(
        first.post_id, GOLD_CODER, first.code, secondary=_majority([c.secondary for c in codings]),
        form=_majority([c.form for c in codings]), sure=all(c.sure is not False for c in codings),
        codebook=first.codebook,
    )  # fmt: skip


def _majority(values: Sequence[str]) -> str:
    value, number = Counter(values).most_common(1)[0]
    return value if 2 * number > len(values) else ""


def _row(sheets: Sequence[Sheet], coding: Coding, how: str, decided_by: str) -> dict[str, Any]:
    post = next((found for sheet in sheets if (found := sheet.store.post(coding.post_id))), None)
    return {
        "post_id": coding.post_id, "coder": GOLD_CODER, "code": coding.code, "secondary": coding.secondary,
        "form": coding.form, "sure": int(bool(coding.sure)), "note": coding.note,
        "codebook": coding.codebook, "coded_at": coding.coded_at, "stratum": post.stratum if post else "",
        "inclusion_prob": post.inclusion_prob if post and post.inclusion_prob is not None else "",
        "how": how, "decided_by": decided_by,
    }  # fmt: skip
