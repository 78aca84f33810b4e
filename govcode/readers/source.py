"""Where bytes come from: a file, a gzip file or a stream, and what form of table they hold."""

from __future__ import annotations

import gzip
import io
import re
import sys
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any, cast

from govcode.errors import InputError, UsageError, choices
from govcode.readers.base import STDIN, STREAM, Each

WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
FORMS = ("jsonl", "json", "csv", "tsv", *WORKBOOKS, "parquet")
DOCUMENTS = ("html", "feed", "md", "txt")
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv",
            ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".et": "xls", ".xlsb": "xlsb",
            ".ods": "ods", ".parquet": "parquet"}  # fmt: skip
DOCUMENT_SUFFIXES = {".html": "html", ".htm": "html", ".shtml": "html", ".xml": "feed", ".rss": "feed",
                     ".atom": "feed", ".md": "md", ".markdown": "md", ".txt": "txt"}  # fmt: skip
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<[!?][^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
IN_MEMORY = 8 << 20
PEEK = 4096

# First bytes of files that hold no table, and what to do with them.
_FOREIGN = (
    (b"%PDF", "a PDF", "Export the table as .csv or .xlsx."),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"SQLite format 3", "a SQLite database", "Export the table as .csv."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"BZh", "a bzip2 file", "Unpack it first."),
    (b"\xfd7zXZ", "an xz file", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "Unpack it first."),
)


@dataclass
class Source:
    """A named run of bytes that can be opened again: `open()` always starts at the first byte.

    `name` is the path as given (`standard input` for `-`), `head` its first bytes, unpacked. `opener`
    opens the bytes anew (a file, a member of an archive); without one they come from `stream`.
    `before_wait` is called before each reading of a pipe, which may take long; `each` maps over its parts.
    """

    name: str
    form: str
    head: bytes
    opener: Callable[[], IO[bytes]] | None = None
    stream: IO[bytes] | None = None
    seekable: bool = False
    before_wait: Callable[[], None] | None = None
    each: Each = map

    @property
    def passing(self) -> bool:
        """Whether the bytes can be read only once (a pipe)."""
        return self.opener is None and self.stream is not None and not self.stream.seekable()

    def open(self) -> IO[bytes]:
        """Return a handle at the first (unpacked) byte; `close` closes it."""
        if self.opener is not None:
            try:
                return self.opener()
            except OSError as error:
                raise InputError(f"{self.name}: cannot be read ({error.strerror or error}).") from error
        assert self.stream is not None
        if self.stream.seekable():
            self.stream.seek(0)
        elif self.before_wait is not None:
            return cast("IO[bytes]", _Waiting(self.stream, self.before_wait))
        return self.stream

    def close(self, handle: IO[bytes]) -> None:
        """Close a handle that `open` gave; a stream belongs to whoever gave it."""
        if self.opener is not None:
            handle.close()

    def keep(self, *, seekable: bool = False) -> None:
        """Make the bytes readable twice (and seekable): a stream is copied to memory or a temporary file."""
        if self.opener is not None and (self.seekable or not seekable):
            return
        if self.stream is not None and self.stream.seekable():
            return
        handle = self.open()
        with bad_gzip(self.name):
            start = handle.read(IN_MEMORY)
            if len(start) < IN_MEMORY:
                self.stream = io.BytesIO(start)
            else:
                spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the source
                weakref.finalize(self, spool.close)
                spool.write(start)
                copyfileobj(handle, spool, IN_MEMORY)
                self.stream = cast("IO[bytes]", spool)
        self.close(handle)
        self.opener = None


