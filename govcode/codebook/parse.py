"""From TOML text to a codebook, with every problem that is found on the way."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from math import isfinite
from typing import Any

from govcode.codebook.draft import LANGUAGES, Draft
from govcode.codebook.hashing import with_hashes
from govcode.codebook.lines import Lines
from govcode.codebook.model import (
    BorderRule,
    Code,
    Codebook,
    Example,
    Expression,
    Facet,
    Form,
    FormGroup,
    Note,
    RuleSettings,
    Section,
    SensitivityMapping,
)
from govcode.codebook.problems import Problem

TOP_KEYS = (
    "id", "version", "title", "variable", "tie_break", "procedure", "na", "sections", "codes", "forms",
    "rules", "examples", "mappings", "facets", "gates", "training", "short", "sources", "changes",
    "rule_coder", "lists", "expressions",
)  # fmt: skip


def parse_codebook(
    text: str, source: str = "", lines: Lines | None = None
) -> tuple[Codebook | None, list[Problem]]:
    """Return the codebook (None where there is not even TOML) and the problems in file order."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax_problem(error, text)]
    problems: list[Problem] = []
    codebook = _codebook(Draft(values, lines or Lines(text), problems), source)
    return with_hashes(codebook), sorted(problems)


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    words = str(error)
    place = words.partition("(at line ")[2]
    line = int(place.partition(",")[0]) if place else text.count("\n") + 1
    return Problem(line, "not-toml", f"this is not valid TOML: {words}.")


def _codebook(draft: Draft, source: str) -> Codebook:
    draft.known(*TOP_KEYS)
    na = draft.table("na")
    na.known("minimum", "purpose", *LANGUAGES)
    forms = tuple(_form(part) for part in draft.tables("forms"))
    expressions = _expressions(draft.table("expressions"))
    form_codes = {form.id: form.code for form in forms}
    codes = tuple(_code(part, expressions, form_codes) for part in draft.tables("codes"))
    purpose = tuple(
        Expression(source, line=draft.lines.of("na", "purpose", i))
        for i, source in enumerate(na.strings("purpose"))
    )
    _unknown_targets(draft, expressions, {code.id for code in codes} | set(form_codes))
    return Codebook(
        id=draft.string("id", needed=True),
        version=draft.string("version", needed=True),
        title=draft.text("title", needed=True),
        variable=draft.string("variable"),
        codes=codes,
        forms=forms,
        rules=tuple(_rule(part) for part in draft.tables("rules")),
        tie_break=draft.strings("tie_break"),
        examples=tuple(_example(part) for part in draft.tables("examples")),
        mappings=tuple(_mapping(part) for part in draft.tables("mappings")),
        facets=tuple(_facet(part) for part in draft.tables("facets")),
        procedure=draft.text("procedure"),
        na_rule=na.own_text(),
        na_minimum=int(na.number("minimum", 0)),
        na_purpose=purpose,
        sections=tuple(_section(part) for part in draft.tables("sections")),
        training=draft.text("training"),
        short=draft.text("short"),
        gates=dict(draft.table("gates").values),
        sources=tuple(_note(part, "what") for part in draft.tables("sources")),
        changes=tuple(_note(part, "version") for part in draft.tables("changes")),
        lists=draft.pairs("lists"),
        settings=_settings(draft.table("rule_coder")),
        source=source,
    )


def _code(draft: Draft, expressions: dict[str, list[Expression]], form_codes: dict[str, str]) -> Code:
    draft.known(
        "id", "label", "keyword", "question", "definition", "counts", "excludes", "residual", "secondary"
    )
    code = draft.string("id", needed=True)
    own = [
        e if target in form_codes else replace(e, form="")
        for target, listed in expressions.items()
        for e in listed
        if form_codes.get(target, target) == code
    ]
    return Code(
        id=code,
        label=draft.text("label", needed=True),
        keyword=draft.text("keyword"),
        question=draft.text("question"),
        definition=draft.text("definition", needed=True),
        counts=draft.text("counts"),
        excludes=draft.text("excludes"),
        residual=draft.flag("residual"),
        secondary=draft.flag("secondary", True),
        expressions=tuple(own),
    )


