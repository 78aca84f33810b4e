"""Every figure of `profile --json`: its denominator, its interval or why there is none, and its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from govcode.workflow.profile import ProfileOptions, as_json_data, profile_table
from tests.reports.conftest import full_options

TESTS = {"p", "p_holm", "p_public_first", "p_account_first", "bound"}  # they judge a figure beside them
SIZES = {"n_a", "raised", "periods", "pairs", "at_risk"}
KINDS = {"coded", "gold", "agenda", "other coding", "codebook"}


def options_of(folder: Path, what: str) -> ProfileOptions:
    """A profile of everything there is, of counts alone, or of a table in groups too small for shares."""
    if what == "counts":
        return ProfileOptions()
    if what == "months":
        return ProfileOptions(by=("account", "month"), gold=str(folder / "gold.csv"))
    full = full_options(folder)
    return ProfileOptions(
        gold=full.gold, public_agenda=full.public_agenda, agenda_series=full.agenda_series,
        against=(str(folder / "other.csv"),),
    )  # fmt: skip


@pytest.fixture(scope="module", params=["everything", "counts", "months"])
def told(request: pytest.FixtureRequest, full_study: Path) -> dict[str, Any]:
    found = profile_table(str(full_study / "coded.csv"), options_of(full_study, request.param))
    data: dict[str, Any] = json.loads(json.dumps(as_json_data(found)))
    return data


def objects(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of JSON data with its path."""
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            yield from objects(value, f"{path}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from objects(value, f"{path}[{number}]")


def test_every_figure_has_denominator_interval_or_reason_and_source(told: dict[str, Any]) -> None:
    figures = [(path, o) for path, o in objects(told["profile"]) if {"value", "low", "high"} <= o.keys()]
    assert len(figures) > 150
    for path, figure in figures:
        assert isinstance(figure["n"], int | float), path
        assert figure["of"], path
        assert figure["source"], path
        assert set(figure["source"].split(", ")) <= KINDS, path
        whole = None not in (figure["value"], figure["low"], figure["high"])
        assert figure["note"] or (whole and figure["interval"]), path
        if whole:
            assert figure["low"] <= figure["value"] <= figure["high"], path
        assert figure["n"] > 0 or figure["value"] is None, path


def test_no_number_stands_outside_of_a_figure(told: dict[str, Any]) -> None:
    """Numbers that are not counts are figures, or tests of a figure whose size stands beside them."""
    for path, found in objects(told["profile"]):
        if {"value", "low", "high"} <= found.keys():
            continue
        bare = {key for key, value in found.items() if isinstance(value, float)}
        if "at_risk" in found:  # a step of the survival curve
            bare -= {"time", "survival", "low", "high"}
        if "periods" in found:
            bare -= {"public"}  # a sum of weights
        assert bare <= TESTS, f"{path}: {bare}"
        assert not bare or SIZES & found.keys(), path


def test_lists_hold_no_bare_numbers(told: dict[str, Any]) -> None:
    def lists(data: Any) -> Iterator[list[Any]]:
        if isinstance(data, dict | list):
            for value in data.values() if isinstance(data, dict) else data:
                yield from lists(value)
        if isinstance(data, list):
            yield data

    assert not [row for row in lists(told["profile"]) if any(isinstance(v, float) for v in row)]


def test_the_files_behind_the_sources_are_named(told: dict[str, Any]) -> None:
    files = told["source"]["files"]
    assert files["coded"][0].endswith("coded.csv")
    used = {s for _, o in objects(told["profile"]) if "source" in o for s in o["source"].split(", ")}
    names = {"gold": "gold", "agenda": "agenda", "other coding": "other"}
    assert {names[kind] for kind in used & names.keys()} <= files.keys()
