"""A small coded table with everything that goes wrong in other software."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

COLUMNS = (
    "post_id", "account", "platform", "published_at", "title", "text", "点赞数", "工单编号", "code",
    "secondary", "form", "p_information", "p_service", "p_appeal", "p_agenda", "p_other", "status", "coder",
)  # fmt: skip
HOSTILE = '=HYPERLINK("http://x.example","点")'


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    """Write the table: a formula, a long text, a 16-digit id, a missing code, Chinese column names."""
    p = ("0.1", "0.7", "0.1", "0.05", "0.05")
    rows = [
        ("4812345678901234", "云溪发布", "weibo", "2023-05-01T08:00:00+08:00", HOSTILE, "停水通知", "12",
         "007", "service", "", "S4", *p, "coded", "rules@abc"),
        ("0002", "云溪发布", "wechat", "2023-05-02", "早安", "龙" * 40_000, "", "12", "other",
         "service", "O1", *p, "unsure", "rules@abc"),
        ("3", "云溪城管", "", "", "", "👍\u202e", "3.5", "13", "NA",
         "", "", "", "", "", "", "", "uncodable",
         "rules@abc"),
    ]  # fmt: skip
    path = tmp_path / "coded.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path
