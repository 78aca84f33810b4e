"""Every format, by invented twins: the record that must come out, field by field."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from govcode.errors import InputError
from govcode.readers.formats import FORMATS
from govcode.readers.formats.base import TableFormat
from govcode.readers.posts import format_of, read_posts
from govcode.records import Excluded, Post

TEXT = "明早八点停水，请提前储水。"


def as_csv(columns: str, *rows: list[str], encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns.split(","))
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_json(*rows: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


WEIBO_OLD = "id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户"
WEIBO_ROW = [
    "4463517821345678\t",
    "Ib1",
    TEXT,
    "",
    "",
    "",
    "青川",
    "2023-05-01",
    "微博",
    "3",
    "2",
    "1",
    "停水",
    "",
]
MESSAGE = {
    "comm_msg_info": {"id": 1000, "type": 49, "datetime": 1682899200, "fakeid": "1", "content": ""},
    "app_msg_ext_info": {
        "title": "停水通知", "digest": "", "author": "小青", "copyright_stat": 11, "source_url": "",
        "content_url": "http:\\/\\/mp.weixin.qq.com\\/s?__biz=MzA&amp;mid=1&amp;idx=1&amp;sn=aa",
        "multi_app_msg_item_list": [
            {"title": "降温提醒", "content_url": "http://mp.weixin.qq.com/s?__biz=MzA&amp;mid=1&amp;idx=2&amp;sn=bb"}
        ],
    },
}  # fmt: skip
USER = {"id": 1, "screen_name": "青川发布", "nick_name": "青川发布", "verified": True}

# format, file name, bytes, what the first post must hold, flags
CASES = [
    ("wechat-article-exporter", "a.csv",
     as_csv("公众号,ID,链接,标题,封面,摘要,创建时间,发布时间,阅读,文章类型,文章内容",
            ["青川发布", "22_1", "http://mp.weixin.qq.com/s/a", "停水通知", "", "", "2023-05-01 08:00:00",
             "2023-05-01 08:30:00", "10万+", "普通图文", TEXT]),
     {"account": "青川发布", "published_at": "2023-05-01T08:30:00+08:00", "title": "停水通知", "text": TEXT,
      "platform": "wechat", "阅读": 100001}, "censored=阅读"),
    ("wechat-article-exporter-2025-01", "青川发布.csv",
     as_csv("标题,发布日期,作者,是否原创,所属合集,摘要,原文链接",
            ["停水通知", "2023-05-01", "小青", "原创", "", "", "http://mp.weixin.qq.com/s/a"]),
     {"account": "青川发布", "published_at": "2023-05-01", "title": "停水通知", "作者": "小青"}, ""),
    ("wechat-article-exporter-json", "a.json",
     json.dumps([{"aid": "1_1", "appmsgid": 1, "create_time": 1682899200, "link": "http://mp.weixin.qq.com/s/a",
                  "title": "停水通知", "item_show_type": 0, "is_deleted": False, "_accountName": "青川发布",
                  "content": "<p>明早八点停水，<br>请提前储水。</p>"}]).encode(),
     {"account": "青川发布", "published_at": "2023-05-01T08:00:00+08:00", "text": "明早八点停水，\n请提前储水。"}, ""),
    ("wechat-download", "2024-11-06.csv",
     as_csv("title,url,time,like_num,read_num,share_num,comment_count",
            ["停水通知", "http://mp.weixin.qq.com/s?__biz=M&amp;mid=1&amp;idx=1&amp;sn=a", "2023-05-01 08:30:43", "0",
             "0", "0", "{}"]),
     {"title": "停水通知", "text": "", "url": "http://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a",
      "published_at": "2023-05-01T08:30:43+08:00"}, ""),
    ("access-wechat-article", "青川发布.csv",
     as_csv("序号,时间,文章名称,阅读量,点赞数,转发数,在看数,文章链接,评论,评论点赞,文章内容",
            ["1", "2023-05-01 08:30", "停水通知", "12", "", "", "", "http://mp.weixin.qq.com/s/a", "", "", TEXT]),
     {"account": "青川发布", "title": "停水通知", "text": TEXT}, ""),
    ("wechatarticles", "青川发布.csv",
     as_csv("url,title,date,headlines,read_num,old_like_num,like_num,text_content",
            ["http://mp.weixin.qq.com/s/a", "停水通知", "1682899200", "1", "9", "1", "1", TEXT]),
     {"account": "青川发布", "published_at": "2023-05-01T08:00:00+08:00", "text": TEXT}, ""),
    ("wechat-messages", "青川发布.json", as_json(MESSAGE, MESSAGE),
     {"account": "青川发布", "title": "停水通知", "published_at": "2023-05-01T08:00:00+08:00",
      "url": "http://mp.weixin.qq.com/s?__biz=MzA&mid=1&idx=1&sn=aa", "position": 1, "author": "小青"}, ""),
    ("wechat-history", "2023青川发布公众号历史文章列表.csv",
     as_csv("文章日期,文章标题,文章链接,文章简介,文章作者,文章位置,阅读数",
            ["2023-05-01", "停水通知👍", "http://mp.weixin.qq.com/s/a", "", "小青", "1", "100001"]),
     {"account": "青川发布", "title": "停水通知👍", "文章作者": "小青"}, "censored=阅读数"),
    ("wechat-spider", "a.csv",
     as_csv("id,account,title,url,author,publish_time,__biz,digest,content_html",
            ["1", "青川发布", "停水通知", "http://mp.weixin.qq.com/s/a", "", "2023-05-01 08:30:00", "M", "",
             "<section>明早</section><section>停水</section>"]),
     {"account": "青川发布", "text": "明早\n停水", "id": "1"}, ""),
    ("wechat-spider-topics", "a.csv",
     as_csv("uniqueid,words,url,title,abstract,content,read_num,publish_time,available",
            ["ab", "2", "http://mp.weixin.qq.com/s/a", "停水通知", "", TEXT, "1", "2023-05-01", "可用"]),
     {"title": "停水通知", "text": TEXT}, ""),
    ("wewe-rss", "a.csv",
     as_csv("id,mp_id,title,pic_url,publish_time", ["AbC", "MP_1", "停水通知", "", "1682899200"]),
     {"title": "停水通知", "url": "https://mp.weixin.qq.com/s/AbC", "mp_id": "MP_1"}, ""),
    ("weibo-crawler", "青川发布/1234567890.csv", as_csv(WEIBO_OLD, WEIBO_ROW),
     {"post_id": "4463517821345678", "account": "青川发布", "text": TEXT, "published_at": "2023-05-01",
      "platform": "weibo", "点赞数": "3"}, ""),
    ("weibo-crawler", "1.csv",
     as_csv(WEIBO_OLD + ",是否原创,源用户id,源用户昵称,源微博正文",
            [*WEIBO_ROW, "False", "2", "白石发布", "降温提醒"], WEIBO_ROW),
     {"text": f"{TEXT}//@白石发布:降温提醒", "源微博正文": "降温提醒"}, "repost"),
    ("weibo-crawler", "2.csv", as_csv(WEIBO_OLD, [*WEIBO_ROW[:6], "http://live.example/1", *WEIBO_ROW[6:]]),
     {"位置": "青川", "published_at": "2023-05-01", "点赞数": "3", "转发数": "1"}, "shifted-row"),
    ("weibo-crawler-json", "1.json",
     json.dumps({"user": {"id": "1"}, "weibo": [
         {"user_id": 1, "screen_name": "青川发布", "id": 4463517821345678, "bid": "I", "text": "转", "attitudes_count": 1,
          "created_at": "2023-05-01", "retweet": {"screen_name": "白石发布", "text": "降温"}}]}).encode(),
     {"post_id": "4463517821345678", "account": "青川发布", "text": "转//@白石发布:降温"}, "repost"),
    ("weibospider", "青川发布/1234567890.csv",
     as_csv("微博id,微博正文,头条文章url,原始图片url,微博视频url,发布位置,发布时间,发布工具,点赞数,转发数,评论数",
            ["Ib1", "转发理由:收到\xa0\xa0\n原始用户: 白石发布\n转发内容: 降温提醒 \xa0原图\xa0", "无", "无", "无", "无",
             "2023-05-01 08:30", "无", "1", "2", "3"]),
     {"post_id": "Ib1", "account": "青川发布", "text": "收到//@白石发布:降温提醒"}, "repost"),
    ("weibospider-json", "1.jsonl",
     as_json({"id": "Ib1", "user_id": "1", "content": TEXT + "原图", "publish_place": "无", "up_num": 1,
              "publish_time": "2023-05-01 08:30", "publish_tool": "微博"}),
     {"post_id": "Ib1", "text": TEXT}, ""),
    ("weibospider-nghuyong", "t.jsonl",
     as_json({"crawl_time": 1, "_id": "446", "mblogid": "I", "created_at": "2023-05-01 08:30:00", "content": TEXT,
              "isLongText": False, "is_retweet": False, "user": USER, "url": "https://weibo.com/1/I"}),
     {"post_id": "446", "account": "青川发布", "url": "https://weibo.com/1/I", "user": USER}, ""),
    ("weibo-search", "停水.csv",
     as_csv("id,bid,user_id,用户昵称,微博正文,头条文章url,发布位置,发布时间,retweet_id",
            ["4463517821345678", "I", "1", "青川发布", TEXT, "", "", "2023-05-01 08:30", "446"]),
     {"post_id": "4463517821345678", "account": "青川发布"}, "repost"),
    ("m-weibo", "detail.json",
     json.dumps({"id": "446", "bid": "I", "created_at": "Mon May 01 08:30:00 +0800 2023", "user": USER,
                 "text": "明早<a href='x'>#停水#</a><br/>请储水<img alt='[心]' src='x'>", "reposts_count": 1},
                indent=1).encode(),
     {"post_id": "446", "account": "青川发布", "text": "明早#停水#\n请储水[心]", "user": USER,
      "published_at": "2023-05-01T08:30:00+08:00"}, ""),
    ("weibo-ajax", "t.jsonl",
     as_json({"idstr": "446", "mblogid": "I", "created_at": "Mon May 01 08:30:00 +0800 2023", "user": USER,
              "text_raw": "短", "longText": {"longTextContent": TEXT}}),
     {"post_id": "446", "text": TEXT}, ""),
    ("media-crawler", "t.csv",
     as_csv("note_id,content,create_time,create_date_time,liked_count,note_url,nickname",
            ["446", TEXT, "1682901000", "2023-05-01 08:30:00", "1.2万", "https://m.weibo.cn/detail/446", "青川发布"]),
     {"post_id": "446", "account": "青川发布", "liked_count": 12000, "url": "https://m.weibo.cn/detail/446"}, ""),
    ("dxy-news", "n.json",
     json.dumps({"results": [{"pubDate": 1682901000000, "title": "停水", "summary": TEXT, "infoSource": "青川发布",
                              "sourceUrl": "http://m.weibo.cn/1/2"}], "success": True}).encode(),
     {"account": "青川发布", "published_at": "2023-05-01T08:30:00+08:00", "platform": "weibo", "text": TEXT}, ""),
    ("checked", "c.json",
     json.dumps({"label": "real", "id": "ab", "date": "2023-05-01 08:30", "user_id": "u", "text": TEXT,
                 "comment_num": 1, "repost_num": 0, "like_num": 2, "comments": [{"id": "x"}]}).encode(),
     {"post_id": "ab", "text": TEXT, "comments": [{"id": "x"}]}, ""),
    ("message-board", "附件4.csv",
     as_csv("留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间",
            ["24", "U1", "路灯不亮", "2023/5/1 8:30:00", "\n\t\t\n\t\t路灯坏了一周。\n\t", "已通知维修。", "2023/5/3"]),
     {"post_id": "24", "title": "路灯不亮", "text": "路灯坏了一周。", "reply": "已通知维修。", "platform": "web",
      "published_at": "2023-05-01T08:30:00+08:00", "答复时间": "2023/5/3"}, ""),
    ("mailbox-list", "m.csv",
     as_csv("classification,time,title,send_name,receive_name,answer_name,state",
            ["投诉", "2023-05-01", "路灯不亮", "某", "市长", "青川市城管局", "已办结"]),
     {"account": "青川市城管局", "title": "路灯不亮", "classification": "投诉"}, ""),
    ("government-site", "g.csv",
     as_csv("标题,时间,内容,一级类别,来源网站,访问地址",
            ["办法解读", "2023年05月01日", TEXT, "政策", "http://example.gov.cn/a", "http://example.gov.cn/a/1"]),
     {"title": "办法解读", "published_at": "2023-05-01", "url": "http://example.gov.cn/a/1", "platform": "web"}, ""),
    ("wechat-back-office", "b.csv",
     as_csv("文章标题,发表时间,总阅读人数,分享次数", ["停水通知", "20230501", "12", "3"]),
     {"title": "停水通知", "published_at": "2023-05-01"}, ""),
    ("headerless", "h.csv", as_csv("停水通知,2023/5/1 8:30:00," + TEXT * 4 + ",青川网", ["降温", "2023/5/2", "注意", "网"]),
     {"title": "停水通知", "published_at": "2023-05-01T08:30:00+08:00", "text": TEXT * 4, "column_4": "青川网"}, ""),
]  # fmt: skip


def read(tmp_path: Path, name: str, data: bytes) -> tuple[list[Post], Any]:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    stream = read_posts([str(path)])
    items = list(stream)
    assert not [i for i in items if isinstance(i, Excluded)]
    return items, stream


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)])
def test_the_first_record(case: tuple, tmp_path: Path) -> None:
    name, file, data, expected, flags = case
    posts, stream = read(tmp_path, file, data)
    row = posts[0].row(stream.columns)
    assert dict(stream.formats) == {name: 1}
    assert {key: row[key] for key in expected} == expected
    assert row["flags"] == flags
    assert row["post_id"]


def test_every_format_has_a_twin_or_is_refused() -> None:
    tested = {case[0] for case in CASES}
    for name in FORMATS:
        format = FORMATS.load(name)
        assert isinstance(format, TableFormat)
        assert format.name == name
        assert name in tested or format.refuse


def test_the_most_demanding_signature_wins() -> None:
    for name in FORMATS:
        assert format_of(sorted(FORMATS.load(name).signature)).name == name


@pytest.mark.parametrize("name", [n for n in FORMATS if FORMATS.load(n).refuse])
def test_what_holds_no_posts_is_refused(name: str, tmp_path: Path) -> None:
    columns = sorted(FORMATS.load(name).signature)
    (tmp_path / "t.csv").write_bytes(as_csv(",".join(columns), ["x"] * len(columns)))
    with pytest.raises(InputError, match=r"not posts|no posts"):
        read_posts([str(tmp_path / "t.csv")])


def test_a_message_of_several_articles_is_several_posts(tmp_path: Path) -> None:
    posts, _ = read(tmp_path, "m.json", as_json(MESSAGE))
    assert [p.title for p in posts] == ["停水通知", "降温提醒"]
    assert [p.extra["position"] for p in posts] == [1, 2]


def test_deleted_articles_are_excluded(tmp_path: Path) -> None:
    row = {
        "aid": "1",
        "appmsgid": 1,
        "create_time": 1,
        "link": "",
        "title": "停水",
        "item_show_type": 0,
        "is_deleted": True,
    }
    (tmp_path / "a.json").write_text(json.dumps([row]))
    (item,) = read_posts([str(tmp_path / "a.json")])
    assert item.reason == "deleted"


def test_an_account_beside_a_tools_columns_is_taken(tmp_path: Path) -> None:
    posts, _ = read(tmp_path, "w.csv", as_csv(WEIBO_OLD + ",账号", [*WEIBO_ROW, "青川发布"]))
    assert posts[0].account == "青川发布"
    data = as_csv(
        "标题,发布日期,作者,是否原创,所属合集,摘要,原文链接", ["甲", "2023-05-01", "小青", "", "", "", ""]
    )
    posts, _ = read(tmp_path, "2024.csv", data)
    assert posts[0].account == ""


# Records of the real files, counted by other means: pandas for CSV, the cells of column A for workbooks.
REAL = {
    "dxy_DXYNews.csv": 1917, "dxy_DXYNews.json": 10, "hebei_工信厅_产业政策.csv": 31, "hebei_教育厅_政策解读.csv": 58,
    "hebei_科技厅_政策解读.csv": 134, "jiaoluoli_内蒙古纪委_无表头.xlsx": 60, "gbk_weibo_search_34924182.csv": 9,
    "neijiang_书记市长信箱_header_masked.xlsx": 19536, "teddycup2020C_附件2_示例.xlsx": 495,
    "teddycup2020C_附件3.xlsx": 4326, "teddycup2020C_附件4.xlsx": 2816, "weibosearch_疫情_masked.csv": 120,
    "sushengbuhuo_2020深圳卫健委公众号历史文章列表.csv": 581, "wechatDownload_2024-11-06-160246.csv": 20,
    "weibospider_共青团中央_3937348351_v2020.csv": 23, "weibospider_平安北京_1288915263.csv": 12,
    "weibospider_深圳交警_1792702427.csv": 5, "mweibo_detail_4464515700098422.json": 1,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_real_files_have_as_many_records_as_other_programs_count(name: str, real_data: Path) -> None:
    import pandas as pd

    path = real_data / "raw" / name
    if path.suffix == ".csv":
        encoding = "gb18030" if name.startswith("gbk") else "utf-8-sig"
        counted = len(pd.read_csv(path, encoding=encoding, dtype=str))
    elif path.suffix == ".xlsx":
        calamine = pytest.importorskip("python_calamine")
        sheet = calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        counted = sum(any(c != "" for c in row) for row in sheet.to_python()) - ("无表头" not in name)
    else:
        data = json.loads(path.read_text())
        counted = len(data["results"]) if "results" in data else 1
    assert counted == REAL[name]
    assert len(list(read_posts([str(path)]))) == counted
