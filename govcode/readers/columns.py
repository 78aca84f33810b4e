"""Which column holds what: names in Chinese and English, in the order of their strength."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from govcode.errors import UsageError, choices
from govcode.records import POST_COLUMNS
from govcode.text.patterns import later

# The first name that a table has wins. Compared without case, spaces, underscores and brackets.
ALIASES: Mapping[str, tuple[str, ...]] = {
    field: tuple(names.split())
    for field, names in {
        "post_id": """
            post_id 微博id 文章id 推文id 帖子id 消息id weibo_id note_id article_id aid mid id _id
            留言编号 信件编号 编号 ID号 docid newsid
        """,
        "text": """
            text 正文 正文内容 全文内容
            微博正文 文章内容 文章正文 推文内容 推文正文 微博内容 全文 内容 留言详情
            留言内容 信件内容 来信内容 诉求内容 问题内容 content text_content body article 原文 帖文
            文本 文本内容 推文 微博 post message raw_text content_html
        """,
        "title": """
            title 标题 标题/微博内容
            文章标题 文章名称 推文标题 题目 题名 留言主题 信件标题 信件主题 来信标题 留言标题
            主题 headline news_title 微信标题
        """,
        "account": """
            account 公众号 公众号名称 账号 帐号 账号名称 帐号名称 用户昵称 昵称 微博名 微博昵称 账户
            发布账号 发布者 发布机构 发布单位 来源账号 用户名 博主 screen_name nickname user_name
            username nick_name account_name _accountName mp_name source_name 答复单位 受理单位 回复单位
            办理单位 来源 作者 author author_name
        """,
        "published_at": """
            published_at 发布时间 发布日期 发表时间 推送时间 推送日期 文章日期 时间 日期 留言时间
            来信时间 写信时间 提交时间 完整日期 publish_time pubdate pub_date created_at create_time
            create_date_time publish_date date time datetime 创建时间 update_time
        """,
        "reply": """
            reply 答复意见 答复内容 回复内容 官方答复 回复 答复 处理意见 办理结果 答复详情 reply_content
            回复意见 处理结果
        """,
        "url": """
            url 链接 原文链接 文章链接 微博链接 网址 地址链接 link href article_url note_url weibo_url
            链接地址 文章地址 workurl content_url sourceurl source_url
        """,
        "platform": """
            platform 平台 发布平台 来源平台 媒体类型
        """,
    }.items()
}
_NOISE = later(r"[\s_\-·:：*]+|[(（\[【].*?[)）\]】]")


def plain_name(name: str) -> str:
    """Return a column name for comparison: NFKC, lower case, without spaces, marks and brackets."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return _NOISE().sub("", text) or text


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """Return the known names for each field as they are compared."""
    return {field: tuple(dict.fromkeys(map(plain_name, names))) for field, names in ALIASES.items()}


def recognised(columns: Sequence[str], *, taken: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return {post field: column} for the columns whose names are known; each column serves once.

    `taken` are fields already decided. A column called `来源` or `作者` is an account only where no
    better one is there.
    """
    found = dict(taken or {})
    used = set(found.values())
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(plain_name(column), column)
    for field, names in _known().items():
        if field in found:
            continue
        for name in names:
            if name in by_name and by_name[name] not in used:
                found[field] = by_name[name]
                used.add(by_name[name])
                break
    return found


def nearest(columns: Sequence[str], fields: Iterable[str]) -> dict[str, str]:
    """Return {field: column} for columns whose names are none of the known ones but near to one of a field.

    Near is a name that holds a known one (`帖子正文内容`) or is spelled much like it (`conten`).
    """
    found: dict[str, str] = {}
    plain = {plain_name(column): column for column in reversed(columns)}
    for field in fields:
        known = [name for name in _known()[field] if len(name) > 1]
        holding = [name for name in plain if any(k in name for k in known if not k.isascii())]
        close = holding or [name for k in known for name in get_close_matches(k, plain, 1, 0.8)]
        column = next((plain[name] for name in close if plain[name] not in found.values()), None)
        if column is not None:
            found[field] = column
    return found


def meant(columns: Sequence[str]) -> str:
    """Return a question that proposes columns of nearly known names for text and title, or ''."""
    near = nearest(columns, ("text", "title"))
    return f"Is it {' or '.join(f'--{f}-column {c}' for f, c in near.items())}? " if near else ""


def checked(mapping: Mapping[str, str], columns: Sequence[str], source: str) -> dict[str, str]:
    """Return the user's mapping {post field: column}; raise UsageError naming the columns that exist.

    A value that begins with `=` is a constant for every post and needs no column.
    """
    result = {}
    for field, wanted in mapping.items():
        if field not in POST_COLUMNS:
            raise UsageError(
                f"'{field}' is not a part of a post.", hint=f"Choose from: {choices(POST_COLUMNS)}."
            )
        if not wanted:
            continue
        if wanted not in columns and not wanted.startswith("="):
            same = next((c for c in columns if plain_name(c) == plain_name(wanted)), None)
            if same is None:
                raise UsageError(
                    f"{source}: has no column '{wanted}' (wanted as {field}).",
                    hint=f"Its columns: {shown(columns)}.",
                )
            wanted = same
        result[field] = wanted
    return result


def is_posts_table(columns: Iterable[str]) -> bool:
    """Tell whether a table already is a table of posts: `post_id` and `text` or `title`."""
    names = set(columns)
    return "post_id" in names and bool(names & {"text", "title"})


def shown(columns: Sequence[str]) -> str:
    """List column names for a message, long ones cut."""
    names = [c if len(c) <= 24 else f"{c[:24]}…" for c in columns[:40]]
    return choices([*names, *(["…"] if len(columns) > 40 else [])]).replace("\n", " ")
