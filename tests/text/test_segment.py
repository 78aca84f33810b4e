from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.errors import InputError, UsageError
from govcode.text.segment import Segmenter
from govcode.text.vocabulary import UserWord, read_stop_words, read_user_dictionary

FAST = Segmenter()
REFERENCE = Segmenter("jieba")
COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自"
    "二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变"
    "条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指"
)


@given(st.text(st.sampled_from(COMMON), max_size=60))
@settings(max_examples=300, deadline=None)
def test_both_engines_give_equal_words_on_chinese(text: str) -> None:
    assert FAST.segment(text) == REFERENCE.segment(text)


@given(st.text(st.sampled_from(COMMON[:60] + "AbZ019.%-，。 \n#【】"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_both_engines_give_equal_words_by_our_rule_for_the_rest(text: str) -> None:
    assert FAST.segment(text) == REFERENCE.segment(text)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_words_are_pieces_of_the_text_in_order(text: str) -> None:
    at = 0
    for word in FAST.segment(text):
        at = text.index(word, at) + len(word)


@pytest.mark.data
def test_both_engines_agree_on_real_posts(real_data: Path) -> None:
    import json

    lines = (real_data / "train.jsonl").read_text(encoding="utf-8").splitlines()[:400]
    texts = [post["title"] + post["text"] for post in map(json.loads, lines)]
    assert FAST.segment_many(texts) == REFERENCE.segment_many(texts)


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_letters_and_digits_follow_our_rule(engine: str) -> None:
    words = Segmenter(engine).segment("PM2.5下降3.5%,COVID-19与12345热线")
    assert words == ["PM2.5", "下降", "3.5%", "COVID", "19", "与", "12345", "热线"]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_user_words_hold_together(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(
        "\ufeff江城发布厅\r\n接诉即办 50 n\r\n\r\n# remark\r\n5G基站\r\n江城发布厅 7\r\n".encode()
    )
    words = Segmenter(engine, user_dictionary=path).segment("江城发布厅推行接诉即办，新建5G基站")
    assert {"江城发布厅", "接诉即办", "5G基站"} <= set(words)


def test_user_words_stay_private() -> None:
    Segmenter(user_dictionary=[UserWord("江城发布厅")])
    assert "江城发布厅" not in FAST.segment("江城发布厅今天开放")


def test_stop_words_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_text("\ufeff的\r\n了\r\n", encoding="utf-8")
    assert Segmenter(stop_words=path).segment("江城的春天来了") == ["江城", "春天", "来"]


def test_word_lists_are_read_forgivingly(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("甲词 3 n\n甲词 9\n乙词 nz\n", encoding="utf-8")
    assert read_user_dictionary(path) == (UserWord("甲词", 3), UserWord("乙词", None))
    with pytest.raises(InputError, match="cannot be read"):
        read_stop_words(tmp_path / "none.txt")
    path.write_bytes("甲词".encode("gb18030"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_stop_words(path)


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(UsageError, match="pkuseg"):
        Segmenter("pkuseg")


def test_jieba_leaves_no_cache_in_the_temporary_folder(tmp_path: Path) -> None:
    code = "from govcode.text.segment import Segmenter; Segmenter('jieba').segment('江城')"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    )
    assert list(tmp_path.iterdir()) == []
