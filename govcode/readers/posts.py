"""Files to posts: a posts table is taken as it is, anything else is recognised and converted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from govcode.errors import GovcodeError, InputError
from govcode.readers.archives import DAMAGE
from govcode.readers.base import STDIN, Each, PostStream, Recognition, Table
from govcode.readers.columns import checked, is_posts_table, meant, shown
from govcode.readers.decoding import GB
from govcode.readers.documents import DOCUMENT_READERS
from govcode.readers.formats import FORMATS
from govcode.readers.formats.base import FLAGS, GENERIC, TableFormat
from govcode.readers.inputs import Input, inputs_of
from govcode.readers.numbering import numbered
from govcode.readers.pieces import AsItIs, Batch, Item, Piece, pieces_of
from govcode.readers.source import DOCUMENT_SUFFIXES, DOCUMENTS, WORKBOOKS, Source
from govcode.readers.tables import read_source
from govcode.records import POST_COLUMNS, Excluded, Post

if TYPE_CHECKING:
    from govcode.readers.convert import Converter
    from govcode.readers.dates import Dates

KEPT_OPEN = 32
RECOGNITIONS_KEPT = 200
NOTES_KEPT = 200
# Pages and feeds always have these columns, so that a million of them need not be opened twice.
_CERTAIN = tuple(suffix for suffix, form in DOCUMENT_SUFFIXES.items() if form != "txt")


def read_posts(
    paths: Sequence[str],
    *,
    form: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    crawled_at: str = "",
    unique: bool = True,
    sheets: Sequence[str] = (),
    texts_first: bool = False,
    each: Each = map,
) -> PostStream:
    """Read posts from files, folders and zip archives (`-` is standard input), in order, nothing lost.

    A table with `post_id` and `text` or `title` is a posts table: its columns stay in place and its
    values as they are (known columns as text). Any other table, page or feed is recognised by its
    signature, and `mapping` ({"text": "微博正文"}; a value `=微博` is a constant) overrides. Rows that
    hold no post come as `Excluded`. With `unique`, an id that comes again in converted posts gets a
    number (`…-2`). Of workbooks every sheet that holds posts is read (or `sheets`); where there are
    several, a column `sheet` names it. With `texts_first`, tables that hold titles only are read last.
    `each` maps over parts of a large file, in several processes perhaps.
    Raises InputError where no column holds text or titles, UsageError for a column that does not exist.
    """
    reading = _Reading(paths, form, encoding, dict(mapping or {}), crawled_at, sheets)
    reading.texts_first, reading.each = texts_first, each
    reading.stream.columns = reading.columns()
    stream = reading.stream
    posts, pieces = reading.posts(), reading.posts(as_pieces=True)
    stream.posts = cast("Iterable[Post | Excluded]", numbered(posts, stream) if unique else posts)
    stream.pieces = numbered(pieces, stream) if unique else pieces
    return stream


def posts_of(
    tables: Sequence[Table], *, mapping: Mapping[str, str] | None = None, crawled_at: str = ""
) -> PostStream:
    """Read posts from open tables, as `read_posts` does from files."""
    reading = _Reading([], None, None, dict(mapping or {}), crawled_at)
    reading.kept = {f"{n} {table.source}": [table] for n, table in enumerate(tables)}
    reading.given = [Input(name, True, _closed) for name in reading.kept]
    reading.stream.columns = reading.columns()
    reading.stream.posts = cast("Iterable[Post | Excluded]", numbered(reading.posts(), reading.stream))
    return reading.stream


def first_table(paths: Sequence[str], *, form: str | None = None, encoding: str | None = None) -> Table:
    """Open the first input that can be read, as it is; raise InputError where none can."""
    reading = _Reading(paths, form, encoding, {}, "")
    for item in reading.inputs():
        if isinstance(item, Input):
            try:
                return reading.tables(item)[0]
            except GovcodeError:
                if item.told:
                    raise
    raise InputError(f"{' '.join(paths)}: holds no file that could be read.")


class _Reading:
    """Go over the inputs twice: for the columns of all, then for the posts of each."""

    def __init__(
        self,
        paths: Sequence[str],
        form: str | None,
        encoding: str | None,
        mapping: dict[str, str],
        crawled_at: str,
        sheets: Sequence[str] = (),
    ) -> None:
        self.paths, self.form, self.encoding, self.mapping = paths, form, encoding, mapping
        self.crawled_at, self.sheets = crawled_at, sheets
        self.stream = PostStream((), ())
        self.kept: dict[str, list[Table]] = {}
        self.given: list[Input] = []
        self.bare: set[str] = set()  # sources that hold titles only
        self.texts_first = False
        self.each: Each = map

    @cached_property
    def dates(self) -> Dates:
        from govcode.readers.dates import Dates  # a posts table needs neither this nor the converter

        return Dates(self.crawled_at)

    def inputs(self) -> Iterator[Input | Excluded]:
        yield from self.given
        for path in self.paths:
            some = False
            for item in inputs_of(path, form=self.form):
                some = True
                yield item
            if not some:
                raise InputError(f"{path}: holds no file that could be read.")

    def columns(self) -> tuple[str, ...]:
        """Join the columns of all inputs in first-seen order; `flags` comes last."""
        joined: dict[str, None] = {}
        parts = 0
        for item in self.inputs():
            if isinstance(item, Excluded):
                continue
            parts += 1
            if not item.told and item.name.lower().endswith(_CERTAIN) and self.form is None:
                joined.update(dict.fromkeys((*POST_COLUMNS, "author", FLAGS)))
                continue
            try:
                tables = self.kept.get(item.name) or self.tables(item)
                converters = [self.converter(table) for table in tables]
                for converter in converters:
                    joined.update(dict.fromkeys(converter.columns))
                if not any({"text", "reply"} & converter.fields.keys() for converter in converters):
                    self.bare.add(item.name)
                parts += len(tables) - 1
            except (GovcodeError, *DAMAGE):
                if item.told:
                    raise
                continue
            if len(self.kept) < KEPT_OPEN or item.name == STDIN:
                self.kept[item.name] = tables
        if FLAGS in joined and (parts > 1 or next(iter(joined)) != "post_id"):
            return tuple(dict.fromkeys([*POST_COLUMNS, *(c for c in joined if c != FLAGS), FLAGS]))
        return tuple(joined)

    def tables(self, item: Input) -> list[Table]:
        """Open the tables of an input: one, or the sheets of a workbook that hold posts."""
        source = item.source()
        source.before_wait, source.each = self.stream.wait, self.each
        if source.form in WORKBOOKS:
            from govcode.readers.sheets import with_posts

            return with_posts(source, self.sheets, self.no_posts)
        if source.form not in DOCUMENTS:
            return [_with_header(read_source(source, self.encoding))]
        return [DOCUMENT_READERS.load(source.form)(source, self.encoding)]

    def no_posts(self, table: Table) -> str:
        """Tell why a sheet among others is none of posts, or ''."""
        try:
            converter = self.converter(table)
        except GovcodeError as error:
            return error.message.removeprefix(f"{table.source}: ").rstrip(".")
        if converter.format is GENERIC and len(converter.fields) < 2:
            return (
                f"it seems to hold notes (columns {shown(table.columns)}); --sheet '{table.sheet}' reads it"
            )
        return ""

    def converter(self, table: Table) -> Converter | AsItIs:
        given = checked(self.mapping, table.columns, table.source)
        if table.format is None and is_posts_table(table.columns) and not given:
            return AsItIs(table.columns)
        format = table.format or format_of(table.columns)
        if format.refuse:
            raise InputError(f"{table.source}: {format.refuse}", hint=f"It was taken for {format.title}.")
        from govcode.readers.convert import Converter

        converter = Converter(
            table.source, table.columns, format=format, mapping=given, dates=self.dates,
            repairs=self.stream.repairs,
        )  # fmt: skip
        if not {"text", "title", "reply"} & converter.fields.keys():
            raise InputError(
                f"{table.source}: no column is known as text or title.",
                hint=f"{meant(table.columns)}Name one with --text-column or --title-column; there are: "
                f"{shown(table.columns)}.",
            )
        return converter

    def in_turn(self) -> Iterator[Input | Excluded]:
        """Yield the inputs in the order in which they are read."""
        last = self.bare if self.texts_first else set()
        for item in self.inputs():
            if isinstance(item, Excluded) or item.name not in last:
                yield item
        for item in self.inputs() if last else ():
            if isinstance(item, Input) and item.name in last:
                yield item

    def posts(self, *, as_pieces: bool = False) -> Iterator[Item]:
        """Yield all posts; `as_pieces`, most rows of posts tables are not read yet."""
        for item in self.in_turn():
            if isinstance(item, Excluded):
                yield item
            else:
                yield from self.posts_in(item, as_pieces)

    def posts_in(self, item: Input, as_pieces: bool) -> Iterator[Item]:
        """Yield the posts of one input, and why the rest of it could not be read."""
        stream, blocks, line = self.stream, None, 0
        alone = item.told and len(self.paths) == 1
        try:
            for table in self.kept.pop(item.name, None) or self.tables(item):
                converter = self.converter(table)
                self.remember(table, converter)
                stream.source, line = table.source, 0
                blocks = table.blocks if as_pieces and isinstance(converter, AsItIs) else None
                if blocks is not None and FLAGS in table.columns and not (alone and blocks.distinct):
                    blocks = None  # ids are to be numbered in order
                if blocks is not None:
                    yield from pieces_of(blocks, partial(self.tell, table))
                    continue
                for row in table:
                    stream.line = line = row.line
                    yield from converter.convert(row)
                self.tell(table)
        except (GovcodeError, *DAMAGE, OSError) as error:
            if item.told and isinstance(error, GovcodeError):
                raise
            detail = error.message if isinstance(error, GovcodeError) else str(error)
            if item.told:
                raise InputError(f"{item.name}: could not be read to the end ({detail}).") from error
            if blocks is None:
                yield Excluded(item.name, line, "not-read", detail)
            else:
                yield Piece(Batch(), lambda _: [Excluded(item.name, blocks.last, "not-read", detail)])

    def tell(self, table: Table) -> None:
        """Add what a table that has been read has to tell."""
        notes = self.stream.notes
        if len(notes) < NOTES_KEPT:
            notes.extend(table.notes)
            if table.encoding == GB:
                notes.append(f"{table.source}: read as GB18030")
        self.stream.repairs.update(table.repairs)

    def remember(self, table: Table, converter: Converter | AsItIs) -> None:
        format = converter.format
        self.stream.formats[format.name] += 1
        if len(self.stream.recognised) < RECOGNITIONS_KEPT:
            fields = {f: c for f, c in converter.fields.items() if c in table.columns or format.unfold}
            self.stream.recognised.append(
                Recognition(
                    table.source, format.name, format.title, fields, tuple(converter.own), table.encoding
                )
            )


def _with_header(table: Table) -> Table:
    if is_posts_table(table.columns):
        return table
    from govcode.readers.headerless import with_header

    return with_header(table)


def _closed() -> Source:
    raise InputError("An open table can be read only once.")


def format_of(columns: Sequence[str]) -> TableFormat:
    """Return the format whose signature fits, the most demanding first; the generic one fits all."""
    fitting = [f for f in map(FORMATS.load, FORMATS) if f.fits(columns)]
    return max(fitting, key=lambda f: len(f.signature), default=GENERIC)
