"""Bytes to text: byte order mark, then strict UTF-8, then GB18030, decided line by line.

No guessing detector. A line that is not valid UTF-8 is GB18030; a line of valid UTF-8 with Chinese in
it is UTF-8. Only lines that would be valid either way (no Chinese as UTF-8, e.g. two stray letters)
take the encoding of the first line that decides, and are held back until it comes. So the result is
the same for a file and a pipe, and mixed files come out right; their lines are counted.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from govcode.errors import InputError, UsageError

CHUNK = 1 << 18
HELD = 1 << 20
LONGEST_LINE = 64 << 20
UTF8, GB = "utf-8", "gb18030"

_BOMS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_MARK = re.compile("^\ufeff+", re.MULTILINE)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


class Decoder:
    """Decode a byte stream into pieces of text that end at line ends.

    `encoding` is what was decided (`utf-8` until a line decides otherwise); `repairs` counts lines in
    another encoding than it (`other-encoding`), lines with bytes in no encoding (`bad-bytes`, replaced
    by U+FFFD), NUL characters taken out (`nul`) and byte order marks inside the text (`inner-bom`).
    """

    def __init__(self, name: str, encoding: str | None = None, repairs: Counter[str] | None = None) -> None:
        self.name = name
        self.repairs: Counter[str] = Counter() if repairs is None else repairs
        self._given = encoding_name(encoding) if encoding else ""
        self.encoding = self._given or UTF8
        self._decided = ""

    def pieces(self, handle: IO[bytes]) -> Iterator[str]:
        """Yield the decoded text of `handle`, in pieces that end at a line end (except the last)."""
        for piece in self.blocks(handle):
            yield piece if isinstance(piece, str) else self.text(piece)

    def blocks(self, handle: IO[bytes]) -> Iterator[str | bytes]:
        """Yield pieces as `pieces` does, but bytes as they are where they can be UTF-8 only, or ASCII.

        `text` decodes them, also that of another decoder.
        """
        blocks = _blocks(handle, self.name)
        first = next(blocks, b"")
        marked = next((encoding for mark, encoding in _BOMS if first.startswith(mark)), "")
        if (self._given or marked).startswith(("utf-16", "utf-32")):
            self.encoding = self._given or marked
            yield from self._wide(first, blocks, self.encoding)
            return
        check_text(self.name, first[:CHUNK])
        yield from self._lines(first.removeprefix(codecs.BOM_UTF8), blocks)

    def text(self, block: bytes) -> str:
        """Decode a block that ends at a line end."""
        return self._tidy(self._decode_given(block) if self._given else self._decode(block))

    def _lines(self, first: bytes, blocks: Iterator[bytes]) -> Iterator[str | bytes]:
        held: list[bytes] = []
        for block in _chain(first, blocks):
            if self._decided == UTF8 or not (held or self._given or not block.isascii()):
                yield block
            elif self._given or self._decided or block.isascii():
                if held:
                    held.append(block)
                else:
                    yield self.text(block)
            else:
                held.append(block)
                self._decide(block)
                if self._decided or sum(map(len, held)) > HELD:
                    yield self.text(b"".join(held))
                    held = []
        if held:
            yield self.text(b"".join(held))

    def _decide(self, block: bytes) -> None:
        """Let the first line decide that can be only one of the two."""
        try:
            if _is_chinese(block.decode(UTF8)):
                self._decided = UTF8
                return
        except UnicodeDecodeError:
            pass
        else:
            return
        for line in block.split(b"\n"):
            if line.isascii():
                continue
            try:
                decided = UTF8 if _is_chinese(line.decode(UTF8)) else ""
            except UnicodeDecodeError:
                decided = GB if _valid(line, GB) else ""
            if decided:
                self._decided = self.encoding = decided
                return

    def _decode(self, block: bytes) -> str:
        if self.encoding == UTF8:
            try:
                return block.decode(UTF8)
            except UnicodeDecodeError:
                pass
        return "\n".join(map(self._decode_line, block.split(b"\n")))

    def _decode_line(self, line: bytes) -> str:
        if line.isascii():
            return line.decode("ascii")
        try:
            text = line.decode(UTF8)
            if self.encoding == UTF8:
                return text
            if _is_chinese(text):
                self.repairs["other-encoding"] += 1
                return text
        except UnicodeDecodeError:
            pass
        try:
            text = line.decode(GB)
        except UnicodeDecodeError:
            self.repairs["bad-bytes"] += 1
            return min((line.decode(e, "replace") for e in (self.encoding, UTF8, GB)), key=_replaced)
        if self.encoding != GB:
            self.repairs["other-encoding"] += 1
        return text

    def _decode_given(self, block: bytes) -> str:
        try:
            return block.decode(self._given)
        except UnicodeDecodeError:
            pass
        lines = block.split(b"\n")
        bad = sum(not _valid(line, self._given) for line in lines)
        if bad * 10 > len(lines):
            raise InputError(
                f"{self.name}: is not {self._given} ({bad} of {len(lines)} lines do not decode).",
                hint="Leave --encoding out: byte order mark, UTF-8 and GB18030 are recognised.",
            )
        self.repairs["bad-bytes"] += bad
        return block.decode(self._given, "replace")

    def _wide(self, first: bytes, blocks: Iterator[bytes], encoding: str) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        rest = ""
        for block in _chain(first, blocks):
            text = rest + decoder.decode(block)
            cut = text.rfind("\n") + 1
            rest = text[cut:]
            if cut:
                yield self._tidy(text[:cut])
        last = rest + decoder.decode(b"", final=True)
        if last:
            yield self._tidy(last)

    def _tidy(self, text: str) -> str:
        if "\0" in text:
            self.repairs["nul"] += text.count("\0")
            text = text.replace("\0", "")
        if "\ufeff" in text:
            text, marks = _MARK.subn("", text)
            self.repairs["inner-bom"] += marks
        return text


def encoding_name(encoding: str) -> str:
    """Return Python's name of an encoding; GBK and GB2312 are read as their superset GB18030."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"'{encoding}' is not an encoding.", hint="E.g. utf-8, gb18030, big5, utf-16."
        ) from error
    return GB if name in {"gbk", "gb2312"} else UTF8 if name == "utf-8-sig" else name


