"""Posts on which coders disagree, what they wrote, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govcode.codebook.citations import cited_rules
from govcode.codebook.model import Codebook
from govcode.page.collected import all_codings, by_post
from govcode.page.ledger import GOLD, Entry, entries
from govcode.page.site import Sheet, Site
from govcode.records import Coding

UNDECIDED, DECIDED, ALL = "undecided", "decided", "all"
STATES = (UNDECIDED, DECIDED, ALL)


@dataclass(frozen=True, slots=True)
class Dispute:
    """One post with codings that differ in their code, and the decision on it where there is one."""

    post_id: str
    codings: tuple[Coding, ...]
    decision: Entry | None

    def codes(self) -> tuple[str, ...]:
        """Return the codes given, each once, and the one decided."""
        decided = [self.decision.coding.code] if self.decision else []
        return tuple(dict.fromkeys([*(c.code for c in self.codings), *decided]))

    def rules(self, known: Sequence[str]) -> tuple[str, ...]:
        """Return the rules that coders or adjudicator cited."""
        notes = [c.note for c in self.codings] + ([self.decision.coding.note] if self.decision else [])
        return tuple(dict.fromkeys(rule for note in notes for rule in cited_rules(note, known)))


def decisions(sheets: Sequence[Sheet], post_id: str | None = None) -> dict[str, Entry]:
    """Return the latest decision of an adjudicator on each post."""
    found: dict[str, Entry] = {}
    for sheet in sheets:
        for entry in entries(sheet.store, role=GOLD, post_id=post_id):
            old = found.get(entry.coding.post_id)
            if old is None or (entry.coding.coded_at, entry.seq) > (old.coding.coded_at, old.seq):
                found[entry.coding.post_id] = entry
    return found


def disputes(site: Site, only: str | None = None) -> list[Dispute]:
    """Return all posts (or one) coded by two or more with different codes, in sheet order; NA counts."""
    decided = decisions(site.sheets, only)
    grouped = by_post(all_codings(site.sheets, site.others, only))
    return [
        Dispute(post_id, tuple(sorted(codings, key=lambda c: c.coder)), decided.get(post_id))
        for post_id, codings in grouped.items()
        if len({coding.code for coding in codings}) > 1 and holder(site, post_id)
    ]


def holder(site: Site, post_id: str) -> Sheet | None:
    """Return the first sheet that has the post: its store keeps the decision."""
    return next((sheet for sheet in site.sheets if sheet.store.post(post_id)), None)


def filtered(
    cases: Sequence[Dispute], codebook: Codebook, *, state: str = ALL, code: str = "", rule: str = ""
) -> Iterator[Dispute]:
    """Yield the disputes in a state, with a code given by somebody, with a rule cited by somebody."""
    known = [r.id for r in codebook.rules]
    for case in cases:
        if state != ALL and (case.decision is not None) != (state == DECIDED):
            continue
        if (code and code not in case.codes()) or (rule and rule not in case.rules(known)):
            continue
        yield case
