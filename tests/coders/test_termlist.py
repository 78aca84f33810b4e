"""Terms as one text: a sequence like any other, and a quick way to find some of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders import termlist
from govcode.coders.termlist import Terms

TERM = st.text(st.sampled_from("江城的了 ctm，。aZ09\U00020000\x0b\x85\u2028"), min_size=1, max_size=14)
TERMS = st.lists(TERM, unique=True, max_size=40)


@settings(deadline=None)
@given(TERMS, TERMS, st.integers(1, 60))
def test_terms_are_found_by_their_numbers(known: list[str], asked: list[str], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(termlist, "PIECE", piece)  # however the text falls into pieces
        found = Terms.of(known).numbers([*asked, *known[::2]])
    assert found == {term: number for number, term in enumerate(known) if term in {*asked, *known[::2]}}


@given(TERMS)
def test_it_is_the_sequence_of_its_terms(known: list[str]) -> None:
    terms = Terms.of(known)
    assert list(terms) == known
    assert len(terms) == len(known)
    assert [terms[number] for number in range(len(terms))] == known
    assert terms == Terms(terms.data)
    assert Terms.of(terms) is terms


def test_what_no_file_can_hold_is_not_found() -> None:
    assert Terms.of(["江城", "的"]).numbers(["\ud83d", "江城\n的", "江"]) == {}


def test_terms_that_differ_in_their_ends_only_are_told_apart() -> None:
    known = [f"{first}中华人民共和国的某个地方{last}" for first in "甲乙丙" for last in "甲乙丙"]
    assert Terms.of(known).numbers(known[3:5]) == {known[3]: 3, known[4]: 4}


def test_a_term_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="line break"):
        Terms.of(["江城", "江\n城"])
