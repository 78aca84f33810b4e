from __future__ import annotations

import math

import pytest

from govcode.errors import UsageError
from govcode.metrics.gates import read_gates, unmet_gates


def test_reads_several_gates():
    assert read_gates(["a=.5,b=1", "c= .2"]) == {"a": 0.5, "b": 1.0, "c": 0.2}


@pytest.mark.parametrize("text", ["a", "a=", "=.5", "a=b"])
def test_refuses_what_is_no_gate(text):
    with pytest.raises(UsageError, match="not a gate"):
        read_gates([text])


def test_undefined_figure_meets_no_gate():
    figures = {"a": 0.5, "b": math.nan}
    assert unmet_gates(figures, {"a": 0.5}) == []
    assert "under 0.51" in unmet_gates(figures, {"a": 0.51})[0]
    assert "undefined" in unmet_gates(figures, {"b": 0})[0]


def test_unknown_figure_names_those_there_are():
    with pytest.raises(UsageError) as error:
        unmet_gates({"a": 1.0}, {"z": 0.1})
    assert "a" in error.value.hint
