"""Check a codebook whole, compare two, start one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from govcode.codebook.load import SHIPPED, examine_text, read_text
from govcode.codebook.model import Codebook
from govcode.codebook.problems import Problem
from govcode.coders.expressions.lint import check_expressions
from govcode.coders.rules import RuleCoder
from govcode.errors import UsageError
from govcode.records import Post
from govcode.text.segment import Segmenter
from govcode.writers.base import write_text

TEMPLATE = SHIPPED / "templates" / "codebook.toml"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: the problems by line, and how many examples the rule coder codes as written."""

    source: str
    codebook: Codebook | None
    problems: tuple[Problem, ...]
    examples: int = 0
    examples_met: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the codebook from being used."""
        return tuple(problem for problem in self.problems if not problem.warning)


def check(name_or_path: str, *, user_dictionary: str | None = None) -> CheckResult:
    """Check the parts, the references and, with the segmenter, the expressions of a codebook."""
    text, source = read_text(name_or_path)
    codebook, problems = examine_text(text, source)
    if codebook is None:
        return CheckResult(source, None, tuple(problems))
    segmenter = Segmenter(user_dictionary=user_dictionary)
    found = tuple(sorted([*problems, *check_expressions(codebook, segmenter.segment)]))
    if any(not problem.warning for problem in found) or not codebook.expressions:
        return CheckResult(source, codebook, found)
    coder = RuleCoder(codebook, segmenter=segmenter)
    posts = [Post(example.id, example.text, example.title) for example in codebook.examples]
    given = [coding.code for coding in coder.code(posts)]
    met = sum(code == example.code for code, example in zip(given, codebook.examples, strict=True))
    return CheckResult(source, codebook, found, len(posts), met)


def new(path: str | Path) -> Path:
    """Write a commented starter codebook; refuse to write over anything."""
    target = Path(path)
    if target.exists():
        raise UsageError(f"{target}: exists already.", hint="Choose another name; nothing is overwritten.")
    if target.suffix != ".toml":
        raise UsageError(f"{target}: a codebook is a .toml file.", hint=f"Try: {target.with_suffix('.toml')}")
    write_text(target, TEMPLATE.read_text(encoding="utf-8"))
    return target


def lines_of(problems: Iterable[Problem], source: str) -> list[str]:
    """Return the problems as `file:line: error: sentence`."""
    return [
        f"{source}:{p.line}: {'warning' if p.warning else 'error'}: {p.message} [{p.slug}]" for p in problems
    ]
