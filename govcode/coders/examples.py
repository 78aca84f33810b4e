"""Coded posts to learn from, and the groups that must not straddle training and testing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.shingles import Clusters, band_keys, candidate_groups, jaccard, shingles, signature
from govcode.text.clean import CodingText

NEAR = 0.6  # Jaccard similarity of shingles from which two posts count as the same text


@dataclass(frozen=True, slots=True)
class Example:
    """A post as coders read it, with its gold code.

    `held_out` is False for posts that only help to learn (invented posts): figures never rest on them.
    `typical` is False for posts that were coded because a model found them hard: they are learned from and
    judged, but probabilities and thresholds are not fitted to them, for no corpus is made of such posts.
    `second_sought` is False where nobody looked for a second code, so that an empty one says nothing.
    """

    post_id: str
    text: CodingText
    code: str
    secondary: str = ""
    form: str = ""
    account: str = ""
    held_out: bool = True
    weight: float = 1.0
    typical: bool = True
    second_sought: bool = True


def account_groups(examples: Sequence[Example]) -> NDArray[np.intp]:
    """Return a group number per example: posts of one account or of one near-duplicate cluster share it."""
    clusters = Clusters(len(examples))
    first: dict[str, int] = {}
    for number, example in enumerate(examples):
        if example.account:
            clusters.join(first.setdefault(example.account, number), number)
    wholes = [example.text.title + example.text.body for example in examples]
    if len(examples) > 1:
        sets = [shingles(whole) for whole in wholes]
        keys = np.stack([band_keys(signature(whole)) for whole in wholes])
        for group in candidate_groups(keys):
            for other in group[1:].tolist():
                if jaccard(sets[int(group[0])], sets[other]) >= NEAR:
                    clusters.join(int(group[0]), other)
    return np.array([clusters.root(number) for number in range(len(examples))], dtype=np.intp)


def account_weights(examples: Sequence[Example], cap: int) -> NDArray[np.float64]:
    """Return weights that keep accounts with many posts from ruling: sqrt(cap / n) beyond `cap` posts."""
    counts = Counter(example.account or example.post_id for example in examples)
    share = [cap / counts[example.account or example.post_id] for example in examples]
    weights: NDArray[np.float64] = np.minimum(1.0, np.sqrt(share))
    return np.multiply(weights, [example.weight for example in examples])


def split_groups(
    groups: NDArray[np.intp], codes: NDArray[np.intp], folds: int, seed: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return (rest, fold) row numbers for grouped cross-validation with similar shares of codes.

    Groups go, the largest first (ties by a seeded shuffle), to the fold where they keep the shares of
    codes most even.
    """
    names, place = np.unique(groups, return_inverse=True)
    folds = max(2, min(folds, len(names)))
    table = np.zeros((len(names), int(codes.max()) + 1))
    np.add.at(table, (place, codes), 1.0)
    ideal = table.sum(axis=0) / folds
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-table[order].sum(axis=1), kind="stable")]
    filled = np.zeros((folds, table.shape[1]))
    home = np.zeros(len(names), dtype=np.intp)
    for group in order:
        excess = (np.maximum(filled + table[group] - ideal, 0) / np.maximum(ideal, 1)).sum(axis=1)
        size = filled.sum(axis=1) / max(1.0, ideal.sum())
        home[group] = int(np.argmin(excess + 0.1 * size))
        filled[home[group]] += table[group]
    fold_of = home[place]
    rows = np.arange(len(groups))
    return [(rows[fold_of != fold], rows[fold_of == fold]) for fold in range(folds)]
