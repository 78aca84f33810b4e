"""A tiny encoder (2 layers of 32) with its tokenizer, built and saved here: nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from govcode.coders.examples import Example


def _save_base(folder: Path, examples: list[Example], *, kind: str = "bert") -> Path:
    """Save an encoder with random weights and a tokenizer of single characters, as the hub's folders are."""
    torch = pytest.importorskip("torch", reason="the extra govcode[transformer] is not installed")
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    characters = sorted({c for e in examples for c in e.text.title + e.text.body})
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {token: number for number, token in enumerate([*marks, *characters])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    size = {
        "vocab_size": len(vocabulary), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": 80,
    }  # fmt: skip
    torch.manual_seed(1)
    if kind == "bert":
        model = transformers.BertModel(transformers.BertConfig(**size))
    else:
        model = transformers.XLMRobertaModel(transformers.XLMRobertaConfig(**size, pad_token_id=0))
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def save_base(learned: list[Example]) -> Callable[..., Path]:
    """Save a tiny encoder in a folder."""
    return lambda folder, **options: _save_base(folder, learned, **options)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, save_base: Callable[..., Path]) -> Path:
    return save_base(tmp_path_factory.mktemp("bases") / "tiny-bert")
