"""Fine-tuning the upper layers of an encoder: does it learn, does it repeat, does it leave the rest alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from govcode.coders.examples import Example  # noqa: E402
from govcode.coders.transformer.network import Network  # noqa: E402
from govcode.text.clean import CodingText  # noqa: E402
from tests.scripts import load_script  # noqa: E402

CODES, FORMS = ("plain", "urgent"), ("f1", "f2", "f3")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Use one thread here, and as many as before elsewhere: their number decides last digits."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def training() -> ModuleType:
    return load_script(Path(__file__).parents[2] / "models" / "encoder_training.py")


def network() -> Any:
    torch.manual_seed(5)
    config = transformers.BertConfig(
        vocab_size=40, hidden_size=32, num_hidden_layers=3, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=32, attn_implementation="eager",
    )  # fmt: skip
    return Network(transformers.BertModel(config, add_pooling_layer=False), len(CODES), len(FORMS))


def posts() -> tuple[list[Example], list[list[int]]]:
    """Return posts whose code is told by one token, 7 or 8."""
    draw = np.random.default_rng(2)
    examples, tokens = [], []
    for number in range(80):
        urgent = number % 2
        row = [2, *draw.integers(10, 40, int(draw.integers(4, 12))).tolist(), 3]
        row[2] = 7 + urgent
        tokens.append(row)
        text = CodingText(str(number), "")
        examples.append(
            Example(str(number), text, CODES[urgent], form=FORMS[urgent], account=f"a{number % 9}")
        )
    return examples, tokens


def learned(training: ModuleType, **changes: Any) -> tuple[Any, list[str], Any]:
    recipe = replace(training.Recipe(), frozen=1, epochs=12, batch=16, rate=5e-3, dropped=0.0, **changes)
    examples, tokens = posts()
    made = network()
    lower = training.Lower(made, recipe, tokens)
    rows = np.arange(len(examples))
    lesson = training.Lesson.of(examples, CODES, FORMS, rows, recipe)
    lines = list(training.fine_tune(made, lower, lesson, rows[:60], rows[60:], recipe))
    return made, lines, tokens


def test_it_learns_what_tells_the_codes_apart(training: ModuleType) -> None:
    made, lines, tokens = learned(training)
    made.eval()
    with torch.no_grad():
        found = [
            int(made(torch.tensor([row]), torch.zeros(1, len(row)).long())[0].argmax()) for row in tokens
        ]
    assert np.mean([code == number % 2 for number, code in enumerate(found)]) > 0.95
    assert "loss" in lines[0]


def test_the_same_seed_gives_the_same_weights_and_lower_layers_stay(training: ModuleType) -> None:
    first, second = (learned(training, seed=3)[0].state_dict() for _ in range(2))
    fresh = network().state_dict()
    for name, values in first.items():
        assert torch.equal(values, second[name])
        frozen = "embeddings" in name or "encoder.layer.0." in name
        assert torch.equal(values, fresh[name]) == frozen, name


def test_upper_and_lower_layers_together_are_the_network(training: ModuleType) -> None:
    _, tokens = posts()
    made = network()
    recipe = replace(training.Recipe(), frozen=1)
    states, lengths = training.Lower(made, recipe, tokens).batch(np.array([3, 4]))
    with torch.no_grad():
        codes, _ = training.upper(made, 1, states.float(), lengths)
        alone, _ = made(torch.tensor([tokens[3]]), torch.zeros(1, len(tokens[3])).long())
    assert torch.allclose(torch.log_softmax(codes[0], -1), alone[0], atol=0.05)  # half precision between


def test_rare_codes_and_crowded_accounts_are_weighed(training: ModuleType) -> None:
    examples, _ = posts()
    rare = [replace(example, code=CODES[int(i < 8)]) for i, example in enumerate(examples)]
    lesson = training.Lesson.of(rare, CODES, FORMS, np.arange(80), training.Recipe())
    assert lesson.code_weight[0] / lesson.code_weight[-1] == pytest.approx((72 / 8) ** 0.5, rel=0.01)
    crowd = [replace(example, account="a") for example in examples[:40]]
    crowd += [replace(example, account=str(i)) for i, example in enumerate(examples[40:])]
    lesson = training.Lesson.of(crowd, CODES, FORMS, np.arange(80), training.Recipe(account_cap=10))
    assert lesson.code_weight[0] / lesson.code_weight[-2] == pytest.approx(0.5)
