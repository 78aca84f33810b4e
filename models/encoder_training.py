"""Fine-tune the upper layers of an encoder on codes and forms, on one core in a quarter of an hour.

The lower layers stay as they are: their states are computed once and kept. Same seed, same machine, same
weights; another processor may round other last digits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pad_sequence

from govcode.coders.examples import Example, account_weights
from govcode.coders.transformer.fitting import batches_of
from govcode.coders.transformer.network import Network
from govcode.coders.transformer.reading import Reader, Reading

HALF = torch.bfloat16
POOL = 50  # batches whose posts are sorted by length together
LEAST_TOKENS = 6  # shorter posts keep all their tokens
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is fine-tuned; chosen on held-out accounts (docs/accuracy.md), not on gold_dev.

    `frozen`: lower layers (with the embeddings) that stay; `decay`: rate of a layer by that of the next
    higher one; `invented`: share of the invented posts drawn anew for every epoch, `support` their weight;
    `balance`: exponent of the class weights; `dropped`: share of tokens left out at random.
    """

    length: int = 96
    frozen: int = 4
    epochs: int = 3
    batch: int = 32
    rate: float = 1.5e-4
    heads_rate: float = 5.0
    decay: float = 0.9
    warm_up: float = 0.08
    weight_decay: float = 0.01
    smoothing: float = 0.05
    forms: float = 0.7
    dropped: float = 0.1
    invented: float = 0.4
    support: float = 0.5
    account_cap: int = 20
    balance: float = 0.5
    largest_form_weight: float = 5.0
    seed: int = 7

    def to_card(self) -> dict[str, Any]:
        """Return the settings as a card holds them."""
        return asdict(self)


