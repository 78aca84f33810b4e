"""The same scores within forms and within groups of posts."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.evaluation.pairs import Pairs
from govcode.evaluation.scores import Scores, accuracy_of, overall_scores
from govcode.metrics.figures import Figure

FEW = 10
"""Groups with fewer posts than this are scored but marked."""


@dataclass(frozen=True)
class FormScores:
    """How often posts of one gold form get their gold code, and which wrong code they get most."""

    form: str
    posts: int
    accuracy: Figure
    wrong_code: str
    wrong_posts: int


@dataclass(frozen=True)
class GroupScores:
    """The scores within one value of one column."""

    column: str
    value: str
    scores: Scores


def form_scores(pairs: Pairs, *, level: float) -> tuple[FormScores, ...]:
    """Score each form that gold names, largest first."""
    if pairs.forms is None:
        return ()
    rows = []
    for place, form in enumerate(pairs.forms.values):
        chosen = pairs.forms.index == place
        if not form or not chosen.any():
            continue
        accuracy = accuracy_of(pairs, level=level, chosen=chosen)
        code, posts = _commonest_error(pairs, chosen)
        rows.append(FormScores(form, int(chosen.sum()), accuracy, code, posts))
    return tuple(sorted(rows, key=lambda row: (-row.posts, row.form)))


def group_scores(pairs: Pairs, *, level: float, replicates: int, seed: int) -> tuple[GroupScores, ...]:
    """Score each value of each group column, in order of value."""
    rows = []
    for column, groups in pairs.groups.items():
        for place in sorted(range(len(groups.values)), key=lambda k: _natural(groups.values[k])):
            chosen = groups.index == place
            if chosen.any():
                draws = pairs.draws(chosen, replicates=replicates, seed=seed)
                scores = overall_scores(pairs, draws, level=level, chosen=chosen)
                rows.append(GroupScores(column, groups.values[place], scores))
    return tuple(rows)


def _natural(value: str) -> tuple[int, str]:
    """Sort `21-70` before `141-500`."""
    number = re.match(r"\d+", value)
    return (int(number[0]) if number else -1, value)


def _commonest_error(pairs: Pairs, chosen: NDArray[np.bool_]) -> tuple[str, int]:
    wrong = pairs.machine[chosen & ~pairs.right]
    if not len(wrong):
        return "", 0
    counts = np.bincount(wrong, minlength=len(pairs.labels))
    return pairs.labels[int(counts.argmax())], int(counts.max())
