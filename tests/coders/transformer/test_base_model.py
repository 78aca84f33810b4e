from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

transformers = pytest.importorskip("transformers", reason="the extra govcode[transformer] is not installed")
pytest.importorskip("torch", reason="the extra govcode[transformer] is not installed")

from govcode.coders.transformer.base_model import load_base  # noqa: E402
from govcode.errors import InputError, UsageError  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(base: Path, tmp_path: Path) -> Path:
    """A private copy of the tiny encoder, to be spoilt."""
    return Path(shutil.copytree(base, tmp_path / "mine"))


def test_an_encoder_is_loaded_with_its_tokenizer(base: Path, copy: Path) -> None:
    found = load_base(str(base), length=48)
    assert found.name == base.name
    assert b"[CLS]" in found.tokenizer
    assert found.hash == load_base(str(copy), length=80).hash
    assert len(found.hash) == 64


@pytest.mark.parametrize("kind", ["xlmr"])
def test_the_roberta_family_reads_as_many_tokens_as_it_has_positions(
    kind: str, tmp_path: Path, save_base: Callable[..., Path]
) -> None:
    folder = save_base(tmp_path / kind, kind=kind)
    assert load_base(str(folder), length=79).encoder.config.model_type == "xlm-roberta"
    with pytest.raises(UsageError, match="reads 8 to 79 tokens"):
        load_base(str(folder), length=80)


def test_pickle_is_refused_with_the_way_to_convert_it(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(InputError, match="as pickle only") as caught:
        load_base(str(copy), length=48)
    assert "'mine-safe'; M.from_pretrained" in caught.value.hint


def test_weights_that_are_missing_or_broken_are_named(copy: Path) -> None:
    (copy / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(InputError, match="cannot be loaded"):
        load_base(str(copy), length=48)
    (copy / "model.safetensors").unlink()
    with pytest.raises(InputError, match=r"no model\.safetensors"):
        load_base(str(copy), length=48)
    (copy / "config.json").unlink()
    with pytest.raises(InputError, match=r"no config\.json"):
        load_base(str(copy), length=48)


def test_what_is_no_encoder_is_refused(copy: Path) -> None:
    config = transformers.GPT2Config(n_embd=32, n_layer=1, n_head=2, vocab_size=99)
    (copy / "config.json").write_text(json.dumps(config.to_dict()))
    with pytest.raises(InputError, match="type 'gpt2', not an encoder"):
        load_base(str(copy), length=48)


def test_a_tokenizer_of_another_model_is_refused(copy: Path) -> None:
    tokenizer = json.loads((copy / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"] |= {f"word{i}": 1000 + i for i in range(500)}
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(InputError, match="its tokenizer knows"):
        load_base(str(copy), length=48)


def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        load_base(str(tmp_path / "nowhere"), length=48)


def test_without_network_the_way_out_is_said(govcode: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_text(
        "".join(
            json.dumps({"post_id": f"p{i}", "text": f"市民朋友请注意第{i}号通知"}) + "\n" for i in range(20)
        )
    )
    codes = ("information", "service", "appeal", "agenda", "other")
    (tmp_path / "gold.csv").write_text(
        "post_id,coder,code\n" + "".join(f"p{i},gold,{codes[i % 5]}\n" for i in range(20))
    )
    done = govcode(
        "train", "posts.jsonl", "--gold", "gold.csv", "-o", "m", "--learner", "transformer",
        "--base", "someone/some-encoder", HF_HUB_OFFLINE="1", HF_HOME=str(tmp_path / "hub"),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "could not be fetched from the hub (HF_HUB_OFFLINE is set)" in done.stderr
    assert "name the folder with --base" in done.stderr
    assert "Traceback" not in done.stderr
