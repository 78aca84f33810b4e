"""Print the reliability table of a shipped model: whether .8 means right in 80 of 100 posts.

Usage: python benchmarks/calibration.py [MODEL ...]      (functions-zh and functions-zh-large by default)

Rests on the held-out probabilities that each model carries: of posts of accounts it had not seen, calibrated
by other accounts. Shares of right codes have 95 % intervals as if posts were independent. No real posts
are needed.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from govcode.coders.store import find_model, load_model  # noqa: E402
from govcode.metrics.calibration import bin_sums, calibration_error, reliability_bins  # noqa: E402
from govcode.metrics.intervals import share_interval  # noqa: E402

MODELS = ("functions-zh", "functions-zh-large")


def table(name: str) -> str:
    """Return the reliability table of a model as Markdown."""
    model = load_model(find_model(name))
    shares, gold = model.arrays["held_out"].astype(np.float64), model.arrays["held_out_gold"]
    confidence, right = shares.max(axis=1), shares.argmax(axis=1) == gold
    weights = np.ones(len(gold))
    error = float(calibration_error(bin_sums(confidence, right, weights).sum(axis=0)))
    lines = [
        f"`{name}`: {len(gold):,} posts, {right.mean():.3f} of them right, ECE {error:.3f}",
        "",
        "| probability of the code | posts | mean probability | right [95 %] |",
        "| --- | --: | --: | --- |",
    ]
    for one in reliability_bins(confidence, right, weights):
        if one.posts:
            found = share_interval(round(one.accuracy * one.posts), one.posts)
            lines.append(
                f"| {one.low:.1f} to {one.high:.1f} | {one.posts:,} | {one.confidence:.3f} |"
                f" {found.value:.3f} [{found.low:.3f}, {found.high:.3f}] |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print("\n\n".join(map(table, sys.argv[1:] or MODELS)))
