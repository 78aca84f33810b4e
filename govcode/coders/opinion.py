"""A second opinion where a model wavers: the expressions of the codebook.

A bag of words knows what stood in its training posts, expressions know what the codebook says. Where the
lead of the model's best total over the next is below `lead`, the scores of the rule coder, times `weight`,
join the totals. Elsewhere they would change nothing, and expressions take longer than the model does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.errors import HashMismatchError
from govcode.records import Evidence
from govcode.text.clean import CodingText
from govcode.text.segment import Segmenter

if TYPE_CHECKING:
    from govcode.coders.rules import RuleCoder

Floats = NDArray[np.float64]
LEAST, MOST = -3.0, 6.0  # scores of a code count within these, so that no pile of expressions rules


class SecondOpinion:
    """Ask the expressions of a codebook about posts of which the model is not sure."""

    def __init__(
        self, codebook: Codebook, codes: Sequence[str], *, weight: float, lead: float, segmenter: Segmenter
    ) -> None:
        self.weight = weight
        self.lead = lead
        self._codes = tuple(codes)
        self._codebook, self._segmenter = codebook, segmenter

    @cached_property
    def rules(self) -> RuleCoder:
        """The rule coder, built when it is first asked: reading its expressions takes longer than a post."""
        from govcode.coders.rules import RuleCoder

        return RuleCoder(self._codebook, segmenter=self._segmenter)

    @classmethod
    def from_card(
        cls, values: dict[str, Any] | None, codebook: Codebook, codes: Sequence[str], segmenter: Segmenter
    ) -> SecondOpinion | None:
        """Return the opinion that a card asks for, if any; its expressions must be those of training."""
        if not values:
            return None
        if values["expressions"] != codebook.rules_hash:
            raise HashMismatchError(
                "The expressions of the codebook are not those with which the model was trained.",
                hint="Train the model again (govcode train), or use the codebook that came with it.",
            )
        return cls(codebook, codes, weight=values["weight"], lead=values["lead"], segmenter=segmenter)

    def to_card(self, codebook: Codebook) -> dict[str, Any]:
        """Return the settings as a card holds them."""
        return {"weight": self.weight, "lead": self.lead, "expressions": codebook.rules_hash}

    def wavering(self, totals: Floats) -> NDArray[np.intp]:
        """Return the rows of totals (posts, codes) that need the opinion."""
        top = np.partition(totals, -2, axis=1)[:, -2:]
        rows: NDArray[np.intp] = np.flatnonzero(top[:, 1] - top[:, 0] < self.lead)
        return rows

    def join(self, totals: Floats, texts: Sequence[CodingText]) -> Floats:
        """Return the totals with what the expressions say of the posts that need it."""
        joined = totals.copy()
        rows = self.wavering(totals)
        if len(rows):
            said = self.rules.scores([texts[row] for row in rows.tolist()])
            values = np.array([[scores.get(code, 0.0) for code in self._codes] for scores in said])
            joined[rows] += self.weight * np.clip(values, LEAST, MOST)
        return joined

    def evidence(self, text: CodingText) -> list[Evidence]:
        """Return what the expressions name, with the weights they count for."""
        from govcode.coders.rules import places

        unit, fired = self.rules.fire(text)
        return [
            Evidence(hit.code, hit.term, round(self.weight * hit.weight, 4), places(unit, hit.spans))
            for hit in fired
        ]
