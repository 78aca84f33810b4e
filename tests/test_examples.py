"""The example study: its raw files are those of its posts, and they cover what they should."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from tests.scripts import load_script

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


def posts() -> list[dict[str, str]]:
    with (EXAMPLES / "posts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_raw_files_are_made_from_the_posts(tmp_path, monkeypatch) -> None:
    make_raw = load_script(EXAMPLES / "make_raw.py")
    monkeypatch.setattr(make_raw, "RAW", tmp_path)
    make_raw.main()
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {
        p.relative_to(EXAMPLES / "raw"): p.read_bytes() for p in (EXAMPLES / "raw").rglob("*") if p.is_file()
    }
    assert sorted(made) == sorted(kept)
    assert all(made[name] == kept[name] for name in made)


def test_the_study_covers_forms_accounts_platforms_and_years() -> None:
    rows = posts()
    assert len(rows) >= 450
    assert len({r["form"] for r in rows}) == 29
    assert len({r["account"] for r in rows}) >= 8
    assert {r["platform"] for r in rows} == {"wechat", "weibo"}
    assert {r["published_at"][:4] for r in rows} == {"2023", "2024"}


def test_some_posts_are_reused_by_other_accounts() -> None:
    titles: dict[str, set[str]] = {}
    for row in posts():
        titles.setdefault(row["title"], set()).add(row["account"] + row["platform"])
    assert sum(len(accounts) > 1 for accounts in titles.values()) >= 5


def test_every_account_has_posts_enough_for_shares() -> None:
    numbers = Counter(row["account"] for row in posts())
    assert min(numbers.values()) >= 34
    assert load_script(EXAMPLES / "more_posts.py").posts_to_add(posts()) == []  # they are there already
