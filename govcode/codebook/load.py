"""Find a codebook by name or path, read it, and refuse one that does not hold together."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from govcode.codebook.check import check_codebook
from govcode.codebook.lines import Lines
from govcode.codebook.model import Codebook
from govcode.codebook.parse import parse_codebook
from govcode.codebook.problems import Problem
from govcode.errors import CodebookError, choices

SHIPPED = Path(__file__).parent / "data"


def load_codebook(name_or_path: str | Path = "functions") -> Codebook:
    """Load a shipped codebook by name, or any codebook by the path of its TOML file.

    Raises CodebookError naming file and line of the first thing that is wrong; warnings are left to
    `govcode codebook check`.
    """
    text, source = read_text(name_or_path)
    return _load(text, source)


@lru_cache(maxsize=16)
def _load(text: str, source: str) -> Codebook:
    codebook, problems = examine_text(text, source)
    errors = [problem for problem in problems if not problem.warning]
    if errors or codebook is None:
        first = errors[0]
        place = f"{source}:{first.line}" if first.line else source
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise CodebookError(
            f"{place}: {first.message}{more}", hint=f"See all: govcode codebook check {source}"
        )
    return codebook


def examine_text(text: str, source: str) -> tuple[Codebook | None, list[Problem]]:
    """Return the codebook as far as it can be read, and everything that is wrong with it, by line."""
    lines = Lines(text)
    codebook, problems = parse_codebook(text, source, lines)
    if codebook is not None:
        problems = sorted(problems + check_codebook(codebook, lines))
    return codebook, problems


def shipped_codebooks() -> list[str]:
    """Return the names of the codebooks that come with govcode."""
    return sorted(
        item.name.removesuffix(".toml") for item in SHIPPED.iterdir() if item.name.endswith(".toml")
    )


def read_text(name_or_path: str | Path) -> tuple[str, str]:
    """Return the text of a codebook file and the name that messages use for it."""
    name = str(name_or_path)
    if name in shipped_codebooks():
        return (SHIPPED / f"{name}.toml").read_text(encoding="utf-8"), name
    path = Path(name)
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "is neither a shipped codebook nor a file"
        raise CodebookError(
            f"{name}: {kind}.",
            hint=f"Shipped: {choices(shipped_codebooks())}. Start your own: govcode codebook new my.toml",
        )
    try:
        return path.read_text(encoding="utf-8-sig"), name
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(f"{name}: cannot be read as UTF-8 text ({error}).") from error
