"""What is told by its end is what the search finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.text import boilerplate
from govcode.text.boilerplate import without_boilerplate

ENDS = [
    "原图", "展开全文", "展开全文c", "收起全文d", "全文", "网页链接", "的微博视频", "的秒拍视频", "O秒拍视频", "查看大图",
    "组图共3张]", "[组图共12张]", "组图共张", "[组图共9张", "张]", "长图", "转发微博", "显示地图", "的快手视频",
]  # fmt: skip
PIECES = ["江城发布", "江", "的", "。", "，", " ", "\n", "L", "？", "　", *ENDS]
TEXTS = st.tuples(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from([*ENDS, ""]),
    st.sampled_from(["", " ", "\n", " \n "]),
).map("".join)  # fmt: skip
TAIL = next(tail for cues, tail in boilerplate._TAILS if cues is boilerplate._PLATFORM)


@settings(deadline=None, max_examples=400)
@given(TEXTS, st.integers(0, 40))
def test_pieces_of_platforms_are_found_as_by_the_search(text: str, start: int) -> None:
    start = min(start, len(text))
    begin = boilerplate._platform(text, start, TAIL)
    found = TAIL().search(text, start)
    expected = text[: found.start()].rstrip() if found and found.start() < found.end() else text
    assert (text[:begin].rstrip() if begin >= 0 else text) == expected


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(["来源", "：", "编辑", " ", "\n", "江城日报社", "（", "）", "]", "。", "|"]),
        max_size=14,
    )
)
def test_credits_are_passed_over_only_where_there_are_none(pieces: list[str]) -> None:
    text = "江城市发布关于停水的通知" + "".join(pieces)
    cues, tail = next((c, t) for c, t in boilerplate._TAILS if c is boilerplate._CREDITS)
    if boilerplate._impossible(cues, text, boilerplate.KEEP):
        assert tail().search(text, boilerplate.KEEP) is None


def test_a_name_and_its_video_go() -> None:
    text = "今天上午，澄州市消防救援支队开展演练。澄州消防的微博视频"
    assert without_boilerplate(text) == "今天上午，澄州市消防救援支队开展演练。"
    assert (
        without_boilerplate(text.replace("。澄州", "，记录澄州")) == "今天上午，澄州市消防救援支队开展演练，"
    )
