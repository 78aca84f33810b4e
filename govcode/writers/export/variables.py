"""What each column of a coded table is to other software: name, kind, labels, values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govcode.codebook.model import Codebook, say
from govcode.records import NA, PLATFORMS, STATUSES

Value = tuple[str, int, str]  # as in the table, integer code, label

ID, TEXT, NUMBER, CATEGORY = "id", "text", "number", "category"

LABELS: Mapping[str, tuple[str, str]] = {
    "post_id": ("帖文编号", "post id"),
    "account": ("政务账号", "account"),
    "platform": ("平台", "platform"),
    "published_at": ("发布时间", "time of publication"),
    "title": ("标题", "title"),
    "text": ("正文", "text"),
    "reply": ("官方答复", "official reply"),
    "url": ("网址", "address"),
    "code": ("主编码", "code"),
    "secondary": ("次编码", "secondary code"),
    "form": ("内容形式", "form"),
    "status": ("编码状态", "status of the coding"),
    "evidence": ("编码依据", "evidence"),
    "coder": ("编码员", "coder"),
    "inclusion_prob": ("入样概率", "inclusion probability"),
    "stratum": ("抽样层", "stratum"),
    "sure": ("把握", "sure"),
}
_STATUS_LABELS = {
    "coded": ("已编码", "coded"),
    "unsure": ("存疑", "unsure"),
    "uncodable": ("不可编码", "uncodable"),
    "error": ("出错", "error"),
}
_PLATFORM_LABELS = {
    "wechat": ("微信", "WeChat"),
    "weibo": ("微博", "Weibo"),
    "web": ("网站", "web"),
    "other": ("其他", "other"),
}
_IDS = frozenset({"post_id", "account", "published_at", "title", "text", "reply", "url", "coder", "stratum"})
_ID_NAME = re.compile(r"(^|_)(id|mid|uid|bid|no)$|编号|号码|电话|身份证|证号", re.IGNORECASE)
# A number as a person would type it: no leading zero, at most 15 digits (what a double holds exactly).
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
NAME_LIMIT = 32
_RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "if", "in", "le", "lt", "ne", "not", "or", "to", "using", "with"]
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One column: its name in the table, an ASCII name for statistics packages, kind, label, values."""

    column: str
    name: str
    kind: str
    label: str
    values: tuple[Value, ...] = ()

    def integer(self, value: Any) -> int | None:
        """Return the integer code of a category, or None for a missing or unknown value."""
        return next((number for known, number, _ in self.values if known == value), None)

    def number(self, value: Any) -> float | None:
        """Return a number as a float, or None where the cell is empty or holds none."""
        return float(value) if is_number(value) else None


@dataclass(frozen=True)
class ExportTable:
    """A coded table ready for other software. `rows` may be called again for another pass."""

    variables: tuple[Variable, ...]
    rows: Callable[[], Iterator[Mapping[str, Any]]]
    codebook: Codebook
    language: str = "both"
    form: str = ""


@dataclass
class ExportResult:
    """What was written: files beside the main one, rows, and sentences worth telling the user."""

    rows: int = 0
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def wording(text: Mapping[str, str] | tuple[str, str], language: str) -> str:
    """Return a label in `zh`, `en`, or `both` (`中文 / English`)."""
    pair = {"zh": text[0], "en": text[1]} if isinstance(text, tuple) else text
    if language != "both":
        return say(pair, language)
    return " / ".join(dict.fromkeys(w for w in (pair.get("zh"), pair.get("en")) if w)) or say(pair, "zh")


def is_number(value: Any) -> bool:
    """Say whether a cell holds a number: an int or float, or text that is spelled as one."""
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, int):
        return abs(value) < 10**15
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def numeric_columns(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the columns whose filled cells are all numbers; ids and text never are, whatever they hold."""
    open_columns = {c for c in columns if c not in _IDS and not _ID_NAME.search(c)}
    filled: set[str] = set()
    for row in rows:
        for column in tuple(open_columns):
            value = row.get(column)
            if value is None or value == "":
                continue
            if is_number(value):
                filled.add(column)
            else:
                open_columns.discard(column)
    return frozenset(open_columns & filled)


def describe(
    columns: Sequence[str], numeric: frozenset[str], codebook: Codebook, language: str
) -> tuple[Variable, ...]:
    """Return the variables of a coded table with the given columns, names unique and in order."""
    variables: list[Variable] = []
    taken: set[str] = set()
    for position, column in enumerate(columns, 1):
        name = _ascii_name(column, position, taken)
        taken.add(name.lower())
        values = _values(column, codebook, language)
        kind = CATEGORY if values else NUMBER if column in numeric else ID if column in _IDS else TEXT
        variables.append(Variable(column, name, kind, _label(column, codebook, language), values))
    return tuple(variables)


def _ascii_name(column: str, position: int, taken: set[str]) -> str:
    """Return a name that Stata, SPSS and R all take: ASCII letters, digits, `_`; at most 32; unique."""
    name = re.sub(r"[^0-9A-Za-z_]+", "_", column).strip("_")[:NAME_LIMIT]
    if not re.match(r"[A-Za-z]", name) or not column.isascii() or name.lower() in _RESERVED:
        name = f"v{position}"
    return name if name.lower() not in taken else f"v{position}"


def _label(column: str, codebook: Codebook, language: str) -> str:
    if column in LABELS:
        return wording(LABELS[column], language)
    if column.startswith("p_") and column[2:] in codebook.ids:
        code = wording(codebook.code(column[2:]).label, language)
        return f"{wording(('概率', 'probability'), language)}: {code}"
    return column


def _values(column: str, codebook: Codebook, language: str) -> tuple[Value, ...]:
    """Return the values of a categorical column; `NA` of `code` is missing and has no integer."""
    if column in {"code", "secondary"}:
        return tuple((c.id, n, wording(c.label, language)) for n, c in enumerate(codebook.codes, 1))
    if column == "form":
        return tuple(
            (f.id, n, f"{f.id} {wording(f.label, language)}") for n, f in enumerate(codebook.forms, 1)
        )
    if column == "status":
        return tuple((s, n, wording(_STATUS_LABELS[s], language)) for n, s in enumerate(STATUSES, 1))
    if column == "platform":
        return tuple((p, n, wording(_PLATFORM_LABELS[p], language)) for n, p in enumerate(PLATFORMS, 1))
    return ()


def cell_text(value: Any) -> str:
    """Return a cell as text: lists joined by spaces, nothing for a missing value, surrogates replaced."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return " ".join(cell_text(v) for v in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)
    return str(value).encode("utf-8", "replace").decode("utf-8")


def is_missing(column: str, value: Any) -> bool:
    """Say whether a cell is empty or, in `code`, the missing value."""
    return value is None or value == "" or (column == "code" and value == NA)
