"""The codebook as a printable manual in Markdown: what a coder has on the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govcode.codebook.model import Code, Codebook, Example, Form, say

WORDS = {
    "en": {
        "card": "Coder's card",
        "code": "code",
        "label": "label",
        "keyword": "keyword",
        "question": "question",
        "procedure": "Procedure",
        "na": "Not codable (NA)",
        "order": "Tie-break order",
        "definitions": "Codes",
        "definition": "Definition",
        "counts": "Counts",
        "excludes": "Does not count",
        "forms": "Forms",
        "form": "form",
        "content": "content",
        "default": "code",
        "hard": "hard",
        "soft": "soft",
        "overrides": "overrides / look-alikes",
        "rules": "Border rules",
        "examples": "Examples",
        "border": "border case",
        "mappings": "Sensitivity mappings",
        "training": "Training and reliability",
        "gates": "Gates",
        "version": "version",
        "short": "Short form",
        "changes": "Change log",
        "why": "why",
        "residual": "last resort",
        "sources": "Where the scheme comes from",
        "expressions": "Expressions",
        "post": "post",
        "id": "id",
    },
    "zh": {
        "card": "编码卡",
        "code": "编码",
        "label": "名称",
        "keyword": "关键字",
        "question": "判别问题",
        "procedure": "编码步骤",
        "na": "不可编码(NA)",
        "order": "优先次序",
        "definitions": "编码定义",
        "definition": "定义",
        "counts": "计入",
        "excludes": "不计入",
        "forms": "内容形式",
        "form": "形式",
        "content": "内容",
        "default": "编码",
        "hard": "硬",
        "soft": "软",
        "overrides": "例外/易混",
        "rules": "边界规则",
        "examples": "例句",
        "border": "边界例",
        "mappings": "稳健性映射",
        "training": "培训与信度",
        "gates": "信度门槛",
        "version": "版本",
        "short": "简版",
        "changes": "变更记录",
        "why": "理由",
        "residual": "最后选择",
        "sources": "方案依据",
        "expressions": "表达式",
        "post": "推文",
        "id": "编号",
    },
}


def manual(codebook: Codebook, language: str = "en") -> str:
    """Return the whole manual in Markdown: card, procedure, definitions, forms, rules, examples."""
    words = WORDS.get(language, WORDS["en"])
    parts = [
        f"# {say(codebook.title, language)}\n\n{words['version']} {codebook.version} · {codebook.short_hash}",
        *_sections(codebook, language),
        _card(codebook, language, words),
        _passage(words["procedure"], say(codebook.procedure, language)),
        _passage(words["order"], " > ".join(f"`{code}`" for code in codebook.order)),
        _passage(words["na"], say(codebook.na_rule, language)),
        f"## {words['definitions']}\n\n"
        + "\n\n".join(_code(code, language, words) for code in codebook.codes),
        _forms(codebook.forms, language, words),
        _rules(codebook, language, words),
        _examples(codebook.examples, language, words),
        _mappings(codebook, language, words),
        _passage(words["training"], say(codebook.training, language)),
        _passage(words["gates"], "\n".join(_gates(codebook))),
        _notes(codebook, language, words),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def code_manual(codebook: Codebook, code_id: str, language: str = "en") -> str:
    """Return everything about one code in Markdown, with the rules that name it and its expressions."""
    words = WORDS.get(language, WORDS["en"])
    code = codebook.code(code_id)
    rules = [
        rule for rule in codebook.rules
        if f"`{code_id}`" in say(rule.text, "en") or code_id in say(rule.text, language).split()
    ]  # fmt: skip
    expressions = [
        f"- `{e.form or code.id}` {e.weight:+g}  `{' '.join(e.source.split())}`" for e in code.expressions
    ]
    parts = [
        _code(code, language, words, level=1),
        _forms(codebook.forms_of(code_id), language, words),
        _passage(
            words["rules"],
            "\n".join(f"- **{r.id} {say(r.title, language)}** {say(r.text, language)}" for r in rules),
        ),
        _examples(tuple(e for e in codebook.examples if e.code == code_id), language, words),
        _passage(words["expressions"], "\n".join(expressions)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _passage(title: str, text: str) -> str:
    return f"## {title}\n\n{text.strip()}" if text.strip() else ""


def _sections(codebook: Codebook, language: str) -> Iterator[str]:
    for section in codebook.sections:
        yield _passage(say(section.title, language) or section.id, say(section.text, language))


def _card(codebook: Codebook, language: str, words: dict[str, str]) -> str:
    rows = [
        (f"`{code.id}`", say(code.label, language), say(code.keyword, language), say(code.question, language))
        for code in map(codebook.code, codebook.order)
    ]
    return f"## {words['card']}\n\n" + _table(
        [words[w] for w in ("code", "label", "keyword", "question")], rows
    )


def _code(code: Code, language: str, words: dict[str, str], level: int = 3) -> str:
    last = f" ({words['residual']})" if code.residual else ""
    lines = [f"{'#' * level} `{code.id}` {say(code.label, language)}{last}"]
    for name in ("question", "definition", "counts", "excludes"):
        text = say(getattr(code, name), language)
        if text:
            lines.append(
                f"**{words[name].capitalize()}.** {text}" if language == "en" else f"**{words[name]}** {text}"
            )
    return "\n\n".join(lines)


def _forms(forms: tuple[Form, ...], language: str, words: dict[str, str]) -> str:
    rows = [
        (
            f.id,
            say(f.label, language),
            f"`{f.code}` [{words['hard' if f.hard else 'soft']}]",
            say(f.overrides, language),
        )
        for f in forms
    ]
    header = [words[w] for w in ("form", "content", "default", "overrides")]
    return f"## {words['forms']}\n\n" + _table(header, rows) if rows else ""


def _rules(codebook: Codebook, language: str, words: dict[str, str]) -> str:
    lines = (f"- **{r.id} {say(r.title, language)}** {say(r.text, language)}" for r in codebook.rules)
    return _passage(words["rules"], "\n".join(lines))


def _examples(examples: tuple[Example, ...], language: str, words: dict[str, str]) -> str:
    rows = [
        (
            e.id + (" ⚑" if e.border else ""),
            (f"【{e.title}】" if e.title else "") + e.text,
            f"`{e.code}`" + (f" (`{e.secondary}`)" if e.secondary else ""),
            e.form,
            say(e.why, language),
        )
        for e in examples
    ]
    header = [words[w] for w in ("id", "post", "code", "form", "why")]
    return f"## {words['examples']}\n\n" + _table(header, rows) + f"\n\n⚑ {words['border']}" if rows else ""


def _mappings(codebook: Codebook, language: str, words: dict[str, str]) -> str:
    lines = []
    for mapping in codebook.mappings:
        changes = ", ".join(f"{a} → `{b}`" for a, b in {**mapping.forms, **mapping.codes}.items())
        lines.append(
            f"- **{mapping.id}** {say(mapping.title, language)}" + (f" ({changes})" if changes else "")
        )
    return _passage(words["mappings"], "\n".join(lines))


def _gates(codebook: Codebook) -> Iterator[str]:
    for name, value in codebook.gates.items():
        if isinstance(value, dict):
            yield from (f"- `{name}` {key}: {number}" for key, number in value.items())
        else:
            yield f"- `{name}`: {value}"


def _notes(codebook: Codebook, language: str, words: dict[str, str]) -> str:
    sources = "\n".join(f"- **{note.id}** {say(note.text, language)}" for note in codebook.sources)
    changes = "\n".join(f"- **{note.id}** {say(note.text, language)}" for note in codebook.changes)
    passages = (_passage(words["sources"], sources), _passage(words["changes"], changes))
    return "\n\n".join(passage for passage in passages if passage)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )
