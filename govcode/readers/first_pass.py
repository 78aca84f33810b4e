"""The first pass over JSON Lines: which columns there are, and whether ids come again."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import orjson

from govcode.readers.formats.base import FLAGS
from govcode.readers.source import Source, bad_gzip

PART = 32 << 20  # bytes of a file that are looked through in one go
AT_ONCE = 1 << 16  # bytes read in one go


class Seen(NamedTuple):
    """The keys of all objects in first-seen order; whether no id of a row with flags comes twice.

    Only such ids may get numbers (`readers.numbering`).
    """

    keys: dict[str, None]
    distinct: bool


class _Part(NamedTuple):
    keys: dict[str, None]
    ids: array[int] | None  # hashes of those of rows with flags; None where one is no text


def first_pass(source: Source) -> Seen | None:
    """Look through all lines; None where they have to be read as carefully as the rows.

    Another encoding, a blank line, damage. Parts of a large file are read side by side where `source` can.
    """
    if source.seekable and source.opener is not None:
        starts = range(0, Path(source.name).stat().st_size, PART)
        found = source.each(partial(_part_from, source.name), starts)
    else:
        handle = source.open()
        try:
            with bad_gzip(source.name):
                found = [_part(handle)]
        finally:
            source.close(handle)
    seen: dict[str, None] = {}
    ids: list[array[int]] | None = []
    for part in found:
        if part is None:
            return None
        seen.update(part.keys)
        ids = None if ids is None or part.ids is None else [*ids, part.ids]
    return Seen(seen, ids is not None and _distinct(ids))


def _part_from(path: str, start: int) -> _Part | None:
    """Look through the lines that begin in the part of a file from `start` on."""
    with Path(path).open("rb") as handle:
        if start:
            handle.seek(start - 1)
            handle.readline()
        return _part(_until(handle, start + PART))


def _until(handle: IO[bytes], end: int) -> Iterator[bytes]:
    """Yield the lines that begin before `end`."""
    while (left := end - handle.tell()) > 0:
        lines = handle.readlines(min(left, AT_ONCE) - 1 or 1)  # stops after more bytes than that
        if not lines:
            return
        yield from lines


def _part(lines: Iterable[bytes]) -> _Part | None:
    seen: dict[str, None] = {}
    ids: array[int] | None = array("q")
    try:
        for line in lines:
            value = orjson.loads(line)
            if not value.keys() <= seen.keys():
                seen.update(dict.fromkeys(value))
            if ids is not None and FLAGS in value:
                name = value.get("post_id", "")
                if type(name) is str:
                    ids.append(hash(name))
                else:
                    ids = None
    except (orjson.JSONDecodeError, AttributeError):
        return None
    return _Part(seen, ids)


def _distinct(ids: list[array[int]]) -> bool:
    if not any(ids):
        return True
    keys = np.sort(np.concatenate([np.frombuffer(part, np.int64) for part in ids]))
    return not bool((keys[1:] == keys[:-1]).any())
