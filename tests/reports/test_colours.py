"""Colours are seen on their ground, and told apart with any colour vision."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from govcode.reports.charts.base import COLOURS, FAINT, GROUND, INK
from govcode.reports.drawing import DARK

# Machado, Oliveira & Fernandes (2009), full severity, on linear RGB.
VISION = {
    "usual": np.eye(3),
    "without red cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "without green cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "without blue cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(axis=1)


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB of linear RGB."""
    x, y, z = np.cbrt(np.clip(XYZ @ np.clip(rgb, 0, 1) / WHITE, 0.008856, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """Contrast after WCAG 2."""
    low, high = sorted(float(XYZ[1] @ linear(c)) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


THEMES = {"light": dict(zip(DARK, DARK, strict=True)), "dark": DARK}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_codes_are_told_apart_with_any_colour_vision(theme: str, vision: str) -> None:
    seen = [lab(np.array(VISION[vision]) @ linear(THEMES[theme][c])) for c in COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen[:5], 2)) > 20


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_words_stand_out_from_the_ground(theme: str) -> None:
    colours = THEMES[theme]
    assert all(contrast(colours[c], colours[GROUND]) >= 3 for c in COLOURS)
    assert all(contrast(colours[c], colours[GROUND]) >= 4.5 for c in (INK, FAINT))


@pytest.mark.parametrize("theme", THEMES)
def test_figures_in_the_darkest_cell_can_be_read(theme: str) -> None:
    """A cell of the heat map covers its ground by at most .55."""
    ground, blue = ([int(THEMES[theme][c][i : i + 2], 16) for i in (1, 3, 5)] for c in (GROUND, COLOURS[0]))
    cell = "#" + "".join(f"{round(0.45 * g + 0.55 * b):02x}" for g, b in zip(ground, blue, strict=True))
    assert contrast(cell, THEMES[theme][INK]) >= 4.5
