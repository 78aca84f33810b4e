"""Expressions that cannot be read, can never match, or stand twice: a rule must not fail in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from govcode.codebook.model import Codebook, Expression
from govcode.codebook.problems import Problem
from govcode.coders.expressions.errors import ExpressionError
from govcode.coders.expressions.parser import parse
from govcode.coders.expressions.tree import (
    COMPARE,
    And,
    Count,
    Length,
    Node,
    Not,
    Phrase,
    String,
    Word,
)
from govcode.coders.expressions.walk import children
from govcode.text.clean import clean

# Surroundings in which a word must come out as a word at least once.
_CONTEXTS = (
    "{}",
    "，{}，",
    "的{}是",
    "在{}中",
    "关于{}的工作",
    "请{}",
    "{}了",
    "开展{}活动",
    "我们{}他们",
    "本市{}和",
    "不{}",
    "a {} b",
)
_AROUND = ("这里先有一段普通的话，", "，后面还有别的内容写在这里，而且不短。")
_LARGEST = 10**6


def check_expressions(codebook: Codebook, segment: Callable[[str], list[str]]) -> list[Problem]:
    """Return the problems of all expressions with their lines; `segment` cuts a text into words."""
    problems: list[Problem] = []
    for expression in codebook.na_purpose:
        problems += _problems("expression of [na] purpose", expression, codebook, segment)
    for owner, expression in codebook.expressions:
        problems += _problems(f"expression of '{expression.form or owner}'", expression, codebook, segment)
    problems += _doubles(codebook)
    problems += _unused_lists(codebook)
    with_rules = {code for code, _ in codebook.expressions}
    default = codebook.settings.default or codebook.residual
    for code in codebook.codes:
        if with_rules and code.id not in (*with_rules, default):
            text = f"code '{code.id}' has no expression: the rule coder never gives it."
            problems.append(Problem(0, "no-expression", text, warning=True))
    return sorted(set(problems))


def _problems(
    where: str, e: Expression, codebook: Codebook, segment: Callable[[str], list[str]]
) -> Iterator[Problem]:
    try:
        node = parse(e.source, codebook.lists)
    except ExpressionError as error:
        yield Problem(
            e.line + error.line - 1, "bad-expression", f"{where}, column {error.column}: {error.reason}."
        )
        return
    for reason in dead_parts(node, segment):
        yield Problem(e.line, "never-matches", f"{where}: {reason}.")
    if e.weight == 0:
        yield Problem(e.line, "no-weight", f"{where} has the weight 0 and changes nothing.", warning=True)


def dead_parts(node: Node, segment: Callable[[str], list[str]]) -> Iterator[str]:
    """Yield, for each part of an expression that can never match, the reason."""
    if isinstance(node, String) and not node.regex:
        for piece in filter(str.strip, node.source.split("*")):
            if piece.strip() not in (cleaned := _cleaned(piece.strip())):
                yield f"'{piece}' is not in any cleaned text (cleaning makes it '{cleaned}')"
    elif isinstance(node, Phrase):
        yield from _dead_words(node.words, segment)
    elif isinstance(node, Word):
        yield from _dead_words((node,), segment)
    elif isinstance(node, Count | Length) and not any(
        COMPARE[node.sign](n, node.number) for n in (0, 1, _LARGEST, node.number)
    ):
        yield f"no number is {node.sign} {node.number} here"
    elif isinstance(node, And) and any(Not(part) in node.parts for part in node.parts):
        yield "it asks for something and for its absence"
    if not isinstance(node, Phrase):
        for child in children(node):
            yield from dead_parts(child, segment)


def _cleaned(piece: str) -> str:
    text = clean(piece.join(_AROUND))
    return text.removeprefix(_AROUND[0]).removesuffix(_AROUND[1])


def _dead_words(words: tuple[Word, ...], segment: Callable[[str], list[str]]) -> Iterator[str]:
    """Yield a reason if no context gives these words one after the other."""
    if any(word.search is not None for word in words):
        return
    wanted = [word.source for word in words]
    joined = (" " if all(word.isascii() for word in wanted) else "").join(wanted)
    cuts = [segment(context.format(joined)) for context in _CONTEXTS]
    if not any(wanted == cut[i : i + len(wanted)] for cut in cuts for i in range(len(cut))):
        how = " ".join(cuts[0])
        never = f"segmentation never gives '{' + '.join(wanted)}' but '{how}'"
        yield f"{never}; look for the string {joined} instead"


def _doubles(codebook: Codebook) -> Iterator[Problem]:
    seen: dict[str, tuple[str, str, int]] = {}
    for code, e in codebook.expressions:
        key = " ".join(e.source.split())
        if key in seen:
            other, form, line = seen[key]
            owner = form or other
            text = f"expression of '{e.form or code}' stands already under '{owner}' (line {line})."
            yield Problem(e.line, "double-expression", text, warning=True)
        seen.setdefault(key, (code, e.form, e.line))


def _unused_lists(codebook: Codebook) -> Iterator[Problem]:
    sources = [e.source for _, e in codebook.expressions] + list(codebook.lists.values())
    for name in codebook.lists:
        if not any(f"${name}" in source for source in sources):
            yield Problem(0, "unused-list", f"no expression uses the list '${name}'.", warning=True)
