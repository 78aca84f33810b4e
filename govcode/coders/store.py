"""Models on disk: `card.json` and the files of its learner; data only, checked before use.

A linear model has `weights.npz` and `terms.txt`, a transformer `held_out.npz`, `encoder.onnx` and
`tokenizer.json`. The card holds the SHA-256 of every other file and the hash of the codebook. Arrays are
read without pickle. A file that is not what the card says is refused with HashMismatchError.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

import govcode
from govcode.coders.arrays import Array, packed, unpacked
from govcode.coders.termlist import Terms
from govcode.errors import HashMismatchError, InputError, UsageError, choices

CARD = "card.json"
WEIGHTS = "weights.npz"
TERMS = "terms.txt"
HELD_OUT = "held_out.npz"
GRAPH = "encoder.onnx"
TOKENIZER = "tokenizer.json"
CODEBOOK = "codebook.toml"  # beside the card where the codebook is none of those shipped
# The files of each learner: arrays, then terms or parts.
FILES = {"linear": (WEIGHTS, TERMS), "transformer": (HELD_OUT, GRAPH, TOKENIZER)}
SCHEMA = 1


@dataclass(frozen=True)
class StoredModel:
    """A model as it lies on disk: its name, card, arrays, terms (row i of the weights is term i) and parts.

    `parts`: the files that are neither arrays nor terms, by name.
    """

    name: str
    card: Mapping[str, Any]
    arrays: Mapping[str, Array]
    terms: Terms = field(default_factory=Terms)
    folder: Path | None = None
    parts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """Hash of everything that decides: the files, and the settings of the card."""
        return str(self.card["hash"])


def content_hash(card: Mapping[str, Any]) -> str:
    """Return the hash of what decides: the files, codes, settings, calibration, thresholds."""
    deciding = {key: card.get(key) for key in _DECIDING}
    deciding |= {key: card[key] for key in _ALSO_DECIDING if key in card}
    text = json.dumps(deciding, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


_DECIDING = (
    "schema", "learner", "codebook", "codes", "forms", "features", "segmentation", "calibration",
    "thresholds", "files",
)  # fmt: skip
_ALSO_DECIDING = ("reading", "own", "with", "opinion")  # of some learners


def save_model(folder: str | Path, model: StoredModel) -> StoredModel:
    """Write a model; files first, the card last, so that a broken run leaves no valid card."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    (target / CARD).unlink(missing_ok=True)
    content = _content(model)
    for name, data in content.items():
        (target / name).write_bytes(data)
    card = _sealed(model, content)
    (target / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return replace(model, card=card, folder=target)


def sealed(model: StoredModel) -> StoredModel:
    """Return a model with the hashes that it will have when it is saved."""
    return replace(model, card=_sealed(model, _content(model)))


def _sealed(model: StoredModel, content: Mapping[str, bytes]) -> dict[str, Any]:
    files = {name: _sha256(data) for name, data in content.items()}
    card = {**model.card, "schema": SCHEMA, "name": model.name, "files": files}
    card["hash"] = content_hash(card)
    return card


def load_model(
    folder: str | Path, *, codebook_hash: str | None = None, meanwhile: Callable[[], object] | None = None
) -> StoredModel:
    """Read and check a model.

    `meanwhile` is done while threads hash the files: hashing needs neither Python nor its lock.
    Raises InputError where there is none, HashMismatchError where a file was changed, an array has the
    wrong shape or holds objects, or the model was trained with another codebook.
    """
    source = Path(folder)
    card = read_card(source)
    numbers, *others = files_of(card, source)
    content = {name: _read(source, name) for name in (numbers, *others)}
    hashing = [_Hashing(name, data) for name, data in content.items()]
    if meanwhile is not None:
        meanwhile()
    for one in hashing:
        if one.result() != card.get("files", {}).get(one.name):
            raise _changed(source / one.name, "is not the file that the card describes")
    if content_hash(card) != card.get("hash"):
        raise _changed(source / CARD, "was changed after the model was trained")
    try:
        arrays = unpacked(content.pop(numbers))
    except ValueError as error:
        raise _changed(source / numbers, "does not hold plain arrays") from error
    model = StoredModel(source.name, card, arrays, Terms(content.pop(TERMS, b"")), source, content)
    _check_shapes(model, source)
    if codebook_hash is not None:
        check_codebook(model, codebook_hash)
    return model


def files_of(card: Mapping[str, Any], source: Path) -> tuple[str, ...]:
    """Return the names of a model's files; raise InputError where its learner is unknown here."""
    learner = card.get("learner")
    if learner not in FILES:
        raise InputError(
            f"{source}: is a model of learner '{learner}', which this govcode does not know.",
            hint=f"Known: {choices(FILES)}; a newer govcode may know more.",
        )
    return FILES[str(learner)]


def codebook_of(folder: Path, card: Mapping[str, Any]) -> str:
    """Return what loads the codebook of a model: the file in its folder, else the name of a shipped one."""
    own = folder / CODEBOOK
    return str(own) if own.is_file() else str(card["codebook"]["id"])


def check_codebook(model: StoredModel, codebook_hash: str) -> None:
    """Refuse a model that was trained with another codebook than the one in use."""
    trained = str(model.card["codebook"]["hash"])
    if trained != codebook_hash:
        raise HashMismatchError(
            f"Model '{model.name}' was trained with codebook {short(trained)}, not {short(codebook_hash)}.",
            hint="Name a model of that codebook (--model FOLDER), train one (govcode train POSTS --gold GOLD "
            "--codebook FILE), or code by its expressions (--coder rules).",
        )


def short(full_hash: str) -> str:
    """Return the part of a hash that people are shown."""
    return full_hash.removeprefix("sha256:")[:12]


def read_card(folder: Path) -> dict[str, Any]:
    """Read the card of a model without loading it."""
    path = folder / CARD
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{folder}: holds no model (no {CARD}).", hint="See: govcode models list") from error
    except (OSError, ValueError) as error:
        raise HashMismatchError(
            f"{path}: is not a model card ({error}).", hint="Install or train the model again."
        ) from error
    if not isinstance(card, dict) or card.get("schema") != SCHEMA:
        raise HashMismatchError(
            f"{path}: is not a model card of this version.", hint="Train the model again with this govcode."
        )
    return card


def shipped_folder() -> Path:
    """Return the folder of the models that come with govcode (in the wheel, or in a checkout)."""
    package = Path(govcode.__file__).parent
    inside = package / "_models"
    return inside if inside.is_dir() else package.parent / "models"


def shipped_models() -> dict[str, Path]:
    """Return name and folder of each shipped model."""
    root = shipped_folder()
    folders = sorted(root.iterdir()) if root.is_dir() else []
    return {folder.name: folder for folder in folders if (folder / CARD).is_file()}


def find_model(name_or_path: str | Path) -> Path:
    """Return the folder of a shipped model (by name) or of any model (by path)."""
    shipped = shipped_models()
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    folder = Path(name_or_path)
    if (folder / CARD).is_file():
        return folder
    raise UsageError(
        f"There is no model '{name_or_path}'.",
        hint=f"Shipped: {choices(shipped) or 'none'}; or give the folder of a model.",
    )


def _content(model: StoredModel) -> dict[str, bytes]:
    """Return the bytes of each file but the card."""
    numbers, *_ = FILES[str(model.card["learner"])]
    content = {numbers: packed(model.arrays)}
    if model.terms:
        content[TERMS] = model.terms.data
    return content | dict(model.parts)


def _check_shapes(model: StoredModel, source: Path) -> None:
    columns = len(model.card["codes"]) + len(model.card["forms"])
    if model.card["learner"] == "linear":
        name_of_file = WEIGHTS
        expected = {
            "weights": ((len(model.terms), columns), "i"), "scales": ((columns,), "f"),
            "intercepts": ((columns,), "f"), "idf": ((len(model.terms),), "f"),
        }  # fmt: skip
    else:
        name_of_file = HELD_OUT
        posts = len(model.arrays.get("held_out_gold", ()))
        expected = {"held_out": ((posts, len(model.card["codes"])), "f"), "held_out_gold": ((posts,), "i")}
    for name, (shape, kind) in expected.items():
        array = model.arrays.get(name)
        if array is None or array.shape != shape or array.dtype.kind != kind or not _finite(array):
            what = f"has no array '{name}' of shape {shape} with finite numbers"
            raise _changed(source / name_of_file, what)


def _finite(array: Array) -> bool:
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise _changed(folder / name, f"cannot be read ({error.strerror})") from error


def _changed(path: Path, what: str) -> HashMismatchError:
    return HashMismatchError(f"{path}: {what}.", hint="Install or train the model again.")


class _Hashing(threading.Thread):
    """Take the hash of one file in a thread of its own."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name=name, daemon=True)
        self._data, self._hash = data, ""
        self.start()

    def run(self) -> None:
        self._hash = _sha256(self._data)

    def result(self) -> str:
        """Wait for the hash and return it; an empty string where the thread failed."""
        self.join()
        return self._hash


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
