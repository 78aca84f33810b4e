"""A coded table whose every text wants to break out of the page, and a study that has everything."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from govcode.workflow.report import ReportOptions

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


@pytest.fixture(scope="session")
def full_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 240 coded posts with replies, gold for half, codings of two people, an agenda, its series, and
    another coding of the same posts."""
    folder = tmp_path_factory.mktemp("full")
    posts = ["post_id,account,platform,published_at,text,reply,replied_at,code,secondary,form,status"]
    gold, lin = ["post_id,coder,code,secondary,form,inclusion_prob"], ["post_id,coder,code"]
    for i in range(240):
        code = CODES[i * 7 % 5]
        text = f"第{i // 3}条消息:今天停水请储水、道路施工请绕行、噪声扰民{'@云溪1' if i % 9 == 0 else ''}"
        reply = "已转水务局办理。,2023-05-30" if code == "appeal" and i % 2 else ","
        posts.append(f"{i},云溪{i % 3},weibo,2023-0{1 + i // 3 % 6}-1{i // 3 % 9}T1{i % 3}:00:00,{text},{reply},{code},,"
                     f"{FORMS[code]},coded")  # fmt: skip
        if i % 2 == 0:
            truth = code if i % 10 else CODES[(i * 7 + 1) % 5]
            gold.append(f"{i},gold,{truth},service,{FORMS[truth]},0.5")
            lin += [f"{i},lin,{truth}", f"{i},zhou,{code}"]
    other = "\n".join(posts).replace(",information,", ",agenda,")
    for name, rows in (("coded", posts), ("gold", gold), ("codings", lin), ("other", [other])):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "agenda.csv").write_text(
        "issue,words,weight\n停水,停水,5\n道路,道路,3\n噪声,噪声,1\n早安,早安,1\n", "utf-8"
    )
    months = "\n".join(f"停水,2023-0{m},{m}\n噪声,2023-0{m},2" for m in range(1, 7))
    (folder / "series.csv").write_text(f"issue,period,weight\n{months}\n", encoding="utf-8")
    return folder


def full_options(folder: Path, language: str = "zh") -> ReportOptions:
    """Return the options of a report on that study that has everything."""
    return ReportOptions(
        language=language, gold=str(folder / "gold.csv"), codings=[str(folder / "codings.csv")],
        public_agenda=str(folder / "agenda.csv"), agenda_series=str(folder / "series.csv"),
        against=[str(folder / "other.csv")],
    )  # fmt: skip
