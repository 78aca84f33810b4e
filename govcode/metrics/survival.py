"""How long until a reply, when some replies never came: the Kaplan-Meier curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Step:
    """The curve after one time of reply: share still unanswered, with its interval."""

    time: float
    at_risk: int
    events: int
    survival: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A Kaplan-Meier curve of `n` messages of which `events` were answered; times as given."""

    n: int
    events: int
    steps: tuple[Step, ...]

    @property
    def median(self) -> float | None:
        """Return the first time at which half or fewer are unanswered; None if that is never seen."""
        return next((s.time for s in self.steps if s.survival <= 0.5 + 1e-12), None)

    @property
    def median_interval(self) -> tuple[float | None, float | None]:
        """Return the times where the limits of the curve cross one half (Brookmeyer & Crowley 1982)."""
        low = next((s.time for s in self.steps if s.low <= 0.5), None)
        high = next((s.time for s in self.steps if s.high <= 0.5), None)
        return low, high


def kaplan_meier(times: Sequence[float], answered: Sequence[bool], *, level: float = 0.95) -> SurvivalCurve:
    """Estimate the share still unanswered after each time; unanswered messages are censored.

    S(t) = product over reply times of (1 - d / n at risk). Variance by Greenwood, interval on the
    log(-log) scale (stays in [0, 1]); where S is 0 or 1 the interval is the point. Censored at a reply
    time count as still at risk. Source: Kaplan & Meier 1958; Kalbfleisch & Prentice 1980.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    data = sorted(zip(times, answered, strict=True))
    steps: list[Step] = []
    survival, greenwood, at_risk, position = 1.0, 0.0, len(data), 0
    while position < len(data):
        time, events, leaving = data[position][0], 0, 0
        while position < len(data) and data[position][0] == time:
            events += data[position][1]
            leaving += 1
            position += 1
        if events:
            survival *= 1 - events / at_risk
            greenwood += events / (at_risk * (at_risk - events)) if at_risk > events else 0.0
            low, high = _limits(survival, greenwood, z)
            steps.append(Step(time, at_risk, events, survival, low, high))
        at_risk -= leaving
    return SurvivalCurve(len(data), sum(map(bool, answered)), tuple(steps))


def _limits(survival: float, greenwood: float, z: float) -> tuple[float, float]:
    if not 0 < survival < 1:
        return survival, survival
    centre = log(-log(survival))
    width = z * sqrt(greenwood) / abs(log(survival))
    return exp(-exp(centre + width)), exp(-exp(centre - width))
