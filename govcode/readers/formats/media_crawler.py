"""MediaCrawler: posts of Weibo in CSV, JSON or a workbook."""

from govcode.readers.formats.base import TableFormat, columns_of

WEIBO = TableFormat(
    "media-crawler",
    "posts of MediaCrawler",
    columns_of("note_id content create_date_time note_url nickname"),
    {
        "post_id": "note_id", "account": "nickname", "text": "content", "published_at": "create_date_time",
        "url": "note_url",
    },
    platform="weibo",
)  # fmt: skip
COMMENTS = TableFormat(
    "media-crawler-comments",
    "comments of MediaCrawler",
    columns_of("comment_id note_id content create_time"),
    refuse="holds comments of readers, not posts of accounts.",
)
