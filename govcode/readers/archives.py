"""Zip archives of any number of members: the directory is read entry by entry, never held as a whole."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

SORTED_UP_TO = 100_000  # members; of larger archives the names are not held in memory

_OF_WORKBOOKS = {"[Content_Types].xml", "META-INF/manifest.xml"}
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, struct.error)
"""What reading a damaged archive or member raises, besides OSError."""

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_FULL = 0xFFFFFFFF  # the true number stands in the entry's extra field


@dataclass(frozen=True)
class Overview:
    """What a directory says of the whole archive; sizes in bytes, of the file and of all members packed."""

    members: int
    size: int
    packed: int
    workbook: bool

    @property
    def overlaps(self) -> bool:
        """Whether members share bytes, as only archives made to harm do."""
        return self.packed > self.size


def overview(file: Path) -> Overview:
    """Go once over the directory of an archive; raise BadZipFile or OSError where there is none."""
    members = packed = 0
    workbook = False
    for info in _entries(file):
        members += 1
        packed += info.compress_size
        workbook = workbook or info.filename in _OF_WORKBOOKS or info.filename.startswith("xl/")
    return Overview(members, file.stat().st_size, packed, workbook)


def members(file: Path, number: int) -> Iterator[zipfile.ZipInfo]:
    """Yield the members in the order of names; of very many (`number`) in the order of the archive."""
    found = _entries(file)
    return iter(sorted(found, key=lambda info: info.filename)) if number <= SORTED_UP_TO else found


def open_member(file: Path, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member; its checksum is verified. Raises BadZipFile, OSError, NotImplementedError."""
    handle = file.open("rb")
    try:
        handle.seek(info.header_offset)
        header = handle.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("the member is not where the directory says")
        name, extra = struct.unpack("<2H", header[26:])
        handle.seek(name + extra, 1)
        return cast("IO[bytes]", zipfile.ZipExtFile(handle, "r", info, close_fileobj=True))
    except BaseException:
        handle.close()
        raise


def _entries(file: Path) -> Iterator[zipfile.ZipInfo]:
    """Yield the entries of the directory as they stand."""
    with file.open("rb") as handle:
        number, start, shift = _directory(handle)
        handle.seek(start)
        for _ in range(number):
            head = handle.read(_ENTRY.size)
            if len(head) < _ENTRY.size or head[:4] != b"PK\x01\x02":
                raise zipfile.BadZipFile("the directory is damaged")
            yield _entry(handle, _ENTRY.unpack(head), shift)


def _directory(handle: IO[bytes]) -> tuple[int, int, int]:
    """Return how many entries there are, where they start, and how far all places are shifted."""
    size = handle.seek(0, 2)
    handle.seek(max(0, size - (1 << 16) - _END.size))
    tail = handle.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("it has no directory")
    end = size - len(tail) + at
    _, _, _, _, number, length, start, _ = _END.unpack_from(tail, at)
    locator = tail[at - _LOCATOR.size : at] if at >= _LOCATOR.size else b""
    if locator[:4] == b"PK\x06\x07":
        handle.seek(end - _LOCATOR.size - _END_64.size)
        large = handle.read(_END_64.size)
        if large[:4] == b"PK\x06\x06":
            end -= _LOCATOR.size + _END_64.size
            *_, number, length, start = _END_64.unpack(large)
    shift = end - length - start  # what stands before the archive, e.g. a program that unpacks it
    if shift < 0:
        raise zipfile.BadZipFile("the directory is damaged")
    return number, start + shift, shift


def _entry(handle: IO[bytes], parts: tuple[int, ...], shift: int) -> zipfile.ZipInfo:
    (_, _, _, flags, method, _, _, crc, packed, unpacked, name_length, extra_length, comment_length, _, _,
     attributes, offset) = parts  # fmt: skip
    name, extra = handle.read(name_length), handle.read(extra_length)
    handle.seek(comment_length, 1)
    if _FULL in (packed, unpacked, offset):
        unpacked, packed, offset = _large(extra, unpacked, packed, offset)
    info = zipfile.ZipInfo(name.decode("utf-8" if flags & 0x800 else "cp437", "replace"))
    info.flag_bits, info.compress_type, info.CRC = flags, method, crc
    info.compress_size, info.file_size = packed, unpacked
    info.external_attr, info.header_offset = attributes, offset + shift
    return info


def _large(extra: bytes, *numbers: int) -> list[int]:
    """Return numbers of an entry, those that do not fit 32 bits from its extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            large = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            return [next(large, n) if n == _FULL else n for n in numbers]
        at += 4 + length
    return list(numbers)
