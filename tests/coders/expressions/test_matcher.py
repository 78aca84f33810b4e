"""The pre-filter only saves time: it never changes what matches."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders.expressions.matcher import Matcher
from govcode.coders.expressions.parser import parse
from govcode.coders.expressions.tree import Node
from govcode.coders.expressions.unit import Unit

LETTERS = "甲乙丙ab"
words = st.text(alphabet=LETTERS, min_size=1, max_size=3)


def combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} | {})".format, inner, inner),
        st.builds("({} & {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("title: ({})".format, inner),
        st.builds("end: ({})".format, inner),
        st.builds("count({}) >= {}".format, inner, st.integers(0, 2)),
    )


expressions = st.recursive(
    st.one_of(
        words,
        st.builds("{}*{}".format, words, words),
        st.builds("near({}, {}, {})".format, words, words, st.integers(1, 3)),
        st.builds("word:{}".format, words),
        st.builds("{}+{}".format, words, words),
        st.builds("/{}.?{}/".format, words, words),
        st.just("length < 9"),
    ),
    combine,
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.lists(expressions, min_size=1, max_size=6),
    st.text(alphabet=LETTERS + " 。", max_size=12),
    st.text(alphabet=LETTERS + " 。", max_size=20),
)
def test_filtered_matches_are_all_matches(sources: list[str], title: str, body: str) -> None:
    nodes: list[Node] = [parse(source) for source in sources]
    naive = Unit(title, body, str.split)
    expected = {
        n: sorted(spans)
        for n, node in enumerate(nodes)
        if (spans := node.match(naive, naive.all)) is not None
    }
    filtered = dict(Matcher(nodes).matches(Unit(title, body, str.split)))
    assert {n: sorted(spans) for n, spans in filtered.items()} == expected
