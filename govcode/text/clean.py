"""A post's title and body as coders read them: without marks, credits and calls to follow.

Only coders see this text; outputs carry the post as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from govcode.records import Post
from govcode.text.boilerplate import without_boilerplate
from govcode.text.characters import HAN, plain, simplify

_URL = re.compile(r"(?:https?|ftp)://[!-~]+|(?<![A-Za-z0-9])(?:www\.|t\.cn/)[!-~]+", re.IGNORECASE)
_MENTION = re.compile(r"@[\w\-·]{1,30}")
_WEIBO_FACE = re.compile(r"\[[\w·]{1,8}\](?!\()")
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]\d{0,3}(?=[市区县镇乡村州省]|街道|小区|公司|学校|中学|小学|大学|医院)"
)
_PLACEHOLDER_CUE = re.compile(r"[A-Z]\d{0,3}[市区县镇乡村州省街小公学中大医]")
_TITLE = re.compile(r"\s*【([^】]{2,80})】")
_HAN = re.compile(f"[{HAN}]")


class CodingText(NamedTuple):
    """What a coder reads of a post: title and body, cleaned and simplified."""

    title: str
    body: str


def clean(text: str) -> str:
    """Return one field cleaned: plain characters, simplified, without URLs, @, faces and boilerplate.

    Place letters of message boards (`A市`, `J11市`) become `某市`: no real corpus has them.
    Idempotent up to boilerplate that only shows once another piece is gone.
    """
    if not text:
        return ""
    if "\u3000" in text or "\xa0" in text:
        text = text.replace("\u3000", " ").replace("\xa0", " ")
    text = simplify(plain(text))
    if "://" in text or "www." in text or "t.cn/" in text:
        text = _URL.sub(" ", text)
    if "@" in text:
        text = _MENTION.sub(" ", text)
    if "[" in text:
        text = _WEIBO_FACE.sub(" ", text)
    if _PLACEHOLDER_CUE.search(text):
        text = _PLACEHOLDER.sub("某", text)
    return without_boilerplate(_tidy(text))


def _tidy(text: str) -> str:
    """Return `text` with single spaces, without blank lines and blank ends."""
    if "\n" in text:
        return "\n".join(filter(None, map(_one_line, text.split("\n"))))
    return _one_line(text)


def _one_line(line: str) -> str:
    return " ".join(line.split())


def coding_text(post: Post) -> CodingText:
    """Return what a coder reads of `post`.

    Without a title the opening 【…】 of the text is the title (Weibo). A citizen's message and its
    official answer are one unit: `【网友留言】text【官方答复】reply`.
    """
    title = clean(post.title)
    if post.reply:
        return CodingText(title, f"【网友留言】{clean(post.text)}【官方答复】{clean(post.reply)}")
    body = clean(post.text)
    if not title and (found := _TITLE.match(body)):
        return CodingText(found[1].strip(), body[found.end() :].strip())
    return CodingText(title, body)


def coding_texts(posts: Iterable[Post]) -> list[CodingText]:
    """Return the coding texts of a batch, in order."""
    return [coding_text(post) for post in posts]


def codable_characters(text: CodingText) -> int:
    """Count the Chinese characters left to code: what the NA rule of a codebook counts."""
    return len(_HAN.findall(text.title)) + len(_HAN.findall(text.body))
