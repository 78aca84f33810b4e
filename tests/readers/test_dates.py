"""Dates in all their forms."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcode.errors import UsageError
from govcode.readers.dates import SHANGHAI, Dates

NOON = "2024-01-15T12:00:00+08:00"


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2023-05-01", "2023-05-01"),
        ("2023-05-01 08:30", "2023-05-01T08:30:00+08:00"),
        ("2023-05-01T08:30:15", "2023-05-01T08:30:15+08:00"),
        ("2023-05-01T00:30:15Z", "2023-05-01T08:30:15+08:00"),
        ("2023-05-01T08:30:15.123+08:00", "2023-05-01T08:30:15+08:00"),
        ("2023-05-01T08:30:15+0900", "2023-05-01T07:30:15+08:00"),
        ("2023/5/1 8:30", "2023-05-01T08:30:00+08:00"),
        ("2023.05.01", "2023-05-01"),
        ("2023年5月1日", "2023-05-01"),
        ("2023年05月01日 8时30分", "2023-05-01T08:30:00+08:00"),
        ("2023年5月1日 下午3:05", "2023-05-01T15:05:00+08:00"),
        ("2023/5/1 上午12:05", "2023-05-01T12:05:00+08:00"),
        ("5/1", ""),
        ("2023-05-01 08:30 PM", "2023-05-01T20:30:00+08:00"),
        ("发布时间：2023-05-01 08:30 来源：青川", "2023-05-01T08:30:00+08:00"),
        ("2023-05-01（星期一）08:30", "2023-05-01T08:30:00+08:00"),
        ("20230501", "2023-05-01"),
        ("20230501083015", "2023-05-01T08:30:15+08:00"),
        ("Mon May 01 08:30:00 +0800 2023", "2023-05-01T08:30:00+08:00"),
        ("Mon, 01 May 2023 00:30:00 GMT", "2023-05-01T08:30:00+08:00"),
        ("1682901000", "2023-05-01T08:30:00+08:00"),
        (1682901000, "2023-05-01T08:30:00+08:00"),
        (1682901000000, "2023-05-01T08:30:00+08:00"),
        ("1682901000000", "2023-05-01T08:30:00+08:00"),
        (45047, "2023-05-01"),
        ("45047.3541666667", "2023-05-01T08:30:00+08:00"),
        ("2023-02-30", ""),
        ("2023-13-01 08:30", ""),
        ("2023-05-01 25:00", ""),
        ("无", ""),
        ("", ""),
        (None, ""),
        ("编号12345678901234567890", ""),
        (True, ""),
    ],
)
def test_absolute_dates(value, iso: str) -> None:
    assert Dates().read(value)[0] == iso


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("刚刚", NOON),
        ("30秒前", "2024-01-15T11:59:30+08:00"),
        ("5分钟前", "2024-01-15T11:55:00+08:00"),
        ("3小时前", "2024-01-15T09:00:00+08:00"),
        ("2天前", "2024-01-13T12:00:00+08:00"),
        ("今天 08:30", "2024-01-15T08:30:00+08:00"),
        ("昨天 23:05", "2024-01-14T23:05:00+08:00"),
        ("前天 07:00", "2024-01-13T07:00:00+08:00"),
        ("01-10", "2024-01-10"),
        ("12-31", "2023-12-31"),
        ("12月31日 20:15", "2023-12-31T20:15:00+08:00"),
        ("1个月前", "2023-12-16"),
    ],
)
def test_relative_dates_need_the_time_of_the_crawl(value: str, iso: str) -> None:
    assert Dates(NOON).read(value) == (iso, "relative")
    assert Dates().read(value) == ("", "relative-date")


def test_a_wrong_time_of_the_crawl_is_told() -> None:
    with pytest.raises(UsageError, match="crawled-at"):
        Dates("neulich")


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 12, 31)))
def test_written_dates_come_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    iso = moment.isoformat() + "+08:00"
    dates = Dates()
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S"):
        assert dates.read(moment.strftime(form))[0] == iso
    epoch = int(moment.replace(tzinfo=SHANGHAI).timestamp())
    assert dates.read(epoch)[0] == dates.read(str(epoch * 1000))[0] == iso
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert dates.read(days)[0][:16] == iso[:16] or not days % 1


@given(
    st.one_of(
        st.text(max_size=30), st.floats(), st.integers(), st.from_regex(r"\d{1,4}[-/.年月]\d{1,3}.{0,9}")
    )
)
def test_nothing_raises(value) -> None:
    for dates in (Dates(), Dates(NOON)):
        iso, how = dates.read(value)
        assert bool(iso) == (how in {"plain", "epoch", "excel", "relative"})
        if iso:
            datetime.fromisoformat(iso)
