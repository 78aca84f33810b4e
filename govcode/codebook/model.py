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


@dataclass(frozen=True)
class Expression:
    """One expression of the rule coder: what it looks for and how much it counts for a code or form.

    `line` is its line in the TOML file (0 where unknown).
    """

    source: str
    weight: float = 1.0
    form: str = ""
    line: int = 0


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Form:
    """A form of content with its default code; a hard form fixes the code."""

    id: str
    label: Text
    code: str
    hard: bool = False
    overrides: Text = field(default_factory=dict)


@dataclass(frozen=True)
class BorderRule:
    """A numbered rule that settles a border between codes; cited in adjudication."""

    id: str
    title: Text
    text: Text


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class SensitivityMapping:
    """A contestable choice undone: forms (or codes) sent to another code."""

    id: str
    title: Text
    forms: Mapping[str, str] = field(default_factory=dict)  # form id -> code id
    codes: Mapping[str, str] = field(default_factory=dict)  # code id -> code id


@dataclass(frozen=True)
class Section:
    """A passage of the manual in prose: the unit, the context, and what is not read."""

    id: str
    title: Text
    text: Text


@dataclass(frozen=True)
class Note:
    """A remark that no coder follows: where a part comes from, or what a version changed."""

    id: str
    text: Text


@dataclass(frozen=True)
class RuleSettings:
    """How the rule coder turns fired expressions into a code.

    `default` is given where nothing fires (empty: the residual code, else the first); `sure` is the
    lead over the second-best code from which a post counts as coded, not unsure; `secondary` is the
    score a second function needs; `support` is how much of the other forms of a code adds to its best;
    `title` multiplies the weight of an expression that fires in the title, which states the purpose.
    """

    default: str = ""
    sure: float = 1.0
    secondary: float = 3.0
    support: float = 0.25
    title: float = 1.0


@dataclass(frozen=True)
class FormGroup:
    """Forms that a profile counts together."""

    id: str
    label: Text
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Facet:
    """A code seen closer by groups of its forms: a question that a profile answers for each account.

    With `deficit` the code's scarcity is itself a finding (upper bound, distance from a benchmark). `limit`
    says what the figures cannot show. `uptake` are the forms (of any code) in which an issue that was raised
    in posts of this code counts as taken up.
    """

    id: str
    code: str
    title: Text
    groups: tuple[FormGroup, ...]
    deficit: bool = False
    limit: Text = field(default_factory=dict)
    uptake: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """One measuring instrument.

    `hash` is of what a coder follows: codes, forms, rules, examples, order, procedure, NA rule — of the
    content, not of the bytes. `rules_hash` adds the expressions, which only the rule coder follows, so
    that a better expression does not make the work of people or a trained model void.
    """

    id: str
    version: str
    title: Text
    codes: tuple[Code, ...]
    forms: tuple[Form, ...] = ()
    rules: tuple[BorderRule, ...] = ()
    tie_break: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    mappings: tuple[SensitivityMapping, ...] = ()
    facets: tuple[Facet, ...] = ()
    procedure: Text = field(default_factory=dict)
    na_rule: Text = field(default_factory=dict)
    na_minimum: int = 8
    """A post with fewer codable characters than this is uncodable."""
    na_purpose: tuple[Expression, ...] = ()
    """Expressions that show a visible purpose at any length (such posts are coded)."""
    variable: str = ""
    sections: tuple[Section, ...] = ()
    training: Text = field(default_factory=dict)
    short: Text = field(default_factory=dict)
    gates: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[Note, ...] = ()
    changes: tuple[Note, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    """Named lists that expressions use as `$name`."""
    settings: RuleSettings = field(default_factory=RuleSettings)
    hash: str = ""
    rules_hash: str = ""
    source: str = ""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Code ids in codebook order."""
        return tuple(code.id for code in self.codes)

    @cached_property
    def residual(self) -> str:
        """The id of the residual code, or an empty string."""
        return next((code.id for code in self.codes if code.residual), "")

    @property
    def short_hash(self) -> str:
        """The first 12 hexadecimal digits of the hash, for people."""
        return self.hash.removeprefix("sha256:")[:12]

    @property
    def order(self) -> tuple[str, ...]:
        """Code ids in tie-break order; codes that the order leaves out follow in codebook order."""
        return (*self.tie_break, *(code for code in self.ids if code not in self.tie_break))

    @property
    def expressions(self) -> tuple[tuple[str, Expression], ...]:
        """All expressions with the id of their code, in file order within a code."""
        return tuple((code.id, expression) for code in self.codes for expression in code.expressions)

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
