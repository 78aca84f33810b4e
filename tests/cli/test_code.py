"""The command `govcode code`, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from govcode.cli.app import app
from govcode.cli.console import STATE
from govcode.codebook.load import load_codebook
from govcode.page.ledger import Choice, Ledger
from govcode.page.sheets import open_sheets

BOOK = load_codebook()
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, in the test's folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(STATE, "quiet", False)
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    rows = "".join(f"p{i},第{i}条:云河市停水通知\n" for i in range(60))
    (tmp_path / "sheet.csv").write_text("post_id,text\n" + rows, encoding="utf-8")
    return tmp_path / "sheet.csv"


def code(sheet: Path, name: str, wrong: int) -> None:
    """Give every post its code, but the first `wrong` posts another."""
    with ExitStack() as closing:
        ledger = Ledger(open_sheets([sheet], BOOK, closing).sheets[0].store, name, codebook=BOOK.hash)
        for i in range(60):
            ledger.record(f"p{i}", Choice(BOOK.ids[(i + (i < wrong)) % 3]), seconds=8)


def test_who_codes_must_be_told(run: Run, sheet: Path) -> None:
    done = run("code", "sheet.csv", "--no-browser")
    assert (done.exit_code, "--coder NAME" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [(("absent.csv", "--coder", "li"), 1, "no such sheet"),
     (("sheet.csv", "--coder", "gold"), 2, "cannot be the name"),
     (("sheet.csv", "--coder", "li", "--lang", "fr"), 2, "zh, en"),
     (("sheet.csv", "--coder", "li", "--coder", "wang"), 2, "--host"),
     (("sheet.csv", "--coder", "li", "--host", "0.0.0.0"), 2, "every address"),
     (("sheet.csv", "--coder", "li", "--host", "203.0.113.9"), 2, "cannot listen"),
     (("sheet.csv", "--adjudicate"), 2, "One person adjudicates")],
)  # fmt: skip
def test_what_cannot_be_is_told_in_one_sentence(
    run: Run, sheet: Path, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    done = run("code", *arguments, "--no-browser")
    assert done.exit_code == exit_code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_status_before_and_after(run: Run, sheet: Path) -> None:
    assert "Nobody has begun" in run("code", "sheet.csv", "--status").stdout
    code(sheet, "li", 0)
    assert "once two coders" in run("code", "sheet.csv", "--status").stdout
    code(sheet, "wang", 2)
    done = run("code", "sheet.csv", "--status")
    assert (done.exit_code, "60/60" in done.stdout) == (0, True)
    found = json.loads(run("code", "sheet.csv", "--status", "--json").stdout)
    assert found["overlap"] == 60
    assert found["alphas"][0]["what"] == "overall"
    assert 0.9 < found["alphas"][0]["figure"]["value"] < 1


def test_the_gate_decides_the_exit_code(run: Run, sheet: Path) -> None:
    code(sheet, "li", 0)
    code(sheet, "wang", 25)
    assert run("code", "sheet.csv", "--status").exit_code == 0
    done = run("code", "sheet.csv", "--status", "--gate", "0.8")
    assert (done.exit_code, "under the gate of 0.8" in done.stderr) == (3, True)


def test_codings_of_others_may_come_from_files(run: Run, sheet: Path, tmp_path: Path) -> None:
    code(sheet, "li", 0)
    rows = "".join(f"p{i},wang,{BOOK.ids[i % 3]}\n" for i in range(60))
    (tmp_path / "wang.csv").write_text("post_id,coder,code\n" + rows, encoding="utf-8")
    done = run("code", "sheet.csv", "--status", "--codings", "wang.csv", "--json")
    assert json.loads(done.stdout)["alphas"][0]["figure"]["value"] == 1


def test_an_export_needs_no_page(run: Run, sheet: Path, tmp_path: Path) -> None:
    code(sheet, "li", 0)
    code(sheet, "wang", 3)
    assert run("code", "sheet.csv", "--export", "all.csv").exit_code == 0
    assert run("reliability", "all.csv", "--bootstrap", "0").exit_code == 0
    done = run("code", "sheet.csv", "--adjudicate", "--export", "gold.csv")
    assert done.exit_code == 0
    assert len((tmp_path / "gold.csv").read_text(encoding="utf-8").splitlines()) == 1 + 57


def test_another_codebook_is_a_mismatch(run: Run, sheet: Path) -> None:
    with ExitStack() as closing:
        Ledger(open_sheets([sheet], BOOK, closing).sheets[0].store, "li", codebook="x").record(
            "p1", Choice("a")
        )
    assert run("code", "sheet.csv", "--status").exit_code == 4


def test_without_the_extra_the_way_to_it_is_told(govcode: Run, sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ImportError('not installed')", encoding="utf-8")
    from tests.conftest import ROOT

    done = govcode("code", "sheet.csv", "--coder", "li", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert done.returncode == 1
    assert "pip install 'govcode[page]'" in done.stderr
