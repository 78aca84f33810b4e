"""qiye45/wechatDownload: its CSV list of one account (no bodies)."""

from govcode.readers.formats.base import TableFormat, columns_of

CSV = TableFormat(
    "wechat-download",
    "a list of wechatDownload",
    columns_of("title url time like_num read_num share_num comment_count"),
    {"published_at": "time", "title": "title", "url": "url"},
    platform="wechat",
)
