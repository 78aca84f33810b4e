"""A post's title and body as coders read them: without marks, credits and calls to follow.

Only coders see this text; outputs carry the post as it came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from govcode.records import Post
from govcode.text.boilerplate import CUES, without_boilerplate
from govcode.text.characters import HAN, plain, simplify
from govcode.text.patterns import later

FEW, SHORT = 64, 20_000  # texts and characters that a glance at all of them together would not spare enough

# Expressions begin with what is rare: the search passes over all other characters at once.
_URL = later(r"[HhFf](?:(?<=[Hh])[Tt][Tt][Pp][Ss]?|(?<=[Ff])[Tt][Pp])://[!-~]+")
_BARE_URL = later(r"[WwTt](?<![A-Za-z0-9][WwTt])(?:(?<=[Ww])[Ww]{2}\.|(?<=[Tt])\.[Cc][Nn]/)[!-~]+")
_MENTION = later(r"@[\w\-·]{1,30}")
_WEIBO_FACE = later(r"\[[\w·]{1,8}\](?!\()")
_PLACEHOLDER = later(
    r"[A-Z](?<![A-Za-z0-9][A-Z])\d{0,3}(?=[市区县镇乡村州省]|街道|小区|公司|学校|中学|小学|大学|医院)"
)
PLACES = "市区县镇乡村州省街小公学中大医"  # the first characters of what follows a placeholder
_PLACEHOLDER_CUE = later(rf"[A-Z]\d{{0,3}}[{PLACES}]")
_TITLE = later(r"\s*【([^】]{2,80})】")


class CodingText(NamedTuple):
    """What a coder reads of a post: title and body, cleaned and simplified."""

    title: str
    body: str


# What `glance` can find in a text (the values are its own; for one text numpy is not worth loading).
ODD, TRADITIONAL, SIGN, CAPITAL, BLANK, LINE = (1 << bit for bit in range(6))
ANYWHERE = 6  # from this bit on kinds of boilerplate with a cue anywhere, from the next one at the end
LATE = ANYWHERE + len(CUES)
EVERYTHING = (1 << LATE + len(CUES)) - 1
_KINDS = (1 << len(CUES)) - 1


def clean(text: str, needs: int = EVERYTHING) -> str:
    """Return one field cleaned: plain characters, simplified, without URLs, @, faces and boilerplate.

    Place letters of message boards (`A市`, `J11市`) become `某市`: no real corpus has them.
    Idempotent up to boilerplate that only shows once another piece is gone. `needs`: what a glance at
    the text found in it; steps for what is not there are left out.
    """
    if not text or not needs:
        return text or ""
    if needs & ODD:
        needs = EVERYTHING  # of their plain forms nothing is known
    if needs & (ODD | TRADITIONAL):
        text = _plain_and_simple(text)
    if needs & SIGN:
        text = _without_signs(text)
    if needs & (CAPITAL | TRADITIONAL) and _PLACEHOLDER_CUE().search(text):
        text = _PLACEHOLDER().sub("某", text)
    if needs & (ODD | SIGN | BLANK | LINE):
        text = _tidy(text)
    if needs & (ODD | TRADITIONAL):
        return without_boilerplate(text)
    anywhere, late = needs >> ANYWHERE & _KINDS, needs >> LATE
    if needs & (SIGN | CAPITAL | BLANK | LINE):
        late = anywhere  # shorter, so that what stood earlier may be at the end now
    return without_boilerplate(text, late, anywhere) if late or needs & LINE else text


def _plain_and_simple(text: str) -> str:
    if "\u3000" in text or "\xa0" in text:
        text = text.replace("\u3000", " ").replace("\xa0", " ")
    return simplify(plain(text))


def _without_signs(text: str) -> str:
    if "://" in text or "www." in text or "t.cn/" in text:
        text = _BARE_URL().sub(" ", _URL().sub(" ", text))
    if "@" in text:
        text = _MENTION().sub(" ", text)
    if "[" in text:
        text = _WEIBO_FACE().sub(" ", text)
    return text


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
    return _coding_text(post, EVERYTHING, EVERYTHING)


def _coding_text(post: Post, of_title: int, of_text: int) -> CodingText:
    title, body = post.title or "", post.text or ""
    if of_title:
        title = clean(title, of_title)
    if of_text:
        body = clean(body, of_text)
    if post.reply:
        return CodingText(title, f"【网友留言】{body}【官方答复】{clean(post.reply)}")
    if title or not body.lstrip().startswith("【"):
        return CodingText(title, body)
    found = _TITLE().match(body)
    return CodingText(found[1].strip(), body[found.end() :].strip()) if found else CodingText(title, body)


def coding_texts(posts: Sequence[Post]) -> list[CodingText]:
    """Return the coding texts of a batch, in order: those of `coding_text`, quicker."""
    if len(posts) < FEW and sum(len(post.text) for post in posts) < SHORT:
        return list(map(coding_text, posts))
    from govcode.text.glance import needs

    found: list[int] = []
    for start in range(0, len(posts), FEW):  # a few at a time: memory stays flat where posts are long
        few = posts[start : start + FEW]
        found += needs([part for post in few for part in (post.title, post.text)])
    return list(map(_coding_text, posts, found[::2], found[1::2]))


@cache
def _so_many(number: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[^{HAN}]*[{HAN}]){{{number}}}")


def has_characters(text: CodingText, number: int) -> bool:
    """Tell whether so many Chinese characters are left to code: what the NA rule of a codebook counts."""
    return _so_many(number).match(text.title + text.body) is not None
