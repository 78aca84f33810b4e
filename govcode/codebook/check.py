"""Does a codebook hold together? Ids, references and missing parts, each with its line."""

from __future__ import annotations

from collections.abc import Iterable

from govcode.codebook.lines import Lines
from govcode.codebook.model import Codebook
from govcode.codebook.problems import Problem, did_you_mean
from govcode.records import NA

# Names that coded tables and status columns use; a code of this name would make them ambiguous.
RESERVED = {NA, "", "gold", "unsure", "uncodable", "error"}


def check_codebook(codebook: Codebook, lines: Lines) -> list[Problem]:
    """Return what is wrong with the parts as they refer to each other; expressions are parsed elsewhere."""
    check = _Check(codebook, lines)
    check.codes()
    check.duplicates()
    check.references()
    check.settings()
    check.warnings()
    return check.problems


class _Check:
    def __init__(self, codebook: Codebook, lines: Lines) -> None:
        self.codebook = codebook
        self.lines = lines
        self.problems: list[Problem] = []

    def note(self, slug: str, message: str, *path: str | int, warning: bool = False) -> None:
        self.problems.append(Problem(self.lines.of(*path), slug, message, warning))

    def known(self, value: str, ids: Iterable[str], what: str, owner: str, *path: str | int) -> None:
        """Note a reference that leads nowhere."""
        ids = list(ids)
        if value and value not in ids:
            near = did_you_mean(value, ids)
            self.note(
                f"unknown-{what}", f"{owner} names the {what} '{value}', which does not exist{near}.", *path
            )

    def codes(self) -> None:
        codes = self.codebook.codes
        if len(codes) < 2:
            self.note(
                "missing", f"a codebook needs at least two [[codes]]; this one has {len(codes)}.", "codes"
            )
        for i, code in enumerate(codes):
            if code.id in RESERVED or not code.id.replace("_", "a").replace("-", "a").isalnum():
                self.note("bad-id", f"'{code.id}' cannot be the id of a code.", "codes", i, "id")
        residual = [code.id for code in codes if code.residual]
        if len(residual) > 1:
            self.note("two-residuals", f"only one code may be residual, not {', '.join(residual)}.", "codes")

    def duplicates(self) -> None:
        for kind in ("codes", "forms", "rules", "examples", "mappings", "sections"):
            seen: set[str] = set()
            for i, part in enumerate(getattr(self.codebook, kind)):
                if part.id and part.id in seen:
                    self.note(
                        "duplicate-id", f"the id '{part.id}' stands twice in [[{kind}]].", kind, i, "id"
                    )
                seen.add(part.id)
        for form in self.codebook.forms:
            if form.id in self.codebook.ids:
                self.note("duplicate-id", f"'{form.id}' is both a code and a form.", "forms")
        if len(set(self.codebook.tie_break)) < len(self.codebook.tie_break):
            self.note("duplicate-id", "a code stands twice in tie_break.", "tie_break")

    def references(self) -> None:
        book, ids = self.codebook, self.codebook.ids
        forms = [form.id for form in book.forms]
        for code in book.tie_break:
            self.known(code, ids, "code", "tie_break", "tie_break")
        for i, form in enumerate(book.forms):
            self.known(form.code, ids, "code", f"form '{form.id}'", "forms", i, "code")
        for i, example in enumerate(book.examples):
            owner = f"example '{example.id}'"
            self.known(example.code, (*ids, NA), "code", owner, "examples", i, "code")
            self.known(example.secondary, ids, "code", owner, "examples", i, "secondary")
            self.known(example.form, forms, "form", owner, "examples", i, "form")
        for i, facet in enumerate(book.facets):
            owner = f"facet '{facet.id}'"
            self.known(facet.code, ids, "code", owner, "facets", i, "code")
            for form_id in facet.uptake:
                self.known(form_id, forms, "form", owner, "facets", i, "uptake")
            for j, group in enumerate(facet.groups):
                for form_id in group.forms:
                    self.known(form_id, forms, "form", owner, "facets", i, "groups", j)
        for i, mapping in enumerate(book.mappings):
            owner = f"mapping '{mapping.id}'"
            for form_id, code in mapping.forms.items():
                self.known(form_id, forms, "form", owner, "mappings", i, "forms")
                self.known(code, ids, "code", owner, "mappings", i, "forms")
            for before, after in mapping.codes.items():
                self.known(before, ids, "code", owner, "mappings", i, "codes")
                self.known(after, ids, "code", owner, "mappings", i, "codes")

    def settings(self) -> None:
        self.known(
            self.codebook.settings.default, self.codebook.ids, "code", "rule_coder", "rule_coder", "default"
        )

    def warnings(self) -> None:
        """Note what a reviewer will miss though nothing breaks."""
        book = self.codebook
        missing = [code for code in book.ids if code not in book.tie_break]
        if missing and book.tie_break:
            self.note("incomplete", f"tie_break leaves out {', '.join(missing)}.", "tie_break", warning=True)
        for i, code in enumerate(book.codes):
            if book.examples and not any(example.code == code.id for example in book.examples):
                self.note("incomplete", f"code '{code.id}' has no example.", "codes", i, warning=True)
            if not code.counts:
                self.note(
                    "incomplete", f"code '{code.id}' does not say what counts.", "codes", i, warning=True
                )
        for i, example in enumerate(book.examples):
            form = next((form for form in book.forms if form.id == example.form), None)
            if form is not None and form.hard and form.code != example.code:
                self.note(
                    "contradiction",
                    f"example '{example.id}' has the hard form '{form.id}' of code '{form.code}' "
                    f"but is coded '{example.code}'.",
                    "examples", i, "code", warning=True,
                )  # fmt: skip
