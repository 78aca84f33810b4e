from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.errors import InputError
from govcode.page.ledger import Choice, Ledger, entries, people
from govcode.page.store import SheetPost, Store

POSTS = [SheetPost(i, f"p{i}", f"t{i}", f"text {i}") for i in range(1, 6)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.sqlite") as opened:
        opened.take(POSTS, "digest")
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store, "li", codebook="sha256:abc")


def test_the_latest_decision_stands(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"), seconds=3)
    ledger.record("p1", Choice("agenda", secondary="service", sure=False, note="?"), seconds=4)
    assert ledger.choice("p1") == Choice("agenda", secondary="service", sure=False, note="?")
    assert ledger.choice("p2") == Choice()
    (entry,) = entries(ledger.store)
    assert (entry.coding.code, entry.coding.sure, entry.seconds) == ("agenda", False, 7)
    assert entry.coding.codebook == "sha256:abc"


def test_undo_steps_back_through_everything_and_then_stops(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"))
    ledger.record("p2", Choice("agenda"))
    ledger.record("p1", Choice("other"))
    assert ledger.undo() == "p1"
    assert ledger.choice("p1") == Choice("service")
    assert ledger.undo() == "p2"
    assert ledger.undo() == "p1"
    assert ledger.choice("p1") == Choice()
    assert ledger.undo() is None
    assert ledger.tally().done == 0


def test_a_decision_after_an_undo_is_the_next_to_be_undone(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"))
    ledger.record("p2", Choice("agenda"))
    ledger.undo()
    ledger.record("p3", Choice("other"))
    assert ledger.undo() == "p3"
    assert ledger.undo() == "p1"


def test_a_run_of_note_keystrokes_is_one_step(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"))
    for note in ("a", "ab", "abc"):
        ledger.record("p1", Choice("service", note=note), kind="note")
    ledger.undo()
    assert ledger.choice("p1") == Choice("service")


def test_nothing_is_ever_removed_or_changed(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"))
    ledger.undo()
    rows = ledger.store.db.execute("SELECT kind, code FROM decision ORDER BY seq").fetchall()
    assert rows == [("code", "service"), ("undo", "")]
    for statement in ("DELETE FROM decision", "UPDATE decision SET code = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
            ledger.store.db.execute(statement)


def test_tally_and_where_to_go_on(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"), seconds=10)
    ledger.record("p2", Choice("NA", sure=False), seconds=20)
    ledger.record("p3", Choice(skipped=True), kind="skip", seconds=5)
    tally = ledger.tally()
    assert (tally.coded, tally.na, tally.skipped, tally.unsure, tally.remaining) == (1, 1, 1, 1, 3)
    assert tally.seconds == 15
    assert ledger.resume() == 4
    assert ledger.next_open(4) == 5
    ledger.record("p4", Choice("service"))
    ledger.record("p5", Choice("service"))
    assert ledger.next_open(5) == 3, "skipped posts come last"
    ledger.record("p3", Choice("service"))
    assert ledger.next_open(0) is None
    assert ledger.find("unsure", 3) == 2
    assert ledger.find("skipped", 0) is None


def test_time_is_bounded(ledger: Ledger) -> None:
    ledger.record("p1", Choice("service"), seconds=1e9)
    ledger.record("p2", Choice("service"), seconds=-5)
    assert [e.seconds for e in entries(ledger.store)] == [600.0, 0.0]


def test_coders_do_not_touch_each_other(store: Store) -> None:
    li, wang = Ledger(store, "li"), Ledger(store, "wang")
    li.record("p1", Choice("service"))
    assert wang.choice("p1") == Choice()
    assert wang.undo() is None
    assert wang.tally().done == 0
    wang.record("p1", Choice("agenda"))
    assert people(store) == ["li", "wang"]
    assert [e.coding.code for e in entries(store, coder="wang")] == ["agenda"]


def test_two_processes_may_write_to_one_store(store: Store) -> None:
    with Store(store.path) as other:
        Ledger(store, "li").record("p1", Choice("service"))
        Ledger(other, "wang").record("p1", Choice("agenda"))
        assert len(list(entries(store))) == 2


def test_a_changed_sheet_keeps_what_was_coded(ledger: Ledger) -> None:
    ledger.record("p2", Choice("service"))
    ledger.store.take([replace(p, position=6 - p.position) for p in POSTS], "reversed")
    assert ledger.store.post("p2") == replace(POSTS[1], position=4)
    assert ledger.choice("p2").code == "service"
    with pytest.raises(InputError, match="1 coded posts are gone"):
        ledger.store.take([replace(POSTS[1], text="other words")], "changed")
    assert ledger.store.count() == 5, "nothing was changed by the refusal"
    ledger.store.take([POSTS[1]], "shorter")
    assert ledger.store.count() == 1


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(InputError, match="cannot be used as a store"):
        Store(path)


def test_a_store_is_for_its_owner_only(store: Store) -> None:
    assert store.path.stat().st_mode & 0o077 == 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["p1", "p2", "p3"]), st.sampled_from(["a", "b", "NA", ""])), st.just("undo")
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_undo_is_the_inverse_of_every_step(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:
    """Against a model that keeps the whole history as a list of states."""
    with Store(tmp_path_factory.mktemp("s") / "s.sqlite") as store:
        store.take(POSTS, "d")
        ledger = Ledger(store, "li")
        history: list[dict[str, str]] = [{}]
        for step in steps:
            if step == "undo":
                ledger.undo()
                history = history[:-1] or [{}]
            else:
                ledger.record(step[0], Choice(step[1]))
                history.append({**history[-1], step[0]: step[1]})
            assert {p: ledger.choice(p).code for p in ("p1", "p2", "p3")} == {
                p: history[-1].get(p, "") for p in ("p1", "p2", "p3")
            }
        derived = store.db.execute("SELECT post_id, seq FROM current ORDER BY post_id").fetchall()
        latest = store.db.execute("SELECT post_id, MAX(seq) FROM decision GROUP BY 1 ORDER BY 1").fetchall()
        assert derived == latest
        counted = store.db.execute("SELECT state, number FROM tally WHERE number ORDER BY 1").fetchall()
        assert (
            counted
            == store.db.execute("SELECT state, COUNT(*) FROM current GROUP BY state ORDER BY 1").fetchall()
        )
