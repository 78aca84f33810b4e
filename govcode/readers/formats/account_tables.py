"""Tables of accounts (新榜, lists of WeChat accounts) and of the WeChat back office."""

from govcode.readers.formats.base import TableFormat, columns_of

_REFUSED = "holds one row an account, not posts."
NEWRANK = TableFormat(
    "newrank-accounts",
    "a ranking of accounts (新榜)",
    columns_of("账号名称 发布次数 阅读数 新榜指数"),
    refuse=_REFUSED,
)
WECHAT_LIST = TableFormat(
    "wechat-account-list", "a list of WeChat accounts", columns_of("name bizid description"), refuse=_REFUSED
)
BACK_OFFICE = TableFormat(
    "wechat-back-office",
    "statistics of the WeChat back office (titles only)",
    columns_of("文章标题 总阅读人数 分享次数"),
    {"title": "文章标题", "published_at": "发表时间"},
    platform="wechat",
    account_from="stem",
)
