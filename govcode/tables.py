"""Records to data frames and back: the one place that knows pandas by heart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from govcode.errors import UsageError
from govcode.records import Row


def column_names(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns as text; raise UsageError for what is no frame or has one twice."""
    if not isinstance(frame, pd.DataFrame):
        raise UsageError(
            f"A {type(frame).__name__} is not a data frame of posts.",
            hint="Read files with govcode.ingest(PATH); texts: pd.DataFrame({'text': texts}).",
        )
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"The data frame has the column '{twice[0]}' more than once.", hint="Rename or drop all but one."
        )
    return names


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a data frame, numbered from 1; missing values become empty strings.

    Time stamps become ISO 8601 text; numbers and other objects stay what they are.
    """
    columns = column_names(frame)
    for number, values in enumerate(frame.itertuples(index=False, name=None), start=1):
        yield Row(number, dict(zip(columns, map(_plain, values), strict=True)))


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a data frame with these columns in this order."""
    return pd.DataFrame.from_records(
        [[row.get(c, "") for c in columns] for row in rows], columns=list(columns)
    )


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") and not isinstance(value, str) else value
