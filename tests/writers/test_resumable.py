"""Tables that can be continued: the same bytes as in one go, whatever was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.errors import UsageError
from govcode.writers.resumable import open_resumable
from govcode.writers.tables import open_writer

COLUMNS = ("post_id", "text")
ROWS = [{"post_id": f"{i:016d}", "text": f"第{i}条,“引号”\n换行"} for i in range(40)]


class KilledError(Exception):
    """Stand for the end of the process."""


def write_until(path: Path, stop: int, checkpoints: set[int], *, excel: bool) -> bool:
    """Write from wherever the file is; return whether it got to the end."""
    try:
        with open_resumable(str(path), COLUMNS, run="r", excel=excel) as writer:
            for i in range(writer.rows, len(ROWS)):
                if i == stop:
                    raise KilledError
                writer.write(ROWS[i])
                if i in checkpoints:
                    writer.checkpoint({"code": {"a": i + 1}})
    except KilledError:
        return False
    return True


@given(
    stops=st.lists(st.integers(0, 39), max_size=4),
    checkpoints=st.sets(st.integers(0, 39)),
    suffix=st.sampled_from(["csv", "jsonl", "tsv"]),
    excel=st.booleans(),
    litter=st.binary(max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_continued_equals_uninterrupted(tmp_path_factory, stops, checkpoints, suffix, excel, litter) -> None:
    folder = tmp_path_factory.mktemp("resume")
    whole, path = folder / f"whole.{suffix}", folder / f"out.{suffix}"
    with open_writer(whole, COLUMNS, excel=excel) as writer:
        for row in ROWS:
            writer.write(row)
    for stop in stops:
        if write_until(path, stop, checkpoints, excel=excel):
            break
        assert not path.exists()
        with Path(f"{path}.partial").open("ab") as partial:  # what a kill may leave after the checkpoint
            partial.write(litter)
    assert path.exists() or write_until(path, -1, checkpoints, excel=excel)
    assert path.read_bytes() == whole.read_bytes()
    assert sorted(p.name for p in folder.iterdir()) == sorted([whole.name, path.name])


def test_tallies_survive(tmp_path) -> None:
    path = tmp_path / "out.csv"
    write_until(path, 30, {10, 20}, excel=False)
    with open_resumable(str(path), COLUMNS, run="r") as writer:
        assert (writer.rows, writer.tallies) == (21, {"code": {"a": 21}})


def test_another_run_is_refused(tmp_path) -> None:
    path = tmp_path / "out.csv"
    write_until(path, 30, {10}, excel=False)
    with pytest.raises(UsageError, match="other inputs"), open_resumable(str(path), COLUMNS, run="other"):
        pass


def test_damaged_state_starts_anew(tmp_path) -> None:
    path = tmp_path / "out.csv"
    write_until(path, 30, {10}, excel=False)
    Path(f"{path}.partial.json").write_text("{", encoding="utf-8")
    with open_resumable(str(path), COLUMNS, run="r") as writer:
        assert writer.rows == 0


@pytest.mark.parametrize("name", ["-", "out.xlsx", "out.parquet", "out.csv.gz"])
def test_what_cannot_be_continued_is_refused(tmp_path, monkeypatch, name) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="--resume"), open_resumable(name, COLUMNS, run="r"):
        pass
