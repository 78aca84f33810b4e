from __future__ import annotations

import pytest

tokenizers = pytest.importorskip("tokenizers", reason="the extra govcode[large] is not installed")

from govcode.coders.transformer.reading import Reader, Reading  # noqa: E402
from govcode.errors import HashMismatchError  # noqa: E402
from govcode.text.clean import CodingText  # noqa: E402

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


@pytest.fixture(scope="module")
def tokenizer() -> bytes:
    """A tokenizer of single characters that pads and cuts by itself, as saved ones may."""
    words = {token: number for number, token in enumerate([*MARKS, *"暴雨预警公交改道问 ："])}
    found = tokenizers.Tokenizer(tokenizers.models.WordPiece(words, unk_token="[UNK]"))
    found.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
    found.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    found.enable_padding(length=50)
    found.enable_truncation(5)
    text: str = found.to_str()
    return text.encode()


def shown(reader: Reader, title: str, body: str) -> tuple[list[int], list[int]]:
    ids, types = reader(CodingText(title, body))
    return ids[0].tolist(), types[0].tolist()


def test_title_and_body_are_two_segments_without_padding(tokenizer: bytes) -> None:
    ids, types = shown(Reader(Reading(), tokenizer), "暴雨", "公交")
    assert ids == [2, 4, 5, 3, 8, 9, 3]
    assert types == [0, 0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(("title", "body"), [("暴雨", ""), ("", "暴雨")])
def test_one_of_them_alone_is_one_segment(tokenizer: bytes, title: str, body: str) -> None:
    assert shown(Reader(Reading(), tokenizer), title, body) == ([2, 4, 5, 3], [0, 0, 0, 0])


def test_joined_with_a_prefix_they_are_one_segment(tokenizer: bytes) -> None:
    reader = Reader(Reading(prefix="问：", pair=False, join=" "), tokenizer)
    ids, types = shown(reader, "暴雨", "公交")
    assert ids == [2, 12, 14, 4, 5, 13, 8, 9, 3]
    assert set(types) == {0}


def test_a_long_post_is_cut_to_its_title_and_first_part(tokenizer: bytes) -> None:
    reader = Reader(Reading(length=12), tokenizer)
    ids, _ = shown(reader, "暴雨预警", "公交改道" * 5000)
    assert len(ids) == 12
    assert ids[:6] == [2, 4, 5, 6, 7, 3]
    assert ids == shown(reader, "暴雨预警", "公交改道" * 9)[0]


def test_what_is_no_tokenizer_is_refused() -> None:
    with pytest.raises(HashMismatchError, match=r"tokenizer\.json") as caught:
        Reader(Reading(), b'{"version": 1}')
    assert caught.value.exit_code == 4
