"""Pages, feeds, Markdown and text files, by invented twins."""

from __future__ import annotations

from pathlib import Path

import pytest

from govcode.errors import InputError
from govcode.readers.documents import DOCUMENT_READERS
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post

PAGE = """<!DOCTYPE html><html><head><meta property="og:title" content="停水通知">
<meta property="og:url" content="http://mp.weixin.qq.com/s/a"></head><body><div id="js_article">
<h1 id="activity-name">
  停水通知 </h1><a id="js_name"> 青川发布 </a><em id="publish_time"></em>
<div id="js_content" style="visibility: hidden;"><p>明早八点<strong>停水</strong></p><section>请提前储水
</section><script>var bad = 1;</script><iframe src="http://example.org"></iframe></div></div>
<script>var ct = "1682901000"; var nickname = htmlDecode("青川发布");</script></body></html>"""
SHARE = """<!DOCTYPE html><html><head><meta property="og:title" content="{title}"></head><body>
<div id="js_article"><div id="js_content"></div></div><script>
window.item_show_type = '{kind}'; var nickname = htmlDecode("青川发布"); var ct = '1682901000';
{script}</script></body></html>"""


def items_of(tmp_path: Path, name: str, data: str | bytes, **options) -> list[Post | Excluded]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read_posts([str(path)], **options))


def test_every_document_reader_loads() -> None:
    assert all(callable(DOCUMENT_READERS.load(name)) for name in DOCUMENT_READERS)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.mhtml"])
def test_an_ordinary_wechat_page_whatever_its_name(name: str, encoding: str, tmp_path: Path) -> None:
    (post,) = items_of(tmp_path, name, PAGE.encode(encoding))
    assert (post.account, post.title, post.platform) == ("青川发布", "停水通知", "wechat")
    assert post.text == "明早八点停水\n请提前储水"
    assert (post.published_at, post.url) == ("2023-05-01T08:30:00+08:00", "http://mp.weixin.qq.com/s/a")


def test_a_text_share_and_a_picture_share(tmp_path: Path) -> None:
    script = r"window.text_page_info = { content: JsDecode('明早停水\x0a请储水 \x26amp; 关阀') };"
    (post,) = items_of(tmp_path, "t.html", SHARE.format(title="", kind=10, script=script))
    assert post.text == "明早停水\n请储水 & 关阀"
    script = r"window.cgiDataNew = { content_noencode: JsDecode('一组照片：\x22白石\x22'), x: 1 };"
    (post,) = items_of(tmp_path, "p.html", SHARE.format(title="春日", kind=8, script=script))
    assert (post.title, post.text, post.account) == ("春日", '一组照片："白石"', "青川发布")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            '<div class="weui-msg"><div class="weui-msg__title warn">该内容已被发布者删除</div></div>',
            "deleted",
        ),
        ("<div class='weui-msg'><h2 class='weui-msg__title'>此内容因违规无法查看</h2></div>", "violation"),
        ('<div class="mesg-block"><p>该内容暂时无法查看</p></div>', "not-viewable"),
        ('<div class="weui-msg"><div class="weui-msg__title">该公众号已迁移</div></div>', "migrated"),
        (
            '<div class="weui-msg"><div class="weui-msg__title">此帐号已被屏蔽, 内容无法查看</div></div>',
            "violation",
        ),
    ],
)
def test_pages_that_show_no_article_are_excluded(body: str, reason: str, tmp_path: Path) -> None:
    (item,) = items_of(tmp_path, "x.html", f"<!DOCTYPE html><html><body>{body}</body></html>")
    assert isinstance(item, Excluded)
    assert item.reason == reason


def test_other_sites_and_lists_of_links(tmp_path: Path) -> None:
    head = '<html><head><meta name="ArticleTitle" content="办法解读"><meta name="PubDate" content="2023-05-01 08:30">'
    page = f'{head}</head><body><nav>首页 导航</nav><div class="TRS_Editor"><p>{"为了规范管理，" * 9}</p></div></body></html>'
    (post,) = items_of(tmp_path, "g.html", page)
    assert (post.title, post.published_at, post.platform) == ("办法解读", "2023-05-01T08:30:00+08:00", "web")
    assert post.text == "为了规范管理，" * 9
    links = "".join(f"<li><a href='{n}'>某办公室召开第{n}次例行会议</a></li>" for n in range(20))
    (item,) = items_of(tmp_path, "l.html", f"<html><body><ul>{links}</ul></body></html>")
    assert item.reason == "list-page"
    (item,) = items_of(tmp_path, "e.html", "<html><body></body></html>")
    assert item.reason == "no-text"


