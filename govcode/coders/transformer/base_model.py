"""The encoder that is fine-tuned: from a folder or the Hugging Face hub, never from pickle."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.coders.transformer.extra import TRAIN, needed
from govcode.errors import GovcodeError, InputError, UsageError

_CONVERT = (
    'python -c "from transformers import AutoModel as M, AutoTokenizer as T; b, n = {base!r}, {new!r};'
    ' M.from_pretrained(b).save_pretrained(n); T.from_pretrained(b).save_pretrained(n)"'
)


@dataclass(frozen=True)
class BaseModel:
    """An encoder (torch module), its tokenizer (content of tokenizer.json), and the hash of its weights."""

    name: str
    encoder: Any
    tokenizer: bytes
    hash: str


def load_base(base: str, *, length: int) -> BaseModel:
    """Load an encoder that reads `length` tokens; raise GovcodeError saying what is wrong and the way out."""
    transformers = needed("transformers", what="Training a transformer", extra=TRAIN)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if not (folder := Path(base)).is_dir():
        _check_name(base)
    elif not (folder / "config.json").is_file():
        raise InputError(f"{base}: is no Hugging Face encoder (it holds no config.json).", hint=_SHAPE)
    elif not any(folder.glob("*.safetensors")):
        raise _without_safetensors(base, folder)
    try:
        config = transformers.AutoConfig.from_pretrained(base, trust_remote_code=False)
        _check_encoder(transformers, base, config)
        encoder = transformers.AutoModel.from_pretrained(
            base, config=config, use_safetensors=True, trust_remote_code=False, attn_implementation="eager",
            dtype="float32",
        )  # fmt: skip
        tokenizer = _tokenizer(transformers, base)
    except GovcodeError:
        raise
    except Exception as error:  # of many kinds, all meaning that it is not there
        raise _not_loaded(base, error) from error
    _check_size(base, encoder, tokenizer, length)
    name = folder.resolve().name if folder.is_dir() else base
    return BaseModel(name, encoder, tokenizer, weights_hash(encoder))


def weights_hash(module: Any) -> str:
    """Return the SHA-256 of all weights of a torch module."""
    digest = hashlib.sha256()
    for name, values in sorted(module.state_dict().items()):
        digest.update(name.encode())
        digest.update(values.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


_SHAPE = "Name a folder with config.json, model.safetensors and tokenizer.json, or an encoder of the hub."


def _check_name(base: str) -> None:
    if base.count("/") > 1 or base.startswith((".", "/", "~")) or "\\" in base:
        raise InputError(f"{base}: there is no such folder.", hint=_SHAPE)


def _without_safetensors(base: str, folder: Path) -> InputError:
    if any(folder.glob("*.bin")):
        return _pickle_only(base, f"{base}: holds", folder.name)
    return InputError(f"{base}: holds no model.safetensors.", hint=_SHAPE)


def _pickle_only(base: str, who: str, name: str) -> InputError:
    way = _CONVERT.format(base=base, new=f"{name}-safe")
    return InputError(
        f"{who} its weights as pickle only, which can run any code and is never read.",
        hint=f"If you trust it, convert it once and use the new folder: {way}",
    )


def _check_encoder(transformers: Any, base: str, config: Any) -> None:
    if config.is_encoder_decoder or type(config) not in transformers.MODEL_FOR_MASKED_LM_MAPPING:
        raise InputError(
            f"{base}: is a model of type '{config.model_type}', not an encoder.",
            hint="Choose one of the BERT, RoBERTa or XLM-R family.",
        )


def _tokenizer(transformers: Any, base: str) -> bytes:
    own = Path(base) / "tokenizer.json"
    if own.is_file():
        return own.read_bytes()
    found = transformers.AutoTokenizer.from_pretrained(base, trust_remote_code=False)
    text: str = found.backend_tokenizer.to_str()
    return text.encode()


def _check_size(base: str, encoder: Any, tokenizer: bytes, length: int) -> None:
    size = needed("tokenizers").Tokenizer.from_buffer(tokenizer).get_vocab_size()
    if size > encoder.config.vocab_size:
        raise InputError(
            f"{base}: its tokenizer knows {size:,} tokens, its encoder {encoder.config.vocab_size:,}.",
            hint="Are both files of one model?",
        )
    # the RoBERTa family numbers positions from behind the padding token
    shift = encoder.config.pad_token_id + 1 if "roberta" in encoder.config.model_type else 0
    most = getattr(encoder.config, "max_position_embeddings", length) - shift
    if not 8 <= length <= most:
        raise UsageError(f"--length {length}: {base} reads 8 to {most} tokens.")


def _not_loaded(base: str, error: Exception) -> InputError:
    what = " ".join(str(error).split())[:160]
    if Path(base).is_dir():
        return InputError(f"{base}: cannot be loaded ({what}).", hint=_SHAPE)
    if "safetensors" in what:
        return _pickle_only(base, f"{base}: the hub holds", base.rpartition("/")[2])
    reason = "HF_HUB_OFFLINE is set" if os.environ.get("HF_HUB_OFFLINE") else "no network, or no such encoder"
    return InputError(
        f"{base}: is no folder here and could not be fetched from the hub ({reason}).",
        hint="Download it where there is a network, copy its folder here, and name the folder with --base.",
    )
