"""Time by the finest unit that has posts enough; agenda and uptake by account."""

from __future__ import annotations

from datetime import datetime, timedelta

from govcode.codebook.load import load_codebook
from govcode.profiles.alignment import Issue
from govcode.profiles.base import CodedPost, counted
from govcode.profiles.periods import periods
from govcode.profiles.profile import profile
from govcode.profiles.series import IssueSeries, SeriesAlignment, adjusted

BOOK = load_codebook()


def dated(days: range, step: int = 1) -> list[CodedPost]:
    start = datetime(2023, 1, 1)
    return [CodedPost(f"{d}", "甲", "weibo", start + timedelta(days=d * step), "service") for d in days]


def test_months_with_posts_enough_stay_months() -> None:
    found = periods(
        [*dated(range(62)), *[p._replace(post_id=f"b{p.post_id}") for p in dated(range(62))]], BOOK
    )
    assert (found.unit, [p.period for p in found.periods]) == ("month", ["2023-01", "2023-02", "2023-03"])
    assert [p.n for p in found.periods] == [62, 56, 6]
    assert [bool(p.shares) for p in found.periods] == [True, True, False]


def test_thin_months_make_quarters_and_thin_quarters_years() -> None:
    quarters = periods(dated(range(180), step=2), BOOK)
    assert (quarters.unit, quarters.periods[0].period) == ("quarter", "2023-Q1")
    years = periods(dated(range(100), step=7), BOOK)
    assert (years.unit, [p.n for p in years.periods]) == ("year", [53, 47])
    share = next(s for s in years.periods[0].shares if s.code == "service")
    assert (share.hits, share.n, share.figure.high) == (53, 53, 1)


def test_too_few_posts_are_never_drawn() -> None:
    assert not periods([], BOOK).drawn
    assert not periods(dated(range(20)), BOOK).drawn


def test_tests_of_all_accounts_are_corrected_together() -> None:
    def one(p: float) -> SeriesAlignment:
        row = IssueSeries("停水", 70, 9, 9.0, counted(0.5, 70, "periods"), p_public_first=p)
        return SeriesAlignment("week", 70, (row,), None, 0, True)

    found = adjusted([one(0.01), one(0.04)])
    assert [s.issues[0].p_public_first for s in found] == [0.02, 0.04]
    assert found[0].issues[0].p_account_first is None


def test_uptake_is_given_for_all_posts_and_for_each_account() -> None:
    noon = datetime(2023, 5, 1, 12)
    rows = []
    for account, days in (("甲", 5), ("乙", 60)):
        for i in range(20):
            when = noon + timedelta(days=i)
            rows.append(
                CodedPost(f"{account}{i}", account, "web", when, "appeal", form="P2", passage="停水怎么办")
            )
            later = when + timedelta(days=days)
            rows.append(
                CodedPost(f"{account}a{i}", account, "web", later, "agenda", form="A1", passage="关于停水")
            )
    issues = (Issue("停水", ("停水",), 3), Issue("噪声", ("噪声",), 2), Issue("停车", ("停车",), 1))
    found = profile(rows, BOOK, issues=issues)
    assert found.uptake is not None
    shares = {g.key[0]: g.uptake.share.value for g in found.groups if g.uptake}
    assert shares == {"甲": 1, "乙": 0}
    assert 0.5 <= found.uptake.share.value <= 1  # an appeal to one may be taken up by the other
    assert all(g.uptake.p_holm >= g.uptake.p for g in found.groups if g.uptake)
    assert profile(rows, BOOK, by=("month",), issues=issues).groups[0].uptake is None
