"""A figure: a value with its interval, how both were made, and from how many posts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its interval; NaN where it is not defined (`note` says why).

    `level` is the nominal coverage of [low, high]; `interval` names the method that made it.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    level: float = 0.95
    interval: str = ""
    note: str = ""


def as_data(result: Any) -> Any:
    """Turn frozen results into what JSON can hold; NaN and infinities become null, dates ISO 8601."""
    if is_dataclass(result) and not isinstance(result, type):
        return {f.name: as_data(getattr(result, f.name)) for f in fields(result)}
    if isinstance(result, Mapping):
        return {str(key): as_data(value) for key, value in result.items()}
    if isinstance(result, np.ndarray):
        return as_data(result.tolist())
    if isinstance(result, list | tuple):
        return [as_data(value) for value in result]
    if isinstance(result, date):
        return result.isoformat()
    if isinstance(result, np.generic):
        return as_data(result.item())
    if isinstance(result, float) and not math.isfinite(result):
        return None
    return result
