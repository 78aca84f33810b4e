"""Rows of any table to posts: fields found, values mended, what cannot be a post excluded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from govcode.readers.base import STDIN
from govcode.readers.columns import plain_name, recognised
from govcode.readers.dates import Dates
from govcode.readers.formats.base import FLAGS, GENERIC, TableFormat
from govcode.readers.identity import clean_id, clean_url, content_key, made_id, page_key, platform_of
from govcode.readers.mending import (
    LAST_OF_TRUNCATED,
    LONGEST_FILLER,
    TOTALS,
    TRUNCATED,
    is_gone,
    is_media_only,
    is_total,
    mended_text,
)
from govcode.records import POST_COLUMNS, Excluded, Post, Row

PLATFORM_NAMES = {
    **dict.fromkeys(("微信", "微信公众号", "公众号", "weixin", "wx"), "wechat"),
    **dict.fromkeys(("微博", "新浪微博", "sina", "sina weibo"), "weibo"),
    **dict.fromkeys(("网站", "网页", "门户网站", "website"), "web"),
    **dict.fromkeys(("其他", "其它"), "other"),
}
_COUNT_NAME = re.compile(
    r"阅读|点赞|在看|喜欢|评论|留言数|转发|分享|收藏|播放|read|like|share|comment|repost|num|count",
    re.IGNORECASE,
)
_ODD = (AttributeError, KeyError, TypeError, ValueError)  # what mending raises on values it does not expect
_COUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([万亿wW])?\s*(\+)?\s*")
CENSORED = 100_001
_NO_ACCOUNT = frozenset({"", ".", "weibo", "data", "raw", "csv", "结果文件", "微博"})
_NO_NAME_OF_ACCOUNT = frozenset({"作者", "author", "authorname", "来源", "username", "用户名", "sourcename"})
_STEM_NOISE = re.compile(
    r"^(?:[a-z_]+_)?(?:\d{4,8}[-_]?)?|(?:微信)?公众号.*$|(?:历史)?文章(?:列表)?$|[-_ ]?\d{4,}$"
)


class Converter:
    """Convert the rows of one table: `fields` says which column serves which field of a post.

    Own columns keep their names and places after the post's; `flags` comes last and names what is
    odd about a post (`truncated`, `repost`, `media-only`, `damaged-id=…`, `bad-date=…`).
    """

    def __init__(
        self,
        source: str,
        columns: Sequence[str],
        *,
        format: TableFormat = GENERIC,
        mapping: Mapping[str, str] | None = None,
        dates: Dates | None = None,
        repairs: Counter[str] | None = None,
    ) -> None:
        self.source = source
        self.format = format
        self.repairs: Counter[str] = Counter() if repairs is None else repairs
        self._dates = dates or Dates()
        given = dict(mapping or {})
        self.constants = {field: value[1:] for field, value in given.items() if value.startswith("=")}
        taken = {field: column for field, column in given.items() if not column.startswith("=")}
        used = set(taken.values())
        columns = format.columns or columns
        for field, column in format.fields.items():
            if field not in given and column not in used and (column in columns or format.mend):
                taken[field] = column
        self.fields = recognised(columns, taken=taken) if format is GENERIC else _with_account(columns, taken)
        for field in self.constants:
            self.fields.pop(field, None)
        used = set(self.fields.values()) - format.shared
        self.renamed = {
            c: _free(c, columns) for c in columns if c not in used and c in {*POST_COLUMNS, FLAGS}
        }
        self.own = tuple(self.renamed.get(c, c) for c in columns if c not in used)
        self._own_raw = tuple(zip(self.own, (c for c in columns if c not in used), strict=True))
        self._taken = None if self.renamed else tuple(used)
        self._width = len(columns)
        self._places = tuple(self.fields.get(field, "") for field in POST_COLUMNS)
        self._plain = format.unfold is None and format.drop is None
        self._url = self.constants.get("url", "")
        self._counts = tuple(c for c in self.own if _COUNT_NAME.search(c))
        self._account = self.constants.get("account", "") or _account_of(source, format.account_from)
        self._platform = self.constants.get("platform", "") or format.platform or _platform_by_name(columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the converted posts."""
        return (*POST_COLUMNS, *self.own, FLAGS)

    def convert(self, item: Row | Excluded) -> Iterable[Post | Excluded]:
        """Return the posts of one row (one, unless the row holds several), or why there is none."""
        if isinstance(item, Excluded):
            values = None
            if item.reason == "too-many-cells" and not isinstance(item.row, str):
                values = (self.format.rescue or self._rejoined)(dict(item.row))
            if values is None:
                return (item,)
            self.repairs["shifted-row"] += 1
            item = Row(item.line, values)
        if self._plain:
            return (self._mended(item.line, item.values),)
        return list(self._known(item.line, item.values))

    def _mended(self, line: int, values: dict[str, Any]) -> Post | Excluded:
        """Return the post of a row, mended in its tool's own way."""
        mend = self.format.mend
        if mend is None:
            return self._post(line, values, [])
        try:
            flags = mend(values)
        except _ODD as error:
            return self._strange(line, values, error)
        return self._post(line, values, flags.split() if flags else [])

    def _strange(self, line: int, values: dict[str, Any], error: Exception) -> Excluded:
        return Excluded(
            self.source, line, "odd-row", f"not as {self.format.title} writes it ({error})", values
        )

    def _known(self, line: int, row: dict[str, Any]) -> Iterator[Post | Excluded]:
        """Yield the posts of a row of a known tool, mended in the tool's own way."""
        format = self.format
        try:
            for values in format.unfold(row) if format.unfold else (row,):
                if format.drop is not None and (reason := format.drop(values)):
                    yield Excluded(self.source, line, reason, "the source says so", values)
                    continue
                yield self._mended(line, values)
        except _ODD as error:
            yield self._strange(line, row, error)

    def _rejoined(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """Join a text that unquoted commas cut in pieces, where the date shows how far cells have moved."""
        too_many = row.pop("", [])
        columns, cells = list(row), [*row.values(), *too_many]
        text, date = self.fields.get("text"), self.fields.get("published_at")
        if text not in columns or date not in columns or columns.index(text) > columns.index(date):
            return None
        start, extra = columns.index(text), len(too_many)
        if not self._dates.read(cells[columns.index(date) + extra])[0] or self._dates.read(row[date])[0]:
            return None
        joined = ",".join(map(str, cells[start : start + extra + 1]))
        return dict(zip(columns, [*cells[:start], joined, *cells[start + extra + 1 :]], strict=True))

    def _post(self, line: int, values: dict[str, Any], flags: list[str]) -> Post | Excluded:
        get, repairs = values.get, self.repairs
        id_at, account_at, platform_at, date_at, title_at, text_at, reply_at, url_at = self._places
        text = get(text_at) or ""
        title = get(title_at) or ""
        reply = get(reply_at) or ""
        text = mended_text(text if type(text) is str else _text(text), repairs) if text else ""
        title = mended_text(title if type(title) is str else _text(title), repairs) if title else ""
        reply = mended_text(reply if type(reply) is str else _text(reply), repairs) if reply else ""
        if not (title or text or reply):
            return Excluded(self.source, line, "no-text", "neither title nor text", values)
        if len(text) < LONGEST_FILLER and (title or text) in TOTALS and is_total(values):
            return Excluded(self.source, line, "total-row", "the sum of the rows above, not a post", values)
        if is_gone(text or title):
            return Excluded(self.source, line, "deleted", (text or title)[:60], values)
        if text and text[-1] in LAST_OF_TRUNCATED and text.endswith(TRUNCATED):
            flags.append("truncated")
        if len(text) < LONGEST_FILLER and is_media_only(text):
            flags.append("media-only")
        url = get(url_at) or self._url
        url = clean_url(url if type(url) is str else _text(url)) if url else ""
        account = get(account_at)
        account = (_text(account).strip() if account else "") or self._account
        date = self._date(get(date_at), flags)
        given = get(platform_at)
        platform = _platform(given) if given else self._platform or platform_of(url)
        post_id = get(id_at)
        post_id = self._id(post_id, flags) if post_id is not None else ""
        if not post_id:
            key = page_key(url, title, text) if url else content_key(account, date, title, text, reply)
            post_id = made_id(platform, key)
        extra = self._extra(values)
        if self._counts:
            self._read_counts(extra, flags)
        for flag in flags:
            repairs[flag.partition("=")[0]] += 1
        extra[FLAGS] = " ".join(flags)
        return Post(post_id, text, title, account, platform, date, reply, url, extra)

    def _extra(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the user's own columns; a whole row is used up, which is faster than to build another."""
        if self._taken is None or len(values) != self._width:
            return {name: values.get(raw, "") for name, raw in self._own_raw}
        for column in self._taken:
            values.pop(column, None)
        return values

    def _date(self, value: Any, flags: list[str]) -> str:
        if value is None and "published_at" in self.constants:
            value = self.constants["published_at"]
        date, how = self._dates.read(value)
        if how in {"bad-date", "relative-date"}:
            flags.append(f"{how}={str(value).strip()[:40].replace(' ', '_')}")
        elif how not in {"plain", "no-date"}:
            self.repairs[f"date-{how}"] += 1
        return date

    def _id(self, value: Any, flags: list[str]) -> str:
        post_id, repair = clean_id(value)
        if repair == "id-tab":
            self.repairs[repair] += 1
        elif repair:
            flags.append(f"{repair}={post_id}")
            return ""
        return post_id

    def _read_counts(self, extra: dict[str, Any], flags: list[str]) -> None:
        """Read counts written in words, and mark those that are only known to be large."""
        for name in self._counts:
            value = extra[name]
            if type(value) is str and value and not value.isdecimal():
                value = extra[name] = self._count(value)
            if value == "100001" or value == CENSORED:
                flags.append(f"censored={name}")

    def _count(self, value: str) -> Any:
        """Read `1.2万` as 12000 and `10万+` as 100001 (at least that many)."""
        match = _COUNT.fullmatch(value)
        if match is None or not (match[2] or match[3]):
            return value
        self.repairs["count-words"] += 1
        number = round(
            float(match[1]) * {None: 1, "万": 10_000, "w": 10_000, "W": 10_000, "亿": 10**8}[match[2]]
        )
        return number + 1 if match[3] else number


def _with_account(columns: Sequence[str], taken: dict[str, str]) -> dict[str, str]:
    """Add an account (or platform) that the user put beside the columns of a tool; an author is none."""
    known = recognised([c for c in columns if plain_name(c) not in _NO_NAME_OF_ACCOUNT], taken=taken)
    return taken | {field: known[field] for field in ("account", "platform") if field in known}


def _platform(value: Any) -> str:
    name = _text(value).strip()
    return PLATFORM_NAMES.get(name.casefold(), name)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("nick_name") or value.get("screen_name") or "")
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return str(value)


def _free(name: str, columns: Sequence[str]) -> str:
    new = f"source_{name}"
    while new in columns:
        new = f"source_{new}"
    return new


def _account_of(source: str, where: str) -> str:
    """Return the account that the place of a file tells: its folder where the name is a user's number."""
    if source == STDIN:
        return ""
    path = PurePath(source)
    stem = path.name.split(".", 1)[0]
    if where == "folder":
        folder = path.parent.name
        return folder if stem.isdecimal() and folder.casefold() not in _NO_ACCOUNT else ""
    return _STEM_NOISE.sub("", stem) if where == "stem" else ""


def _platform_by_name(columns: Sequence[str]) -> str:
    names = " ".join(columns)
    if "微博" in names or "weibo" in names.lower():
        return "weibo"
    return "wechat" if "公众号" in names or "微信" in names else ""
