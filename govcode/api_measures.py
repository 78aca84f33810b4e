"""The measuring verbs from Python: tables may be data frames or files."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from govcode.errors import GovcodeError, UsageError
from govcode.tables import column_names, rows_of
from govcode.writers.tables import open_writer

if TYPE_CHECKING:
    from govcode.workflow.estimate import EstimateResult
    from govcode.workflow.evaluate import EvaluateResult
    from govcode.workflow.profile import Profiled
    from govcode.workflow.reliability import ReliabilityRun

Tabular = pd.DataFrame | str | Path


def evaluate(coded: Tabular, gold: Tabular, **options: Any) -> EvaluateResult:
    """Judge a coded table against gold; options as in `workflow.evaluate.EvaluateOptions`."""
    from govcode.workflow.evaluate import EvaluateOptions
    from govcode.workflow.evaluate import evaluate as run

    with _files(coded, gold) as (coded_file, gold_file):
        return run(coded_file, gold_file, EvaluateOptions(**options))


def estimate(coded: Tabular, gold: Tabular | None = None, **options: Any) -> EstimateResult:
    """Estimate corrected shares of the codes; options as in `workflow.estimate.EstimateOptions`."""
    from govcode.workflow.estimate import EstimateOptions
    from govcode.workflow.estimate import estimate as run

    with _files(coded, *([] if gold is None else [gold])) as (coded_file, *gold_files):
        return run(coded_file, gold_files[0] if gold_files else None, EstimateOptions(**options))


def reliability(codings: Tabular | Sequence[Tabular], **options: Any) -> ReliabilityRun:
    """Compute the agreement of coders; options as in `workflow.reliability.ReliabilityOptions`."""
    from govcode.workflow.reliability import ReliabilityOptions
    from govcode.workflow.reliability import reliability as run

    tables = [codings] if isinstance(codings, pd.DataFrame | str | Path) else list(codings)
    with _files(*tables) as files:
        return run(files, ReliabilityOptions(**options))


def profile(coded: Tabular, **options: Any) -> Profiled:
    """Measure functions and limits of accounts; options as in `workflow.profile.ProfileOptions`."""
    from govcode.workflow.profile import ProfileOptions, profile_table

    with _files(coded) as (file,):
        return profile_table(file, ProfileOptions(**options))


@contextmanager
def _files(*tables: Tabular) -> Iterator[list[str]]:
    """Give every table as a file; data frames are written to a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="govcode-") as folder:
        paths = []
        for number, table in enumerate(tables):
            if isinstance(table, str | Path):
                paths.append(str(table))
                continue
            columns = column_names(table)
            if table.empty:
                raise UsageError("The data frame holds no row.", hint="Give coded posts, gold or codings.")
            path = Path(folder) / f"table{number}.jsonl"
            with open_writer(path, columns) as writer:
                for row in rows_of(table):
                    writer.write(row.values)
            paths.append(str(path))
        try:
            yield paths
        except GovcodeError as error:
            error.message = error.message.replace(f"{folder}{os.sep}table", "data frame ")
            error.message = re.sub(r"(data frame \d+)\.jsonl", r"\1", error.message)
            raise
