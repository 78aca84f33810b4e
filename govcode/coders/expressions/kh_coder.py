"""Coding rules of KH Coder 3, read and written.

A rule file has codes (`＊name`), each followed by a condition of tokens divided by blanks: words, 'strings',
`a+b`, `near(a-b)[n]`, `seq(a-b)[n]`, `<＊code>`, `lc`, comparisons and | & ! ( ). What the other side cannot
say is left out with a note, never translated into something else in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from govcode.codebook.hashing import with_hashes
from govcode.codebook.model import Code, Codebook, Expression, say
from govcode.coders.expressions.errors import ExpressionError
from govcode.coders.expressions.parser import parse
from govcode.coders.expressions.tree import (
    And,
    Count,
    Length,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    String,
    Word,
)
from govcode.errors import CodebookError

_OPERATORS = {
    "|": "|", "or": "|", "&": "&", "and": "&", "!": "!", "not": "!", "&!": "& !", "|!": "| !",
    "(": "(", ")": ")", ">=": ">=", "<=": "<=", ">": ">", "<": "<", "==": "=",
}  # fmt: skip
_COMPARISONS = (">=", "<=", ">", "<", "==")
_TOKEN = re.compile(r"'[^']*'|\S+")
_NEAR = re.compile(r"(near|seq)\((.+)\)(?:\[(\d+)\])?$")
_NEAR_DISTANCE = 10


class Converted(NamedTuple):
    """A result with the notes on what could not be carried over."""

    value: str
    notes: tuple[str, ...]


class ImportedRules(NamedTuple):
    """A codebook made of rules, with the notes on what could not be carried over."""

    codebook: Codebook
    notes: tuple[str, ...]


def from_kh_coder(text: str, source: str = "") -> ImportedRules:
    """Return a codebook of one code for each rule; a rule that cannot be said here becomes a note.

    Raises CodebookError where there are fewer than two rules.
    """
    rules = list(_rules_of(text))
    if len(rules) < 2:
        raise CodebookError(f"{source}: holds {len(rules)} rules that begin with ＊; a codebook needs two.")
    codes: list[Code] = []
    notes: list[str] = []
    known: dict[str, str] = {}
    for line, name, condition in rules:
        expressions: tuple[Expression, ...] = ()
        try:
            known[name] = expression = _expression(condition, known)
            parse(expression)
            expressions = (Expression(expression, 1.0),)
        except (ValueError, ExpressionError) as error:
            notes.append(f"line {line}, ＊{name}: {error}; the rule is left out")
        label = {"zh" if re.search("[\u4e00-\u9fff]", name) else "en": name}
        codes.append(Code(_code_id(name), label, definition=label, expressions=expressions))
    book = Codebook("imported", "1", {"en": "Imported from KH Coder"}, tuple(codes), na_minimum=0)
    return ImportedRules(with_hashes(book), tuple(notes))


def _rules_of(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and condition of each rule."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.startswith("#"):
            continue
        if line.startswith(("＊", "*")):
            found.append((number, line[1:].strip(), []))
        elif found:
            found[-1][2].append(line)
    for number, name, lines in found:
        yield number, name, " ".join(lines).replace("\u3000", " ")


def _code_id(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name).strip("_") or "code"


def _expression(condition: str, known: dict[str, str]) -> str:
    tokens = _TOKEN.findall(condition)
    if not tokens:
        raise ValueError("it has no condition")
    parts: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        counted = at + 2 < len(tokens) and tokens[at + 1] in _COMPARISONS and tokens[at + 2].isdecimal()
        if token in _OPERATORS:
            parts.append(_OPERATORS[token])
        elif counted:
            sign = f"{_OPERATORS[tokens[at + 1]]} {tokens[at + 2]}"
            parts.append(f"length {sign}" if token == "lc" else f"count({_atom(token, known)}) {sign}")
            at += 2
        else:
            parts.append(_atom(token, known))
        at += 1
    return " ".join(parts)


def _atom(token: str, known: dict[str, str]) -> str:
    if token.startswith("'"):
        return _quoted(token.strip("'"))
    if near := _NEAR.match(token):
        words = re.split(r"[-+]", near[2])
        name = "near" if near[1] == "near" else "before"
        return f"{name}({', '.join(f'word:{_quoted(w)}' for w in words)}, {near[3] or _NEAR_DISTANCE})"
    if token.startswith("<") and token.endswith(">"):
        name = token[1:-1].lstrip("＊*")
        if name not in known:
            raise ValueError(f"{token} is not defined before it")
        return f"({known[name]})"
    if token in ("lw", "No.") or "-->" in token or token.startswith("["):
        raise ValueError(f"'{token}' has no counterpart here")
    return "word:" + "+".join(_quoted(word) for word in token.split("+"))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_kh_coder(codebook: Codebook, language: str = "zh") -> Converted:
    """Return the expressions as KH Coder rules: one for each form, and one for each code."""
    lines = [f"# {say(codebook.title, language)} {codebook.version} ({codebook.short_hash})"]
    notes: list[str] = []
    for code in codebook.codes:
        owners: dict[str, list[str]] = {}
        for e in code.expressions:
            conditions = owners.setdefault(e.form, [])
            if e.weight <= 0:
                notes.append(f"{e.form or code.id}: an expression with weight {e.weight:g} is left out")
                continue
            try:
                conditions.append(f"( {_write(parse(e.source, codebook.lists))} )")
            except ValueError as error:
                notes.append(f"{e.form or code.id}: {error}; left out: {' '.join(e.source.split())[:60]}")
        for form, conditions in owners.items():
            if form and conditions:
                lines += ["", f"＊{form}", "\n| ".join(conditions)]
        joined = [f"<＊{form}>" for form, conditions in owners.items() if form and conditions] + owners.get(
            "", []
        )
        if joined:
            lines += ["", f"＊{say(code.label, language).replace(' ', '_')}", " | ".join(joined)]
    return Converted("\n".join(lines) + "\n", tuple(notes))


def _write(node: Node) -> str:
    """Return a tree as a KH Coder condition; raise ValueError for what it cannot say."""
    if isinstance(node, String):
        if node.regex:
            raise ValueError("KH Coder has no regular expressions")
        if "'" in node.source or " " in node.source:
            raise ValueError("KH Coder has no blank or quotation mark inside a string")
        if "*" in node.source:
            raise ValueError("KH Coder has no wildcards")
        return f"'{node.source}'"
    if isinstance(node, Word | Phrase):
        return _words((node,) if isinstance(node, Word) else node.words)
    if isinstance(node, And | Or):
        return (" & " if isinstance(node, And) else " | ").join(_grouped(part) for part in node.parts)
    if isinstance(node, Not):
        return f"! {_grouped(node.part)}"
    if isinstance(node, Near) and all(isinstance(part, Word) for part in node.parts):
        words = "-".join(part.source for part in node.parts if isinstance(part, Word))
        return f"{'seq' if node.ordered else 'near'}({words})[{node.distance}]"
    if isinstance(node, Count) and isinstance(node.part, String | Word):
        return f"{_write(node.part)} {'==' if node.sign == '=' else node.sign} {node.number}"
    if isinstance(node, Length):
        return f"lc {'==' if node.sign == '=' else node.sign} {node.number}"
    what = f"the scope {node.name}:" if isinstance(node, Scope) else f"this {type(node).__name__.lower()}(…)"
    raise ValueError(f"KH Coder cannot say {what}")


def _grouped(node: Node) -> str:
    return f"( {_write(node)} )" if isinstance(node, And | Or) else _write(node)


def _words(words: tuple[Word, ...]) -> str:
    if any(word.search is not None for word in words):
        raise ValueError("KH Coder has no wildcards")
    return "+".join(word.source for word in words)
