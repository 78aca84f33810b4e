"""A coded table whose every text wants to break out of the page."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

HOSTILE = (
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=HYPERLINK(\"http://x.example\")",
    "\u202e反转\u2066", "]]></svg><script>alert(2)</script>", r"\input{/etc/passwd} $x$ % # & _ ~ ^ {",
    "| [点](javascript:alert(3)) | `<b>`", "{{ 7 * 7 }}{% raw %}", "\x00\x07\ud800正文".replace("\ud800", ""),
)  # fmt: skip
COLUMNS = (
    "post_id", "account", "platform", "published_at", "title", "text", "code", "secondary", "form",
    "p_information", "p_service", "p_appeal", "p_agenda", "p_other", "status", "evidence", "coder",
)  # fmt: skip
CODES = ("information", "service", "appeal", "agenda", "other")
FORMS = {"information": "I2", "service": "S4", "appeal": "P2", "agenda": "A1", "other": "O1"}


@pytest.fixture(scope="session")
def hostile_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 180 posts of three accounts with hostile names and texts, and one word of a million letters."""
    rows = []
    for i in range(180):
        code = CODES[(i * 7) % 10 % 5]
        bad = HOSTILE[i % len(HOSTILE)].replace("\x00", "")
        p = ["0.9" if c == code else "0.025" for c in CODES]
        text = "龙" * 1_000_000 if i == 90 else f"{bad} 第{i}条,征求意见"
        rows.append((f"{i}", f"云溪{bad[:60]}" if i % 3 == 0 else f"账号{i % 3}", "weibo",
                     f"2023-0{1 + i % 6}-0{1 + i % 9}", bad, text, code, "", FORMS[code], *p, "coded",
                     f"征求意见 +1.20 (title); {bad} +0.80", "rules@abc"))  # fmt: skip
    path = tmp_path_factory.mktemp("hostile") / "coded.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path
