"""Lists of an account's history in CSV (文章日期, 文章标题 …; no bodies)."""

from govcode.readers.formats.base import TableFormat, columns_of

CSV = TableFormat(
    "wechat-history",
    "a list of a WeChat account's articles",
    columns_of("文章日期 文章标题 文章链接 文章位置"),
    {"published_at": "文章日期", "title": "文章标题", "url": "文章链接"},
    platform="wechat",
    account_from="stem",
)
