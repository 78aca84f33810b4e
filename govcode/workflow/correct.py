"""Put shares corrected by gold beside the counted ones, from the same estimation as `govcode estimate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from govcode.errors import NotComputableError
from govcode.metrics.figures import Figure
from govcode.profiles.base import Correction, Share
from govcode.profiles.profile import GroupProfile, Profile
from govcode.workflow.estimate import EstimateOptions, estimate

Key = tuple[tuple[str, ...], str]  # group, code


def corrected(
    found: Profile,
    coded: str,
    gold: str,
    *,
    assume_random: bool = False,
    codebook: str,
    form: str | None = None,
    encoding: str | None = None,
) -> Profile:
    """Return the profile with corrected shares, and how they were made or why they could not be.

    Gold without recorded inclusion probabilities corrects nothing unless it is said to be a simple random
    draw (`assume_random`): then the reason is kept, and shares stay as counted.
    """
    options = EstimateOptions(
        by=found.grouping, assume_random=assume_random, codebook=codebook, form=form, encoding=encoding
    )
    try:
        result = estimate(coded, gold, options).estimation
    except NotComputableError as error:
        reason = str(error).replace(gold, Path(gold).name).replace(coded, Path(coded).name)
        return replace(found, correction=Correction("", "", "", 0, reason))
    figures: dict[Key, Figure] = {
        (tuple(row.group.get(name, "") for name in found.grouping) if row.group else (), row.code): row.share
        for row in result.estimates
    }
    return replace(
        found, correction=Correction(result.method, result.label, result.assumption, result.gold),
        overall=_with(found.overall, figures), groups=tuple(_with(g, figures) for g in found.groups),
    )  # fmt: skip


def _with(group: GroupProfile, figures: Mapping[Key, Figure]) -> GroupProfile:
    return replace(group, shares=tuple(_share(s, figures.get((group.key, s.code))) for s in group.shares))


def _share(share: Share, figure: Figure | None) -> Share:
    usable = figure is not None and figure.value == figure.value
    return replace(share, corrected=figure) if usable else share
