"""Every known kind of damage has its case, and the manifest counts it under its name."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from govcode.workflow.ingest import IngestOptions, ingest

HEAD = "微博id,公众号,发布时间,标题,正文,链接,阅读数\n"
ROW = "{id},青川发布,{date},第{n}期,明早八点停水，请提前储水。第{n}次。,{url},{reads}\n"


def row(n: int = 1, **more: str) -> str:
    given = {"id": f"446351782134567{n}", "date": "2023-05-01 08:30", "n": str(n), "url": "", "reads": "3"}
    return ROW.format(**{**given, **more})


def text(value: str) -> str:
    return HEAD + row().replace("明早八点停水，请提前储水。第1次。", f'"{value}"')


def both(first: str, second: str) -> bytes:
    return first.encode() + second.encode("gb18030")


WEIBO = "id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户\n"
SHIFTED = "1,I,明早停水,,,,http://live.example/1,青川,2023-05-01,微博,3,2,1,停水,\n"
PAGE = (
    "<!DOCTYPE html><html><body><div class='weui-msg'><h2 class='weui-msg__title'>{}</h2></div></body></html>"
)

# kind, file name, its bytes
MENDED = [
    ("other-encoding", "a.csv", both(HEAD + row(1) + row(2), row(3))),
    ("bad-bytes", "a.csv", (HEAD + row(1)).encode() + row(2).encode().replace("停".encode(), b"\xff\xff\xfe")),
    ("inner-bom", "a.csv", HEAD + row(1) + "\ufeff" + row(2)),
    ("repeated-header", "a.csv", HEAD + row(1) + HEAD + row(2)),
    ("nul", "a.csv", HEAD + row(1).replace("停水", "停\0水")),
    ("lone-surrogate", "a.jsonl", '{"标题": "停水\\ud83d通知"}\n'),
    ("odd-json", "a.jsonl", '{"标题": "停水", "阅读数": NaN}\n'),
    ("short-row", "a.csv", HEAD + row(1) + "4463517821345672,青川发布,,停水\n"),
    ("long-row", "a.csv", HEAD + row(1).replace("\n", ",,\n")),
    ("shifted-row", "a.csv", WEIBO + SHIFTED),
    ("open-quote", "a.csv", HEAD + row(1).replace("第1期", '"第1期') + row(2)),
    ("html", "a.csv", text("<p>明早&nbsp;停水</p>")),
    ("direction-marks", "a.csv", text("明早\u202e停水")),
    ("id-tab", "a.csv", HEAD + row(id="4463517821345678\t")),
    ("damaged-id", "a.csv", HEAD + row(id="4.46352E+15")),
    ("date-epoch", "a.csv", HEAD + row(1, date="1682901000") + row(2, date="1682901000000")),
    ("date-excel", "a.csv", HEAD + row(date="45047.354")),
    *[("date-relative", "a.csv", HEAD + row(date=d)) for d in ("刚刚", "5分钟前", "今天 08:30", "01-23")],
    ("bad-date", "a.csv", HEAD + row(date="某日")),
    ("count-words", "a.csv", HEAD + row(reads="1.2万")),
    *[("censored", "a.csv", HEAD + row(reads=r)) for r in ("10万+", "100001")],
    *[("truncated", "a.csv", text(f"明早停水{end}")) for end in ("…全文", "...展开")],
    ("media-only", "a.csv", text("分享图片")),
    ("repost", "a.csv", WEIBO.replace("\n", ",源用户昵称,源微博正文\n") + "1,I,转,,,,,2023-05-01,微博,3,2,1,,,白石发布,降温\n"),
]  # fmt: skip
LEFT_OUT = [
    ("too-many-cells", "a.csv", HEAD + row(1) + "1,2,3,4,5,6,7,8,9\n"),
    ("no-text", "a.csv", HEAD + row(1) + "4463517821345672,青川发布,,,,,\n"),
    ("total-row", "a.csv", HEAD + row(1) + ",,,合计,,,3\n"),
    ("deleted", "a.csv", text("抱歉，作者已设置仅展示半年内微博，此微博已不可见。") + row(2)),
    ("deleted", "a.html", PAGE.format("该内容已被发布者删除")),
    ("violation", "a.html", PAGE.format("此内容因违规无法查看")),
    ("migrated", "a.html", PAGE.format("该公众号已迁移")),
    ("duplicate-id", "a.csv", HEAD + row(1) + row(1)),
    ("duplicate-url", "a.csv", HEAD + row(1, id="", url="http://mp.weixin.qq.com/s?__biz=M&amp;mid=1&amp;idx=1&amp;sn=a")
     + row(2, id="", url="https://mp.weixin.qq.com/s?sn=a&idx=1&mid=1&__biz=M")),
    ("duplicate-text", "a.csv", HEAD + row(1, id="") + row(1, id="")),
    ("broken-json", "a.jsonl", '{"标题": "停水"}\n{"标题": \n'),
    ("not-an-object", "a.jsonl", '{"标题": "停水"}\n[1]\n'),
]  # fmt: skip


def run(name: str, data: str | bytes, folder: Path) -> tuple[dict, list[dict]]:
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    output = folder / "posts.jsonl"
    result = ingest([str(folder / name)], str(output), IngestOptions(crawled_at="2024-05-01T20:00"))
    assert result.rows == result.posts + sum(result.excluded.values())
    manifest = json.loads(Path(f"{output}.manifest.json").read_text())
    return manifest, [json.loads(line) for line in output.read_text().splitlines()]


@pytest.mark.parametrize(("kind", "name", "data"), MENDED, ids=[f"{m[0]}-{n}" for n, m in enumerate(MENDED)])
def test_what_is_mended_or_marked_is_counted_by_kind(
    kind: str, name: str, data: str | bytes, tmp_path: Path
) -> None:
    manifest, posts = run(name, data, tmp_path)
    assert manifest["results"]["repairs"].get(kind, 0) >= 1
    assert manifest["counts"]["excluded"] == {}
    assert len(posts) == manifest["counts"]["read"]


@pytest.mark.parametrize(
    ("kind", "name", "data"), LEFT_OUT, ids=[f"{m[0]}-{n}" for n, m in enumerate(LEFT_OUT)]
)
def test_what_cannot_be_mended_is_excluded_by_kind(
    kind: str, name: str, data: str | bytes, tmp_path: Path
) -> None:
    manifest, _ = run(name, data, tmp_path)
    assert manifest["counts"]["excluded"] == {kind: 1}
    rows = [json.loads(line) for line in (tmp_path / "posts.excluded.jsonl").read_text().splitlines()]
    assert [r["reason"] for r in rows] == [kind]


def test_line_breaks_in_quotes_and_escaped_links_come_out_right(tmp_path: Path) -> None:
    link = "http://mp.weixin.qq.com/s?__biz=M&amp;mid=1&amp;idx=1&amp;sn=a"
    data = text("明早停水\n请储水").replace(",3\n", ",3\n").replace(",,3\n", f",{link},3\n")
    manifest, (post,) = run("a.csv.gz", gzip.compress(data.encode()), tmp_path)
    assert (post["text"], post["url"]) == ("明早停水\n请储水", link.replace("&amp;", "&"))
    assert manifest["results"]["repairs"] == {}