def check_text(name: str, head: bytes) -> None:
    """Raise InputError where the first bytes cannot be text."""
    zeros = head.count(b"\0")
    if zeros * 20 > len(head) and zeros > 2 and (b"\n\0" in head or b"\0\n" in head or zeros * 3 > len(head)):
        kind = "utf-16-be" if b"\0\n" in head and b"\n\0" not in head else "utf-16-le"
        if len(_CONTROL.findall(head)) * 50 < len(head):
            raise InputError(
                f"{name}: seems to be UTF-16 without a byte order mark.", hint=f"Add --encoding {kind}."
            )
    if (len(_CONTROL.findall(head)) + zeros) * 20 > len(head) + 100:
        raise InputError(
            f"{name}: is not text but a binary file.", hint="Give a .csv, .jsonl or .xlsx table."
        )


def _blocks(handle: IO[bytes], name: str) -> Iterator[bytes]:
    """Yield bytes in blocks that end at a line feed (or, in files without, at a carriage return)."""
    read: Any = getattr(handle, "read1", handle.read)
    parts: list[bytes] = []
    size = 0
    while block := read(CHUNK):
        cut = block.rfind(b"\n") + 1
        if not cut and size > 8 * CHUNK:
            cut = block.rfind(b"\r", 0, -1) + 1
        if cut:
            parts.append(block[:cut])
            yield b"".join(parts)
            parts, size = [], 0
            block = block[cut:]
        if block:
            parts.append(block)
            size += len(block)
            if size > LONGEST_LINE:
                raise InputError(f"{name}: has no line end within {LONGEST_LINE >> 20} MB; this is no table.")
    if parts:
        yield b"".join(parts)


def _chain(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from blocks


def _is_chinese(text: str) -> bool:
    """Tell whether a text has characters of Chinese; sooner done than an expression is compiled."""
    return any("\u2010" <= c <= "\uffef" or "\U00020000" <= c <= "\U0003ffff" for c in set(text))


def _valid(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _replaced(text: str) -> int:
    return text.count("\ufffd")
