"""The pages' own files: both languages say the same, and every word and place exists."""

from __future__ import annotations

import re
from pathlib import Path

import govcode.page

STATIC = Path(govcode.page.__file__).parent / "static"
WORDS = (STATIC / "words.js").read_text(encoding="utf-8")


def keys(language: str) -> dict[str, set[str]]:
    block = WORDS.partition(f"\n  {language}: {{\n")[2].partition("\n  },\n")[0]
    pairs = re.findall(r'(\w+): "((?:[^"\\]|\\.)*)"', block)
    assert len(pairs) > 60
    return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in pairs}


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    assert keys("zh") == keys("en")


def test_every_word_used_exists() -> None:
    known = keys("en")
    for file in (*STATIC.glob("*.js"), *STATIC.glob("*.html")):
        text = file.read_text(encoding="utf-8")
        used = set(re.findall(r'\bt\("(\w+)"', text)) | set(re.findall(r'data-t(?:-\w+)?="(\w+)"', text))
        assert used <= set(known), file.name


def test_every_element_that_a_script_names_is_on_its_page() -> None:
    pages = {"code.js": "index.html", "adjudicate.js": "adjudicate.html", "supervise.js": "supervise.html"}
    for script, page in pages.items():
        named = set(re.findall(r'\$\("([\w-]+)"\)', (STATIC / script).read_text(encoding="utf-8")))
        there = set(re.findall(r'\bid="([\w-]+)"', (STATIC / page).read_text(encoding="utf-8")))
        assert named <= there, script


def test_every_file_a_page_asks_for_is_there() -> None:
    for file in (*STATIC.glob("*.js"), *STATIC.glob("*.html")):
        text = file.read_text(encoding="utf-8")
        wanted = re.findall(r'from "\./([\w.]+)"', text) + re.findall(r'(?:src|href)="(\w[\w.]+\.\w+)"', text)
        assert all((STATIC / name).is_file() for name in wanted), file.name


def test_no_word_is_idle() -> None:
    files = [f for f in (*STATIC.glob("*.js"), *STATIC.glob("*.html")) if f.name != "words.js"]
    text = "".join(f.read_text(encoding="utf-8") for f in files) + WORDS.partition("let language")[2]
    assert [key for key in keys("en") if f'"{key}"' not in text] == []