def _form(draft: Draft) -> Form:
    draft.known("id", "code", "label", "hard", "overrides")
    return Form(
        id=draft.string("id", needed=True),
        label=draft.text("label", needed=True),
        code=draft.string("code", needed=True),
        hard=draft.flag("hard"),
        overrides=draft.text("overrides"),
    )


def _rule(draft: Draft) -> BorderRule:
    draft.known("id", "title", *LANGUAGES)
    return BorderRule(draft.string("id", needed=True), draft.text("title"), draft.own_text())


def _section(draft: Draft) -> Section:
    draft.known("id", "title", *LANGUAGES)
    return Section(draft.string("id", needed=True), draft.text("title"), draft.own_text())


def _note(draft: Draft, key: str) -> Note:
    draft.known(key, *LANGUAGES)
    return Note(draft.string(key, needed=True), draft.own_text())


def _example(draft: Draft) -> Example:
    draft.known("id", "title", "text", "code", "secondary", "form", "why", "border")
    return Example(
        id=draft.string("id", needed=True),
        title=draft.string("title"),
        text=draft.string("text"),
        code=draft.string("code", needed=True),
        secondary=draft.string("secondary"),
        form=draft.string("form"),
        why=draft.text("why"),
        border=draft.flag("border"),
    )


def _mapping(draft: Draft) -> SensitivityMapping:
    draft.known("id", "title", "forms", "codes")
    return SensitivityMapping(
        draft.string("id", needed=True), draft.text("title"), draft.pairs("forms"), draft.pairs("codes")
    )


def _facet(draft: Draft) -> Facet:
    draft.known("id", "code", "title", "groups", "deficit", "limit", "uptake")
    return Facet(
        id=draft.string("id", needed=True),
        code=draft.string("code", needed=True),
        title=draft.text("title", needed=True),
        groups=tuple(_form_group(part) for part in draft.tables("groups")),
        deficit=draft.flag("deficit"),
        limit=draft.text("limit"),
        uptake=draft.strings("uptake"),
    )


def _form_group(draft: Draft) -> FormGroup:
    draft.known("id", "label", "forms")
    return FormGroup(
        draft.string("id", needed=True), draft.text("label", needed=True), draft.strings("forms")
    )


def _settings(draft: Draft) -> RuleSettings:
    draft.known("default", "sure", "secondary", "support", "title")
    standard = RuleSettings()
    return RuleSettings(
        default=draft.string("default"),
        sure=draft.number("sure", standard.sure),
        secondary=draft.number("secondary", standard.secondary),
        support=draft.number("support", standard.support),
        title=draft.number("title", standard.title),
    )


def _expressions(draft: Draft) -> dict[str, list[Expression]]:
    """Read `[expressions]`: for each form or code a list of `{ weight = 2, match = '…' }` or of texts."""
    found: dict[str, list[Expression]] = {}
    for target, items in draft.values.items():
        if not isinstance(items, list):
            draft.note("wrong-type", f"expressions of '{target}' must be a list.", target)
            continue
        for i, item in enumerate(items):
            expression = _expression(draft, target, i, item)
            if expression is not None:
                found.setdefault(target, []).append(expression)
    return found


def _expression(draft: Draft, target: str, index: int, item: Any) -> Expression | None:
    line = draft.lines.of("expressions", target, index)
    if isinstance(item, str):
        return Expression(item, 1.0, target, line)
    weight = item.get("weight", 1.0) if isinstance(item, dict) else None
    match = item.get("match") if isinstance(item, dict) else None
    if (
        isinstance(match, str)
        and isinstance(weight, (int, float))
        and isfinite(weight)
        and set(item) <= {"weight", "match"}
    ):
        return Expression(match, float(weight), target, line)
    draft.note(
        "wrong-type", f"expression of '{target}' must be {{ weight = 2, match = '…' }}.", target, index
    )
    return None


def _unknown_targets(draft: Draft, expressions: dict[str, list[Expression]], known: set[str]) -> None:
    """Note expressions of what is neither a form nor a code."""
    for target in expressions:
        if target not in known:
            draft.note(
                "unknown-code", f"expressions are given for '{target}', which is neither a form nor a code.",
                "expressions", target,
            )  # fmt: skip
