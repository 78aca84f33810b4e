from __future__ import annotations

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the extra govcode[transformer] is not installed")
runtime = pytest.importorskip("onnxruntime", reason="the extra govcode[large] is not installed")

from govcode.coders.transformer.reading import Tokens  # noqa: E402
from govcode.coders.transformer.session import GRID, Session  # noqa: E402
from govcode.coders.transformer.storage import store_small  # noqa: E402
from govcode.errors import HashMismatchError, UsageError  # noqa: E402

WORDS, WIDTH, CODES = 300, 48, 30


@pytest.fixture(scope="module")
def tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Embeddings, weights of a layer, and weights of the codes, stored the other way round."""
    draw = np.random.default_rng(5)
    shapes = ((WORDS, WIDTH), (WIDTH, WIDTH), (CODES, WIDTH))
    return tuple(draw.normal(0, 0.3, shape).astype(np.float32) for shape in shapes)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def graph(tables: tuple[np.ndarray, ...]) -> bytes:
    """Look up, multiply, take the mean, multiply: the kinds of tables that an encoder has."""
    node, array = onnx.helper.make_node, onnx.numpy_helper.from_array
    names = ("words", "layer", "out")
    nodes = [
        node("Gather", ["words", "ids"], ["looked"]),
        node("MatMul", ["looked", "layer"], ["layered"]),
        node("ReduceMean", ["layered", "axes"], ["mean"], keepdims=0),
        node("Gemm", ["mean", "out"], ["codes"], transB=1),
    ]
    tensor = onnx.helper.make_tensor_value_info
    made = onnx.helper.make_graph(
        nodes, "g", [tensor("ids", onnx.TensorProto.INT64, [1, "n"])],
        [tensor("codes", onnx.TensorProto.FLOAT, [1, CODES])],
        [array(t, n) for t, n in zip(tables, names, strict=True)] + [array(np.array([1]), "axes")],
    )  # fmt: skip
    model = onnx.helper.make_model(made, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
    return bytes(model.SerializeToString())


def tokens(*ids: int) -> Tokens:
    return Tokens(np.array([ids]), np.zeros((1, len(ids)), dtype=np.int64))


def expected(tables: tuple[np.ndarray, ...], ids: list[int]) -> np.ndarray:
    words, layer, out = (table.astype(np.float64) for table in tables)
    return np.asarray((words[ids] @ layer).mean(axis=0) @ out.T)


@pytest.mark.parametrize(("storage", "room", "off"), [("float32", 1, 1e-6), ("float16", 0.5, 2e-3), ("int8", 0.25, 0.03)])  # fmt: skip
def test_small_storage_takes_less_room_and_gives_nearly_the_same(
    graph: bytes, tables: tuple[np.ndarray, ...], storage: str, room: float, off: float
) -> None:
    stored = store_small(graph, storage)
    assert len(stored) < len(graph) * room + 4000
    scores = Session(stored)(tokens(3, 250, 7, 7))
    assert np.abs(scores - expected(tables, [3, 250, 7, 7])).max() < off + 0.5 / GRID
    assert (scores * GRID == np.rint(scores * GRID)).all()


def test_eight_bits_are_computed_in_floats_at_every_level_of_optimisation(
    graph: bytes, tables: tuple[np.ndarray, ...]
) -> None:
    stored = store_small(graph, "int8")
    scales = [
        np.abs(table).max(axis=axis, keepdims=True) / 127
        for table, axis in zip(tables, (1, 0, 1), strict=True)
    ]
    rounded = [np.rint(table / s) * s for table, s in zip(tables, scales, strict=True)]
    exact = expected(tuple(rounded), [1, 2, 299])
    for level in ("ORT_DISABLE_ALL", "ORT_ENABLE_BASIC", "ORT_ENABLE_EXTENDED", "ORT_ENABLE_ALL"):
        options = runtime.SessionOptions()
        options.graph_optimization_level = getattr(runtime.GraphOptimizationLevel, level)
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        session = runtime.InferenceSession(stored, options, providers=["CPUExecutionProvider"])
        found = session.run(None, {"ids": np.array([[1, 2, 299]])})[0][0]
        assert np.abs(found - exact).max() < 2e-6, level


def test_a_table_of_zeros_and_an_unknown_storage(graph: bytes) -> None:
    model = onnx.load_from_string(graph)
    model.graph.initializer[2].CopyFrom(
        onnx.numpy_helper.from_array(np.zeros((CODES, WIDTH), np.float32), "out")
    )
    assert (Session(store_small(model.SerializeToString(), "int8"))(tokens(4, 5)) == 0).all()
    with pytest.raises(UsageError, match="int4"):
        store_small(graph, "int4")


@pytest.mark.parametrize("data", [b"", b"no graph", b"\x80\x04K\x01."], ids=["empty", "text", "pickle"])
def test_what_is_no_graph_is_refused(data: bytes) -> None:
    with pytest.raises(HashMismatchError, match=r"encoder\.onnx"):
        Session(data)


def test_a_graph_with_other_names_is_refused(graph: bytes) -> None:
    with pytest.raises(HashMismatchError, match="outputs"):
        Session(graph.replace(b"codes", b"coded"))
