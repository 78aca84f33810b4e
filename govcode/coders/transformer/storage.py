"""How the weights of an encoder are stored: in 8 bits, in 16, or as they are.

Only the storage is small. Weights in eight bits have one scale per output (per row of an embedding table);
they become 32-bit floats when the model is loaded, and every sum is done in 32-bit floats.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.coders.transformer.extra import TRAIN, needed
from govcode.errors import UsageError, choices

STORAGES = ("int8", "float16", "float32")
SMALLEST = 1024  # numbers from which a table is worth storing small
LARGEST = 127


def store_small(graph: bytes, storage: str) -> bytes:
    """Return an ONNX graph with its tables of weights in the given storage; biases and norms stay."""
    if storage not in STORAGES:
        raise UsageError(f"Storage '{storage}' is unknown.", hint=f"Choose from: {choices(STORAGES)}.")
    onnx = needed("onnx", what="Training a transformer", extra=TRAIN)
    model = onnx.load_from_string(graph)
    if storage != "float32":
        _store(onnx, model.graph, storage)
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def _store(onnx: Any, graph: Any, storage: str) -> None:
    axes = _output_axes(graph)
    before: list[Any] = []
    kept: list[Any] = []
    for table in graph.initializer:
        if table.name not in axes or np.prod(table.dims) < SMALLEST:
            kept.append(table)
            continue
        values = onnx.numpy_helper.to_array(table)
        parts, node = _small(onnx, table.name, values, axes[table.name], storage)
        kept += parts
        before.append(node)
    nodes = [*before, *graph.node]
    for field, content in ((graph.initializer, kept), (graph.node, nodes)):
        copies = list(content)
        del field[:]
        field.extend(copies)


def _small(
    onnx: Any, name: str, values: NDArray[np.float32], axis: int, storage: str
) -> tuple[list[Any], Any]:
    """Return the stored arrays of one table and the node that makes floats of them."""
    array = onnx.numpy_helper.from_array
    if storage == "float16":
        node = onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT)
        return [array(values.astype(np.float16), f"{name}.half")], node
    scales = np.abs(values).max(axis=1 - axis, keepdims=True) / np.float32(LARGEST)
    scales[scales == 0] = 1.0
    whole = np.rint(values / scales).astype(np.int8)
    node = onnx.helper.make_node("DequantizeLinear", [f"{name}.whole", f"{name}.scales"], [name], axis=axis)
    return [array(whole, f"{name}.whole"), array(scales.ravel(), f"{name}.scales")], node


def _output_axes(graph: Any) -> dict[str, int]:
    """Return, for every table of floats that is only multiplied or looked up in, the axis of its outputs."""
    axes: dict[str, set[int]] = {}
    for node in graph.node:
        for place, name in enumerate(node.input):
            axes.setdefault(name, set()).add(_axis(node, place))
    found = {table.name for table in graph.initializer if len(table.dims) == 2 and table.data_type == 1}
    return {name: next(iter(own)) for name, own in axes.items() if name in found and own in ({0}, {1})}


def _axis(node: Any, place: int) -> int:
    if (node.op_type, place) == ("Gather", 0) and not any(a.name == "axis" and a.i for a in node.attribute):
        return 0
    if (node.op_type, place) == ("MatMul", 1):
        return 1
    if (node.op_type, place) == ("Gemm", 1):
        return 0 if any(a.name == "transB" and a.i for a in node.attribute) else 1
    return -1
