"""Designs: exact probabilities, exact sizes, nobody left out."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.errors import InputError, UsageError
from govcode.sampling.allocation import RULES, allocate
from govcode.sampling.designs import WEEKDAYS, draw_simple, draw_stratified, draw_weeks
from govcode.sampling.draw import Frame
from govcode.sampling.enriched import cap_probabilities, draw_enriched, systematic
from govcode.sampling.overlap import assign


def pcg(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def frame_of(number: int, **columns: list[str]) -> Frame:
    probabilities = np.random.default_rng(5).dirichlet([2, 1, 0.1], size=number)
    return Frame([f"t{i}" for i in range(number)], columns, ("p", "q", "r"), probabilities)


def test_simple_draws_n_different_posts_with_equal_probability() -> None:
    draw = draw_simple(frame_of(500), 60, pcg())
    assert len(set(draw.chosen.tolist())) == 60 and set(draw.probability) == {60 / 500}
    assert (np.diff(draw.chosen) > 0).all()
    assert not np.array_equal(draw.chosen, draw_simple(frame_of(500), 60, pcg(2)).chosen)
    assert np.array_equal(draw.chosen, draw_simple(frame_of(500), 60, pcg(1)).chosen)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data(), st.sampled_from(RULES))
def test_allocation_adds_up_and_fits(sizes: list[int], data, rule: str) -> None:
    array = np.array(sizes)
    least = data.draw(st.integers(0, 2))
    number = data.draw(st.integers(int(np.minimum(array, least).sum()), int(array.sum())))
    spread = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(sizes), max_size=len(sizes))))
    got = allocate(array, number, rule, spread=spread, least=least)
    assert got.sum() == number
    assert (got <= array).all() and (got >= np.minimum(array, least)).all()


def test_allocation_rules() -> None:
    sizes = np.array([100, 300, 600])
    assert allocate(sizes, 100).tolist() == [10, 30, 60]
    assert allocate(sizes, 99, "equal").tolist() == [33, 33, 33]
    assert allocate(np.array([5, 300, 600]), 99, "equal").tolist() == [5, 47, 47]
    # n_h in proportion to N_h S_h: 100 × .5, 300 × .1, 600 × .2 = 50 : 30 : 120
    assert allocate(sizes, 200, "neyman", spread=np.array([0.5, 0.1, 0.2])).tolist() == [50, 30, 120]
    with pytest.raises(UsageError, match="at least 2 posts"):
        allocate(sizes, 5, least=2)
    with pytest.raises(UsageError, match="proportional, equal, neyman"):
        allocate(sizes, 5, "fair")


def test_strata_get_their_share_and_probability() -> None:
    account = ["a"] * 40 + ["b"] * 160
    draw = draw_stratified(frame_of(200, account=account), 50, ["account"], pcg())
    assert Counter(draw.stratum) == {"a": 10, "b": 40}
    assert draw.design["strata"] == {
        "a": {"population": 40, "size": 10},
        "b": {"population": 160, "size": 40},
    }
    equal = draw_stratified(frame_of(200, account=account), 50, ["account"], pcg(), allocation="equal")
    weights = dict(zip(equal.stratum, equal.probability, strict=True))
    assert weights == {"a": 25 / 40, "b": 25 / 160}


@settings(max_examples=40)
@given(st.lists(st.sampled_from("abcd"), min_size=8, max_size=80), st.sampled_from(RULES), st.integers(0, 99))
def test_weights_of_a_stratified_sample_add_up_to_the_frame(account, rule, seed) -> None:
    frame = frame_of(len(account), account=account)
    draw = draw_stratified(frame, len(account) // 2, ["account"], pcg(seed), allocation=rule, least=1)
    totals: Counter[str] = Counter()
    for stratum, probability in zip(draw.stratum, draw.probability, strict=True):
        totals[stratum] += 1 / probability
    assert dict(totals) == pytest.approx(Counter(account))


def test_strata_without_a_post_are_told() -> None:
    draw = draw_stratified(frame_of(40, k=[str(i) for i in range(40)]), 10, ["k"], pcg(), least=0)
    assert any("30 strata with 30 posts could not be drawn" in note for note in draw.notes)


def days_of(number: int, start: str = "2023-01-01") -> list[str]:
    first = np.datetime64(start)
    return [f"{first + np.timedelta64(i % 364, 'D')}T09:00:00+08:00" for i in range(number)]


def test_constructed_weeks_hold_every_weekday_once_a_week() -> None:
    draw = draw_weeks(frame_of(3640, published_at=days_of(3640)), 2, pcg())
    days = dict(zip(draw.cluster, draw.stratum, strict=True))
    assert Counter(days.values()) == dict.fromkeys(WEEKDAYS, 2)
    assert set(draw.probability) == {2 / 52}
    assert len(draw.chosen) == 14 * 10  # all ten posts of each day
    assert draw.design["cluster"] == "day" and len(draw.design["days"]) == 14


def test_part_of_the_constructed_weeks() -> None:
    frame = frame_of(3640, published_at=days_of(3640))
    draw = draw_weeks(frame, 2, pcg(), size=70)
    assert len(draw.chosen) == 70 and set(draw.probability) == {2 / 52 * 0.5}


def test_days_without_posts_are_days_too() -> None:
    """A calendar of four Mondays of which one has posts: the week may draw an empty Monday."""
    dates = ["2024-01-01", "2024-01-02", "2024-01-28"]
    draw = draw_weeks(frame_of(3, published_at=dates), 1, pcg())
    assert draw.design["strata"]["Mon"] == {"population": 4, "size": 1}
    assert set(draw.probability.tolist()) <= {1 / 4}


def test_weeks_need_dates() -> None:
    with pytest.raises(InputError, match="No post has a date"):
        draw_weeks(frame_of(3, published_at=["", "soon", "?"]), 1, pcg())
    with pytest.raises(UsageError, match="cannot be built"):
        draw_weeks(frame_of(7, published_at=days_of(7)), 2, pcg())
    mixed = draw_weeks(frame_of(8, published_at=[*days_of(7), ""]), 1, pcg())
    assert "1 posts without a date" in mixed.notes[0]


def test_enriched_draws_more_of_the_rare_code() -> None:
    frame = frame_of(2000)
    draw = draw_enriched(frame, 200, pcg(), codes={"r": 0.4}, uncertain=0.2)
    assert len(draw.chosen) == 200
    rare = frame.probabilities[:, 2]
    assert rare[draw.chosen].mean() > 3 * rare.mean()
    assert draw.probability.min() >= 0.4 * 200 / 2000 - 1e-12  # what goes to all alike
    # the weights bring the mean back
    weighted = (rare[draw.chosen] / draw.probability).sum() / 2000
    assert weighted == pytest.approx(rare.mean(), rel=0.15)


@settings(max_examples=100)
@given(st.lists(st.floats(0.001, 100), min_size=2, max_size=60), st.data())
def test_probabilities_add_up_to_the_size(wanted: list[float], data) -> None:
    size = data.draw(st.integers(1, len(wanted)))
    probability = cap_probabilities(np.array(wanted), size)
    assert probability.sum() == pytest.approx(size) and (probability <= 1).all() and (probability > 0).all()
    assert len(systematic(probability, pcg(data.draw(st.integers(0, 50))))) == size


def test_poisson_draws_each_post_on_its_own() -> None:
    sizes = [
        len(draw_enriched(frame_of(400), 40, pcg(s), uncertain=0.5, method="poisson").chosen)
        for s in range(60)
    ]
    assert len(set(sizes)) > 5 and np.mean(sizes) == pytest.approx(40, abs=3)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["systematic", "poisson"])
def test_posts_are_drawn_as_often_as_recorded(method: str) -> None:
    frame, draws = frame_of(120), 20_000
    drawn, recorded = np.zeros(120), np.zeros(120)
    for seed in range(draws):
        draw = draw_enriched(frame, 15, pcg(seed), codes={"r": 0.3}, uncertain=0.2, method=method)
        drawn[draw.chosen] += 1
        recorded[draw.chosen] = draw.probability
    z = (drawn / draws - recorded) / np.sqrt(recorded * (1 - recorded) / draws)
    assert np.abs(z).max() < 4.5 and z.std() < 1.3


@pytest.mark.slow
def test_other_designs_draw_as_often_as_recorded() -> None:
    account = ["a"] * 20 + ["b"] * 100
    frame = frame_of(120, account=account, published_at=[days_of(364)[i * 3] for i in range(120)])
    for make in (
        lambda g: draw_simple(frame, 12, g),
        lambda g: draw_stratified(frame, 12, ["account"], g, allocation="equal"),
        lambda g: draw_weeks(frame, 2, g),
    ):
        drawn, recorded, draws = np.zeros(120), np.zeros(120), 6_000
        for seed in range(draws):
            draw = make(pcg(seed))
            drawn[draw.chosen] += 1
            recorded[draw.chosen] = draw.probability
        z = (drawn / draws - recorded) / np.sqrt(recorded * (1 - recorded) / draws)
        assert np.abs(z).max() < 4.5


def test_work_is_shared_and_the_overlap_is_everyones() -> None:
    work = assign(100, ["A", "B", "C"], pcg(), overlap=40)
    assert all(set(work.overlap) <= set(order.tolist()) for order in work.lists.values())
    assert [len(order) for order in work.lists.values()] == [60, 60, 60]
    everything = Counter(i for order in work.lists.values() for i in order.tolist())
    assert Counter(everything.values()) == {3: 40, 1: 60}
    first, second = work.lists["A"].tolist(), work.lists["B"].tolist()
    common = [i for i in first if i in set(second)]
    assert common != [i for i in second if i in set(first)]  # each in an order of its own


def test_default_overlap() -> None:
    assert len(assign(1000, ["A", "B"], pcg()).overlap) == 200
    assert len(assign(5000, ["A", "B"], pcg()).overlap) == 500
    assert len(assign(50, ["A", "B"], pcg()).overlap) == 50
    assert len(assign(50, ["A"], pcg()).lists["A"]) == 50


@pytest.mark.parametrize(
    "call",
    [
        lambda f: draw_simple(f, 0, pcg()), lambda f: draw_simple(f, 99, pcg()),
        lambda f: draw_stratified(f, 5, [], pcg()), lambda f: draw_stratified(f, 5, ["county"], pcg()),
        lambda f: draw_enriched(f, 5, pcg()), lambda f: draw_enriched(f, 5, pcg(), codes={"z": 0.2}),
        lambda f: draw_enriched(f, 5, pcg(), codes={"r": 0.8}, uncertain=0.2),
        lambda f: draw_enriched(f, 5, pcg(), uncertain=0.2, method="magic"),
        lambda f: draw_enriched(Frame(f.ids), 5, pcg(), uncertain=0.2),
        lambda f: assign(5, ["A", "A"], pcg()), lambda f: assign(5, ["A"], pcg(), overlap=6),
    ],
)  # fmt: skip
def test_designs_that_do_not_fit_are_refused(call) -> None:
    with pytest.raises(UsageError):
        call(frame_of(20))


def test_machine_codes_serve_where_there_are_no_probabilities() -> None:
    frame = Frame([f"t{i}" for i in range(40)], {"code": ["p"] * 36 + ["q"] * 4})
    draw = draw_enriched(frame, 10, pcg(), codes={"q": 0.5})
    assert sum(i >= 36 for i in draw.chosen) >= 3
    with pytest.raises(UsageError, match="certain of every post"):
        draw_enriched(frame, 10, pcg(), uncertain=0.5)
