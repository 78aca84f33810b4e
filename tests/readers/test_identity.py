"""Ids and links."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from govcode.readers.duplicates import Duplicates
from govcode.readers.identity import clean_id, clean_url, made_id, page_key, platform_of, url_key
from govcode.records import Post


def test_ids_keep_their_digits() -> None:
    assert clean_id(4463517821345678) == ("4463517821345678", "")
    assert clean_id(" 0012\t") == ("0012", "id-tab")
    assert clean_id("'0012") == ("0012", "id-tab")
    assert clean_id(4.4635e15)[1] == "damaged-id"
    assert clean_id(None) == ("", "")


@given(st.integers(0, 10**18))
def test_no_digit_is_lost_unnoticed(number: int) -> None:
    for value in (number, str(number), f"{number}\t", f'="{number}"'):
        post_id, repair = clean_id(value)
        assert post_id == str(number) or repair == "damaged-id"


def test_links_are_one_in_all_spellings() -> None:
    link = "https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=2&sn=ab&scene=27#wechat_redirect"
    spelled = link.replace("https", "http").replace("&", "&amp;").replace("/", "\\/")
    assert url_key(clean_url(spelled)) == url_key(link)
    assert url_key(link) != url_key(link.replace("idx=2", "idx=1"))
    assert url_key("http://example.gov.cn/a/") == url_key("https://example.gov.cn/a#top")
    assert [platform_of(u) for u in (link, "https://weibo.com/1/x", "http://example.gov.cn", "")] == [
        "wechat", "weibo", "web", "",
    ]  # fmt: skip


def test_made_ids_name_the_platform() -> None:
    assert made_id("wechat", "a") == made_id("wechat", "a") != made_id("wechat", "b")
    assert made_id("", "a").startswith("post-")


def test_two_real_posts_with_the_same_text_are_no_duplicates() -> None:
    seen = Duplicates()

    def reason(post: Post) -> str:
        repeat = seen.found(post)
        return repeat.reason if repeat else ""

    assert reason(Post("1", "早安", account="青川发布", published_at="2023-05-01")) == ""
    assert reason(Post("2", "早安", account="青川发布", published_at="2023-05-01")) == ""
    assert reason(Post("2", "改", account="青川发布")) == "duplicate-id"
    made = made_id("", "x")
    assert reason(Post(made, "早安。", account="青川发布", published_at="2023-05-01")) == "duplicate-text"
    assert reason(Post("3", "甲", url="http://example.gov.cn/1")) == ""
    assert reason(Post("4", "甲", url="https://example.gov.cn/1#a")) == "duplicate-url"
    assert reason(Post("5", "乙", url="https://example.gov.cn/1")) == ""
    wechat = "http://mp.weixin.qq.com/s/a"
    assert [reason(Post(i, i, url=wechat)) for i in ("6", "7")] == ["", "duplicate-url"]


def test_a_repeat_names_the_first_of_its_kind() -> None:
    seen = Duplicates()
    where = [("a.csv", 2), ("a.csv", 3), ("b.csv", 2), ("a.csv", 9)]
    for n, (source, line) in enumerate(where):
        assert seen.found(Post(f"帖{n}", f"第{n}期"), source, line) is None
    for n, (source, line) in enumerate(where):
        assert seen.found(Post(f"帖{n}", ""), "c.csv", n) == ("duplicate-id", f"帖{n}", source, line)
    made = made_id("", "x")
    assert seen.found(Post(made, "第1期。"), "c.csv", 9) == ("duplicate-text", "帖1", "a.csv", 3)


def test_a_home_page_as_the_link_of_all_makes_no_duplicates() -> None:
    keys = {page_key("http://example.gov.cn/", title, "") for title in ("停水", "降温", "停 水")}
    assert len(keys) == 2


def test_rows_of_one_table_that_differ_in_sender_or_time_are_two_posts() -> None:
    seen = Duplicates()

    def reason(source: str, sender: str, reads: str, date: str = "2023-05-01") -> str:
        extra = {"sender": sender, "阅读量": reads, "flags": ""}
        repeat = seen.found(
            Post(made_id("", sender + reads), "", "请求", "青川市", "", date, extra=extra), source
        )
        return repeat.reason if repeat else ""

    assert reason("a.csv", "王某", "1") == ""
    assert reason("a.csv", "李某", "1") == ""
    assert reason("a.csv", "王某", "7") == "duplicate-text"
    assert reason("a.csv", "李某", "9") == "duplicate-text"
    assert reason("a.csv", "李某", "9", "2023-05-01T09:00:00+08:00") == ""
    assert reason("b.csv", "赵某", "1") == "duplicate-text"


def test_a_repeat_that_holds_the_text_is_told_as_such() -> None:
    seen = Duplicates()
    link = "https://mp.weixin.qq.com/s/a"
    assert seen.found(Post("1", "", "停水通知", url=link), "list.csv", 2) is None
    repeat = seen.found(Post(made_id("wechat", "a"), "明早八点停水。", "停水通知", url=link), "page.html", 1)
    assert repeat == ("duplicate-fuller", "1", "list.csv", 2)


def test_a_repeat_names_its_source_among_thousands_in_folders() -> None:
    seen = Duplicates()
    names = [f"crawl/第{n // 50}批/{n}.txt" for n in range(2000)]
    for n, name in enumerate(names):
        assert seen.found(Post(f"帖{n}", ""), name, n) is None
    assert [seen.found(Post(f"帖{n}", ""), "x", 1)[2:] for n in range(2000)] == [
        *zip(names, range(2000), strict=True)
    ]
