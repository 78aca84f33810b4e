"""dataabc/weibo-crawler: CSV of all its ages, JSON; its comments and users are no posts."""

from __future__ import annotations

import re

from govcode.readers.formats.base import TableFormat, Values, columns_of, reposted

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AFTER_VIDEO = "视频url"


def _mend(values: Values) -> str:
    """Put shifted cells back, then join a repost with its original."""
    flags = []
    if not _is_day(values.get("日期")) and (row := _unshifted(dict(values))) is not None:
        values.update(row)
        flags.append("shifted-row")
    if original := values.get("源微博正文"):
        values["正文"] = reposted(values.get("正文") or "", values.get("源用户昵称") or "", original)
        flags.append("repost")
    return " ".join(flags)


def _unshifted(row: Values) -> Values | None:
    """Put back cells that stand one column too far right, after a column the header does not name."""
    too_many = row.pop("", None) or [""]  # an empty last cell has been trimmed
    columns, cells = list(row), [*row.values(), *too_many]
    if len(too_many) != 1 or _AFTER_VIDEO not in columns or "日期" not in columns:
        return None
    place, day = columns.index(_AFTER_VIDEO) + 1, columns.index("日期")
    if not _is_day(cells[day + 1]):
        return None
    return dict(zip(columns, cells[:place] + cells[place + 1 :], strict=True))


def _is_day(value: object) -> bool:
    return _DAY.match(value if type(value) is str else str(value)) is not None


CSV = TableFormat(
    "weibo-crawler",
    "a table of weibo-crawler",
    columns_of("id bid 正文 头条文章url 日期 工具"),
    {"post_id": "id", "text": "正文", "published_at": "日期"},
    platform="weibo",
    account_from="folder",
    mend=_mend,
    rescue=_unshifted,
)


def _repost_json(values: Values) -> str:
    original = values.get("retweet")
    if not isinstance(original, dict) or not original.get("text"):
        return ""
    values["text"] = reposted(values.get("text") or "", original.get("screen_name") or "", original["text"])
    return "repost"


JSON = TableFormat(
    "weibo-crawler-json",
    "the JSON of weibo-crawler",
    columns_of("user_id screen_name id bid text created_at attitudes_count"),
    {"post_id": "id", "account": "screen_name", "text": "text", "published_at": "created_at"},
    platform="weibo",
    mend=_repost_json,
)
COMMENTS = TableFormat(
    "weibo-comments",
    "a table of comments",
    columns_of("id weibo_id created_at user_screen_name text"),
    refuse="holds comments of readers, not posts of accounts.",
)
USERS = TableFormat(
    "weibo-users",
    "a table of users",
    columns_of("用户id 昵称 性别 认证信息"),
    refuse="holds accounts, not posts.",
)
