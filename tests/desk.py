"""A desk with every file that the pages in docs/ speak of: invented posts, codings, gold, coded tables."""

from __future__ import annotations

import csv
import json
import random
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

FORMS = {"information": "I1", "service": "S1", "appeal": "P1", "agenda": "A1", "other": "O1"}
CODES = tuple(FORMS)
OPENINGS = {
    "information": ["市政府召开常务会议研究{t}", "{t}获批开工", "本月{t}完成投资{n}亿元"],
    "service": ["{t}办理指南请收藏", "{n}路公交改道请提前候车", "{t}预约从{n}点开始"],
    "appeal": ["您反映的{t}已转办", "网友问{t}何时解决", "{t}投诉办理结果公布"],
    "agenda": ["保护{t}需要每个人参与", "为什么要重视{t}", "{t}是大家的事"],
    "other": ["早安澄州", "{t}的晚霞真美", "猜猜这是{t}的哪里"],
}
THINGS = [
    "老旧小区改造",
    "河道治理",
    "垃圾分类",
    "停车难",
    "社保卡",
    "路灯",
    "学校食堂",
    "湿地公园",
    "地铁三号线",
]
PEOPLE = ("A", "B")


def lay_out(folder: Path) -> None:
    """Write all files into `folder`; the same every time."""
    draw = random.Random(11)
    posts = [_post(number, draw) for number in range(700)]
    for name in ("posts.csv", "weibo.csv"):
        _table(folder / name, posts)
    for name in ("posts.jsonl", "corpus.jsonl"):
        lines = [
            json.dumps({k: v for k, v in post.items() if k != "code"}, ensure_ascii=False) for post in posts
        ]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    _sources(folder, posts[:20])
    for name, wrong in (("coded.csv", 0.04), ("rules.csv", 0.2), ("other.csv", 0.1)):
        _table(folder / name, [_coded(post, name.partition(".")[0], wrong, draw) for post in posts])
    sampled = [post for number, post in enumerate(posts) if number % 2 == 0]
    gold = [
        {
            "post_id": p["post_id"],
            "coder": "gold",
            "code": p["code"],
            "form": FORMS[p["code"]],
            "stratum": "all",
            "inclusion_prob": 0.5,
        }
        for p in sampled
    ]
    _table(folder / "gold.csv", gold)
    hidden = ("code", "form")
    frame = [{**row, "account": p["account"]} for row, p in zip(gold, sampled, strict=True)]
    _table(folder / "sheet.frame.csv", [{k: v for k, v in row.items() if k not in hidden} for row in frame])
    _people(folder, sampled)


def _post(number: int, draw: random.Random) -> dict[str, Any]:
    code = draw.choice(CODES)
    words = draw.choice(OPENINGS[code]).format(t=draw.choice(THINGS), n=draw.randint(2, 30))
    more = "，".join(draw.sample(THINGS, 3))
    return {
        "post_id": f"p{number}", "account": f"澄州{number % 26}", "platform": ("wechat", "weibo")[number % 2],
        "published_at": f"202{3 + number // 3 % 2}-{1 + number % 12:02d}-{1 + number % 28:02d}T09:00:00+08:00",
        "title": words, "text": f"{words}。{more}等{draw.randint(100, 999)}项一并公布，详见第{number}号通知。",
        "code": code,
    }  # fmt: skip


def _coded(post: dict[str, Any], coder: str, wrong: float, draw: random.Random) -> dict[str, Any]:
    code = post["code"] if draw.random() >= wrong else draw.choice(CODES)
    sure = round(draw.uniform(0.6, 0.98), 3)
    rest = {f"p_{c}": sure if c == code else round((1 - sure) / (len(CODES) - 1), 5) for c in CODES}
    return {
        **post,
        "code": code,
        "secondary": "",
        "form": FORMS[code],
        **rest,
        "status": "coded",
        "coder": f"{coder}@000000000000",
    }


def _sources(folder: Path, posts: list[dict[str, Any]]) -> None:
    raw = [{"正文": p["text"] + "。", "公众号": p["account"], "发布时间": "2024-05-01"} for p in posts]
    (folder / "crawl").mkdir()
    _table(folder / "crawl" / "first.csv", raw[:10])
    book = openpyxl.Workbook()
    book.active.append(list(raw[0]))
    for row in raw[10:15]:
        book.active.append(list(row.values()))
    book.save(folder / "导出.xlsx")
    with zipfile.ZipFile(folder / "history.zip", "w") as file:
        _table(folder / "old.csv", raw[15:])
        file.write(folder / "old.csv", "old.csv")
    (folder / "old.csv").unlink()
    shipped = Path(__file__).parent.parent / "govcode" / "codebook" / "data" / "functions.toml"
    shutil.copy(shipped, folder / "mine.toml")


def _people(folder: Path, posts: list[dict[str, Any]]) -> None:
    """Write what people coded: two coding sheets, two tables, and what other software exports."""
    for place, person in enumerate(PEOPLE):
        rows = [{**p, "coder": person, "sure": 1} for p in posts]
        for row in rows[place:12:2]:
            row["code"] = "other"
        book = openpyxl.Workbook()
        columns = ["post_id", "title", "text", "code", "sure", "coder"]
        book.active.append(columns)
        for row in rows:
            book.active.append([row[c] for c in columns])
        book.save(folder / f"sheet.{person}.xlsx")
        name = ("amy.csv", "bo.csv")[place]
        _table(
            folder / name, [{"post_id": r["post_id"], "coder": name[:-4], "code": r["code"]} for r in rows]
        )
    tasks = [
        {"data": {"post_id": p["post_id"]}, "annotations": [{
            "completed_by": {"email": "wang"},
            "result": [{"from_name": "code", "value": {"choices": [p["code"]]}}],
        }]}
        for p in posts
    ]  # fmt: skip
    (folder / "done.json").write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    lines = [json.dumps({"post_id": p["post_id"], "label": [p["code"]]}) for p in posts]
    (folder / "李明.jsonl").write_text("\n".join(lines), encoding="utf-8")


def fill_queue(path: Path) -> None:
    """Decide every post of an adjudication queue, as a person would in Excel."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    place = {cell.value: number for number, cell in enumerate(sheet[1])}
    for row in sheet.iter_rows(min_row=2):
        if row[place["post_id"]].value:
            for column, value in (("code", "other"), ("decided_by", "zhao"), ("decided_at", "2024-06-01")):
                row[place[column]].value = value
    book.save(path)


def _table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
