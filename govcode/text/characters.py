"""Characters brought to one form for coding: half width, no emoji, simplified.

Most text needs nothing of this, and a single search finds that out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"

# Letters, digits and punctuation that stay as they are (full-width punctuation is ordinary in Chinese).
PLAIN = "\n -~\u4e00-\u9fff、。〈-】〔-〛“”‘’—…·，：；？！（）～％℃°→↓Ⅰ-Ⅻ〇"
BLANKS = " \t\xa0\u3000"  # what is nothing but a space: joined into one where a text is tidied
_ODD = re.compile(f"[^{PLAIN}]")
_KEEP = frozenset("，：；？！（）～％℃°→↓ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ　")
_SPACE = " "


class _Table(dict[int, str]):
    """Map a code point to its plain form, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = plain = _plain(chr(point))
        return plain


def _plain(char: str) -> str:
    """Return the plain form of one character: NFKC where safe, nothing or a space for signs."""
    if char in _KEEP:
        return _SPACE if char == "　" else char
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me", "Sk"):  # zero width, joiners, variation selectors, skin tones
        return ""
    if category in ("Cc", "Zl", "Zp"):
        return "\n" if char in "\n\r\u2028\u2029" else _SPACE
    if category in ("So", "Cn", "Co", "Cs") and not _is_letterlike(char):  # emoji, dingbats
        return _SPACE
    return unicodedata.normalize("NFKC", char)


def _is_letterlike(char: str) -> bool:
    """Tell whether a symbol stands for letters or digits (㎡, ①), which NFKC spells out."""
    return unicodedata.normalize("NFKC", char) != char


_TABLE = _Table()


@cache
def _traditional() -> tuple[str, dict[int, str]]:
    """Return the characters that show a text to be traditional, and the table that simplifies them.

    The table is OpenCC's (TSCharacters, first choice). Characters that GB 2312 also has (乾, 於, 後)
    do not by themselves show that a text is traditional, so they are changed only beside others.
    """
    spec = find_spec("opencc")
    folder = Path(next(iter(spec.submodule_search_locations or ()))) if spec else Path()
    table: dict[int, str] = {}
    for line in (folder / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        char, _, simple = line.partition("\t")
        first = simple.split(" ")[0]
        if len(char) == 1 and char != first:
            table[ord(char)] = first
    alone = "".join(chr(point) for point in table if point < 0x10000)
    return "".join(set(alone) - set(alone.encode("gb2312", "ignore").decode("gb2312"))), table


@cache
def _telling() -> re.Pattern[str]:
    return re.compile(f"[{traditional()}]")


def traditional() -> str:
    """Return the characters that show a text to be traditional."""
    return _traditional()[0]


def _in_gb2312(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def simplify(text: str) -> str:
    """Return `text` in simplified characters; simplified text comes back as it is."""
    if not _traditional.cache_info().currsize and _in_gb2312(text):
        return text  # the table is not built for a few simplified posts
    return text.translate(_traditional()[1]) if _telling().search(text) else text


def plain(text: str) -> str:
    """Return `text` with odd characters in their plain form; line breaks stay."""
    return _ODD.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    return _TABLE[ord(found[0])]
