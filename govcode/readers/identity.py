"""Ids of posts: as the source gives them, mended, or made from the content."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d+")
BEGINNING = 40  # characters of a text that tell it from another under the same link
_MADE_ID = re.compile(r"[a-z]+-[0-9a-f]{12}")
_WECHAT_KEY = re.compile(r"[?&]((?:__biz|mid|idx|sn)=[^&#]*)")


def clean_id(value: Any) -> tuple[str, str]:
    """Return an id as text and the kind of repair it needed ('' for none).

    `id-tab`: a trailing TAB or a spreadsheet guard (`="…"`, `'…`) was taken off. `damaged-id`: digits
    are lost (scientific notation, a float, or 16 digits and more that Excel rounded to end in 0).
    """
    if type(value) is int:
        damaged = value >= 10**15 and value % 10 == 0
        return str(value), "damaged-id" if damaged else ""
    if value is None:
        return "", ""
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 10**15
        return (str(int(value)), "") if whole else (str(value), "damaged-id")
    text = value if type(value) is str else str(value)
    plain = text.strip()
    if plain.isdigit():
        return plain, "id-tab" if plain != text else ""
    guarded = plain[2:-1] if plain.startswith('="') and plain.endswith('"') else plain.removeprefix("'")
    if _SCIENTIFIC.fullmatch(guarded):
        return guarded, "damaged-id"
    return guarded, "id-tab" if guarded != text else ""


def clean_url(value: str) -> str:
    r"""Return a link without HTML escapes (`&amp;`) and JSON escapes (`\/`)."""
    if not value.isascii() or "&amp;" in value or "\\/" in value or value != value.strip():
        value = value.replace("\\/", "/").replace("&amp;", "&").strip()
    return value


def url_key(url: str) -> str:
    """Return what identifies the page: of WeChat links `__biz`, `mid`, `idx` and `sn`, else the link."""
    if "mid=" in url and "mp.weixin.qq.com" in url:
        parts = sorted(_WECHAT_KEY.findall(url))
        if len(parts) >= 3:
            return "&".join(parts)
    url = url.split("#", 1)[0].rstrip("/")
    return url.removeprefix("https://").removeprefix("http://")


def page_key(url: str, title: str, text: str) -> str:
    """Return what identifies a post by its link: of WeChat the link alone, of other sites with its beginning.

    Many lists give the home page as the link of every item, so a link alone says little there.
    """
    key = url_key(url)
    if "mp.weixin.qq.com" in url:
        return key
    return f"{key}\x1f{squeezed(title)}\x1f{squeezed(text[:BEGINNING])}"


def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def made_id(platform: str, key: str) -> str:
    """Make an id from what identifies the post: platform and twelve hex digits of its hash."""
    digest = blake2b(key.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return f"{platform or 'post'}-{digest}"


def is_made(post_id: str) -> bool:
    """Tell whether an id was made by `made_id`."""
    return "-" in post_id and _MADE_ID.fullmatch(post_id) is not None


def content_key(account: str, date: str, title: str, text: str, reply: str) -> str:
    """Return the key of a post that has neither id nor link."""
    return "\x1f".join((account, date, title, text, reply))


def platform_of(url: str) -> str:
    """Return the platform that a link belongs to, or ''."""
    if "mp.weixin.qq.com" in url:
        return "wechat"
    if "weibo.c" in url:
        return "weibo"
    return "web" if url.startswith("http") else ""
