"""One word per thing: what users read says post, code, coder, coding, gold … and no other word for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govcode.cli.app import STAGES
from govcode.records import CODING_COLUMNS, EXCLUDED_COLUMNS, GOLD_COLUMNS, POST_COLUMNS
from tests.cli.commands import every_command

ROOT = Path(__file__).parent.parent
TEXTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
# The word that is not used, and the one that is.
FORBIDDEN = {
    r"tweets?": "post",
    r"annotat(?:e|es|ed|ing|ors?|ions?)": "code, coder, coding",
    r"raters?": "coder",
    r"label?led": "coded",
    r"ground[- ]truth|y_true": "gold",
    r"datasets?": "corpus",
    r"unitiz\w*": "unit = post",
    r"tokeni[sz](?:e|es|ed|ing)": "segment",
    r"predict(?:s|ed|or)?": "code",
    r"classifiers?": "coder, model",
    r"taxonom\w*": "codebook",
    r"consensus": "adjudication",
    r"code ?books? schema|label sets?": "codebook",
}
FINE = re.compile(
    r"`[^`]*`|```.*?```|\]\([^)]*\)"  # code, blocks and links name things of others
    r"|simple random samples better for tweets",  # what another study found
    re.DOTALL,
)


def strangers(text: str) -> list[str]:
    """Return the forbidden words of a text, each with the word to use."""
    return [
        f"'{match[0]}': say {word}"
        for pattern, word in FORBIDDEN.items()
        for match in re.finditer(rf"\b(?:{pattern})\b", FINE.sub(" ", text), re.IGNORECASE)
    ]


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_pages_keep_to_the_glossary(page: Path) -> None:
    assert not strangers(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "command"), every_command().items(), ids=lambda value: str(value)[:20])
def test_help_keeps_to_the_glossary(name: str, command: object) -> None:
    texts = [
        command.help or "",
        command.epilog or "",
        *(getattr(p, "help", "") or "" for p in command.params),
    ]
    told = " ".join(texts)
    assert not strangers(told)
    # form is the sub-form of a code (I1 … O6); what a file is written in is its format
    assert not re.search(
        r"\bform of (?:the )?(?:input|output|table|posts|codings|gold|sheet|CODED)", told, re.I
    )


def test_the_menu_and_the_columns_keep_to_the_glossary() -> None:
    assert not strangers(" ".join(stage.help for stage in STAGES))
    columns = {*POST_COLUMNS, *CODING_COLUMNS, *GOLD_COLUMNS, *EXCLUDED_COLUMNS}
    assert not strangers(" ".join(column.replace("_", " ") for column in columns))
    assert not columns & {"label", "annotator", "rater", "id", "content", "date", "author", "user"}


def test_every_column_of_the_contract_is_named_in_both_readmes() -> None:
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for column in (*POST_COLUMNS, *GOLD_COLUMNS, *EXCLUDED_COLUMNS):
            assert f"`{column}`" in text, f"{name} does not name the column {column}"
