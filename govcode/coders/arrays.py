"""Arrays of a model in one file: numpy's `.npz`, without pickle and not compressed."""

from __future__ import annotations

import io
import math
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_HEAD = 4096  # bytes, more than the head of any array of ours


def packed(arrays: Mapping[str, Array]) -> bytes:
    """Pack arrays; not compressed, for every start would have to unpack them."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **dict(sorted(arrays.items())))
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, Array]:
    """Return the arrays; raise ValueError for objects, and for anything that is no file of arrays."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if all(member.compress_type == zipfile.ZIP_STORED for member in members):
                return {m.filename.removesuffix(".npy"): _in_place(data, m) for m in members}
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, EOFError, KeyError, AttributeError, struct.error, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error


def _in_place(data: bytes, member: zipfile.ZipInfo) -> Array:
    """Return an array as a view of the bytes that hold it; their hash has been checked, they need no CRC."""
    names = slice(member.header_offset + 26, member.header_offset + 30)
    begin = names.stop + sum(struct.unpack("<HH", data[names]))
    head = io.BytesIO(data[begin : begin + min(member.file_size, _HEAD)])
    version = np.lib.format.read_magic(head)
    if version != (1, 0):
        raise ValueError(f"arrays of version {version} are not ours")
    shape, by_column, kind = np.lib.format.read_array_header_1_0(head)
    size = member.file_size - head.tell()
    if kind.hasobject or size != kind.itemsize * math.prod(shape):
        raise ValueError("not a plain array")
    flat = np.frombuffer(data, dtype=kind, count=math.prod(shape), offset=begin + head.tell())
    return flat.reshape(shape, order="F" if by_column else "C")