RSS = """<?xml version="1.0" encoding="{encoding}"?>{doctype}<rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>青川发布 | wechat-feeds</title>
<item><title>停水通知</title><link>http://mp.weixin.qq.com/s/a</link>
<content:encoded><![CDATA[停水通知]]></content:encoded><pubDate>Mon, 01 May 2023 08:30:00 +0800</pubDate></item>
<item><title>降温</title><link>http://mp.weixin.qq.com/s/b</link><description>&lt;p&gt;注意保暖&lt;/p&gt;{extra}</description>
</item></channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_an_rss_feed(encoding: str, tmp_path: Path) -> None:
    data = RSS.format(encoding=encoding, doctype="", extra="").encode(encoding)
    first, second = items_of(tmp_path, "f.xml", data)
    assert (first.account, first.title, first.text) == ("青川发布", "停水通知", "")
    assert (first.published_at, first.url) == ("2023-05-01T08:30:00+08:00", "http://mp.weixin.qq.com/s/a")
    assert second.text == "注意保暖"


def test_an_atom_feed(tmp_path: Path) -> None:
    data = """<feed xmlns="http://www.w3.org/2005/Atom"><title>青川发布</title><entry><title>停水</title>
    <link href="http://example.org/1"/><published>2023-05-01T00:30:00Z</published><author><name>小青</name></author>
    <content type="html">&lt;p&gt;明早停水&lt;/p&gt;</content></entry></feed>"""
    (post,) = items_of(tmp_path, "f", data)
    assert (post.account, post.text, post.url) == ("青川发布", "明早停水", "http://example.org/1")
    assert (post.published_at, post.extra["author"]) == ("2023-05-01T08:30:00+08:00", "小青")


def test_a_billion_laughs_and_broken_xml_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "哈"}">' for n in range(10))
    bomb = RSS.format(encoding="utf-8", doctype=f"<!DOCTYPE rss [{entities}]>", extra="&a9;")
    with pytest.raises(InputError, match="entities"):
        items_of(tmp_path, "b.xml", bomb)
    with pytest.raises(InputError, match="not well-formed"):
        items_of(tmp_path, "c.xml", "<rss><channel><item>")
    with pytest.raises(InputError, match="no feed"):
        items_of(tmp_path, "d.xml", "<note><to>x</to></note>")


def test_markdown_article_and_history(tmp_path: Path) -> None:
    text = "![cover](http://example.org/a.jpg)\n\n#  停水通知\n\n原创  小青  [ 青川发布 ](javascript:void\\(0\\);)\n\n"
    text += (
        "明早**八点**[停水](http://example.org/x)。\n\n![](http://example.org/b.png)\n\n##  时间\n\n请储水\n"
    )
    (post,) = items_of(tmp_path, "20230501停水通知.md", text)
    assert (post.account, post.title, post.published_at) == ("青川发布", "停水通知", "2023-05-01")
    assert post.text == "明早八点停水。\n时间\n请储水"
    text = "[2023-05-01_停水(一)](http://mp.weixin.qq.com/s/a)\n\n文章简介:x\n\n文章作者:小青\n\n"
    text += "[2023-05-02_降温](http://mp.weixin.qq.com/s/b)\n\n文章作者:\n"
    first, second = items_of(tmp_path, "h.md", text)
    assert (first.title, first.published_at, first.extra["author"]) == ("停水(一)", "2023-05-01", "小青")
    assert (second.title, second.platform) == ("降温", "wechat")


def test_names_of_files_tell_account_and_day_and_the_account_card_is_no_text(tmp_path: Path) -> None:
    text = "# 停水通知\n\n原创  小青  [ 青川发布 ](javascript:void\\(0\\);)\n\n**青川发布**\n\n微信号 qingchuan\n\n"
    text += "功能介绍 青川市人民政府新闻办公室\n\n明早八点停水。\n"
    (post,) = items_of(tmp_path, "20230501停水通知.md", text)
    assert post.text == "明早八点停水。"
    listed = "[2023-05-01_停水](http://mp.weixin.qq.com/s/a)\n\n文章作者:\n"
    (post,) = items_of(tmp_path, "青川发布公众号历史文章列表.md", listed)
    assert (post.account, post.title, post.published_at) == ("青川发布", "停水", "2023-05-01")
    undated = PAGE.replace('var ct = "1682901000"; ', "")
    (post,) = items_of(tmp_path, "20230502停水通知.html", undated)
    assert (post.published_at, post.title) == ("2023-05-02", "停水通知")


SPIDER = """用户信息
用户昵称：青川发布
用户id: 1

