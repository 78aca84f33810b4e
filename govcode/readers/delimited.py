"""CSV and TSV tables, as they really come: odd quotes, short and long rows, repeated headers."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from io import StringIO
from itertools import chain
from typing import cast

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.decoding import Decoder
from govcode.readers.source import Source, bad_gzip
from govcode.records import Excluded, Row

LONGEST_ROW = 16 << 20  # characters; a quote left open beyond it is taken as a literal quote
LONGEST_CARRIED = 1 << 20
SEPARATORS = ",\t;|"

csv.field_size_limit(4 * LONGEST_ROW)
_SEP_LINE = re.compile(r"""^"?sep=(.)"?\s*$""", re.IGNORECASE)


def read(source: Source, encoding: str | None = None, *, separators: str = SEPARATORS) -> Table:
    """Open a CSV table; its first line that is not blank is the header.

    Cells are strings. A row with too few cells is filled up, one with too many is excluded
    (`too-many-cells`) unless what is too much is empty from the first row on.
    """
    table = Table(source.name, source.form, (), ())
    reader = _Reader(source, encoding, table, separators)
    rows = reader.rows()
    table.columns = cast("tuple[str, ...]", next(rows))
    table.rows = cast("Iterator[Row | Excluded]", rows)
    return table


def read_tsv(source: Source, encoding: str | None = None) -> Table:
    """Open a table whose cells are separated by tabs."""
    return read(source, encoding, separators="\t")


class _Runaway(Exception):  # noqa: N818 - a signal, not an error
    """Say that a quoted cell has grown beyond all measure."""


class _Reader:
    """Parse with the csv module: a whole piece at once, or line by line where something is odd.

    Line by line, the lines of the current row are held so that it can be mended.
    """

    def __init__(self, source: Source, encoding: str | None, table: Table, separators: str) -> None:
        self.source = source
        self.table = table
        self.decoder = Decoder(source.name, encoding, table.repairs)
        self.separators = separators
        self.separator = separators[0]
        self.kept: list[str] = []
        self.again: deque[str] = deque()
        self.line = 0
        self.first_line = 0
        self.usual = 0  # cells of the first row; where it ends in empty cells without a name, so may others

    def rows(self) -> Iterator[tuple[str, ...] | Row | Excluded]:
        """Yield the header as a tuple, then the rows."""
        handle = self.source.open()
        try:
            with bad_gzip(self.source.name):
                self.pieces = self.decoder.pieces(handle)
                header = self._header()
                self.table.encoding = self.decoder.encoding
                self.first_line = self.line
                columns = names(header, self.table)
                yield columns
                yield from self._body(header, columns)
                self.table.encoding = self.decoder.encoding
        finally:
            self.source.close(handle)

    def _physical(self) -> Iterator[str]:
        """Yield lines that wait to be read again, then those of the next pieces, keeping what is not used."""
        again = self.again
        while True:
            while again:
                yield again.popleft()
            piece = next(self.pieces, "")
            if not piece:
                return
            again.extend(StringIO(piece, newline=""))

    def _header(self) -> list[str]:
        for line in self._physical():
            if not line.strip("\r\n\t ,;\ufeff"):
                self.line += 1
                continue
            if match := _SEP_LINE.match(line):
                self.separators = self.separator = match[1]
                self.line += 1
                continue
            self.again.appendleft(line)
            break
        else:
            raise InputError(f"{self.source.name}: is empty.", hint="A table has at least a header line.")
        self._choose_separator(self.again[0])
        row = next(csv.reader(self._lines(), delimiter=self.separator))
        self._done()
        return row

    def _choose_separator(self, line: str) -> None:
        if self.separators[0] in line:
            return
        best = max(self.separators, key=line.count)
        if line.count(best):
            self.separator = best
            shown = {"\t": "tabs"}.get(best, f"'{best}'")
            self.table.notes.append(f"{self.source.name}: cells are separated by {shown}")

    def _lines(self) -> Iterator[str]:
        kept, size = self.kept, 0
        for line in self._physical():
            kept.append(line)
            if len(kept) > 1:
                size = size + len(line) if len(kept) > 2 else len(line)
                if size > LONGEST_ROW:
                    raise _Runaway
            yield line

    def _done(self) -> None:
        self.line += len(self.kept)
        self.kept.clear()

    def _body(self, header: list[str], columns: tuple[str, ...]) -> Iterator[Row | Excluded]:
        """Read piece by piece; what is odd in a piece, and what follows in it, line by line."""
        first, carried = "".join(self.again), ""
        self.again.clear()
        for piece in chain((first,), self.pieces, ("",)):
            text = carried + piece if carried else piece
            if text:
                carried = yield from self._whole_piece(text, header, columns)
            if carried and (not piece or len(carried) > LONGEST_CARRIED):
                self.again.extend(StringIO(carried, newline=""))
                carried = ""
            while self.again:
                yield from self._line_by_line(header, columns)

    def _whole_piece(
        self, text: str, header: list[str], columns: tuple[str, ...]
    ) -> Generator[Row | Excluded, None, str]:
        """Yield the rows of a piece up to the first odd one; return a last row that is not whole.

        An odd row, and what follows it, is put aside to be read line by line.
        """
        width, first, start = len(columns), header[0], self.line
        buffer = StringIO(text, newline="")
        reader = csv.reader(buffer, delimiter=self.separator, strict=True)
        try:
            for cells in reader:
                if len(cells) != width or (cells[0] == first and cells == header):
                    break
                yield Row(self.line + 1, dict(zip(columns, cells, strict=False)))
                self.line = start + reader.line_num
            else:
                return ""
        except csv.Error:
            rest = _after(text, self.line - start)
            if buffer.tell() == len(text):  # the row may go on in the next piece
                return rest
            self.again.extend(StringIO(rest, newline=""))
            return ""
        self.again.extend(StringIO(_after(text, self.line - start), newline=""))
        return ""

    def _line_by_line(self, header: list[str], columns: tuple[str, ...]) -> Iterator[Row | Excluded]:
        """Read what was put aside, to the end of a row with which a piece ends."""
        try:
            yield from self._run(header, columns)
        except (_Runaway, csv.Error):
            yield self._literal_quote(columns)

    def _run(self, header: list[str], columns: tuple[str, ...]) -> Iterator[Row | Excluded]:
        width, first, kept = len(columns), header[0], self.kept
        for cells in csv.reader(self._lines(), delimiter=self.separator):
            if len(kept) > 1 and (len(cells) != width or self._misquoted()) and self._breaks(width):
                yield self._literal_quote(columns)
                continue
            if len(cells) == width and (cells[0] != first or cells != header):
                yield Row(self.line + 1, dict(zip(columns, cells, strict=False)))
            elif (item := self._odd(cells, header, columns)) is not None:
                yield item
            self.line += len(kept)
            kept.clear()
            if not self.again:
                return

    def _odd(self, cells: list[str], header: list[str], columns: tuple[str, ...]) -> Row | Excluded | None:
        """Mend or exclude a row that does not have the header's number of cells; None for no row at all."""
        if not any(map(str.strip, cells)):
            return None
        if cells == header:
            self.table.repairs["repeated-header"] += 1
            return None
        width = len(columns)
        self.usual = self.usual or (len(cells) if self.line == self.first_line else width)
        if len(cells) < width:
            self.table.repairs["short-row"] += 1
            cells = cells + [""] * (width - len(cells))
        elif any(cells[width:]) or len(cells) != self.usual:
            detail = f"{len(cells)} cells under {width} column names"
            raw = dict(zip(columns, cells, strict=False)) | {"": cells[width:]}
            return Excluded(self.table.source, self.line + 1, "too-many-cells", detail, raw)
        else:
            self.table.repairs["long-row"] += 1
        return Row(self.line + 1, dict(zip(columns, cells, strict=False)))

    def _misquoted(self) -> bool:
        """Tell whether the quotes of the row are wrong: open at the end, or inside a cell."""
        try:
            deque(csv.reader(self.kept, delimiter=self.separator, strict=True), 0)
        except csv.Error:
            return True
        return False

    def _breaks(self, width: int) -> bool:
        """Tell whether the row's first line is a whole row when its quotes are taken literally."""
        return self._split(self.kept[0]).__len__() == width

    def _split(self, line: str) -> list[str]:
        return next(csv.reader([line], delimiter=self.separator, quoting=csv.QUOTE_NONE), [])

    def _literal_quote(self, columns: tuple[str, ...]) -> Row | Excluded:
        """Take the first kept line as a row with literal quotes, and read the others again."""
        line, number = self.kept[0], self.line + 1
        self.again.extendleft(reversed(self.kept[1:]))
        self.kept.clear()
        self.line += 1
        cells = self._split(line)
        if len(cells) == len(columns):
            self.table.repairs["open-quote"] += 1
            return Row(number, dict(zip(columns, cells, strict=True)))
        return Excluded(self.table.source, number, "open-quote", "a quote is opened and never closed", line)


def _after(text: str, lines: int) -> str:
    """Return a text without its first lines (ended by LF, CR or both, as the csv module counts them)."""
    rest = StringIO(text, newline="")
    for _ in range(lines):
        rest.readline()
    return text[rest.tell() :]


def names(header: Iterable[object], table: Table) -> tuple[str, ...]:
    """Return usable column names: stripped, none empty (`column_3`), none twice (`正文_2`)."""
    result: dict[str, None] = {}
    for position, cell in enumerate(header, 1):
        name = wanted = str(cell if cell is not None else "").strip().strip("\ufeff") or f"column_{position}"
        number = 1
        while name in result:
            number += 1
            name = f"{wanted}_{number}"
        if number > 1:
            table.notes.append(f"{table.source}: column '{wanted}' is there twice; the second is '{name}'")
        result[name] = None
    return tuple(result)
