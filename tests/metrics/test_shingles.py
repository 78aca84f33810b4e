"""Near-duplicates: known overlaps, and MinHash against exact Jaccard."""

from __future__ import annotations

import numpy as np
import pytest

from govcode.metrics.shingles import (
    Clusters,
    band_keys,
    candidate_groups,
    containment,
    hit_probability,
    jaccard,
    normalise,
    shingles,
    signature,
)

A = "今晚地铁延长运营至零点请市民合理安排出行"
B = "今晚地铁延长运营至零点请广大市民合理安排出行"


def test_known_overlap() -> None:
    a, b = shingles(A), shingles(B)
    assert (len(a & b), len(a | b)) == (16, 22)
    assert jaccard(a, b) == pytest.approx(0.7272727272727273, abs=1e-12)
    assert containment(a, b) == pytest.approx(0.8888888888888888, abs=1e-12)
    assert jaccard(frozenset(), a) == 0


def test_chance_of_becoming_a_candidate() -> None:
    found = [hit_probability(s) for s in (0.5, 0.7, 0.8, 0.9)]
    assert found == pytest.approx([0.47005, 0.97478, 0.99964, 1.0], abs=1e-5)


def test_what_is_the_same_text() -> None:
    assert normalise("【通知】今晚停水! https://t.cn/abc ABC") == normalise("通知,今晚停水abc")


def test_signatures_estimate_jaccard_like_an_independent_implementation() -> None:
    datasketch = pytest.importorskip("datasketch")
    rng = np.random.default_rng(5)
    ours, theirs, exact = [], [], []
    for _ in range(40):
        letters = rng.integers(0x4E00, 0x9F00, 160)
        other = letters.copy()
        other[int(rng.integers(40, 150)) :] = rng.integers(0x4E00, 0x9F00)
        one, two = ("".join(map(chr, x)) for x in (letters, other))
        exact.append(jaccard(shingles(one), shingles(two)))
        ours.append(float((signature(one) == signature(two)).mean()))
        pair = []
        for text in (one, two):
            sketch = datasketch.MinHash(num_perm=100)
            sketch.update_batch([s.encode() for s in shingles(text)])
            pair.append(sketch)
        theirs.append(pair[0].jaccard(pair[1]))
    error = np.abs(np.array(ours) - exact).mean()
    assert error < 0.06
    assert error < np.abs(np.array(theirs) - exact).mean() + 0.02


def test_equal_texts_share_every_band_and_strangers_none() -> None:
    groups = list(
        candidate_groups(np.stack([band_keys(signature(t)) for t in (A, "完全不同的一条关于天气的消息", A)]))
    )
    assert len(groups) == 20
    assert {tuple(sorted(g.tolist())) for g in groups} == {(0, 2)}


def test_clusters_grow_together() -> None:
    clusters = Clusters(5)
    clusters.join(3, 4)
    clusters.join(4, 1)
    assert clusters.sets() == [[1, 3, 4]]


def test_long_texts_are_signed_piece_by_piece_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = np.random.default_rng(1).integers(0x4E00, 0x9F00, 10_001)
    for length in (4_096, 4_097, 4_098, 8_192, 8_195, 10_001):
        text = "".join(map(chr, letters[:length]))
        in_pieces = signature(text)
        with monkeypatch.context() as patch:
            patch.setattr("govcode.metrics.shingles._PIECE", 1 << 20)
            assert (signature(text) == in_pieces).all()