微博内容:
1:明早停水，
请储水 原图
微博位置: 无
发布时间: 2023-05-01 08:30
点赞数: 1   转发数: 2   评论数: 3
发布工具: 微博

2:转发理由:收到
原始用户: 白石发布
转发内容: 降温
微博位置：无
发布时间：2023-05-02 09:00
发布工具：无
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_text_files(encoding: str, tmp_path: Path) -> None:
    first, second = items_of(tmp_path, "1.txt", SPIDER.encode(encoding))
    assert (first.account, first.text) == ("青川发布", "明早停水，\n请储水")
    assert (second.text, second.published_at) == ("收到//@白石发布:降温", "2023-05-02T09:00:00+08:00")
    assert [post.extra["flags"] for post in (first, second)] == ["", "repost"]
    (post,) = items_of(tmp_path, "20230501_停水通知.txt", "明早停水\n请储水\n".encode(encoding))
    assert (post.title, post.published_at, post.text) == ("停水通知", "2023-05-01", "明早停水\n请储水")
    (post,) = items_of(tmp_path, "t.txt", "标题\t正文\n甲\t乙\n".encode(encoding))
    assert (post.title, post.text) == ("甲", "乙")
    (item,) = items_of(tmp_path, "d.txt", "该内容已被发布者删除".encode(encoding))
    assert item.reason == "deleted"


def test_a_dump_of_pages(tmp_path: Path) -> None:
    page = f"<html><body><h1>会议</h1><article>{'今日召开会议，研究工作。' * 4}</article></body></html>"
    text = f"[url:http://example.gov.cn/1]\n[status_code:200]\n{page}\n[url:http://example.gov.cn/2]\n[status_code:404]\nx\n"
    post, item = items_of(tmp_path, "dump.txt", text)
    assert (post.title, post.url) == ("会议", "http://example.gov.cn/1")
    assert (item.reason, item.line) == ("not-fetched", 4)


STATES = {
    "wechat_html_作者已删除_01.html": "deleted", "wechat_html_内容违规_01.html": "violation",
    "wechat_html_该内容暂时无法查看_01.html": "not-viewable", "fmprc_results_http_dump.txt": "list-page",
}  # fmt: skip
COUNTS = {
    "wechat_html_普通图文_01.html": 1, "wechatfeeds_平安北京.xml": 10, "wechatfeeds_北京公积金.xml": 10,
    "sushengbuhuo_2020深圳卫健委公众号历史文章列表.md": 581, "weibospider_共青团中央_3937348351_v2020.txt": 23,
    "weibospider_平安北京_1288915263.txt": 15, "weibospider_深圳交警_1792702427.txt": 11,
    "wechatarticles_共青团中央.json": 73,
}  # fmt: skip


def test_the_real_documents(real_data: Path) -> None:
    for name, reason in STATES.items():
        (item,) = read_posts([str(real_data / "raw" / name)])
        assert item.reason == reason
    for name, number in COUNTS.items():
        path = real_data / "raw" / name
        posts = list(read_posts([str(path)]))
        assert (len(posts), name) == (number, name)
        text = path.read_text(encoding="utf-8")
        if name.endswith(".txt"):
            assert text.count("发布时间") == number
        elif name.endswith(".xml"):
            assert text.count("<item>") == number
        elif name.endswith(".json"):
            assert text.count('"content_url"') == number
