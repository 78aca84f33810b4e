"""Access_wechat_article: workbooks of one account with bodies."""

from govcode.readers.formats.base import TableFormat, columns_of

WORKBOOK = TableFormat(
    "access-wechat-article",
    "a workbook of Access_wechat_article",
    columns_of("序号 时间 文章名称 阅读量 文章链接 文章内容"),
    {"published_at": "时间", "title": "文章名称", "text": "文章内容", "url": "文章链接"},
    platform="wechat",
    account_from="stem",
)