class Lower:
    """The states that the frozen lower layers give to each post, in half precision."""

    def __init__(self, network: Network, recipe: Recipe, tokens: Sequence[list[int]]) -> None:
        layers = network.encoder.encoder.layer
        network.encoder.encoder.layer = layers[: recipe.frozen]
        self._ends = np.concatenate([[0], np.cumsum([len(row) for row in tokens])])
        self._states = torch.zeros((int(self._ends[-1]), network.encoder.config.hidden_size), dtype=HALF)
        order = np.argsort([len(row) for row in tokens], kind="stable")
        network.eval()
        with torch.no_grad(), torch.autocast("cpu", HALF):
            for rows in np.array_split(order, max(1, len(order) // 64)):
                ids = pad_sequence([torch.tensor(tokens[row]) for row in rows], True, padding_value=-1)
                mask = (ids >= 0).long()
                found = network.encoder(input_ids=ids.clamp(min=0), attention_mask=mask).last_hidden_state
                for row, states in zip(rows, found, strict=True):
                    self._states[self._ends[row] : self._ends[row + 1]] = states[: len(tokens[row])]
        network.encoder.encoder.layer = layers

    def batch(self, rows: Ints, dropped: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
        """Return padded states and lengths of posts, each without a random share of its tokens."""
        parts = []
        for row in rows:
            states = self._states[self._ends[row] : self._ends[row + 1]]
            if dropped and len(states) > LEAST_TOKENS:
                kept = torch.rand(len(states)) >= dropped
                kept[0] = True
                states = states[kept]
            parts.append(states)
        return pad_sequence(parts, True), torch.tensor([len(part) for part in parts])

    def batches(self, rows: Ints, size: int, chance: np.random.Generator) -> list[Ints]:
        """Return the posts in random batches of about equal length."""
        return batches_of(rows, np.diff(self._ends), size, POOL, chance)


def upper(
    network: Network, frozen: int, states: torch.Tensor, lengths: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what both heads give from the states of the lower layers, before any softmax."""
    inside = torch.arange(states.shape[1])[None] < lengths[:, None]
    mask = torch.zeros(inside.shape, dtype=states.dtype).masked_fill(~inside, -1e4)[:, None, None]
    for layer in network.encoder.encoder.layer[frozen:]:
        states = layer(states, mask)
    mean = network.dropout(((states * inside[:, :, None]).sum(1) / lengths[:, None]).float())
    return network.codes(mean), network.forms(mean)


@dataclass(frozen=True)
class Lesson:
    """What is learned: number of code and form of each post, and the weight of each in the loss."""

    code: torch.Tensor
    form: torch.Tensor
    code_weight: torch.Tensor
    form_weight: torch.Tensor

    @classmethod
    def of(
        cls,
        examples: Sequence[Example],
        codes: Sequence[str],
        forms: Sequence[str],
        rows: Ints,
        recipe: Recipe,
    ) -> Lesson:
        """Return the lesson of all examples, with class weights by the `rows` that are learned."""
        weights = account_weights(examples, recipe.account_cap)
        weights *= np.where([e.held_out for e in examples], 1.0, recipe.support)
        code = np.array([codes.index(e.code) for e in examples])
        form = np.array([forms.index(e.form) for e in examples])

        def balanced(numbers: Ints, size: int) -> NDArray[np.float64]:
            share = np.bincount(numbers[rows], weights=weights[rows], minlength=size)
            return (share.mean() / np.maximum(share, 1.0)) ** recipe.balance

        of_form = np.minimum(balanced(form, len(forms)), recipe.largest_form_weight)
        return cls(
            torch.tensor(code),
            torch.tensor(form),
            torch.tensor(weights * balanced(code, len(codes))[code], dtype=torch.float32),
            torch.tensor(weights * of_form[form], dtype=torch.float32),
        )

    def loss(self, rows: Ints, scores: tuple[torch.Tensor, torch.Tensor], recipe: Recipe) -> torch.Tensor:
        """Return the weighted cross-entropy of codes and forms."""
        own = torch.tensor(rows)
        of_code = cross_entropy(scores[0], self.code[own], reduction="none", label_smoothing=recipe.smoothing)
        of_form = cross_entropy(scores[1], self.form[own], reduction="none", label_smoothing=recipe.smoothing)
        both = (of_code * self.code_weight[own]).sum() + recipe.forms * (
            of_form * self.form_weight[own]
        ).sum()
        return both / len(rows)


def tokens_of(tokenizer: bytes, examples: Sequence[Example], length: int) -> list[list[int]]:
    """Return the tokens of each post as the coder reads them (see `Reading`)."""
    reader = Reader(Reading(length=length), tokenizer)
    return [reader(example.text).ids[0].tolist() for example in examples]


def fine_tune(
    network: Network, lower: Lower, lesson: Lesson, real: Ints, invented: Ints, recipe: Recipe
) -> Iterator[str]:
    """Train the network in place; yield a line of progress every 50 steps."""
    chance = np.random.default_rng(recipe.seed)
    plan: list[Ints] = []
    for _ in range(recipe.epochs):
        drawn = chance.choice(invented, int(len(invented) * recipe.invented), replace=False)
        plan += lower.batches(np.concatenate([real, drawn]), recipe.batch, chance)
    groups = _groups(network, recipe)
    learned = [values for group in groups for values in group["params"]]
    optimizer = torch.optim.AdamW(groups, fused=True, betas=(0.9, 0.98))
    warm, start, mean = max(1, int(recipe.warm_up * len(plan))), time.monotonic(), 0.0
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1.0, (step + 1) / warm) * max(0.02, 1 - max(0, step - warm) / (len(plan) - warm)),
    )
    network.train()
    for layer in network.encoder.encoder.layer:
        layer.attention.self.dropout.p = 0.0  # costs much time and helps little
    for step, rows in enumerate(plan, start=1):
        states, lengths = lower.batch(rows, recipe.dropped)
        with torch.autocast("cpu", HALF):
            codes, forms = upper(network, recipe.frozen, states, lengths)
        loss = lesson.loss(rows, (codes.float(), forms.float()), recipe)
        loss.backward()
        clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        mean = 0.98 * mean + 0.02 * loss.item() if step > 1 else loss.item()
        if step % 50 == 0:
            yield f"step {step} of {len(plan)}, loss {mean:.3f}, {time.monotonic() - start:.0f} s"


def _groups(network: Network, recipe: Recipe) -> list[dict[str, Any]]:
    """Return the parameters that learn, each with its rate: lower layers learn more slowly."""
    layers = network.encoder.encoder.layer[recipe.frozen :]
    learned = [(recipe.rate * recipe.decay ** (len(layers) - 1 - i), layer) for i, layer in enumerate(layers)]
    learned += [(recipe.rate * recipe.heads_rate, head) for head in (network.codes, network.forms)]
    return [
        {"params": [values], "lr": rate, "weight_decay": recipe.weight_decay if values.ndim > 1 else 0.0}
        for rate, part in learned
        for values in part.parameters()
    ]
