from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.records import Post
from govcode.text.characters import plain, simplify
from govcode.text.clean import CodingText, clean, coding_text, coding_texts, has_characters

BODY = "江城市图书馆明天起延长开放时间,周末读者可以预约入馆。"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (f"{BODY}https://example.org/a?b=1", BODY),
        (f"{BODY} http://t.cn/Abc123 ", BODY),
        (f"@江城发布 {BODY}", BODY),
        (f"{BODY}[鼓掌][加油]", BODY),
        (f"{BODY}展开全文c", BODY),
        (f"{BODY}  江城发布的微博视频", BODY),
        (f"{BODY} [组图共9张] 原图", BODY),
        (f"{BODY}\n来源：江城日报\n编辑：小林", BODY),
        (f"{BODY}（来源：江城市文旅局 记者 林远）", BODY),
        (f"{BODY}长按二维码，关注我们！", BODY),
        (f"{BODY}如有疑问请拨打12345。", BODY),
        (f"点击上方蓝字关注我们\n{BODY}", BODY),
        (f"{BODY}点个在看吧", BODY),
        (f"{BODY}\u200b\ufeff", BODY),
        (f"{BODY}↓↓↓", BODY),
    ],
)
def test_boilerplate_and_marks_go(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345，您的烦心事有人办",
        "点击这里关注江城天气",
        "12345热线开通十年，市民来电有问必答。热线电话24小时有人接听，三个工作日内答复。",
        "记者从市教育局获悉，全市中小学下周一开学。",
    ],
)
def test_the_subject_itself_is_no_boilerplate(text: str) -> None:
    assert clean(text) == text


def test_odd_characters_become_plain() -> None:
    assert plain("２０２１年ＰＭ２．５，面积３㎡") == "2021年PM2.5，面积3m2"
    assert plain("加油💪🏻！") == "加油 ！"
    assert plain("（通知）：请看！") == "（通知）：请看！"


def test_traditional_becomes_simplified_and_simplified_stays() -> None:
    assert simplify("關於調整開放時間的通知") == "关于调整开放时间的通知"
    same = "乾隆年间的著名园林"
    assert simplify(same) is same


def test_placeholders_of_message_boards_are_neutral() -> None:
    assert clean("A市J11区的居民反映") == "某市某区的居民反映"
    assert clean("G60高速、K7路公交、A股市场") == "G60高速、K7路公交、A股市场"


def test_weibo_bracket_is_the_title_when_there_is_none() -> None:
    post = Post("1", text=f"【明天降温】{BODY}")
    assert coding_text(post) == CodingText("明天降温", BODY)
    assert coding_text(Post("1", title="标题在此", text=f"【明天降温】{BODY}")).title == "标题在此"


def test_message_and_reply_are_one_unit() -> None:
    post = Post("1", title="路灯不亮", text="小区门口路灯坏了。", reply="您好，已派人维修。")
    assert coding_text(post).body == "【网友留言】小区门口路灯坏了。【官方答复】您好，已派人维修。"


def test_only_chinese_characters_are_codable() -> None:
    text = CodingText("早安,江城", "abc 123 好")
    assert [number for number in range(9) if has_characters(text, number)] == [0, 1, 2, 3, 4, 5]
    assert not has_characters(CodingText("a" * 9000, "，" * 9000), 1)
    assert has_characters(CodingText("", "。好" * 3000), 3000) and not has_characters(
        CodingText("", "。好" * 3000), 3001
    )


def test_the_post_itself_is_never_altered() -> None:
    post = Post("1", title="關於", text=f"{BODY}http://t.cn/x")
    before = (post.title, post.text)
    coding_texts([post])
    assert (post.title, post.text) == before


texts = st.text(
    st.sampled_from("江城發布知A1市@#【】[]。！\n 　\u200b😀http://.cn电话12345来源：点关注全文视频"),
    max_size=60,
)


@given(texts)
def test_any_text_is_cleaned_without_growing_blanks(text: str) -> None:
    cleaned = clean(text)
    assert "  " not in cleaned
    assert cleaned == cleaned.strip()
    assert "\u200b" not in cleaned


@given(st.text(max_size=200))
def test_no_text_breaks_cleaning(text: str) -> None:
    assert isinstance(clean(text), str)


def test_long_texts_take_linear_time() -> None:
    assert len(clean("点击关注。" * 200_000 + "（" * 1000)) > 100_000


PIECES = [
    "江城市", "關於", "图书馆", "２０２１", "\u3000", "\xa0", "  ", " ", "\n", "\n\n", "\t", "@江城发布", "[鼓掌]", "A市", "J11市", "K",
    "https://t.cn/A1", "www.x.cn", "w", "/", "展开全文c", "全文", "视频", "来源：江城日报", "（来源：市文旅局）", "(文/林)", "via", "点赞",
    "扫码关注我们", "长按二维码", "热线电话：12345", "↓↓", "👇", "戳", "。", "！", "\x1f", "\U00020000", "\ud800", "乾隆", "明天起延长开放时间" * 9,
]  # fmt: skip
FIELDS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.builds(Post, st.just("p"), FIELDS, FIELDS), min_size=64, max_size=66))
def test_a_batch_is_cleaned_like_its_posts_one_by_one(posts: list[Post]) -> None:
    assert coding_texts(posts) == [coding_text(post) for post in posts]


def test_real_posts_in_batches_are_cleaned_like_one_by_one(real_data: Path) -> None:
    with gzip.open(real_data / "pool.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    posts = [Post("p", row["text"], row["title"], reply=row["reply"]) for row in rows]
    assert coding_texts(posts) == [coding_text(post) for post in posts]
