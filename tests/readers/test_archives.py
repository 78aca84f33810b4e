"""The directory of zip archives, read entry by entry, beside the standard library's own reading of it."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.readers import archives
from govcode.readers.archives import members, open_member, overview
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
MEMBERS = st.dictionaries(
    NAMES.map(lambda n: n.strip("/") or "x"), st.binary(max_size=300), min_size=1, max_size=8
)
METHODS = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])


@settings(deadline=None, max_examples=25)
@given(
    files=MEMBERS,
    method=METHODS,
    before=st.binary(max_size=40),
    comment=st.binary(max_size=40),
    large=st.booleans(),
)
def test_members_are_those_of_the_standard_library(
    files: dict,
    method: int,
    before: bytes,
    comment: bytes,
    large: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("z") / "a.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            with archive.open(name, "w", force_zip64=large) as handle:
                handle.write(data)
        archive.comment = comment
    path.write_bytes(before + packed.getvalue())
    found = overview(path)
    read = {}
    for info in members(path, found.members):
        with open_member(path, info) as handle:
            read[info.filename] = handle.read()
    with zipfile.ZipFile(path) as archive:
        assert read == {info.filename: archive.read(info) for info in archive.infolist()}
    assert (found.members, found.overlaps) == (len(files), False)


@pytest.mark.slow
def test_more_members_than_two_bytes_can_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SORTED_UP_TO", 1000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for n in reversed(range(66_000)):
            archive.writestr(f"{n:06}.txt", "停水" if n % 1000 == 0 else "")
    found = overview(tmp_path / "a.zip")
    names = [info.filename for info in members(tmp_path / "a.zip", found.members)]
    assert (found.members, names[0], names[-1]) == (66_000, "065999.txt", "000000.txt")
    assert [i.filename for i in members(tmp_path / "a.zip", 1000)][:2] == ["000000.txt", "000001.txt"]


@pytest.mark.parametrize("where", ["end", "entry", "member", "checksum"])
def test_a_damaged_archive_is_told(where: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "标题\n停水\n")
        archive.writestr("b.csv", "标题\n降温\n")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    place = {"end": data.rfind(b"PK\5\6"), "entry": data.rfind(b"PK\1\2"), "member": data.rfind(b"PK\3\4"),
             "checksum": data.find("停".encode())}[where]  # fmt: skip
    data[place] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    if where in {"end", "entry"}:
        with pytest.raises(zipfile.BadZipFile):
            overview(tmp_path / "a.zip")
        return
    items = list(read_posts([str(tmp_path / "a.zip")]))
    assert [i.title for i in items if isinstance(i, Post)][-1] in {"停水", "降温"}
    assert [i.reason for i in items if isinstance(i, Excluded)] == ["not-read"]


def test_overlapping_members_are_not_read(tmp_path: Path) -> None:
    """One packed run of zeros under a thousand names: a small file that unpacks without end."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "0" * 1_000_000)
    data = (tmp_path / "a.zip").read_bytes()
    start, end = data.find(b"PK\1\2"), data.rfind(b"PK\5\6")
    entries = data[start:end] * 1000
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1000, 1000, len(entries), start, 0)
    (tmp_path / "a.zip").write_bytes(data[:start] + entries + tail)
    (tmp_path / "b.csv").write_text("标题\n停水\n")
    item, post = read_posts([str(tmp_path / "a.zip"), str(tmp_path / "b.csv")])
    assert (item.reason, post.title) == ("too-large", "停水")
    assert "overlap" in item.detail
