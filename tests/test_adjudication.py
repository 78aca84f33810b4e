"""Which codings pass, which are decided, which wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcode.adjudication import MODES, Decision, adjudicate
from govcode.errors import CodingError, UsageError
from govcode.records import Coding


def code(post: str, coder: str, value: str, **more) -> Coding:
    return Coding(post, coder, value, **more)


THREE = [
    code("1", "A", "p"), code("1", "B", "p"), code("1", "C", "p"),
    code("2", "A", "p"), code("2", "B", "p"), code("2", "C", "q"),
    code("3", "A", "p"), code("3", "B", "q"), code("3", "C", "r"),
    code("4", "B", "r"),
]  # fmt: skip


def hows(result) -> dict[str, tuple[str, str]]:
    return {item.coding.post_id: (item.how, item.coding.code) for item in result.gold}


def test_agreed_and_single_codings_pass_in_every_mode() -> None:
    for mode in MODES:
        expert = "A" if mode == "expert" else ""
        found = hows(adjudicate(THREE, mode=mode, expert=expert))
        assert found["1"] == ("agreed", "p") and found["4"] == ("single", "r")


def test_majority_needs_more_than_half() -> None:
    result = adjudicate(THREE, mode="majority")
    assert hows(result)["2"] == ("majority", "p")
    assert [codings[0].post_id for codings in result.queue] == ["3"]
    (item,) = [g for g in result.gold if g.coding.post_id == "2"]
    assert item.decided_by == "A B" and item.votes() == {"p": pytest.approx(2 / 3), "q": pytest.approx(1 / 3)}
    two = adjudicate([code("1", "A", "p"), code("1", "B", "q")], mode="majority")
    assert not two.gold and len(two.queue) == 1


def test_discussion_queues_every_disagreement_until_decided() -> None:
    first = adjudicate(THREE)
    assert [codings[0].post_id for codings in first.queue] == ["2", "3"]
    decisions = {
        "2": Decision("2", "q", rule="B4", decided_by="Li", decided_at="2024-06-01", note="why, not what"),
        "9": Decision("9", "q", decided_by="Li"),
    }
    second = adjudicate(THREE, decisions=decisions)
    (item,) = [g for g in second.gold if g.how == "discussion"]
    assert (item.coding.code, item.decided_by, item.decided_at, item.rule) == ("q", "Li", "2024-06-01", "B4")
    assert [c.code for c in item.codings] == ["p", "p", "q"]  # the codes as they were
    assert second.unused == ("9",) and second.counts()["waiting"] == 1


def test_the_expert_decides_what_the_others_do_not_agree_on() -> None:
    codings = [*THREE, code("2", "E", "r", note="see B9", coded_at="2024-05-05"), code("1", "E", "q")]
    result = adjudicate(codings, mode="expert", expert="E", rules=("B9",))
    assert hows(result)["2"] == ("expert", "r") and hows(result)["1"] == ("agreed", "p")
    (item,) = [g for g in result.gold if g.how == "expert"]
    assert (item.decided_by, item.decided_at, item.rule) == ("E", "2024-05-05", "B9")
    assert "E" not in {c.coder for c in item.codings}
    assert [codings[0].post_id for codings in result.queue] == ["3"]


def test_posts_of_which_nobody_is_sure_can_be_asked_again() -> None:
    sure = {"1A": False, "1B": False, "2A": False, "2B": True}
    doubt = [code(post, coder, "p", sure=value) for (post, coder), value in sure.items()]
    assert len(adjudicate(doubt).gold) == 2
    asked = adjudicate(doubt, ask_unsure=True)
    assert [c[0].post_id for c in asked.queue] == ["1"] and asked.gold[0].coding.sure is False


def test_secondary_code_and_form_follow_those_who_gave_the_code() -> None:
    codings = [
        code("1", "A", "p", secondary="q", form="F1"), code("1", "B", "p", secondary="q", form="F2"),
        code("1", "C", "q", secondary="r", form="F9"),
    ]  # fmt: skip
    (item,) = adjudicate(codings, mode="majority").gold
    assert (item.coding.secondary, item.coding.form) == ("q", "")


def test_earlier_gold_is_not_a_coder() -> None:
    codings = [code("1", "A", "p"), code("1", "gold", "q")]
    assert hows(adjudicate(codings)) == {"1": ("single", "p")}


@given(
    st.lists(
        st.tuples(st.sampled_from("12345"), st.sampled_from("ABC"), st.sampled_from("pqr")),
        unique_by=lambda t: (t[0], t[1]),
    ),
    st.sampled_from(["majority", "discussion"]),
)
def test_every_post_is_in_gold_or_waits_and_nothing_else(rows, mode) -> None:
    result = adjudicate([code(*row) for row in rows], mode=mode)
    gold = [item.coding.post_id for item in result.gold]
    waiting = [codings[0].post_id for codings in result.queue]
    assert sorted(gold + waiting) == sorted({post for post, _, _ in rows})
    for item in result.gold:
        share = item.votes()[item.coding.code]
        assert share == 1 or (item.how == "majority" and share > 0.5)
    assert sum(result.counts().values()) == len(gold) + len(waiting)


def test_modes_and_experts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match="majority, expert, discussion"):
        adjudicate(THREE, mode="dice")
    with pytest.raises(UsageError, match="go together"):
        adjudicate(THREE, mode="expert")
    with pytest.raises(UsageError, match="go together"):
        adjudicate(THREE, mode="majority", expert="A")
    with pytest.raises(CodingError, match="'Z' coded no post"):
        adjudicate(THREE, mode="expert", expert="Z")
