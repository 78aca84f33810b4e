"""Fine-tune one network: an epoch at a time, each of them repeatable, so that it can go on after a kill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from govcode.coders.transformer.checkpoints import Checkpoints
from govcode.coders.transformer.network import Network
from govcode.coders.transformer.reading import Tokens
from govcode.coders.transformer.settings import TransformerSettings, Watch

Floats = NDArray[np.float64]
POOL = 16  # batches whose posts are sorted by length together: little padding, still mixed
LARGEST_STEP = 1.0  # norm to which gradients are clipped


@dataclass(frozen=True)
class Lesson:
    """What a network learns from: tokens, numbers of code and form (-1: unknown), and weight of each post."""

    tokens: Sequence[Tokens]
    codes: NDArray[np.int64]
    forms: NDArray[np.int64]
    weights: Floats

    def of(self, rows: NDArray[np.intp]) -> Lesson:
        """Return the lesson of some posts."""
        return Lesson([self.tokens[i] for i in rows], self.codes[rows], self.forms[rows], self.weights[rows])


def fit(
    network: Network,
    lesson: Lesson,
    settings: TransformerSettings,
    checkpoints: Checkpoints,
    watch: Watch,
    *,
    unit: str,
    number: int,
) -> Network:
    """Train the network in place, from the last checkpoint of this unit on; `number` goes into the seeds."""
    optimiser = _optimiser(network, settings)
    done, state = checkpoints.restore(unit)
    if done:
        _restore(network, optimiser, state)
    balance = _balance(lesson, network.codes.out_features)
    steps = -(-len(lesson.codes) // settings.batch)
    lengths = np.array([found.ids.shape[1] for found in lesson.tokens])
    for epoch in range(done, settings.epochs):
        started = monotonic()
        seed = int(np.random.SeedSequence([settings.seed, number, epoch]).generate_state(1)[0])
        torch.manual_seed(seed)
        rows = np.arange(len(lesson.codes))
        order = batches_of(rows, lengths, settings.batch, POOL, np.random.default_rng(seed))
        network.train()
        total = 0.0
        name = f"{unit}, epoch {epoch + 1} of {settings.epochs}"
        with watch.steps(range(steps), name) as counted:
            for step in counted:
                _set_rate(optimiser, settings, (epoch * steps + step + 1) / (settings.epochs * steps))
                total += _step(network, optimiser, lesson, order[step], balance, settings.form_weight)
        checkpoints.save(unit, epoch + 1, _state(network, optimiser))
        watch.told(f"{name}: loss {total / steps:.3f}, {monotonic() - started:.0f} s")
    network.eval()
    return network


def _step(
    network: Network, optimiser: Any, lesson: Lesson, rows: NDArray[np.intp], balance: Any, form_weight: float
) -> float:
    """Take one step; return the loss."""
    ids, types, mask = padded([lesson.tokens[i] for i in rows])
    codes, forms = network(ids, types, mask)
    own = torch.from_numpy(lesson.codes[rows])
    weights = torch.from_numpy(lesson.weights[rows]).float() * balance[own]
    loss = _mean(-codes.gather(1, own[:, None])[:, 0], weights)
    if forms is not None:
        shapes = torch.from_numpy(lesson.forms[rows])
        known = torch.from_numpy(lesson.weights[rows]).float() * (shapes >= 0)
        loss = loss + form_weight * _mean(-forms.gather(1, shapes.clamp(min=0)[:, None])[:, 0], known)
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_STEP)
    optimiser.step()
    return float(loss.detach())


def _mean(values: Any, weights: Any) -> Any:
    return (values * weights).sum() / weights.sum().clamp(min=1e-6)


def padded(tokens: Sequence[Tokens]) -> tuple[Any, Any, Any]:
    """Return ids, segments and mask of a batch, each of shape (posts, longest)."""
    longest = max(found.ids.shape[1] for found in tokens)
    ids = torch.zeros((len(tokens), longest), dtype=torch.int64)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, found in enumerate(tokens):
        size = found.ids.shape[1]
        ids[row, :size] = torch.from_numpy(found.ids[0])
        types[row, :size] = torch.from_numpy(found.types[0])
        mask[row, :size] = 1
    return ids, types, mask


def batches_of(
    rows: NDArray[np.intp], lengths: NDArray[np.integer[Any]], size: int, pool: int, draw: np.random.Generator
) -> list[NDArray[np.intp]]:
    """Return the rows in batches: posts of similar length together, batches in random order.

    `lengths`: tokens of each post, by row number. `pool` batches are sorted by length together.
    """
    order = draw.permutation(rows)
    batches = []
    for start in range(0, len(order), pool * size):
        chunk = order[start : start + pool * size]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        batches += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    return [batches[place] for place in draw.permutation(len(batches))]


def _balance(lesson: Lesson, codes: int) -> Any:
    """Return the weight of each code: what makes all codes weigh the same together."""
    mass = np.bincount(lesson.codes, weights=lesson.weights, minlength=codes)
    return torch.from_numpy(mass.sum() / (codes * np.maximum(mass, 1e-6))).float()


def _optimiser(network: Network, settings: TransformerSettings) -> Any:
    heads = [network.codes, *([network.forms] if network.forms is not None else [])]
    return torch.optim.AdamW(
        [
            {"params": list(network.encoder.parameters()), "top": settings.rate},
            {"params": [p for head in heads for p in head.parameters()], "top": settings.head_rate},
        ],
        lr=0.0,
        weight_decay=settings.decay,
    )


def _set_rate(optimiser: Any, settings: TransformerSettings, progress: float) -> None:
    """Let the rates rise to their top in the warm-up, then fall to zero; `progress` runs from 0 to 1."""
    rise = settings.warmup
    share = progress / rise if progress < rise else (1 - progress) / (1 - rise)
    for group in optimiser.param_groups:
        group["lr"] = group["top"] * share


def _state(network: Network, optimiser: Any) -> dict[str, Any]:
    """Return weights and moments of the optimiser as tensors with names."""
    found = {f"network.{name}": values.clone() for name, values in network.state_dict().items()}
    for number, moments in optimiser.state_dict()["state"].items():
        found |= {f"optimiser.{number}.{name}": values.clone() for name, values in moments.items()}
    return found


def _restore(network: Network, optimiser: Any, state: dict[str, Any]) -> None:
    weights = {name.partition(".")[2]: v for name, v in state.items() if name.startswith("network.")}
    network.load_state_dict(weights)
    moments: dict[int, dict[str, Any]] = {}
    for name, values in state.items():
        if name.startswith("optimiser."):
            _, number, what = name.split(".")
            moments.setdefault(int(number), {})[what] = values
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": moments, "param_groups": groups})
