"""How a transformer is fine-tuned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class TransformerSettings:
    """What decides about the outcome, beside the posts.

    `base`: folder or hub name of the encoder. `length`: most tokens of a post; `prefix` stands before it.
    `rate`, `head_rate`: largest learning rate of encoder and heads, reached after the share `warmup` of all
    steps, falling to zero at the end. `form_weight`: weight of the forms in the loss. `support`: weight of
    examples that are not held out. `account_cap`: see `account_weights`. `storage`: see `storage`.
    """

    base: str = ""
    length: int = 128
    prefix: str = ""
    epochs: int = 3
    batch: int = 16
    rate: float = 5e-5
    head_rate: float = 1e-3
    warmup: float = 0.1
    decay: float = 0.01
    form_weight: float = 0.5
    support: float = 0.5
    account_cap: int = 20
    folds: int = 5
    seed: int = 7
    storage: str = "float16"


class Watch(Protocol):
    """Tell people how far a training is; nothing depends on it."""

    def steps(self, items: range, description: str) -> AbstractContextManager[Any]:
        """Return the steps of an epoch, watched."""

    def told(self, message: str) -> None:
        """Take a line about an epoch that has ended."""


class Unwatched:
    """Tell nothing."""

    @contextmanager
    def steps(self, items: range, description: str) -> Iterator[Any]:
        """Pass the steps through."""
        yield items

    def told(self, message: str) -> None:
        """Do nothing."""
