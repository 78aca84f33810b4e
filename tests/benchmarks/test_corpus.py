"""Posts of the benchmarks: as many as wanted, always the same, also without real posts."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from govcode.metrics.shingles import jaccard, normalise, shingles


def rows_of(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_posts_as_many_as_wanted_with_ids_of_their_own(bench, tmp_path: Path) -> None:
    corpus = bench("corpus")
    total = corpus.write_posts(tmp_path / "p.jsonl", 20_000)
    rows = rows_of(tmp_path / "p.jsonl")
    assert len({row["post_id"] for row in rows}) == 20_000
    assert total == sum(len(row["title"]) + len(row["text"]) for row in rows)
    assert 200 < total / len(rows) < 300  # as real posts


def test_posts_of_one_length(bench, tmp_path: Path) -> None:
    bench("corpus").write_posts(tmp_path / "p.jsonl", 30, characters=500)
    assert {len(row["text"]) for row in rows_of(tmp_path / "p.jsonl")} == {500}


def test_varied_posts_differ_and_are_the_same_every_time(bench) -> None:
    varied = bench("corpus").varied_posts
    posts = list(varied(400))
    assert posts == list(varied(400))
    assert len(set(posts)) > 370
    near = [
        jaccard(shingles(normalise(a[1])), shingles(normalise(b[1]))) for a, b in itertools.pairwise(posts)
    ]
    assert max(near[0::20]) < 0.5  # strangers
    assert sum(value > 0.5 for value in near[19::20]) > 6  # every twentieth repeats the one before it


def test_cleaned_posts_are_what_coders_see(bench, tmp_path: Path) -> None:
    corpus = bench("corpus")
    source, target = tmp_path / "p.jsonl", tmp_path / "c.jsonl"
    source.write_text('{"post_id": "1", "title": "", "text": "停水通知http://t.cn/abc"}\n', encoding="utf-8")
    corpus.write_cleaned(source, target)
    assert json.loads(target.read_text(encoding="utf-8"))["text"].startswith("停水通知")
