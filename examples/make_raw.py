"""Write the invented posts of posts.csv as the files that crawlers and exporters leave behind.

Run it after changing posts.csv: `python examples/make_raw.py`. The same posts give the same bytes.
Places, accounts and people are fictitious.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import html
import io
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
RAW = HERE / "raw"
PAGES = "南屏发布"
GBK = "平安澄州"
WEIBO_COLUMNS = (
    "id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,完整日期"
).split(",")
WECHAT_COLUMNS = "公众号,ID,链接,标题,摘要,发布时间,阅读,点赞,分享,留言,文章类型,文章内容".split(",")
CREDIT = "\n\n来源:{account}\n编辑:小禾\n点击下方“阅读原文”查看更多"

Post = dict[str, str]


def number(*parts: str, digits: int) -> int:
    """Return a stable number for a post: the same post always has the same id and counts."""
    return int(hashlib.sha256("|".join(parts).encode()).hexdigest(), 16) % 10**digits


def weibo_id(post: Post) -> str:
    return f"49{number(post['account'], post['published_at'], post['title'], digits=14):014d}"


def wechat_id(post: Post) -> str:
    return f"26{number(post['account'], post['published_at'], post['title'], digits=8):08d}_1"


def wechat_url(post: Post) -> str:
    biz = hashlib.sha256(post["account"].encode()).hexdigest()[:12]
    mid, idx = wechat_id(post).split("_")
    return f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx={idx}&sn={number(mid, digits=12):012d}"


def weibo_text(post: Post) -> str:
    title = post["title"]
    bare = title.startswith(("【", "#")) and not post["text"]
    return title if bare else f"【{title.strip('【】')}】{post['text']}"


def write_weibo(account: str, posts: list[Post]) -> None:
    """Write one weibo-crawler CSV: ids end in a TAB; one account was saved again as GBK."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(WEIBO_COLUMNS)
    for post in posts:
        text, key = weibo_text(post), weibo_id(post)
        likes, comments, reposts = (number(key, name, digits=3) for name in "abc")
        topics = ",".join(part for i, part in enumerate(text.split("#")) if i % 2)
        writer.writerow(
            [f"{key}\t", f"Nz{key[-7:]}", text, "", "", "", "", post["published_at"][:10], "微博网页版",
             likes, comments, reposts, topics, "", f"{post['published_at']}:00"]
        )  # fmt: skip
    folder = RAW / "weibo" / account
    folder.mkdir(parents=True, exist_ok=True)
    encoding = "gb18030" if account == GBK else "utf-8-sig"
    (folder / f"77{number(account, digits=8):08d}.csv").write_bytes(buffer.getvalue().encode(encoding))


def write_workbook(posts: list[Post]) -> None:
    """Write one workbook as an article exporter does, with Chinese headers and ids as text."""
    RAW.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(RAW / "公众号文章.xlsx", {"strings_to_urls": False}) as book:
        book.set_properties({"created": datetime.datetime(2025, 1, 1)})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, WECHAT_COLUMNS)
        for line, post in enumerate(posts, start=1):
            key = wechat_id(post)
            reads = "10万+" if post["code"] == "other" and line % 7 == 0 else number(key, digits=4)
            body = post["text"] + CREDIT.format(account=post["account"]) if post["text"] else ""
            sheet.write_row(
                line, 0,
                [post["account"], key, wechat_url(post), post["title"], post["text"][:40],
                 post["published_at"],
                 reads, number(key, "a", digits=2), number(key, "b", digits=2), 0, "普通图文", body],
            )  # fmt: skip


PAGE = """<!DOCTYPE html>
<html lang="zh_CN"><head><meta charset="utf-8">
<meta property="og:title" content="{title}"><meta property="og:url" content="{url}">
<meta property="og:article:author" content="{account}"><title>{title}</title></head>
<body><div id="js_article"><h1 id="activity-name" class="rich_media_title">
{title}
</h1><div id="meta_content"><span id="profileBt"><a id="js_name">
{account}
</a></span><em id="publish_time"></em></div>
<div id="js_content" class="rich_media_content" style="visibility: hidden;">{body}</div></div>
<script type="text/javascript">var ct = "{seconds}"; var msg_link = "{url}";</script>
</body></html>
"""

DELETED = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title></title></head><body>
<div class="weui-msg"><div class="weui-msg__text-area">
<div class="weui-msg__title warn">该内容已被发布者删除</div></div></div></body></html>
"""


def write_pages(posts: list[Post]) -> None:
    """Write saved article pages, and one of an article that its author has taken back."""
    folder = RAW / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    zone = datetime.timezone(datetime.timedelta(hours=8))
    for post in posts:
        when = datetime.datetime.strptime(post["published_at"], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        sentences = [f"{s}。" for s in post["text"].rstrip("。").split("。") if s]
        paragraphs = [*sentences, f"来源:{PAGES}", "点击关注我们"]
        page = PAGE.format(
            title=html.escape(post["title"]), url=html.escape(wechat_url(post)), account=post["account"],
            seconds=int(when.timestamp()), body="".join(f"<p>{html.escape(p)}</p>" for p in paragraphs),
        )  # fmt: skip
        path = folder / f"{when:%Y%m%d}_{wechat_id(post)}.html"
        path.write_text(page, encoding="utf-8", newline="\n")
    (folder / "20240613_deleted.html").write_text(DELETED, encoding="utf-8", newline="\n")


def main() -> None:
    """Write everything under raw/."""
    with (HERE / "posts.csv").open(encoding="utf-8", newline="") as file:
        posts = list(csv.DictReader(file))
    weibo = [p for p in posts if p["platform"] == "weibo"]
    for account in sorted({p["account"] for p in weibo}):
        write_weibo(account, [p for p in weibo if p["account"] == account])
    wechat = [p for p in posts if p["platform"] == "wechat"]
    write_workbook([p for p in wechat if p["account"] != PAGES])
    write_pages([p for p in wechat if p["account"] == PAGES])


if __name__ == "__main__":
    main()
