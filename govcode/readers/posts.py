"""Files to posts: a posts table is taken as it is, anything else is recognised and converted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govcode.errors import InputError
from govcode.readers.base import PostStream, Table
from govcode.readers.columns import checked, is_posts_table, shown
from govcode.readers.convert import FLAGS, GENERIC, Converter
from govcode.readers.dates import Dates
from govcode.readers.formats import FORMATS
from govcode.readers.formats.base import TableFormat
from govcode.readers.tables import open_table
from govcode.records import POST_COLUMNS, Excluded, Post

_STR = {str}


def read_posts(
    paths: Sequence[str],
    *,
    form: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    crawled_at: str = "",
) -> PostStream:
    """Read posts from one or several files (`-` is standard input), in order and with nothing lost.

    A table with `post_id` and `text` or `title` is a posts table: its columns stay in place and its
    values as they are (known columns as text). Any other table is recognised by its columns, and
    `mapping` ({"text": "微博正文"}; a value `=微博` is a constant) overrides. Rows that hold no post
    come as `Excluded`. Raises InputError where no column holds text or titles, UsageError for a
    column that does not exist.
    """
    tables = [open_table(path, form=form, encoding=encoding) for path in paths]
    return posts_of(tables, mapping=mapping, crawled_at=crawled_at)


def posts_of(
    tables: Sequence[Table], *, mapping: Mapping[str, str] | None = None, crawled_at: str = ""
) -> PostStream:
    """Read posts from open tables, as `read_posts` does from files."""
    dates = Dates(crawled_at)
    stream = PostStream((), ())
    parts = [_part(table, mapping or {}, dates, stream) for table in tables]
    stream.columns = _columns([columns for columns, _ in parts])
    stream.posts = _all(tables, [posts for _, posts in parts], stream)
    return stream


def _all(
    tables: Sequence[Table], parts: Sequence[Iterator[Post | Excluded]], stream: PostStream
) -> Iterator[Post | Excluded]:
    for table, posts in zip(tables, parts, strict=True):
        yield from posts
        stream.notes.extend(table.notes)
        stream.repairs.update(table.repairs)


def _columns(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Join the columns of several sources in first-seen order; `flags` stays last."""
    joined = dict.fromkeys(column for part in parts for column in part)
    if len(parts) > 1 and FLAGS in joined:
        joined = dict.fromkeys([*POST_COLUMNS, *(c for c in joined if c != FLAGS), FLAGS])
    return tuple(joined)


def _part(
    table: Table, mapping: Mapping[str, str], dates: Dates, stream: PostStream
) -> tuple[tuple[str, ...], Iterator[Post | Excluded]]:
    given = checked(mapping, table.columns, table.source)
    if is_posts_table(table.columns) and not given:
        return table.columns, taken(table)
    format = format_of(table.columns)
    converter = Converter(
        table.source, table.columns, format=format, mapping=given, dates=dates, repairs=stream.repairs
    )
    if not {"text", "title", "reply"} & converter.fields.keys():
        raise InputError(
            f"{table.source}: no column is known as text or title.",
            hint=f"Name one with --text-column or --title-column; there are: {shown(table.columns)}.",
        )
    return (*POST_COLUMNS, *converter.own, FLAGS), _converted(table, converter)


def format_of(columns: Sequence[str]) -> TableFormat:
    """Return the format whose signature fits, the most demanding first; the generic one fits all."""
    fitting = [f for f in map(FORMATS.load, FORMATS) if f.fits(columns)]
    return max(fitting, key=lambda f: len(f.signature), default=GENERIC)


def _converted(table: Table, converter: Converter) -> Iterator[Post | Excluded]:
    for item in table:
        yield from converter.convert(item)


def taken(table: Table) -> Iterator[Post | Excluded]:
    """Yield the posts of a posts table as they are; known columns become text."""
    for item in table:
        if type(item) is Excluded:
            yield item
            continue
        values: dict[str, Any] = item.values  # type: ignore[union-attr]
        pop = values.pop
        known = (
            pop("post_id", ""), pop("text", ""), pop("title", ""), pop("account", ""), pop("platform", ""),
            pop("published_at", ""), pop("reply", ""), pop("url", ""),
        )  # fmt: skip
        if set(map(type, known)) != _STR:
            known = tuple(_as_text(value) for value in known)  # type: ignore[assignment]
        yield Post(*known, values)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
