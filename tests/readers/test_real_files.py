"""Every real file, read beside other programs: as many records, and the same title, text and day in each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from govcode.errors import InputError
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post

pytestmark = pytest.mark.slow
Record = tuple[str, str, str]  # title, text, day; letters and digits only, so that markup makes no difference
_NOT_WORD = re.compile(r"[\W_]+")
_TAG = re.compile(r"<[^<>]*>")
_PICTURES = re.compile(r"(组图共\d+张)?(原图)?$")  # the label of a link, not of the post


def plain(value: object) -> str:
    text = "" if value is None or value != value else str(value)
    return _NOT_WORD.sub("", _TAG.sub("", text))


def day(value: object) -> str:
    import pandas as pd

    text = "" if value is None or value != value else str(value).strip()
    if not text:
        return ""
    if text.isdecimal() and len(text) > 8:
        unit = "ms" if len(text) > 11 else "s"
        return str(pd.Timestamp(int(text), unit=unit, tz="Asia/Shanghai").date())
    return str(pd.to_datetime(re.sub(r"年|月", "-", text).replace("日", "")).date())


def csv(title: str, text: str, date: str, encoding: str = "utf-8-sig") -> Callable[[Path], list[Record]]:
    def records(path: Path) -> list[Record]:
        import pandas as pd

        table = pd.read_csv(path, encoding=encoding, dtype=str)
        return _records(table.to_dict("records"), title, text, date)

    return records


def xlsx(title: str, text: str, date: str) -> Callable[[Path], list[Record]]:
    def records(path: Path) -> list[Record]:
        calamine = pytest.importorskip("python_calamine")
        rows = calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        rows = [row for row in rows if any(cell != "" for cell in row)]
        names = [str(n) for n in range(len(rows[0]))] if title.isdigit() else rows.pop(0)
        return _records([dict(zip(names, row, strict=True)) for row in rows], title, text, date)

    return records


def _records(rows: list[dict], title: str, text: str, date: str) -> list[Record]:
    return [(plain(r.get(title)), plain(r.get(text)), day(r.get(date))) for r in rows]


def results(path: Path) -> list[Record]:
    return _records(json.loads(path.read_text())["results"], "title", "summary", "pubDate")


def checked(path: Path) -> list[Record]:
    return _records([json.loads(path.read_text())], "", "text", "date")


def mobile(path: Path) -> list[Record]:
    data = json.loads(path.read_text())
    return [("", plain(data["text"]), day(data["created_at"]))]


def messages(path: Path) -> list[Record]:
    found = []
    for line in path.read_text().splitlines():
        message = json.loads(line)
        head = message["app_msg_ext_info"]
        when = day(message["comm_msg_info"]["datetime"])
        found += [(plain(a["title"]), "", when) for a in (head, *head.get("multi_app_msg_item_list", []))]
    return found


def feed(path: Path) -> list[Record]:
    from email.utils import parsedate_to_datetime
    from xml.etree import ElementTree

    items = ElementTree.parse(path).getroot().iter("item")
    return [
        (plain(i.findtext("title")), "", str(parsedate_to_datetime(i.findtext("pubDate")).date()))
        for i in items
    ]


def history(path: Path) -> list[Record]:
    listed = re.findall(r"^\[(\d{4}-\d\d-\d\d)_(.*)\]\(http", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [(plain(title), "", date) for date, title in listed]


def spider(path: Path) -> list[Record]:
    dates = re.findall(r"^发布时间[:：]\s*(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [("", "", date) for date in dates]


def page(path: Path) -> list[Record]:
    html = pytest.importorskip("lxml.html")
    tree = html.fromstring(path.read_bytes().decode("utf-8"))
    for useless in tree.xpath("//script|//style|//noscript|//svg|//iframe"):
        useless.drop_tree()
    (body,) = tree.xpath("(//*[@id='js_content'])[1]")
    title = tree.xpath("string(//*[@id='activity-name'])")
    made = re.search(r'ct\s*=\s*"(\d{10})"', path.read_text(encoding="utf-8"))
    named = re.search(r"20\d{6}", path.name)
    return [(plain(title), plain(body.text_content()), day(made[1] if made else named[0] if named else ""))]


def markdown(path: Path) -> list[Record]:
    text = path.read_text(encoding="utf-8")
    title = re.search(r"^#\s+(.*)$", text, re.MULTILINE)
    assert title is not None
    date = re.search(r"20\d{6}", path.name)
    return [(plain(title[1]), "", day(date[0] if date else ""))]


SPIDER = csv("", "微博正文", "发布时间")
SITE = csv("标题", "内容", "时间")
BOARD = xlsx("留言主题", "留言详情", "留言时间")
READ: dict[str, Callable[[Path], list[Record]]] = {
    "checked_": checked, "dxy_DXYNews.csv": csv("title", "summary", "pubDate"), "dxy_DXYNews.json": results,
    "gbk_weibo_search": csv("标题／微博内容", "全文内容", "", "gb18030"), "hebei_": SITE,
    "jiaoluoli_": xlsx("0", "2", "1"), "mweibo_": mobile, "neijiang_": xlsx("title", "", "time"),
    "sushengbuhuo_2020深圳卫健委公众号历史文章列表.csv": csv("文章标题", "", "文章日期"),
    "sushengbuhuo_2020深圳卫健委公众号历史文章列表.md": history, "teddycup2020C_附件2": BOARD,
    "teddycup2020C_附件3": BOARD, "teddycup2020C_附件4": BOARD, "wechatDownload_2024-": csv("title", "", "time"),
    "wechatDownload_20240705科技爱好者周刊307不要看重ProductHunt.html": page,
    "wechatDownload_20241101科技爱好者周刊323技术公司的口号比拼.html": page, "wechatDownload_": markdown,
    "wechat_html_普通图文": page, "wechatarticles_": messages, "wechatfeeds_": feed, "weibosearch_": csv("", "微博正文", "发布时间"), "weibospider_共青团中央_3937348351_v2020.csv": SPIDER,
    "weibospider_平安北京_1288915263.csv": SPIDER, "weibospider_深圳交警_1792702427.csv": SPIDER, "weibospider_": spider,
}  # fmt: skip
LEFT_OUT = {
    "wechat_html_作者已删除": "deleted", "wechat_html_内容违规": "violation",
    "wechat_html_该内容暂时无法查看": "not-viewable", "fmprc_": "list-page",
}  # fmt: skip
REFUSED = {
    "gbk_疫情小区": "no column is known as text or title",
    "teddycup2020C_附件1": "a list of classes and holds no posts",
    "wechatfeeds_list.csv": "one row an account, not posts",
}


def matching(table: dict, name: str):
    """Return the entry whose key is the longest beginning of a file's name, or None."""
    key = max((k for k in table if name.startswith(k)), key=len, default=None)
    return None if key is None else table[key]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted((folder / "raw").iterdir()) if path.name != "RAW.md")


