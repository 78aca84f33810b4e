from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.intercoder.analysis import analyse
from govcode.page.ledger import Choice, Ledger
from govcode.page.sheets import open_sheets
from govcode.page.site import Site
from govcode.page.supervision import ALARM, MET, NOT_YET, OVERALL, supervise
from govcode.readers.codings import read_codings
from tests.page.conftest import write_sheet


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as closing:
        book = load_codebook()
        yield Site(open_sheets([write_sheet(tmp_path / "sheet.csv", 200)], book, closing).sheets, book)


def code(site: Site, name: str, posts: int, *, wrong: float, late: bool = False, seconds: float = 0) -> None:
    """Code the first posts, some of them at random; with `late`, errors come in the second half only."""
    dice = random.Random(name)
    ledger = Ledger(site.sheets[0].store, name, codebook=site.codebook.hash)
    for place in range(1, posts + 1):
        true = site.codebook.ids[place % 4]
        erring = dice.random() < wrong and not (late and place < posts / 2)
        ledger.record(f"p{place:05d}", Choice(site.codebook.ids[4] if erring else true), seconds=seconds)


def verdicts(site: Site) -> dict[str, str]:
    return {line.what: line.verdict for line in supervise(site).alphas}


def test_nobody_and_one_coder_have_no_alpha(site: Site) -> None:
    assert supervise(site).coders == ()
    code(site, "li", 40, wrong=0, seconds=6)
    found = supervise(site)
    assert (found.alphas, found.alarms, found.overlap) == ((), (), 0)
    (li,) = found.coders
    assert (li.coded, li.remaining, li.seconds, li.left) == (40, 160, 6, 960)
    assert sum(li.shares.values()) == pytest.approx(1)


def test_no_alarm_before_there_is_enough(site: Site) -> None:
    code(site, "li", 29, wrong=0)
    code(site, "wang", 29, wrong=0.9)
    assert set(verdicts(site).values()) == {NOT_YET}
    code(site, "li", 30, wrong=0)
    code(site, "wang", 30, wrong=0.9)
    assert verdicts(site)[OVERALL] == ALARM


def test_the_gate_is_held_against_the_lower_bound(site: Site) -> None:
    code(site, "li", 120, wrong=0)
    code(site, "wang", 120, wrong=0.12)
    alpha = supervise(site).alphas[0].figure
    assert alpha.low < alpha.value
    site.gate = alpha.low
    assert verdicts(site)[OVERALL] == MET
    site.gate = alpha.low + 1e-9
    assert verdicts(site)[OVERALL] == ALARM, "although alpha itself is above the gate"
    assert OVERALL in supervise(site).alarms


def test_a_rare_code_raises_no_alarm(site: Site) -> None:
    code(site, "li", 100, wrong=0)
    code(site, "wang", 100, wrong=0.05)
    assert verdicts(site)[site.codebook.ids[4]] == NOT_YET


def test_drift_is_noticed(site: Site) -> None:
    code(site, "li", 150, wrong=0)
    code(site, "wang", 150, wrong=0.8, late=True)
    found = supervise(site)
    assert "wang" in found.drifting
    parts = next(d.parts for d in found.drift if d.coder == "wang")
    assert parts[0].agreement > parts[-1].agreement


def test_the_figures_are_those_of_the_reliability_command(site: Site, tmp_path: Path) -> None:
    from govcode.page.study import export

    code(site, "li", 100, wrong=0.1)
    code(site, "wang", 100, wrong=0.2)
    export(site, str(tmp_path / "out.csv"))
    read = read_codings([tmp_path / "out.csv"], codebook=site.codebook)
    expected = analyse(read.codings, codes=site.codebook.ids, draws=1000)
    found = {line.what: line.figure for line in supervise(site).alphas}
    assert found[OVERALL] == expected.overall["alpha"]
    assert all(found[c.code] == c.figures["alpha"] for c in expected.per_code)
