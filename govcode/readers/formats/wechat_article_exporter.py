"""wechat-article-exporter: workbooks with and without bodies, and its JSON."""

from __future__ import annotations

from govcode.readers.formats.base import TableFormat, Values, columns_of

WITHOUT_TEXT = frozenset({"视频分享", "音乐分享", "音频分享", "图片分享"})
_MEDIA_TYPES = frozenset({5, 6, 7, 8})  # item_show_type of video, music, audio and picture shares


def _media(values: Values) -> str:
    return "media-only" if values.get("文章类型") in WITHOUT_TEXT and not values.get("文章内容") else ""


def _media_json(values: Values) -> str:
    return "media-only" if values.get("item_show_type") in _MEDIA_TYPES and not values.get("content") else ""


def _deleted(values: Values) -> str:
    return "deleted" if values.get("is_deleted") in (True, 1, "1", "true") else ""


WORKBOOK = TableFormat(
    "wechat-article-exporter",
    "a workbook of wechat-article-exporter",
    columns_of("公众号 链接 标题 创建时间 发布时间 文章类型"),
    {"account": "公众号", "published_at": "发布时间", "title": "标题", "text": "文章内容", "url": "链接"},
    platform="wechat",
    mend=_media,
)
OLD_WORKBOOK = TableFormat(
    "wechat-article-exporter-2025-01",
    "an early workbook of wechat-article-exporter (no bodies; the account is the file's name)",
    columns_of("标题 发布日期 作者 是否原创 所属合集 摘要 原文链接"),
    {"published_at": "发布日期", "title": "标题", "url": "原文链接"},
    platform="wechat",
    account_from="stem",
)
JSON = TableFormat(
    "wechat-article-exporter-json",
    "the JSON of wechat-article-exporter",
    columns_of("aid appmsgid create_time link title item_show_type"),
    {
        "account": "_accountName",
        "published_at": "create_time",
        "title": "title",
        "text": "content",
        "url": "link",
    },
    platform="wechat",
    mend=_media_json,
    drop=_deleted,
)
