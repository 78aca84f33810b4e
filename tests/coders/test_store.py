from __future__ import annotations

import hashlib
import io
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from govcode.codebook.model import Codebook
from govcode.coders.linear import load
from govcode.coders.store import (
    CARD,
    TERMS,
    WEIGHTS,
    StoredModel,
    content_hash,
    find_model,
    load_model,
    save_model,
    shipped_models,
)
from govcode.errors import HashMismatchError, InputError, UsageError


def forge(folder: Path, name: str, data: bytes) -> None:
    """Replace a file and make the card agree with it: only the content is wrong then."""
    (folder / name).write_bytes(data)
    card = json.loads((folder / CARD).read_text())
    card["files"][name] = hashlib.sha256(data).hexdigest()
    card["hash"] = content_hash(card)
    (folder / CARD).write_text(json.dumps(card))


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def test_what_is_saved_is_loaded(trained: StoredModel, tmp_path: Path) -> None:
    saved = save_model(tmp_path / "again", trained)
    loaded = load_model(tmp_path / "again")
    assert loaded.terms == trained.terms
    assert all((loaded.arrays[name] == array).all() for name, array in trained.arrays.items())
    assert saved.hash == loaded.hash == trained.hash


def test_the_same_model_gives_the_same_bytes(trained: StoredModel, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save_model(tmp_path / name / "m", StoredModel("m", trained.card, trained.arrays, trained.terms))
    for file in (CARD, WEIGHTS, TERMS):
        assert (tmp_path / "one" / "m" / file).read_bytes() == (tmp_path / "two" / "m" / file).read_bytes()


@pytest.mark.parametrize("name", [WEIGHTS, TERMS])
@pytest.mark.parametrize("place", [0, 0.3, 0.9])
def test_a_changed_byte_is_refused(folder: Path, name: str, place: float) -> None:
    data = bytearray((folder / name).read_bytes())
    data[int(place * len(data))] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(HashMismatchError, match=name):
        load_model(folder)


def test_a_changed_threshold_is_refused(folder: Path) -> None:
    card = json.loads((folder / CARD).read_text())
    card["thresholds"]["secondary"] = 0.01
    (folder / CARD).write_text(json.dumps(card))
    with pytest.raises(HashMismatchError, match="changed after"):
        load_model(folder)


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps({"weights": [1.0]}),
        npz(weights=np.array([object()], dtype=object)),
        npz(weights=np.zeros((3, 3)), intercepts=np.zeros(3), idf=np.zeros(3)),
        b"PK\x03\x04 not a zip",
        b"",
    ],
    ids=["pickle", "objects", "shape", "zip", "empty"],
)
def test_weights_that_are_no_plain_arrays_of_the_right_shape_are_refused(folder: Path, data: bytes) -> None:
    forge(folder, WEIGHTS, data)
    with pytest.raises(HashMismatchError):
        load_model(folder)


def test_numbers_that_are_none_are_refused(folder: Path, trained: StoredModel) -> None:
    arrays = dict(trained.arrays)
    arrays["idf"] = np.full_like(arrays["idf"], np.nan)
    forge(folder, WEIGHTS, npz(**arrays))
    with pytest.raises(HashMismatchError, match="idf"):
        load_model(folder)


def test_another_codebook_is_refused(folder: Path, tiny: Codebook) -> None:
    from dataclasses import replace

    with pytest.raises(HashMismatchError, match="was trained with codebook 777777777777") as caught:
        load(replace(tiny, hash="sha256:" + "8" * 64), model=folder)
    assert caught.value.exit_code == 4


def test_a_missing_file_or_card_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / TERMS).unlink()
    with pytest.raises(HashMismatchError, match="terms"):
        load_model(folder)
    with pytest.raises(InputError, match="holds no model"):
        load_model(tmp_path)
    (folder / CARD).write_text("{")
    with pytest.raises(HashMismatchError, match="not a model card"):
        load_model(folder)


def test_models_are_found_by_name_or_folder(folder: Path) -> None:
    assert find_model(folder) == folder
    assert "functions-zh" in shipped_models()
    with pytest.raises(UsageError, match="no-such-model"):
        find_model("no-such-model")
