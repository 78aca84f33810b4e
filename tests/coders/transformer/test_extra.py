from __future__ import annotations

import numpy as np
import pytest

from govcode.coders.transformer.extra import TRAIN, needed
from govcode.coders.transformer.partner import LEAST, join
from govcode.coders.transformer.reading import Reader, Reading
from govcode.coders.transformer.session import Session
from govcode.errors import MissingExtraError
from tests.extras import without


@pytest.mark.parametrize(
    ("package", "use"),
    [("onnxruntime", lambda: Session(b"")), ("tokenizers", lambda: Reader(Reading(), b""))],
)
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, package: str, use
) -> None:
    without(monkeypatch, package)
    with pytest.raises(MissingExtraError, match=package) as caught:
        use()
    assert caught.value.hint == "Install it: pip install 'govcode[large]'"


def test_training_names_its_own_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "torch")
    with pytest.raises(MissingExtraError) as caught:
        needed("torch", what="Training a transformer", extra=TRAIN)
    assert "govcode[transformer]" in caught.value.hint


def test_two_models_together_are_the_mean_of_their_logarithms() -> None:
    own = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])
    other = np.array([[0.125, 0.75, 0.125], [0.0, 0.5, 0.5]])
    joined = join(own, other, 0.25)
    expected = 0.75 * np.log(own[0]) + 0.25 * np.log(other[0])
    assert np.abs(joined[0] - expected).max() < 1 / 1024
    assert np.isfinite(joined).all()
    assert joined[1, 0] == pytest.approx(0.25 * np.log(LEAST), abs=1 / 1024)
    assert (join(own, other, 0.0)[0] == np.rint(np.log(own[0]) * 1024) / 1024).all()
