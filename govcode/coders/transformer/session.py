"""Run an encoder: one post at a time, on one thread, so that nothing but the post decides its scores.

Posts are not padded into batches: the same sums in another shape end in other last digits, and without
padding nothing is computed for nothing. Scores are rounded to a grid far coarser than what processors
differ by, so that they nearly always agree to the last digit, too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.coders.transformer.extra import needed
from govcode.coders.transformer.reading import Tokens
from govcode.errors import HashMismatchError

GRID = 1024.0  # scores are multiples of 1 / GRID
Floats = NDArray[np.float64]


class Session:
    """An encoder in ONNX form.

    Inputs `ids` and `types` (1, tokens); outputs `codes` (1, codes) and `forms` (1, forms), both scores like
    log-probabilities. A graph may lack `types` and `forms`.
    """

    def __init__(self, graph: bytes) -> None:
        runtime = needed("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Weights stored in eight bits become floats when the model is loaded; sums are done in floats.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        try:
            self._session = runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the package's own exceptions have no common class
            raise _unusable(error) from error
        self._inputs = [found.name for found in self._session.get_inputs()]
        self._outputs = [found.name for found in self._session.get_outputs()]
        if not set(self._inputs) <= {"ids", "types"} or self._outputs not in (["codes"], ["codes", "forms"]):
            raise _unusable(f"inputs {self._inputs}, outputs {self._outputs}")

    def __call__(self, tokens: Tokens) -> Floats:
        """Return the scores of one post, codes then forms, in one row."""
        given: dict[str, Any] = {name: getattr(tokens, name) for name in self._inputs}
        found = self._session.run(self._outputs, given)
        scores: Floats = np.concatenate([part[0] for part in found]).astype(np.float64)
        return np.rint(scores * GRID) / GRID


def _unusable(what: object) -> HashMismatchError:
    return HashMismatchError(
        f"encoder.onnx: is not an encoder that this govcode can run ({what}).",
        hint="Install or train the model again.",
    )
