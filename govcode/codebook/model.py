"""The parts of a codebook as frozen records. Loading and checking are in the sibling modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from govcode.errors import CodebookError, choices
from govcode.records import NA

Text = Mapping[str, str]  # language (`zh`, `en`) -> wording


def say(text: Text, language: str) -> str:
    """Return the wording in `language`, else in any language the codebook has."""
    return text.get(language) or next(iter(text.values()), "")


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of the rule coder: what it looks for and how much it counts for a code or form.

    `line` is its line in the TOML file (0 where unknown).
    """

    source: str
    weight: float = 1.0
    form: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """One value of the variable: id, labels, definition, and what counts and does not."""

    id: str
    label: Text
    keyword: Text = field(default_factory=dict)
    question: Text = field(default_factory=dict)
    definition: Text = field(default_factory=dict)
    counts: Text = field(default_factory=dict)
    excludes: Text = field(default_factory=dict)
    residual: bool = False
    secondary: bool = True
    expressions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form of content with its default code; a hard form fixes the code."""

    id: str
    label: Text
    code: str
    hard: bool = False
    overrides: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BorderRule:
    """A numbered rule that settles a border between codes; cited in adjudication."""

    id: str
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Example:
    """An invented post with its code; `border` marks the difficult ones."""

    id: str
    title: str
    text: str
    code: str
    secondary: str = ""
    form: str = ""
    why: Text = field(default_factory=dict)
    border: bool = False


@dataclass(frozen=True, slots=True)
class SensitivityMapping:
    """A contestable choice undone: forms (or codes) sent to another code."""

    id: str
    title: Text
    forms: Mapping[str, str] = field(default_factory=dict)  # form id -> code id
    codes: Mapping[str, str] = field(default_factory=dict)  # code id -> code id


@dataclass(frozen=True)
class Codebook:
    """One measuring instrument. `hash` is of its content, not of its bytes."""

    id: str
    version: str
    title: Text
    codes: tuple[Code, ...]
    forms: tuple[Form, ...] = ()
    rules: tuple[BorderRule, ...] = ()
    tie_break: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    mappings: tuple[SensitivityMapping, ...] = ()
    procedure: Text = field(default_factory=dict)
    na_rule: Text = field(default_factory=dict)
    na_minimum: int = 8
    """A post with fewer codable characters than this is uncodable."""
    na_greetings: tuple[Expression, ...] = ()
    """Expressions that show a visible purpose at any length (such posts are coded)."""
    hash: str = ""
    source: str = ""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Code ids in codebook order."""
        return tuple(code.id for code in self.codes)

    @cached_property
    def residual(self) -> str:
        """The id of the residual code, or an empty string."""
        return next((code.id for code in self.codes if code.residual), "")

    def code(self, code_id: str) -> Code:
        """Return the code with this id; raise CodebookError naming the valid ones."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise CodebookError(
            f"'{code_id}' is not a code of codebook '{self.id}'.", hint=f"Codes: {choices((*self.ids, NA))}."
        )

    def form(self, form_id: str) -> Form:
        """Return the form with this id; raise CodebookError naming the valid ones."""
        for form in self.forms:
            if form.id == form_id:
                return form
        known = choices(form.id for form in self.forms)
        raise CodebookError(f"'{form_id}' is not a form of codebook '{self.id}'.", hint=f"Forms: {known}.")

    def forms_of(self, code_id: str) -> tuple[Form, ...]:
        """Return the forms whose default is this code."""
        return tuple(form for form in self.forms if form.code == code_id)
