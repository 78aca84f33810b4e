"""Posts from any table: taken as they are, or recognised and converted."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from govcode.errors import InputError, UsageError
from govcode.readers.posts import read_posts
from govcode.records import POST_COLUMNS, Excluded, Post


def posts_of(text: str | bytes, tmp_path: Path, name: str = "t.csv", **options) -> list[Post | Excluded]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_posts([str(path)], **options))


def test_a_posts_table_is_taken_as_it_is(tmp_path: Path) -> None:
    lines = [
        {"note": 1, "post_id": 4463517821345678, "title": None, "text": " 原样\u200b ", "mine": [1]},
        {"post_id": "b", "text": "", "title": "", "published_at": "昨天"},
    ]
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    stream = read_posts([str(path)])
    assert stream.columns == ("note", "post_id", "title", "text", "mine", "published_at")
    first, second = stream
    assert (first.post_id, first.title, first.text) == ("4463517821345678", "", " 原样\u200b ")
    assert first.row(stream.columns)["mine"] == [1]
    assert (second.post_id, second.published_at) == ("b", "昨天")


def test_chinese_headers_are_recognised(tmp_path: Path) -> None:
    text = "公众号,文章标题,发布时间,正文内容,原文链接,阅读量\n青川发布,停水通知,2023/5/1 8:30,明早停水,http://mp.weixin.qq.com/s/x,10万+\n"
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("gbk"))
    stream = read_posts([str(path)])
    assert stream.columns == (*POST_COLUMNS, "阅读量", "flags")
    (post,) = stream
    assert (post.account, post.title, post.text) == ("青川发布", "停水通知", "明早停水")
    assert (post.published_at, post.platform) == ("2023-05-01T08:30:00+08:00", "wechat")
    assert post.extra == {"阅读量": 100001, "flags": "censored=阅读量"}
    assert post.post_id.startswith("wechat-")


def test_what_govcode_wrote_into_a_folder_is_not_read_as_posts(tmp_path: Path) -> None:
    table = "标题,正文\n停水通知,明早停水\n"
    for name, command in (("raw.csv", ""), ("posts.csv", "ingest"), ("coded.csv", "classify")):
        (tmp_path / name).write_text(table, encoding="utf-8")
        if command:
            manifest = {"govcode": "0.1.0", "command": command}
            (tmp_path / f"{name}.manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "raw.csv.manifest.json").write_text("not ours")
    left_out, *posts = read_posts([str(tmp_path)])
    assert (left_out.source, left_out.reason) == (str(tmp_path / "coded.csv"), "own-output")
    assert "govcode classify wrote it" in left_out.detail
    assert [type(p) for p in posts] == [Post, Post]
    assert len(list(read_posts([str(tmp_path / "coded.csv")]))) == 1


def test_made_ids_are_the_same_every_time_and_differ_by_content(tmp_path: Path) -> None:
    text = "标题,正文\n甲,一\n乙,二\n甲,二\n"
    ids = [p.post_id for p in posts_of(text, tmp_path)]
    assert len(set(ids)) == 3
    assert ids == [p.post_id for p in posts_of(text.encode("gbk"), tmp_path, "other.csv")]


def test_the_same_link_in_two_spellings_is_one_id(tmp_path: Path) -> None:
    link = "http://mp.weixin.qq.com/s?__biz=MzA&mid=265&idx=1&sn=ab12"
    other = (
        "https://mp.weixin.qq.com/s?__biz=MzA&amp;mid=265&amp;idx=1&amp;sn=ab12&amp;scene=27#wechat_redirect"
    )
    first, second = posts_of(
        f"标题,链接\n甲,{link}\n甲,{other}\n",
        tmp_path,
    )
    assert second.post_id == f"{first.post_id}-2"
    assert "&amp;" not in second.url


def test_options_override_and_wrong_names_are_told(tmp_path: Path) -> None:
    text = "甲栏,正文\n一,二\n"
    (post,) = posts_of(text, tmp_path, mapping={"text": "甲栏", "account": "=青川发布"})
    assert (post.text, post.account, post.extra["正文"]) == ("一", "青川发布", "二")
    with pytest.raises(UsageError, match="has no column '乙栏'") as error:
        posts_of(text, tmp_path, mapping={"text": "乙栏"})
    assert "甲栏, 正文" in error.value.hint
    with pytest.raises(InputError, match="no column is known as text or title") as failure:
        posts_of("a,b\n1,2\n", tmp_path)
    assert "a, b" in failure.value.hint


def test_an_own_column_with_a_taken_name_is_renamed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,正文,platform\n一,二,微博\n")
    stream = read_posts([str(path)], mapping={"text": "正文"})
    (post,) = stream
    assert (post.text, post.extra["source_text"], post.platform) == ("二", "一", "weibo")
    assert list(post.row(stream.columns).values())[5] == "二"


@pytest.mark.parametrize(
    ("cell", "text", "flags"),
    [
        ("<p>第一段<br>第二段</p><img src='x'>&nbsp;", "第一段\n第二段", ""),
        ("A&amp;B &lt;通知&gt;", "A&B <通知>", ""),
        ("价格 a<b 不是标签", "价格 a<b 不是标签", ""),
        ("很长的正文...全文", "很长的正文...全文", "truncated"),
        ("分享图片", "分享图片", "media-only"),
        ("\u202e正文\u202c", "正文", ""),
        ("\n\t\t\n\t 开头 \n\n\n 结尾 \t", "开头\n结尾", ""),
    ],
)
def test_texts_are_mended(cell: str, text: str, flags: str, tmp_path: Path) -> None:
    (post,) = posts_of(json.dumps({"内容": cell}) + "\n", tmp_path, "t.jsonl")
    assert (post.text, post.extra["flags"]) == (text, flags)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("", "no-text"), (" \n ", "no-text"), ("该内容已被发布者删除", "deleted"),
     ("抱歉，作者已设置仅展示半年内微博，此微博已不可见。", "deleted")],
)  # fmt: skip
def test_what_is_no_post_is_excluded(cell: str, reason: str, tmp_path: Path) -> None:
    (item,) = posts_of(json.dumps({"正文": cell, "日期": "2023-01-01"}) + "\n", tmp_path, "t.jsonl")
    assert isinstance(item, Excluded)
    assert (item.reason, item.line) == (reason, 1)


@pytest.mark.parametrize(
    ("cell", "post_id", "flags"),
    [
        ("4463517821345678\t", "4463517821345678", ""),
        ('="4463517821345678"', "4463517821345678", ""),
        ("4.46352E+15", None, "damaged-id=4.46352E+15"),
        (4463517821345670, None, "damaged-id=4463517821345670"),
        (12.0, "12", ""),
    ],
)
def test_ids_are_mended_or_marked(cell, post_id: str | None, flags: str, tmp_path: Path) -> None:
    (post,) = posts_of(json.dumps({"id": cell, "正文": "一"}) + "\n", tmp_path, "t.jsonl")
    assert post.extra["flags"] == flags
    if post_id is not None:
        assert post.post_id == post_id
    else:
        assert post.post_id.startswith("post-")


def test_several_files_share_the_columns_of_all(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("标题,阅读数\n甲,1\n")
    (tmp_path / "b.jsonl").write_text('{"post_id":"x","text":"乙","mine":2}\n')
    stream = read_posts([str(tmp_path / "a.csv"), str(tmp_path / "b.jsonl")])
    assert stream.columns == (*POST_COLUMNS, "阅读数", "mine", "flags")
    rows = [p.row(stream.columns) for p in stream]
    assert [r["title"] or r["text"] for r in rows] == ["甲", "乙"]
    assert rows[1]["mine"] == 2


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.TextIOWrapper(io.BytesIO("标题,正文\n甲,乙\n".encode("gbk")))
    monkeypatch.setattr(sys, "stdin", data)
    (post,) = read_posts(["-"])
    assert post.text == "乙"


@pytest.mark.parametrize("name", ["train.jsonl", "gold_dev.jsonl", "invented.jsonl", "pool.jsonl.gz"])
def test_real_posts_flow_through(name: str, real_data: Path) -> None:
    import gzip

    data = (real_data / name).read_bytes()
    lines = (gzip.decompress(data) if name.endswith(".gz") else data).splitlines()
    stream = read_posts([str(real_data / name)])
    count = 0
    for line, post in zip(lines, stream, strict=True):
        count += 1
        raw = json.loads(line)
        assert isinstance(post, Post)
        row = post.row(stream.columns)
        assert {key: row[key] for key in raw} == {k: "" if v is None else v for k, v in raw.items()}
    assert count == len(lines)


def test_a_header_that_is_near_a_known_one_is_proposed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("帖子正文内容,其他,地区\n停水,甲,乙\n")
    with pytest.raises(InputError) as error:
        read_posts([str(tmp_path / "a.csv")])
    assert "--text-column 帖子正文内容?" in error.value.hint
    (tmp_path / "b.csv").write_text("conten,foo\n停水,甲\n")
    with pytest.raises(InputError) as error:
        read_posts([str(tmp_path / "b.csv")])
    assert "--text-column conten?" in error.value.hint
    (tmp_path / "c.csv").write_text("foo,bar\n停水,甲\n")
    with pytest.raises(InputError) as error:
        read_posts([str(tmp_path / "c.csv")])
    assert "Is it" not in error.value.hint


def test_the_sum_under_a_table_is_no_post(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        '标题,公众号,阅读数,发布时间\n停水,青川发布,3,2023-05-01\n合计,青川发布,5,2023-05-02\n合计,,"1,008",\n合计,,,\n'
    )
    items = list(read_posts([str(tmp_path / "a.csv")]))
    assert [i.reason if isinstance(i, Excluded) else i.title for i in items] == [
        "停水",
        "合计",
        "total-row",
        "合计",
    ]


def test_standard_input_is_called_by_its_name(govcode) -> None:
    done = govcode("ingest", "-", "--from", "json", stdin=b"{")
    assert (done.returncode, done.stderr.count("standard input:"), "-:" in done.stderr) == (1, 1, False)
    done = govcode(
        "ingest",
        "-",
        stdin="文章日期,文章标题,文章链接,文章位置\n2023-05-01,停水,http://mp.weixin.qq.com/s/a,1\n",
    )
    assert '"account":""' in done.stdout
