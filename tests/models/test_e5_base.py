"""The base encoder of functions-zh-large is read from a file of four-bit blocks."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.scripts import load_script

tokenizers = pytest.importorskip("tokenizers")
safetensors = pytest.importorskip("safetensors.numpy")

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "停水", "通知", "水", "停", "ß", "水管", "通"]
SCORES = [0.0, 0.0, 0.0, 0.0, -2.0, -5.0, -5.0, -9.0, -9.0, -9.0, -6.0, -9.0]
HIDDEN, LAYERS, INNER, POSITIONS = 32, 2, 64, 16


@pytest.fixture(scope="module")
def e5_base() -> ModuleType:
    return load_script(Path(__file__).parents[2] / "models" / "e5_base.py")


def small(name: str) -> bool:
    return name == "emb.word" or (
        name.split(".")[1] in {"q", "k", "v", "ao", "fi", "fo"} and name.endswith(".w")
    )


def tables() -> dict[str, int]:
    """Return the count of numbers of each table of a tiny encoder."""
    found = {"emb.word": len(PIECES) * HIDDEN, "emb.pos": POSITIONS * HIDDEN, "emb.type": 2 * HIDDEN}
    found |= {"emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            columns = HIDDEN * (INNER if part in ("fi", "fo") else HIDDEN)
            found |= {f"l{layer}.{part}.w": columns, f"l{layer}.{part}.b": INNER if part == "fi" else HIDDEN}
        found |= {f"l{layer}.{part}.{end}": HIDDEN for part in ("aln", "oln") for end in "wb"}
    return found


def stored(name: str, count: int, draw: np.random.Generator) -> bytes:
    """Return a table as the file holds it: blocks of half a scale and 16 bytes, or plain floats."""
    if not small(name):
        return draw.normal(size=count).astype("<f4").tobytes()
    blocks = count // 32
    scales = draw.uniform(0.01, 0.1, blocks).astype("<f2").view(np.uint8).reshape(-1, 2)
    return np.hstack([scales, draw.integers(0, 256, (blocks, 16)).astype(np.uint8)]).tobytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    draw = np.random.default_rng(3)
    text = [piece.encode() for piece in PIECES]
    ends = np.concatenate([[0], np.cumsum([len(piece) for piece in text])]).astype("<u4")
    head = b"E5S1" + struct.pack("<i", 1)
    head += struct.pack("<7ifi", HIDDEN, LAYERS, 4, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    head += ends.tobytes() + np.array(SCORES, dtype="<f4").tobytes() + b"".join(text)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x3000, 1, 0x20)
    names, data = tables(), {}
    for name, count in names.items():
        data[name] = stored(name, count, draw)
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in names)
    directory = struct.pack("<i", len(names))
    for name, count in names.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", small(name), count, start, len(data[name]))
        start += len(data[name])
    path = tmp_path / "tiny.bin"
    path.write_bytes(head + directory + b"".join(data.values()))
    return path


def test_four_bits_become_the_numbers_they_stand_for(e5_base: ModuleType, file: Path) -> None:
    found = e5_base.E5File.read(file)
    _, start, _ = found.places["l1.fi.w"]
    row = found.table("l1.fi.w", HIDDEN)[0]
    block = found.data[start : start + 18]
    scale = np.frombuffer(block[:2], "<f2").astype(np.float32)[0]
    for place in range(16):
        assert row[place] == pytest.approx(((block[2 + place] & 15) - 8) * scale)
        assert row[16 + place] == pytest.approx(((block[2 + place] >> 4) - 8) * scale)
    assert found.pieces == PIECES


def test_another_file_is_refused(e5_base: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(ValueError, match="not a file of this layout"):
        e5_base.E5File.read(path)


def test_pieces_that_no_post_needs_are_left_out(e5_base: ModuleType, file: Path) -> None:
    found = e5_base.E5File.read(file)
    kept = [PIECES[i] for i in e5_base.needed_pieces(found, ["停水通知"])]
    assert "水管" not in kept, "in no text, and no single character"
    assert {"停水", "通知", "水", "ß", "<unk>"} <= set(kept)


def test_the_folder_holds_the_same_encoder_with_fewer_pieces(
    e5_base: ModuleType, file: Path, tmp_path: Path
) -> None:
    e5_base.make_base(file, tmp_path / "base", ["停水通知"])
    config = json.loads((tmp_path / "base" / "config.json").read_text(encoding="utf-8"))
    weights = safetensors.load_file(tmp_path / "base" / "model.safetensors")
    reader = tokenizers.Tokenizer.from_file(str(tmp_path / "base" / "tokenizer.json"))
    assert config["vocab_size"] == reader.get_vocab_size() == len(PIECES) - 1
    whole = e5_base.E5File.read(file).table("emb.word", HIDDEN)
    own = weights["embeddings.word_embeddings.weight"]
    assert np.array_equal(own[reader.token_to_id("停水")], whole[PIECES.index("停水")])
    assert reader.encode("停水", "通知").tokens == ["<s>", "▁", "停水", "</s>", "▁", "通知", "</s>"]
    assert set(reader.encode("停水", "通知").type_ids) == {0}
    assert weights["encoder.layer.1.output.dense.weight"].shape == (HIDDEN, INNER)
