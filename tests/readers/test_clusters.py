"""Near-duplicates: against all pairs, in crowds of look-alikes, and without texts in memory."""

from __future__ import annotations

import random

import numpy as np
import pytest

from govcode.metrics.shingles import jaccard, normalise, shingles
from govcode.readers.clusters import BACK, VERIFIED, Clusters


def leaders_of(texts: list[str], **options: float) -> list[int]:
    clusters = Clusters(**options)
    for text in texts:
        clusters.add(text)
    return clusters.leaders(texts.__getitem__).tolist()


def by_all_pairs(texts: list[str]) -> list[int]:
    """The definition, without MinHash: the first leader that overlaps by at least .8."""
    sets = [shingles(normalise(text)) for text in texts]
    leaders: list[int] = []
    for place, own in enumerate(sets):
        likes = (k for k in range(place) if leaders[k] == k and jaccard(own, sets[k]) >= 0.8)
        leaders.append(next(likes, place))
    return leaders


def corpus(number: int, seed: int) -> list[str]:
    """Texts of random characters; each third one repeats an earlier one with some characters changed."""
    draw = random.Random(seed)
    texts: list[str] = []
    for n in range(number):
        letters = [chr(draw.randrange(0x4E00, 0x9000)) for _ in range(draw.randrange(40, 300))]
        if n % 3 == 2:
            letters = list(draw.choice(texts))
            for _ in range(draw.randrange(len(letters) // 15 + 1)):
                letters[draw.randrange(len(letters))] = "改"
        texts.append("".join(letters))
    return texts


@pytest.mark.parametrize("seed", range(3))
def test_leaders_are_those_of_all_pairs(seed: int) -> None:
    texts = corpus(300, seed)
    found, exact = leaders_of(texts), by_all_pairs(texts)
    joined = sum(place != leader for place, leader in enumerate(exact))
    assert joined > 40
    # a pair at .8 is a candidate with probability .9996
    assert sum(a != b for a, b in zip(found, exact, strict=True)) <= 1


def test_nothing_below_the_threshold_is_joined() -> None:
    texts = corpus(300, 9)
    for place, leader in enumerate(leaders_of(texts)):
        if place != leader:
            pair = (shingles(normalise(texts[place])), shingles(normalise(texts[leader])))
            assert jaccard(*pair) >= 0.8


def test_short_and_empty_texts_stay_alone() -> None:
    texts = [
        "停水通知",
        "停水通知",
        "",
        "",
        "明天八点停水请各位市民提前储水",
        "明天八点停水请各位市民提前储水!",
    ]
    assert leaders_of(texts) == [0, 1, 2, 3, 4, 4]
    assert leaders_of([]) == []
    assert leaders_of(["停水"]) == [0]


def test_another_threshold() -> None:
    texts = ["今晚地铁延长运营至零点请市民合理安排出行", "今晚地铁延长运营至零点请广大市民合理安排出行"]
    assert leaders_of(texts) == [0, 1]
    assert leaders_of(texts, threshold=0.7) == [0, 0]


def test_a_crowd_of_look_alikes_is_compared_with_few() -> None:
    """Templates that all share bands but not enough: no text is read more often than a bound allows."""
    draw = random.Random(3)
    template = "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(120))
    number = 600
    texts = [
        template + "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(40)) for _ in range(number)
    ]
    reads = 0

    def read(place: int) -> str:
        nonlocal reads
        reads += 1
        return texts[place]

    clusters = Clusters()
    for text in texts:
        clusters.add(text)
    leaders = clusters.leaders(read)
    assert (leaders == np.arange(number)).all()
    assert 0 < reads <= number * (VERIFIED + 1)


def test_a_thousand_copies_have_one_leader() -> None:
    texts = ["市气象台发布暴雨蓝色预警,请市民减少外出,注意防范积水和山体滑坡"] * 1_000
    assert len(texts) > 10 * BACK
    assert set(leaders_of(texts)) == {0}
