"""Filled adjudication queues: a person's decisions with who, when and the rule cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from govcode.codebook.citations import cited_rules
from govcode.codebook.model import Codebook
from govcode.readers.codings import Codings, read_codings
from govcode.records import Coding

KEEP = ("rule", "decided_by", "decided_at")


@dataclass
class Verdicts:
    """Decisions read: codings by the one who decided, the rule of each post, and what to tell.

    `rules`: post → rules cited (column `rule`, else the note).
    """

    read: Codings
    rules: dict[str, str] = field(default_factory=dict)
    who: dict[str, str] = field(default_factory=dict)
    when: dict[str, str] = field(default_factory=dict)

    @property
    def codings(self) -> list[Coding]:
        """One coding per decided post."""
        return self.read.codings


def read_decisions(
    paths: Sequence[str | Path], *, codebook: Codebook | None = None, who: str = "", when: str = ""
) -> Verdicts:
    """Read filled queues; `who` and `when` stand in where a row does not say.

    Rows without a code wait on and are not decisions. Raises what `read_codings` raises.
    """
    read = read_codings(paths, codebook=codebook, coder="queue", keep=KEEP)
    known = tuple(rule.id for rule in codebook.rules) if codebook else ()
    found = Verdicts(read)
    for coding in read.codings:
        row = read.columns.get(coding.post_id, {})
        cited = cited_rules(f"{row.get('rule', '')} {coding.note}", known)
        found.rules[coding.post_id] = " ".join(cited)
        found.who[coding.post_id] = row.get("decided_by", "").strip() or who
        found.when[coding.post_id] = (row.get("decided_at", "").strip() or when)[:25]
    return found
