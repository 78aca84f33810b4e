"""The rule coder: codes by the expressions of the codebook, without training.

Every expression that fires adds its weight to its form; the best form of a code, with a part of its
other forms, is the code's score; the highest score wins, ties go by the codebook's order. Scores are
not probabilities, so the coder gives none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from govcode.codebook.model import Codebook, Expression
from govcode.coders.expressions.errors import ExpressionError
from govcode.coders.expressions.matcher import Matcher
from govcode.coders.expressions.parser import parse
from govcode.coders.expressions.tree import Node, Spans
from govcode.coders.expressions.unit import Unit
from govcode.coders.secondary import second_function
from govcode.coders.uncodable import Uncodable
from govcode.errors import CodebookError
from govcode.records import CODED, ERROR, NA, UNCODABLE, UNSURE, Coding, Evidence, Post
from govcode.text.clean import CodingText, coding_text

if TYPE_CHECKING:
    from govcode.text.segment import Segmenter

SHOWN = 3  # places of one expression that the evidence names


def load(codebook: Codebook, *, explain: bool = False, segmenter: Segmenter | None = None) -> RuleCoder:
    """Return the rule coder of a codebook; raise CodebookError naming the line of a bad expression."""
    return RuleCoder(codebook, explain=explain, segmenter=segmenter)


@dataclass(frozen=True, slots=True)
class Fired:
    """An expression that matched, with the weight it counted for and its places."""

    code: str
    expression: Expression
    weight: float
    spans: Spans

    @property
    def term(self) -> str:
        """The expression after the form it speaks for: `[A1] 征求意见`."""
        form = self.expression.form
        return f"[{form}] {self.expression.source}" if form else self.expression.source


class RuleCoder:
    """Code posts by the expressions of a codebook."""

    def __init__(
        self, codebook: Codebook, *, explain: bool = False, segmenter: Segmenter | None = None
    ) -> None:
        self.codebook = codebook
        self.codebook_hash = codebook.hash
        self.codes = codebook.ids
        self.name = f"rules@{codebook.rules_hash.removeprefix('sha256:')[:12]}"
        self.explain = explain
        self._given_segmenter = segmenter
        self._rules = codebook.expressions
        self._matcher = Matcher(parse_expressions(codebook))
        self._uncodable = Uncodable(codebook)
        self._rank = {code: rank for rank, code in enumerate(codebook.order)}
        settings = codebook.settings
        self._default = settings.default or codebook.residual or codebook.ids[0]

    def code(self, posts: Iterable[Post]) -> Iterator[Coding]:
        """Yield one coding per post, in order; a post that fails has `status = error`."""
        for post in posts:
            try:
                yield self._code(post)
            except Exception as error:
                note = f"{type(error).__name__}: {error}"
                yield Coding(
                    post.post_id, self.name, "", note=note, codebook=self.codebook_hash, status=ERROR
                )

    def _code(self, post: Post) -> Coding:
        text = coding_text(post)
        unit, fired = self.fire(text)
        forms = form_scores(fired)
        scores = self._code_scores(forms)
        if self._uncodable(text) and max(scores.values(), default=0.0) < self.codebook.settings.secondary:
            return self._coding(post, NA, status=UNCODABLE)
        ranked = sorted(scores, key=lambda code: (-scores[code], self._rank[code]))
        best = ranked[0] if ranked and scores[ranked[0]] > 0 else self._default
        lead = scores.get(best, 0.0) - max((scores[c] for c in ranked if c != best), default=0.0)
        sure = lead >= self.codebook.settings.sure
        own = {form: score for (code, form), score in forms.items() if code == best and form and score > 0}
        return self._coding(
            post,
            best,
            secondary=second_function(self.codebook, unit, best, scores, fired),
            form=max(own, key=lambda form: own[form], default=""),
            status=CODED if sure else UNSURE,
            sure=sure,
            evidence=self._evidence(unit, fired) if self.explain else (),
        )

    def _coding(self, post: Post, code: str, **parts: object) -> Coding:
        return Coding(post.post_id, self.name, code, codebook=self.codebook_hash, **parts)  # type: ignore[arg-type]

    def fire(self, text: CodingText) -> tuple[Unit, list[Fired]]:
        """Return the unit and the expressions that match it, in codebook order."""
        unit = Unit(text.title, text.body, self._segment)
        return unit, self._fired(unit)

    def _fired(self, unit: Unit) -> list[Fired]:
        factor = self.codebook.settings.title
        fired = []
        for number, spans in self._matcher.matches(unit):
            code, expression = self._rules[number]
            titled = factor != 1.0 and any(unit.part(span) == "title" for span in spans)
            weight = expression.weight * factor if titled else expression.weight
            fired.append(Fired(code, expression, weight, spans))
        return fired

    def scores(self, texts: Sequence[CodingText]) -> list[dict[str, float]]:
        """Return for each text the score of each code for which anything speaks."""
        units = [Unit(text.title, text.body, self._segment) for text in texts]
        self._matcher.prepare(units)
        return [self._code_scores(form_scores(self._fired(unit))) for unit in units]

    @cached_property
    def _segment(self) -> Callable[[str], list[str]]:
        if self._given_segmenter is not None:
            return self._given_segmenter.segment
        from govcode.text.segment import Segmenter

        return Segmenter().segment

    def _code_scores(self, forms: dict[tuple[str, str], float]) -> dict[str, float]:
        """Return the score of each code that has any: best form, part of the others, its own expressions."""
        support = self.codebook.settings.support
        by_code: dict[str, list[float]] = {}
        whole: dict[str, float] = {}
        for (code, form), score in forms.items():
            if form:
                by_code.setdefault(code, []).append(score)
            else:
                whole[code] = score
        scores = dict(whole)
        for code, values in by_code.items():
            best = max(values)
            others = sum(value for value in values if value > 0) - max(best, 0.0)
            scores[code] = scores.get(code, 0.0) + best + support * others
        return scores

    @staticmethod
    def _evidence(unit: Unit, fired: list[Fired]) -> tuple[Evidence, ...]:
        """Return what fired, the heaviest first."""
        listed = sorted(fired, key=lambda f: -abs(f.weight))
        return tuple(Evidence(f.code, f.term, f.weight, places(unit, f.spans)) for f in listed)


def form_scores(fired: Iterable[Fired]) -> dict[tuple[str, str], float]:
    """Return the sum of weights for each (code, form); form is empty for expressions of the code itself."""
    scores: dict[tuple[str, str], float] = {}
    for f in fired:
        key = (f.code, f.expression.form)
        scores[key] = scores.get(key, 0.0) + f.weight
    return scores


def places(unit: Unit, spans: Spans) -> str:
    """Return where an expression fired: `title: 征求意见; text: 意见反馈`."""
    shown = [f"{unit.part(span)}: {unit.text[span[0] : span[1]]}" for span in spans[:SHOWN]]
    return "; ".join(dict.fromkeys(shown)) + ("; …" if len(spans) > SHOWN else "")


def parse_expressions(codebook: Codebook) -> list[Node]:
    """Return the trees of all expressions; raise CodebookError naming file, line and column of a bad one."""
    nodes = []
    for code, expression in codebook.expressions:
        try:
            nodes.append(parse(expression.source, codebook.lists))
        except ExpressionError as error:
            line = expression.line + error.line - 1
            place = f"{codebook.source}:{line}" if expression.line else codebook.source
            raise CodebookError(
                f"{place}: expression of '{expression.form or code}', column {error.column}: {error.reason}.",
                hint=f"Check all: govcode codebook check {codebook.source}",
            ) from error
    return nodes