class bad_gzip:  # noqa: N801 - reads as a statement
    """Turn the errors of a damaged gzip file into an InputError."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        """Translate gzip's and zlib's errors."""
        if error is not None and kind is not None and kind.__name__ in {"BadGzipFile", "EOFError", "error"}:
            raise InputError(f"{self.name}: is a damaged gzip file ({error}).") from error


def find_source(
    path: str | Path,
    *,
    form: str | None = None,
    stream: IO[bytes] | None = None,
    known: Sequence[str] = FORMS,
) -> Source:
    """Open a path, `-` or a given binary stream far enough to know its form.

    The form is `form` where given, else the extension's, else what the first bytes look like. Raises
    InputError for what is missing, a folder, empty or no table, UsageError for an unknown form.
    """
    name = str(path)
    wanted = wanted_form(form, known)
    if stream is not None or name == STREAM:
        shown = STDIN if name == STREAM else name
        return _from_stream(shown, wanted, stream or sys.stdin.buffer)
    file = Path(path)
    check_file(file)
    return from_opener(name, lambda: file.open("rb"), wanted, seekable=True)


def from_opener(
    name: str, opener: Callable[[], IO[bytes]], wanted: str = "", *, seekable: bool = False
) -> Source:
    """Return the source of bytes that `opener` opens; gzip is unpacked."""
    try:
        with opener() as raw:
            head = raw.read(PEEK)
        packed = head[:2] == b"\x1f\x8b"
        if packed:
            with bad_gzip(name), _unpack(opener()) as unpacked:
                head = unpacked.read(PEEK)
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error}).") from error
    unpacking = (lambda: _unpack(opener())) if packed else opener
    return Source(
        name, wanted or _form_of(name, head), head, opener=unpacking, seekable=seekable and not packed
    )


def check_file(file: Path) -> None:
    """Raise InputError where `file` is missing or is no file."""
    if file.is_dir():
        raise InputError(f"{file}: is a folder, not a table.", hint=f"Name a file in it, e.g. {file}/*.csv.")
    if not file.exists():
        near = get_close_matches(file.name, _names_beside(file), 3) if file.parent.is_dir() else []
        raise InputError(f"{file}: there is no such file.", hint=f"Near it: {choices(near)}." if near else "")


def _names_beside(file: Path) -> list[str]:
    return [p.name for _, p in zip(range(10_000), file.parent.iterdir(), strict=False)]


def wanted_form(form: str | None, known: Sequence[str]) -> str:
    """Return the plain name of a form that a user named; raise UsageError naming the known ones."""
    if form is None:
        return ""
    plain = form.lower().lstrip(".").removesuffix(".gz")
    plain = SUFFIXES.get(f".{plain}", plain)
    if plain not in known:
        raise UsageError(f"'{form}' is not a table format.", hint=f"Choose from: {choices(known)}.")
    return plain


def _from_stream(name: str, wanted: str, stream: IO[bytes]) -> Source:
    buffered = cast("io.BufferedReader", stream if hasattr(stream, "peek") else _Peekable(stream))
    head = _peek(buffered)
    if head[:2] == b"\x1f\x8b":
        unpacked = gzip.GzipFile(fileobj=buffered, mode="rb")
        again = buffered.seekable()  # GzipFile says so of itself in any case
        buffered = (
            io.BufferedReader(cast("io.RawIOBase", unpacked))
            if again
            else _Peekable(cast("IO[bytes]", unpacked))
        )
        with bad_gzip(name):
            head = _peek(buffered)
    form = wanted or _form_of("" if name == STDIN else name, head)
    return Source(name, form, head, stream=buffered)


def _peek(stream: io.BufferedReader) -> bytes:
    return stream.peek(PEEK)[:PEEK]


class _Peekable(io.BufferedReader):
    """Give a plain stream (BytesIO, pipe object) the `peek` of a buffered one."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(cast("io.RawIOBase", _Raw(stream)))


class _Waiting:
    """Read a pipe, and give what has been made of it so far away before waiting for more."""

    def __init__(self, stream: IO[bytes], before: Callable[[], None]) -> None:
        self._read: Any = getattr(stream, "read1", stream.read)
        self._before = before

    def read1(self, size: int = -1) -> bytes:
        self._before()
        data: bytes = self._read(size)
        return data

    def read(self, size: int = -1) -> bytes:
        parts, held = [], 0
        while (size < 0 or held < size) and (data := self.read1(size - held if size >= 0 else -1)):
            parts.append(data)
            held += len(data)
        return b"".join(parts)


class _Raw(io.RawIOBase):
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _unpack(raw: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", io.BufferedReader(cast("io.RawIOBase", _OwningGzip(raw)), 1 << 18))


class _OwningGzip(gzip.GzipFile):
    """Close the file below together with the gzip stream."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._raw_file = raw

    def close(self) -> None:
        super().close()
        self._raw_file.close()


def _form_of(name: str, head: bytes) -> str:
    """Return the form by first bytes where they are unmistakable, else by extension, else by look."""
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == b"PK\x03\x04" and not name.lower().endswith(".zip"):
        sheets = b"application/vnd.oasis.opendocument.spreadsheet" in head[:128]
        return "ods" if sheets else "xlsb" if name.lower().endswith(".xlsb") else "xlsx"
    if head[:4] == b"\xd0\xcf\x11\xe0":
        if name.lower().endswith((".doc", ".ppt")):
            raise InputError(f"{name}: is an old Word or PowerPoint file, not a table.")
        return "xls"
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            raise InputError(f"{name or STDIN}: is {what}, not a table.", hint=hint)
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if _FEED.match(plain):
        return "feed"
    if _PAGE.match(plain):
        return "html"
    suffix = next((s for s in reversed(Path(name).suffixes) if s.lower() != ".gz"), "").lower()
    if SUFFIXES.get(suffix) in WORKBOOKS and head and not _CONTROL.search(head):
        suffix = ""  # a table of text that only bears the name of a workbook
    if suffix in SUFFIXES or suffix in DOCUMENT_SUFFIXES:
        return SUFFIXES.get(suffix) or DOCUMENT_SUFFIXES[suffix]
    text = plain.lstrip()
    if text[:1] == b"[":
        return "json"
    if text[:1] == b"{":
        return "jsonl"
    line = head.split(b"\n", 1)[0]
    return "tsv" if b"\t" in line and b"," not in line else "csv"
