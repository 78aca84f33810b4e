"""The vectoriser finds the very features that `Features` lists."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders.features import Features, FeatureSettings
from govcode.coders.rows import Rows
from govcode.coders.vectoriser import Vectoriser
from govcode.records import Post
from govcode.text.clean import CodingText, coding_text
from govcode.text.segment import Segmenter

SEGMENTER = Segmenter()
PIECES = [
    "江城市", "气象台", "发布", "暴雨", "预警", "2021年", "13800000000", "3.5%", "t", "c", "m", "t 恤", "c 语言",
    " ", "\n", "，", "。", "！", "？", "#", "：", "…", "%", ".", "５", "٣", "\U00020000", "\U0001f600", "\x1f", "H5N1",
    "社会主义核心价值观", "中华人民共和国", "https", "A", "～", "【", "】", "�", "的", "了",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
POSTS = st.lists(st.builds(CodingText, TEXTS, TEXTS), min_size=1, max_size=6)


def same(texts: list[CodingText], terms: list[str], chosen: FeatureSettings) -> None:
    """Assert that both ways find the same numbers in every text."""
    number = {term: n for n, term in enumerate(terms)}
    features = Features(chosen, SEGMENTER.segment)
    expected = [sorted(number[f] for f in features.of(text) if f in number) for text in texts]
    rows = Vectoriser(chosen, SEGMENTER, terms).rows(texts)
    assert [rows[n] for n in range(len(texts))] == expected


def some_terms(texts: list[CodingText], chosen: FeatureSettings, every: int) -> list[str]:
    features = Features(chosen, SEGMENTER.segment)
    return sorted({term for text in texts for term in features.of(text)})[::every]


@settings(max_examples=150, deadline=None)
@given(POSTS, st.integers(1, 3), st.booleans(), st.booleans(), st.sampled_from([0, 1, 2, 5, 150]))
def test_the_same_features_as_one_by_one(
    texts: list[CodingText], every: int, title: bool, pairs: bool, limit: int
) -> None:
    texts = [CodingText(*(part.replace("\x1f", " ") for part in text)) for text in texts]
    chosen = FeatureSettings(words_of_body=limit, title=title, pairs=pairs, headline=7)
    same(texts, some_terms(texts, chosen, every), chosen)


@pytest.mark.parametrize(
    "text",
    [
        CodingText("", ""), CodingText("", "第一行\n第二行"), CodingText("t 恤 t 恤", "c 语言 m x t 恤"),
        CodingText("电话13800000000", "0000000000 00000 12.5% 1.2.3 a.5"), CodingText("\U00020000丁", "\U0001f600"),
        CodingText("", "长" * 5000), CodingText("", "江城，" * 400), CodingText("", "a" * 3000 + "江城"),
    ],
)  # fmt: skip
def test_odd_texts(text: CodingText) -> None:
    for limit in (0, 3, 150):
        chosen = FeatureSettings(words_of_body=limit)
        same([text, CodingText("江城", "江城"), text], some_terms([text], chosen, 1), chosen)


def test_a_separator_inside_a_text_is_a_blank() -> None:
    terms = ["江城", "发布", "江城 发布"]
    rows = Vectoriser(FeatureSettings(), SEGMENTER, terms).rows(
        [CodingText("", "江城\x1f发布"), CodingText("", "发布")]
    )
    assert [rows[0], rows[1]] == [[0, 1, 2], [1]]


def test_a_term_that_is_a_pair_and_a_run_counts_for_both() -> None:
    texts = [CodingText("", "c 语言"), CodingText("", "语言"), CodingText("t 恤", "")]
    chosen = FeatureSettings()
    same(texts, ["c 语言", "t 恤", "c 语", "恤"], chosen)


def test_long_texts_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [CodingText(f"江城{n}", "发布暴雨预警" * n) for n in range(9)]
    terms = some_terms(texts, FeatureSettings(), 1)
    whole = Vectoriser(FeatureSettings(), SEGMENTER, terms).rows(texts)
    monkeypatch.setattr("govcode.coders.vectoriser.MOST", 20)
    parts = Vectoriser(FeatureSettings(), SEGMENTER, terms).rows(texts)
    assert parts.starts.tolist() == whole.starts.tolist()
    assert parts.numbers.tolist() == whole.numbers.tolist()


def test_no_texts_and_no_terms() -> None:
    vectoriser = Vectoriser(FeatureSettings(), SEGMENTER, [])
    assert vectoriser.rows([]).starts.tolist() == [0]
    assert vectoriser.rows([CodingText("江城", "发布")])[0] == []


def test_sums_of_rows_count_empty_rows_as_nothing() -> None:
    rows = Rows.of([[], [0, 2], [], [1], []])
    values = np.array([[1, 10], [2, 20], [4, 40]], dtype=np.int16)
    assert rows.sums(values, np.int32).tolist() == [[0, 0], [5, 50], [0, 0], [2, 20], [0, 0]]
    assert rows.sums(values[:, 0], np.int64).tolist() == [0, 5, 0, 2, 0]


def test_real_posts(real_data: Path) -> None:
    with gzip.open(real_data / "pool.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][::7]
    texts = [coding_text(Post("p", text=row["text"], title=row["title"])) for row in rows]
    same(texts, some_terms(texts[::3], FeatureSettings(), 2), FeatureSettings())
