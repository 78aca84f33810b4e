"""Records to data frames and back: the one place that knows pandas by heart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from govcode.records import Row


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a data frame, numbered from 1; missing values become empty strings.

    Time stamps become ISO 8601 text; numbers and other objects stay what they are.
    """
    columns = [str(name) for name in frame.columns]
    for number, values in enumerate(frame.itertuples(index=False, name=None), start=1):
        yield Row(number, dict(zip(columns, map(_plain, values), strict=True)))


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a data frame with these columns in this order."""
    return pd.DataFrame.from_records(
        [[row.get(c, "") for c in columns] for row in rows], columns=list(columns)
    )


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") and not isinstance(value, str) else value
