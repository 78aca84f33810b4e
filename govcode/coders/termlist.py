"""The terms of a model as one text: strings are made only of those that are asked for.

A model has some hundred thousand terms. To make a string of each takes longer than to code a post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

PIECE = 1 << 16  # bytes that are searched at a time: memory that is used again costs nothing
_LINE = ord("\n")
_WIDE = 8  # bytes that are compared at once
_FIRST = np.array([(1 << 8 * size) - 1 for size in range(_WIDE + 1)], dtype=np.uint64)  # n bytes of a number
_SPREAD, _BITS = np.uint64(0x9E3779B97F4A7C15), 20  # Knuth's multiplicative hashing


class Terms(Sequence[str]):
    """Terms in order, given as the bytes of their file: UTF-8, a line break after each."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    @classmethod
    def of(cls, terms: Iterable[str]) -> Terms:
        """Return these terms; raise ValueError where one has a line break."""
        if isinstance(terms, cls):
            return terms
        listed = list(terms)
        made = cls("".join([f"{term}\n" for term in listed]).encode())
        if len(made) != len(listed):
            raise ValueError("a term has a line break")
        return made

    @cached_property
    def text(self) -> str:
        """All terms, a line break after each."""
        return self.data.decode()

    @cached_property
    def _strings(self) -> list[str]:
        return self.text.split("\n")[:-1]

    @cached_property
    def _size(self) -> int:
        return int(np.count_nonzero(np.frombuffer(self.data, np.uint8) == _LINE))

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        return self._strings[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._strings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Terms) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def numbers(self, wanted: Iterable[str]) -> dict[str, int]:
        """Return the numbers of those of `wanted` that are terms: for some hundreds in a few milliseconds."""
        names = {term.encode("utf-8", "surrogatepass"): term for term in wanted}
        met = np.zeros(1 << _BITS, dtype=np.bool_)
        met[_Lines(b"".join([name + b"\n" for name in names])).signs()] = True
        found: dict[str, int] = {}
        before = 0
        for piece in self._pieces():
            lines = _Lines(piece)
            for place in np.flatnonzero(met[lines.signs()]).tolist():
                term = names.get(lines[place])
                if term is not None:
                    found[term] = before + place
            before += len(lines.ends)
        return found

    def _pieces(self) -> Iterator[bytes]:
        begin = 0
        while end := self.data.rfind(b"\n", begin, begin + PIECE) + 1 or self.data.find(b"\n", begin) + 1:
            yield self.data[begin:end]
            begin = end


class _Lines:
    """Where the lines of some bytes begin and end; the last one has a line break as well."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _LINE)
        self.begins = np.append(0, self.ends[:-1] + 1)[: len(self.ends)]

    def __getitem__(self, line: int) -> bytes:
        return self.data[self.begins[line] : self.ends[line]]

    def signs(self) -> NDArray[np.uint64]:
        """Return a number of `_BITS` bits for each line, made of its size and the bytes in its middle."""
        sizes = self.ends - self.begins
        padded = self.data + bytes(_WIDE)
        from_any_byte = np.ndarray(len(self.data) + 1, np.dtype(f"<u{_WIDE}"), padded, strides=(1,))
        middle = from_any_byte[self.begins + (np.maximum(sizes - _WIDE, 0) >> 1)]
        middle &= _FIRST[np.minimum(sizes, _WIDE)]
        signs: NDArray[np.uint64] = (middle + sizes.astype(np.uint64)) * _SPREAD >> np.uint64(64 - _BITS)
        return signs
