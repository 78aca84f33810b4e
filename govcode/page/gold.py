"""Gold from the page: what coders agreed on, and what was decided where they did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govcode.adjudication import Adjudication, Decision, adjudicate
from govcode.page.collected import all_codings
from govcode.page.disputes import decisions
from govcode.page.site import Site
from govcode.records import GOLD_COLUMNS
from govcode.workflow.adjudicate import DECISION_COLUMNS, FRAME_EXTRA, gold_row


def settle(site: Site) -> Adjudication:
    """Settle all codings with the decisions made on the page, as `govcode adjudicate` does."""
    made = {
        post_id: Decision(
            post_id, entry.coding.code, entry.coding.secondary, entry.coding.form, entry.rule,
            entry.note, entry.coding.coder, entry.coding.coded_at,
        )
        for post_id, entry in decisions(site.sheets).items()
    }  # fmt: skip
    rules = tuple(rule.id for rule in site.codebook.rules)
    return adjudicate(all_codings(site.sheets, site.others), decisions=made, rules=rules)


def gold_columns(site: Site) -> tuple[str, ...]:
    """Return the columns of gold: those of the frame file come in where there is one."""
    return (*GOLD_COLUMNS, *(FRAME_EXTRA if site.frame else ()), *DECISION_COLUMNS)


def gold_rows(site: Site) -> Iterator[dict[str, Any]]:
    """Yield one row for each settled post, in the order of the sheets."""
    for item in settle(site).gold:
        yield gold_row(item, site.frame.get(item.coding.post_id, {}), site.codebook)
