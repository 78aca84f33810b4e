"""What paths stand for: files, all files of a folder, all members of a zip archive."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from govcode.errors import InputError
from govcode.readers.archives import DAMAGE, Overview, members, open_member, overview
from govcode.readers.base import STDIN, STREAM
from govcode.readers.source import DOCUMENTS, FORMS, Source, find_source, from_opener, wanted_form
from govcode.records import Excluded

KNOWN = (*FORMS, *DOCUMENTS)
LARGEST_MEMBER = 4 << 30
LARGEST_RATIO = 1000  # unpacked to packed; text seldom shrinks to less than a hundredth
SUSPICIOUS = 64 << 20  # smaller members are read whatever their ratio

# What lies beside saved pages and exports and holds no posts.
_BESIDE = frozenset(
    """
    .png .jpg .jpeg .gif .webp .svg .ico .bmp .css .js .map .woff .woff2 .ttf .eot .mp3 .mp4 .m4a .mov .avi
    .wav .py .ipynb .log .db .ini .lock .pyc .yml .yaml .toml
    """.split()
)
_MANIFEST = ".manifest.json"
_OWN = (_MANIFEST, ".excluded.jsonl", ".part")


@dataclass
class Input:
    """One file or archive member to read; `told` inputs were named by the user, the others found."""

    name: str
    told: bool
    find: Callable[[], Source]

    def source(self) -> Source:
        """Open far enough to know the form; raise InputError for what holds no posts."""
        source = self.find()
        if not source.head:
            raise InputError(f"{self.name}: is empty.")
        return source


def inputs_of(path: str, *, form: str | None = None) -> Iterator[Input | Excluded]:
    """Yield what a path stands for, in the order of names.

    Of a folder every file below it (links, hidden files, pictures and styles left aside), of a zip
    archive every member. Nothing is ever unpacked to the disk. What cannot be read for safety is
    `Excluded`: links, encrypted members, members that unpack beyond measure, archives in archives; so
    are tables that lie in the folder because another command of govcode wrote them there.
    """
    if path == STREAM:
        wanted_form(form, KNOWN)
        yield Input(STDIN, True, lambda: find_source(path, form=form, known=KNOWN))
        return
    file = Path(path)
    if file.is_dir():
        for found in _below(file):
            if isinstance(found, Excluded):
                yield found
            else:
                yield from _of_file(found, form, told=False)
        return
    yield from _of_file(file, form, told=True)


def _of_file(file: Path, form: str | None, *, told: bool) -> Iterator[Input | Excluded]:
    name = str(file)
    if (found := archive(file)) is not None:
        yield from _members(file, found, form)
    else:
        yield Input(name, told, lambda: find_source(file, form=form, known=KNOWN))


def _below(folder: Path) -> Iterator[Path | Excluded]:
    """Yield the files below a folder, sorted, without following links; `Excluded` for our own outputs."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - of a million files only the names are kept
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror}).") from error
    manifests = {name for name in names if name.endswith(_MANIFEST)}
    for name in names:
        if name.startswith("."):
            continue
        path = f"{folder}{os.sep}{name}"
        try:
            mode = os.lstat(path).st_mode
        except OSError:  # gone since
            continue
        if stat.S_ISDIR(mode):
            if name != "__MACOSX":
                yield from _below(Path(path))
        elif stat.S_ISREG(mode) and not beside(name):
            if name + _MANIFEST in manifests and (command := own_output(path)):
                detail = f"govcode {command} wrote it; name the file itself to read it"
                yield Excluded(path, 0, "own-output", detail)
            else:
                yield Path(path)


def beside(name: str) -> bool:
    """Tell whether a file is one that lies beside the posts: pictures, styles, our own manifests."""
    return os.path.splitext(name)[1].lower() in _BESIDE or name.endswith(_OWN)  # noqa: PTH122 - a million times


def own_output(file: str | Path) -> str:
    """Return the command that wrote `file` by the manifest beside it; posts of `ingest` are no one's own."""
    try:
        manifest = json.loads(Path(f"{file}{_MANIFEST}").read_text(encoding="utf-8"))
        command = manifest["command"] if manifest["govcode"] else ""
    except (OSError, ValueError, TypeError, KeyError):
        return ""
    return "" if command == "ingest" else str(command)


def archive(file: Path) -> Overview | None:
    """Return what a zip archive holds; None for any other file, workbooks among them."""
    try:
        with file.open("rb") as handle:
            if handle.read(4) != b"PK\x03\x04":
                return None
        found = overview(file)
    except (OSError, *DAMAGE):
        return None
    return None if found.workbook else found


def _members(file: Path, found: Overview, form: str | None) -> Iterator[Input | Excluded]:
    if found.overlaps:
        yield Excluded(str(file), 0, "too-large", "its members overlap, so it would unpack without end")
        return
    wanted = wanted_form(form, KNOWN)
    for member in members(file, found.members):
        name = _member_name(member)
        base = name.rsplit("/", 1)[-1]
        if member.is_dir() or beside(base) or base.startswith(".") or "__MACOSX/" in name:
            continue
        shown = f"{file}/{name}"
        if unsafe := _unsafe(member):
            yield Excluded(shown, 0, *unsafe)
            continue
        opener = _member_opener(file, member)
        yield Input(shown, False, lambda s=shown, o=opener, w=wanted: _member_source(s, o, w))  # type: ignore[misc]


def _member_source(name: str, opener: Callable[[], IO[bytes]], wanted: str) -> Source:
    source = from_opener(name, opener, wanted)
    if source.head[:4] == b"PK\x03\x04" and not name.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".ods")):
        raise InputError(f"{name}: is an archive in an archive.", hint="Unpack the outer one first.")
    return source


def _member_opener(file: Path, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        try:
            return open_member(file, member)
        except (*DAMAGE, OSError) as error:
            raise InputError(f"{file}/{_member_name(member)}: cannot be unpacked ({error}).") from error

    return opened


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member; Chinese Windows writes GBK where the format says cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def _unsafe(member: zipfile.ZipInfo) -> tuple[str, str] | None:
    """Return (reason, detail) where a member is not to be read."""
    if stat.S_ISLNK(member.external_attr >> 16):
        return "link", "a link in an archive is not followed"
    if member.flag_bits & 0x1:
        return "encrypted", "the member is protected by a password"
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > LARGEST_MEMBER or (member.file_size > SUSPICIOUS and ratio > LARGEST_RATIO):
        return "too-large", f"would unpack to {member.file_size >> 20} MB"
    return None