def test_every_real_file_has_its_test(real_data: Path) -> None:
    for path in files(real_data):
        tested = [table for table in (READ, LEFT_OUT, REFUSED) if matching(table, path.name) is not None]
        assert tested, path.name


def test_real_files_hold_the_records_that_other_programs_find(real_data: Path) -> None:
    for path in files(real_data):
        records = matching(READ, path.name)
        if records is None or matching(REFUSED, path.name) or matching(LEFT_OUT, path.name):
            continue
        expected = records(path)
        items = list(read_posts([str(path)]))
        assert (path.name, len(items)) == (path.name, len(expected))
        for item, (title, text, when) in zip(items, expected, strict=True):
            assert isinstance(item, Post), path.name
            assert plain(item.title) == title, path.name
            assert item.published_at[:10] == when, path.name
            whole = records not in (markdown, messages, feed, spider, history)
            if whole and "repost" not in item.extra.get("flags", ""):
                assert _PICTURES.sub("", plain(item.text)) == _PICTURES.sub("", text), path.name


def test_real_files_without_posts_are_left_out_or_refused_in_a_sentence(real_data: Path) -> None:
    for path in files(real_data):
        if reason := matching(LEFT_OUT, path.name):
            (item,) = read_posts([str(path)])
            assert isinstance(item, Excluded)
            assert (path.name, item.reason) == (path.name, reason)
        elif sentence := matching(REFUSED, path.name):
            with pytest.raises(InputError, match=sentence):
                read_posts([str(path)])


def test_accounts_of_real_files(real_data: Path) -> None:
    """Accounts that stand in the file, its name or its folder."""
    known = {
        "wechatfeeds_平安北京.xml": "平安北京", "mweibo_detail_4464515700098422.json": "安徽反邪教",
        "weibospider_深圳交警_1792702427.txt": "深圳交警", "wechatarticles_共青团中央.json": "共青团中央",
        "sushengbuhuo_2020深圳卫健委公众号历史文章列表.csv": "深圳卫健委",
        "sushengbuhuo_2020深圳卫健委公众号历史文章列表.md": "深圳卫健委",
    }  # fmt: skip
    for name, account in known.items():
        posts = [p for p in read_posts([str(real_data / "raw" / name)]) if isinstance(p, Post)]
        assert {p.account for p in posts} == {account}
