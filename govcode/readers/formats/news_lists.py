"""Collections of posts made for research: DXY's news of 2020, and CHECKED."""

from govcode.readers.formats.base import TableFormat, columns_of

DXY = TableFormat(
    "dxy-news",
    "the news of DXY-COVID-19",
    columns_of("pubDate title summary infoSource sourceUrl"),
    {
        "post_id": "_id", "account": "infoSource", "published_at": "pubDate", "title": "title",
        "text": "summary", "url": "sourceUrl",
    },
)  # fmt: skip
CHECKED = TableFormat(
    "checked",
    "a post of the CHECKED data set",
    columns_of("label id date user_id text comment_num repost_num like_num"),
    {"post_id": "id", "published_at": "date", "text": "text"},
    platform="weibo",
)
