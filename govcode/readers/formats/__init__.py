"""The formats of crawlers and exporters, each known by its columns: one file a tool."""

from govcode.registry import Registry

_HERE = "govcode.readers.formats"

FORMATS = Registry(
    "format",
    {
        "wechat-article-exporter": f"{_HERE}.wechat_article_exporter:WORKBOOK",
        "wechat-article-exporter-2025-01": f"{_HERE}.wechat_article_exporter:OLD_WORKBOOK",
        "wechat-article-exporter-json": f"{_HERE}.wechat_article_exporter:JSON",
        "wechat-download": f"{_HERE}.wechat_download:CSV",
        "access-wechat-article": f"{_HERE}.access_wechat_article:WORKBOOK",
        "wechatarticles": f"{_HERE}.wechat_articles:FLAT",
        "wechat-messages": f"{_HERE}.wechat_articles:MESSAGES",
        "wechat-history": f"{_HERE}.wechat_history:CSV",
        "wechat-spider": f"{_HERE}.wechat_spiders:STRIVER",
        "wechat-spider-topics": f"{_HERE}.wechat_spiders:BOWENPAY",
        "wewe-rss": f"{_HERE}.wechat_spiders:WEWE_RSS",
        "weibo-crawler": f"{_HERE}.weibo_crawler:CSV",
        "weibo-crawler-json": f"{_HERE}.weibo_crawler:JSON",
        "weibo-comments": f"{_HERE}.weibo_crawler:COMMENTS",
        "weibo-users": f"{_HERE}.weibo_crawler:USERS",
        "weibospider": f"{_HERE}.weibospider:CSV",
        "weibospider-json": f"{_HERE}.weibospider:JSON",
        "weibospider-nghuyong": f"{_HERE}.weibo_json:NGHUYONG",
        "weibo-search": f"{_HERE}.weibo_search:CSV",
        "m-weibo": f"{_HERE}.weibo_json:MOBILE",
        "weibo-ajax": f"{_HERE}.weibo_json:DESKTOP",
        "media-crawler": f"{_HERE}.media_crawler:WEIBO",
        "media-crawler-comments": f"{_HERE}.media_crawler:COMMENTS",
        "dxy-news": f"{_HERE}.news_lists:DXY",
        "checked": f"{_HERE}.news_lists:CHECKED",
        "message-board": f"{_HERE}.message_boards:TEDDY_CUP",
        "mailbox-list": f"{_HERE}.message_boards:MAILBOX",
        "class-list": f"{_HERE}.message_boards:CLASSES",
        "government-site": f"{_HERE}.government_sites:HEBEI",
        "newrank-accounts": f"{_HERE}.account_tables:NEWRANK",
        "wechat-account-list": f"{_HERE}.account_tables:WECHAT_LIST",
        "wechat-back-office": f"{_HERE}.account_tables:BACK_OFFICE",
    },
)
