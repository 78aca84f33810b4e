"""Dates in the forms in which crawlers and spreadsheets leave them, as ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from govcode.errors import UsageError

SHANGHAI = timezone(timedelta(hours=8))
EARLIEST, LATEST = 1990, 2100
_EXCEL_ZERO = datetime(1899, 12, 30, tzinfo=SHANGHAI)

_CLOCK = (
    r"(?:\D{0,6}?(?P<half>上午|下午|晚上|中午|凌晨|早上|晚)?\s*(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})?"
    r"(?:[:：分](?P<second>\d{1,2})?)?秒?(?:\.\d*)?\s*(?P<ampm>[AaPp]\.?[Mm])?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}(?!\d))?)?"
)
_FULL = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[-/.年－—]\s*(?P<month>\d{1,2})\s*[-/.月－—]\s*(?P<day>\d{1,2})(?!\d)日?"
    + _CLOCK
)
_PACKED = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
                     r"(?:[T ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?Z?")  # fmt: skip
_MONTH_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)日?" + _CLOCK)
_NAMED_DAY = re.compile(r"(?P<word>今天|昨天|前天)" + _CLOCK)
_AGO = re.compile(r"(?P<number>\d+)\s*(?P<unit>秒|分钟|小时|天|周|个月|年)(?:钟)?前")
_WEIBO = re.compile(r"\w{3} (?P<name>\w{3}) \d{2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}")
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days", "周": "weeks"}


class Dates:
    """Read dates; relative ones (`5分钟前`, `昨天 08:30`, `01-23`) only where `crawled_at` is known."""

    def __init__(self, crawled_at: str = "") -> None:
        self._now: datetime | None = None
        if crawled_at:
            iso, _ = self.read(crawled_at)
            if not iso:
                raise UsageError(
                    f"'{crawled_at}' is not a date for --crawled-at.", hint="E.g. 2024-05-01T20:00."
                )
            now = datetime.fromisoformat(iso)
            self._now = now if now.tzinfo else now.replace(tzinfo=SHANGHAI)

    def read(self, value: Any) -> tuple[str, str]:
        """Return a date as ISO 8601 and how it was found.

        The second is `plain`, `epoch`, `excel` or `relative`; an unreadable date is `("", reason)` with
        reason `no-date` (nothing there), `bad-date`, or `relative-date` (needs `crawled_at`). Asia/Shanghai
        is assumed where no zone is given; a date without a time stays a date.
        """
        if value is None or value == "":
            return "", "no-date"
        if type(value) is str:
            if found := _simple(value):
                return found, "plain"
            return self._read_text(value.strip())
        if isinstance(value, bool):
            return "", "bad-date"
        if isinstance(value, int | float):
            return _number(float(value))
        return self._read_text(str(value))

    def _read_text(self, text: str) -> tuple[str, str]:
        if not text or text in {"无", "-", "None", "nan", "NaT", "null"}:
            return "", "no-date"
        if re.fullmatch(r"\d{4,}(?:\.\d+)?", text):
            if (match := _PACKED.fullmatch(text)) and (found := self._built(match)):
                return found, "plain"
            return _number(float(text))
        if match := _FULL.search(text):
            found = self._built(match)
            return (found, "plain") if found else ("", "bad-date")
        if _WEIBO.fullmatch(text):
            return _weibo(text)
        if (match := _PACKED.fullmatch(text)) and (found := self._built(match)):
            return found, "plain"
        if re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4}", text):
            return _mail(text)
        return self._relative(text)

    def _relative(self, text: str) -> tuple[str, str]:
        """Read what means something only from the time of the crawl."""
        ago, named, month_day = _AGO.search(text), _NAMED_DAY.search(text), _MONTH_DAY.match(text)
        if not (ago or named or month_day or text.startswith(("刚刚", "刚才"))):
            return "", "bad-date"
        if self._now is None:
            return "", "relative-date"
        if ago:
            return _ago(self._now, int(ago["number"]), ago["unit"]), "relative"
        if named:
            day = self._now - timedelta(days=_DAYS_BACK[named["word"]])
            found = self._built(named, year=day.year, month=day.month, day=day.day)
        elif month_day:
            found = self._built(month_day, year=self._now.year)
            if found and found[:10] > self._now.date().isoformat():
                found = self._built(month_day, year=self._now.year - 1)
        else:
            return _iso(self._now), "relative"
        return (found, "relative") if found else ("", "bad-date")

    def _built(self, match: re.Match[str], **known: int) -> str:
        """Return the date of a match, or '' where there is no such day or time."""
        parts = match.groupdict() | {key: str(value) for key, value in known.items()}
        try:
            day = datetime(int(parts["year"]), int(parts["month"]), int(parts["day"]), tzinfo=SHANGHAI)
            if parts.get("hour") is None:
                return day.date().isoformat()
            hour = _hour(int(parts["hour"]), parts.get("half") or parts.get("ampm") or "")
            time = day.replace(
                hour=hour, minute=int(parts.get("minute") or 0), second=int(parts.get("second") or 0)
            )
        except ValueError:
            return ""
        zone = parts.get("zone")
        if zone:
            time = time.replace(tzinfo=UTC if zone == "Z" else datetime.strptime(zone, "%z").tzinfo)
            time = time.astimezone(SHANGHAI)
        return _iso(time)


def _simple(text: str) -> str:
    """Return the commonest forms (2024-05-01, 2024-05-01 08:30, … 08:30:15), else ''."""
    length = len(text)
    if length == 19:
        fits = text[4] == text[7] == "-" and text[13] == text[16] == ":" and text[10] in " T"
    elif length == 16:
        fits = text[4] == text[7] == "-" and text[13] == ":" and text[10] in " T"
    else:
        fits = length == 10 and text[4] == text[7] == "-"
    if not fits:
        return ""
    try:
        if not EARLIEST <= datetime.fromisoformat(text).year <= LATEST:
            return ""
    except ValueError:
        return ""
    if length == 10:
        return text
    return f"{text[:10]}T{text[11:]}{':00' if length == 16 else ''}+08:00"


def _hour(hour: int, half: str) -> int:
    if half in {"下午", "晚上", "晚"} or half[:1] in {"P", "p"}:
        return hour + 12 if hour < 12 else hour
    if half[:1] in {"A", "a"} or half in {"凌晨", "上午"}:
        return 0 if hour == 12 and half != "上午" else hour
    return hour + 12 if half == "中午" and hour < 3 else hour


def _number(number: float) -> tuple[str, str]:
    """Read Unix seconds, milliseconds and microseconds, and Excel's day numbers."""
    for scale in (1, 1000, 1_000_000):
        if 631_152_000 <= number / scale < 4_102_444_800:  # 1990 to 2100
            return _iso(datetime.fromtimestamp(number / scale, SHANGHAI)), "epoch"
    if 32_874 <= number < 73_051:  # the same years as days
        time = _EXCEL_ZERO + timedelta(seconds=round(number * 86_400))
        return (time.date().isoformat() if number.is_integer() else _iso(time)), "excel"
    return "", "bad-date"


def _weibo(text: str) -> tuple[str, str]:
    try:
        return _iso(datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").astimezone(SHANGHAI)), "plain"
    except ValueError:
        return "", "bad-date"


def _mail(text: str) -> tuple[str, str]:
    try:
        time = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return "", "bad-date"
    return _iso(time.replace(tzinfo=time.tzinfo or SHANGHAI).astimezone(SHANGHAI)), "plain"


def _ago(now: datetime, number: int, unit: str) -> str:
    try:
        if unit in _UNITS:
            return _iso(now - timedelta(**{_UNITS[unit]: number}))
        days = number * (365 if unit == "年" else 30)
        return (now - timedelta(days=days)).date().isoformat()
    except OverflowError:
        return ""


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="seconds")
