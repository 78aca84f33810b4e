"""Compare encoder, linear model and both together on posts of accounts that neither has seen.

Usage: python benchmarks/accuracy_large.py [--typical]

Rests on what is in the repository: the scores that encoders gave to posts of accounts left out of their
training (models/training/held-out-scores.npz, splits of held-out.json), and the out-of-fold probabilities of
functions-zh. Only the gold codes need the labelled real posts (models/corpus.py). Prints macro-F1 and alpha
with 95 % intervals from a bootstrap over accounts, F1 of each code, the difference to the linear model, and
the share of posts for which the encoder is asked. gold_dev is not read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "models"), str(ROOT)]

import numpy as np  # noqa: E402
from build_large import PARTNER, PARTNER_WEIGHT, SCORES, held_out  # noqa: E402
from corpus import examples  # noqa: E402

from govcode.codebook.load import load_codebook  # noqa: E402
from govcode.coders.calibration import fit_calibration  # noqa: E402
from govcode.coders.store import find_model, load_model  # noqa: E402
from govcode.coders.transformer.partner import join  # noqa: E402
from govcode.metrics import classification  # noqa: E402
from govcode.metrics.resampling import bootstrap_cells, percentile_figure  # noqa: E402

WEIGHTS = (0.2, 0.3, 0.4, 0.5, 0.6)
TRUSTED = (0.9, 0.95, 0.99)


class Unseen:
    """Posts of accounts held out: gold code, group, what the encoder and what the linear model says."""

    def __init__(self, typical: bool) -> None:
        self.codebook = load_codebook("functions")
        real = [example for example in examples(self.codebook) if example.held_out]
        linear = load_model(find_model(PARTNER)).arrays["held_out"].astype(np.float64)
        with np.load(SCORES) as kept:
            scores = dict(zip(kept["post_ids"].tolist(), kept["scores"].astype(np.float64), strict=True))
        groups = {post: group for split in held_out().values() for post, group in split.items()}
        rows = [
            row for row, example in enumerate(real)
            if example.post_id in scores and (example.typical or not typical)
        ]  # fmt: skip
        self.gold = np.array([self.codebook.ids.index(real[row].code) for row in rows], dtype=np.intp)
        self.groups = np.unique([groups[real[row].post_id] for row in rows], return_inverse=True)[1]
        self.linear = linear[rows]
        totals = np.array([scores[real[row].post_id] for row in rows])[:, : len(self.codebook.ids)]
        self.encoder = fit_calibration(totals, self.gold).probabilities(totals)

    def variants(self) -> Iterator[tuple[str, Any, float]]:
        """Yield name, codes and the share of posts for which the encoder is asked."""
        yield "functions-zh (out of fold)", self.linear, 0.0
        yield "encoder", self.encoder, 1.0
        for weight in WEIGHTS:
            yield f"both, weight {weight} of functions-zh", join(self.encoder, self.linear, weight), 1.0
        for trust in TRUSTED:
            both = join(self.encoder, self.linear, PARTNER_WEIGHT, trust)
            asked = float((self.linear.max(axis=1) < trust).mean())
            yield f"weight {PARTNER_WEIGHT}, functions-zh alone from {trust}", both, asked

    def tables(self, said: Any) -> tuple[Any, Any]:
        """Return the confusion of a variant, and those of the same bootstrap samples of accounts for each."""
        size, ones = len(self.codebook.ids), np.ones(len(self.gold))
        machine = said.argmax(axis=1)
        draws = bootstrap_cells(self.gold * size + machine, size * size, weights=ones, clusters=self.groups)
        return classification.confusion(self.gold, machine, size, ones), draws.reshape(-1, size, size)


def figure(value: Any, draws: Any) -> str:
    """Return a figure with its interval as text."""
    found = percentile_figure(float(value), draws)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--typical", action="store_true", help="only posts as they come")
    parser.add_argument(
        "--json", action="store_true", help="print the number of posts and groups as JSON too"
    )
    options = parser.parse_args()
    unseen = Unseen(options.typical)
    print(f"{len(unseen.gold)} posts of {unseen.groups.max() + 1} groups\n")
    codes = unseen.codebook.ids
    print(
        f"| variant | macro-F1 [95 %] | alpha [95 %] | {' | '.join(codes)} | alpha − linear [95 %] | asked |"
    )
    print("| --- |" + " --- |" * (len(codes) + 4))
    present = np.ones(len(codes), dtype=bool)
    base: Any = None
    for name, said, asked in unseen.variants():
        table, draws = unseen.tables(said)
        base = (table, draws) if base is None else base
        alpha, alphas = classification.alpha(table), classification.alpha(draws)
        cells = [
            figure(classification.macro_f1(table, present), classification.macro_f1(draws, present)),
            figure(alpha, alphas),
            *(f"{value:.2f}" for value in classification.f1(table)),
            figure(alpha - classification.alpha(base[0]), alphas - classification.alpha(base[1])),
            f"{asked:.0%}",
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
