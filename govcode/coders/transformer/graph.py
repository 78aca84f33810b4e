"""From a torch module to an ONNX graph that runs without torch."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from govcode.coders.transformer.extra import TRAIN, needed
from govcode.coders.transformer.storage import store_small


def graph_of(module: Any, *, length: int, forms: bool, storage: str = "int8") -> bytes:
    """Return the ONNX graph of a module `(ids, types) -> codes` or `(codes, forms)`, weights stored small.

    `ids` and `types`: whole numbers of shape (1, tokens), at most `length` tokens, without padding. `codes`
    (1, codes) and `forms` (1, forms): scores like log-probabilities; what the model says of the codes,
    forms already counted in, is `codes` alone.
    """
    torch = needed("torch", what="Training a transformer", extra=TRAIN)
    needed("onnxscript", what="Training a transformer", extra=TRAIN)
    module = module.eval().cpu().float()
    example = torch.zeros((1, min(7, length)), dtype=torch.int64)
    tokens = torch.export.Dim("tokens", min=2, max=length)
    with _silence(), torch.no_grad():
        program = torch.onnx.export(
            module, (example, example.clone()), dynamo=True, verbose=False, external_data=False,
            input_names=["ids", "types"], output_names=["codes", "forms"] if forms else ["codes"],
            dynamic_shapes=({1: tokens}, {1: tokens}),
        )  # fmt: skip
    return store_small(_without_traces(program.model_proto), storage)


def _without_traces(model: Any) -> bytes:
    """Drop names of files and lines of the machine that exported the graph."""
    del model.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
        value.doc_string = ""
    del model.graph.metadata_props[:]
    data: bytes = model.SerializeToString(deterministic=True)
    return data


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what the exporter tells its developers from users."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
