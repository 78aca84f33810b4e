"""Other software's codebooks, codebooks written again, and codings carried over."""

from __future__ import annotations

from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.codebook.migration import RowMigrator, load_migration
from govcode.codebook.parse import parse_codebook
from govcode.codebook.qdc import from_qdc, to_qdc
from govcode.codebook.write import toml_text
from govcode.errors import CodebookError, CodingError

PAIR = 'id = "two"\nversion = "1"\ntitle = "t"\n' + "".join(
    f'[[codes]]\nid = "{c}"\nlabel = "{c}"\ndefinition = "{c}"\n' for c in ("up", "down")
)


def test_a_codebook_written_and_read_again_has_the_same_hashes() -> None:
    book = load_codebook()
    again, problems = parse_codebook(toml_text(book))
    assert not problems and again is not None
    assert (again.hash, again.rules_hash) == (book.hash, book.rules_hash)
    assert again.mappings == book.mappings and again.facets == book.facets and again.gates == book.gates


def test_texts_with_quotes_and_line_breaks_survive_writing() -> None:
    text = PAIR + '[expressions]\nup = [\'"a \\"b\\"" | /\\d{1,3}/\', "it\'s \\\\ \\n | \\"q\\""]\n'
    book, _ = parse_codebook(text)
    assert book is not None
    again, problems = parse_codebook(toml_text(book))
    assert not problems and again is not None
    assert [e.source for _, e in again.expressions] == [e.source for _, e in book.expressions]


def test_refi_qda_keeps_codes_forms_and_guids() -> None:
    book = load_codebook()
    text = to_qdc(book, "zh")
    assert text == to_qdc(book, "zh") and 'xmlns="urn:QDA-XML:codebook:1.0"' in text
    again = from_qdc(text)
    assert again.ids == book.ids
    assert [(f.id, f.code) for f in again.forms] == [
        (f.id, f.code) for f in sorted(book.forms, key=lambda f: book.ids.index(f.code))
    ]
    assert again.code("appeal").label["en"] == "市民诉求"


def test_refi_qda_of_other_software() -> None:
    text = """<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1:0" origin="x"><Codes>
    <Code guid="A" name="Access to help" isCodable="true"><Description>How they get help.</Description>
      <Code guid="B" name="Phone" isCodable="true"/></Code>
    <Code guid="C" name="Access denied" isCodable="true"/></Codes></CodeBook>"""
    book = from_qdc(text)
    assert book.ids == ("Access", "c2") and book.forms[0].id == "Phone"
    assert book.code("c2").label["en"] == "Access denied"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a/>",
        "<CodeBook/>",
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "b">]><CodeBook/>',
        "<CodeBook><Codes/></CodeBook>",
    ],
)
def test_what_is_no_refi_qda_codebook_is_refused(text: str) -> None:
    with pytest.raises(CodebookError):
        from_qdc(text, "x.qdc")


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    (tmp_path / "two.toml").write_text(PAIR, encoding="utf-8")
    file = tmp_path / "map.toml"
    file.write_text(
        'to = "two.toml"\n[codes]\nleft = "up"\nright = "up"\n[forms]\nX = "down"\n[form_ids]\nX = ""\n',
        encoding="utf-8",
    )
    return file


def test_codes_are_merged_and_split_and_the_old_ones_kept(mapping: Path) -> None:
    migrator = RowMigrator(load_migration(mapping), ("post_id", "code", "secondary", "form", "mine"))
    rows = [
        migrator.row({"post_id": "1", "code": "left", "secondary": "right", "form": "", "mine": "a"}),
        migrator.row({"post_id": "2", "code": "right", "secondary": "", "form": "X", "mine": "b"}),
        migrator.row({"post_id": "3", "code": "NA", "secondary": None, "form": None, "mine": "c"}),
    ]
    migrator.finish()
    assert [(r["code"], r["secondary"], r["form"], r["mine"]) for r in rows] == [
        ("up", "", "", "a"), ("down", "", "", "b"), ("NA", "", "", "c"),
    ]  # fmt: skip
    assert [(r["code_before"], r["secondary_before"]) for r in rows] == [
        ("left", "right"),
        ("right", ""),
        ("NA", None),
    ]
    assert migrator.changed == 2


def test_probabilities_of_merged_codes_are_summed(tmp_path: Path, mapping: Path) -> None:
    mapping.write_text('to = "two.toml"\n[codes]\nleft = "up"\nright = "up"\n', encoding="utf-8")
    columns = ("post_id", "code", "p_left", "p_right", "p_down", "mine")
    migrator = RowMigrator(load_migration(mapping), columns)
    row = migrator.row({"code": "left", "p_left": "0.5", "p_right": 0.25, "p_down": ".25", "mine": 1})
    assert (row["p_up"], row["p_down"]) == (0.75, 0.25)
    assert migrator.columns == ("post_id", "code", "mine", "p_up", "p_down", "codebook", "code_before")
    assert migrator.row({"code": "NA"})["p_up"] == ""


def test_what_the_mapping_leaves_out_is_named(mapping: Path) -> None:
    migrator = RowMigrator(load_migration(mapping), ("code",))
    for code in ("left", "middle", "middle"):
        migrator.row({"code": code})
    with pytest.raises(CodingError, match=r"code 'middle' \(2\)"):
        migrator.finish()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "to = 3",
        'to = "no.toml"',
        'to = "two.toml"\nx = 1',
        'to = "two.toml"\n[codes]\na = "b"',
        'to = "two.toml"\ncodes = 1',
        "[",
    ],
)
def test_bad_mappings_are_refused(text: str, mapping: Path) -> None:
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError):
        load_migration(mapping)
