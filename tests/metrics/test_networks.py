"""Networks small enough to count by hand."""

from __future__ import annotations

import pytest

from govcode.metrics.networks import network_figures


def test_a_star_is_fully_centralised_and_never_returned() -> None:
    star = {("hub", "a"): 3, ("hub", "b"): 1, ("hub", "c"): 2}
    found = network_figures(frozenset("abc") | {"hub"}, star)
    assert (found.ties, found.density, found.reciprocity) == (3, 0.25, 0)
    assert found.centralisation == 1


def test_a_ring_has_no_centre() -> None:
    found = network_figures(frozenset("abc"), {("a", "b"): 1, ("b", "c"): 1, ("c", "a"): 1})
    assert (found.density, found.reciprocity, found.centralisation) == (0.5, 0, 0)


def test_returned_ties_and_groups() -> None:
    edges = {("a", "b"): 1, ("b", "a"): 5, ("a", "c"): 1}
    found = network_figures(frozenset("abc"), edges, group={"a": "x", "b": "x", "c": "y"})
    assert found.reciprocity == pytest.approx(2 / 3)
    assert found.ei_index == pytest.approx((1 - 2) / 3)


def test_self_ties_and_strangers_do_not_count() -> None:
    found = network_figures(frozenset("ab"), {("a", "a"): 9, ("a", "z"): 2})
    assert (found.ties, found.density, found.reciprocity, found.centralisation) == (0, 0, None, None)


def test_nobody_has_no_figures() -> None:
    found = network_figures(frozenset(), {})
    assert (found.density, found.ei_index) == (None, None)
