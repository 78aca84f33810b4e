"""Read the figures back out of what was published: reports as HTML, Markdown or LaTeX, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

Cell = str | float
_DIGIT = re.compile(r"\d")
_TEX_CAPTION = re.compile(r"\\label\{tab:([\w-]+)\}")
_MARKUP = re.compile(r"\\([\\`*_{}\[\]<>()#+!|~$&%-])")


def figures_in(path: str | Path) -> dict[str, Cell]:
    """Return the figures of a published file by name; empty for files of another kind or damaged ones.

    A cell of a table is called `table · row · column`; a number in JSON is called by its path.
    """
    reader = _READERS.get(Path(path).suffix.lower())
    if reader is None:
        return {}
    found: dict[str, Cell] = {}
    with suppress(ValueError, OSError):
        for name, cell in reader(Path(path).read_text(encoding="utf-8")):
            found[_unused(name, found)] = cell
    return found


def _unused(name: str, taken: Mapping[str, Cell]) -> str:
    """Return the name, numbered where a row of the same name came before."""
    if name not in taken:
        return name
    number = 2
    while f"{name} #{number}" in taken:
        number += 1
    return f"{name} #{number}"


def numbers_in(data: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers of nested data with their path (`shares.appeal`, `rows[2].value`)."""
    if isinstance(data, bool):
        return
    if isinstance(data, int | float):
        with suppress(OverflowError):
            yield name, float(data)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from numbers_in(value, f"{name}.{key}" if name else str(key))
    elif isinstance(data, list | tuple):
        for position, value in enumerate(data):
            yield from numbers_in(value, f"{name}[{position}]")


def _json(text: str) -> Iterator[tuple[str, Cell]]:
    yield from numbers_in(json.loads(text))


def _html(text: str) -> Iterator[tuple[str, Cell]]:
    from selectolax.lexbor import LexborHTMLParser

    for table in LexborHTMLParser(text).css("table[id^=table-]"):
        rows = [[cell.text(strip=True) for cell in row.css("th, td")] for row in table.css("tr")]
        yield from _cells(str(table.attributes["id"]).removeprefix("table-"), rows)


def _markdown(text: str) -> Iterator[tuple[str, Cell]]:
    title, rows = "", list[list[str]]()
    for line in [*text.splitlines(), ""]:
        if line.startswith("| "):
            cells = re.split(r"(?<!\\) \| ", line.strip().removeprefix("| ").removesuffix(" |"))
            rows.append([_MARKUP.sub(r"\1", cell) for cell in cells])
        elif line.startswith("**"):
            title = _MARKUP.sub(r"\1", line.strip("*"))
        elif rows and not line.startswith("|"):
            yield from _cells(title, rows)
            rows = []


def _latex(text: str) -> Iterator[tuple[str, Cell]]:
    title, rows = "", list[list[str]]()
    for line in text.splitlines():
        if (named := _TEX_CAPTION.search(line)) is not None:
            title = named[1]
        elif line.endswith("\\\\"):
            rows.append([_MARKUP.sub(r"\1", c.strip()) for c in re.split(r"(?<!\\)&", line[:-2])])
        elif "\\end{table" in line or "\\end{longtable" in line:
            yield from _cells(title, rows)
            rows = []


def _cells(title: str, rows: list[list[str]]) -> Iterable[tuple[str, str]]:
    """Yield every cell that holds a digit, named by its table, row and column."""
    if not rows:
        return
    heads, *body = rows
    for row in body:
        for column, cell in zip(heads[1:], row[1:], strict=False):
            if _DIGIT.search(cell):
                yield f"{title} · {row[0]} · {column}", cell


_READERS: Mapping[str, Callable[[str], Iterator[tuple[str, Cell]]]] = {
    ".json": _json,
    ".html": _html,
    ".md": _markdown,
    ".tex": _latex,
}
