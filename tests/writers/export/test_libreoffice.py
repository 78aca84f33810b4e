"""The workbook as LibreOffice reads it: a program that is neither the writer's nor a Python library's."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from govcode.workflow.export import export

pytestmark = pytest.mark.slow


def converted(path: Path, form: str, folder: Path) -> Path:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").as_uri()
    done = subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", form, "--outdir", str(folder),
         str(path)],
        capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    made = folder / f"{path.stem}.{form.partition(':')[0]}"
    if done.returncode or not made.exists():
        pytest.skip(f"LibreOffice does not run here: {done.stderr.decode()[-200:]}")
    return made


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_workbook_round_trips_through_libreoffice(coded: Path, tmp_path: Path) -> None:
    export(str(coded), str(tmp_path / "out.xlsx"))
    folder = tmp_path / "there"
    folder.mkdir()
    told = rows_of(converted(tmp_path / "out.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1", folder))
    before = rows_of(coded)
    assert [row["post_id"] for row in told] == ["4812345678901234", "0002", "3"]
    assert told[0]["工单编号"] == "007"
    assert told[0]["title"] == before[0]["title"]  # the formula is text: nothing was computed
    assert told[1]["text"] == before[1]["text"][:32_767]
    assert [row["code"] for row in told] == [row["code"] for row in before]
    assert float(told[0]["p_service"]) == 0.7


def test_libreoffice_writes_what_govcode_reads_again(govcode, coded: Path, tmp_path: Path) -> None:
    export(str(coded), str(tmp_path / "out.xlsx"))
    folder = tmp_path / "there"
    folder.mkdir()
    converted(tmp_path / "out.xlsx", "xlsx", folder)
    done = govcode("export", folder / "out.xlsx", "-o", tmp_path / "back.csv", "--quiet")
    assert done.returncode == 0, done.stderr
    back = rows_of(tmp_path / "back.csv")
    before = rows_of(coded)
    assert [row["post_id"] for row in back] == [row["post_id"] for row in before]
    assert [row["code"] for row in back] == [row["code"] for row in before]
    assert back[2]["text"].startswith("👍")
