"""Loading: the shipped codebook whole, and every damage named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from govcode.codebook.load import examine_text, load_codebook, shipped_codebooks
from govcode.errors import CodebookError

SMALL = """
id = "mood"
version = "1"
title = "Mood of a review"
tie_break = ["bad", "good"]

[[codes]]
id = "good"
label = "Good"
definition = "The writer is content."

[[codes]]
id = "bad"
label = "Bad"
definition = "The writer is not content."
"""


def problems(text: str) -> list[tuple[int, str]]:
    return [(p.line, p.slug) for p in examine_text(text, "x.toml")[1] if not p.warning]


def test_the_shipped_codebook_is_whole() -> None:
    book = load_codebook()
    assert book.ids == ("information", "service", "appeal", "agenda", "other")
    assert book.tie_break == ("appeal", "service", "agenda", "information", "other")
    assert [len(part) for part in (book.forms, book.rules, book.examples, book.mappings)] == [29, 36, 61, 7]
    assert sum(example.border for example in book.examples) == 37
    assert sum(form.hard for form in book.forms) == 18
    assert [rule.id for rule in book.rules] == [f"B{n}" for n in range(1, 28)] + [
        f"R{n}" for n in range(1, 10)
    ]
    assert book.residual == "other" and not book.code("other").secondary
    assert book.gates["alpha"] == 0.8 and book.na_minimum == 8


def test_every_wording_of_the_shipped_codebook_is_bilingual() -> None:
    book = load_codebook()
    texts = [c.definition for c in book.codes] + [c.counts for c in book.codes] + [r.text for r in book.rules]
    texts += (
        [f.label for f in book.forms] + [m.title for m in book.mappings] + [s.text for s in book.sections]
    )
    assert all(text.get("zh") and text.get("en") for text in texts)


def test_shipped_names_and_paths_both_load(tmp_path: Path) -> None:
    assert "functions" in shipped_codebooks()
    file = tmp_path / "mood.toml"
    file.write_text(SMALL, encoding="utf-8-sig")
    assert load_codebook(file).ids == ("good", "bad")
    assert load_codebook(str(file)).hash.startswith("sha256:")


@pytest.mark.parametrize(
    ("damage", "line", "slug"),
    [
        (('definition = "The writer is content."', ""), 7, "missing"),
        (('id = "bad"', 'id = "good"'), 13, "duplicate-id"),
        (('["bad", "good"]', '["bad", "goof"]'), 5, "unknown-code"),
        (('label = "Bad"', 'lable = "Bad"'), 12, "missing"),
        (('id = "bad"', 'id = "NA"'), 13, "bad-id"),
        (('version = "1"', "version = 1"), 3, "wrong-type"),
        (('version = "1"', 'version = "1"\nna = { minimum = nan }'), 4, "wrong-type"),
        (('id = "mood"', 'id = "mood'), 2, "not-toml"),
    ],
)
def test_damage_is_named_with_its_line(damage: tuple[str, str], line: int, slug: str) -> None:
    assert (line, slug) in problems(SMALL.replace(*damage, 1))


def test_a_misspelt_key_is_answered_with_the_right_one() -> None:
    found = examine_text(SMALL.replace("tie_break", "tie_brake"), "x.toml")[1]
    assert any("did you mean 'tie_break'" in problem.message for problem in found)


def test_the_error_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(SMALL.replace('label = "Bad"\n', ""), encoding="utf-8")
    with pytest.raises(CodebookError, match=r"broken\.toml:12: codes 'bad' has no 'label'"):
        load_codebook(file)


@pytest.mark.parametrize(
    "text", ["", "# only a comment", "codes = 3", "[[codes]]", "codes = [1]", "\x00", "[na]\nzh=1"]
)
def test_nonsense_is_refused_without_a_traceback(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError):
        load_codebook(file)


def test_missing_file_folder_and_binary_file_are_told_apart(tmp_path: Path) -> None:
    binary = tmp_path / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path, words in [(tmp_path, "folder"), (tmp_path / "no.toml", "neither"), (binary, "UTF-8")]:
        with pytest.raises(CodebookError, match=words):
            load_codebook(path)
