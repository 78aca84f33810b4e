"""Tables of crawlers of government sites."""

from govcode.readers.formats.base import TableFormat, columns_of

HEBEI = TableFormat(
    "government-site",
    "a table of documents of a government site",
    columns_of("标题 时间 内容 来源网站 访问地址"),
    {"published_at": "时间", "title": "标题", "text": "内容", "url": "访问地址"},
    platform="web",
)
