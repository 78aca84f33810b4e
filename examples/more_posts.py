"""Add to posts.csv the notices that such accounts publish again and again, until each has 34 posts.

`python examples/more_posts.py` writes them once; the same seed gives the same posts. All is invented. Run
make_raw.py afterwards.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

FILE = Path(__file__).parent / "posts.csv"
WANTED = 34
SEED = 20241

SLOTS = {
    "day": [f"{m}月{d}日" for m in range(1, 13) for d in (4, 9, 13, 18, 22, 27)],
    "hour": ["6时", "7时30分", "9时", "13时", "15时", "20时"],
    "road": ["人民路", "滨江大道", "解放路", "环城西路", "柳溪街", "凤鸣路", "东岭路", "学府路"],
    "place": ["市图书馆", "体育馆南门", "青少年宫", "东岭公园", "柳溪文化站", "老码头广场", "市民中心"],
    "area": ["城东", "柳溪", "东岭", "凤鸣", "河西", "南屏"],
    "n": [str(n) for n in range(11, 98, 3)], "big": [str(n) for n in range(1106, 9800, 373)],
    "share": [f"{n}.{d}%" for n, d in ((71, 4), (83, 2), (88, 9), (92, 6), (95, 1), (97, 3))],
    "who": ["陈女士", "李先生", "周大爷", "吴阿姨", "郑同学", "冯先生", "许女士"],
}  # fmt: skip


def kinds() -> dict[str, list[dict[str, str]]]:
    """Return the notices that each account repeats; a slot is {name}."""
    found: dict[str, list[dict[str, str]]] = {}
    with (FILE.parent / "kinds.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["account"], []).append(row)
    return found


def filled(template: str, draw: random.Random) -> str:
    """Fill every slot of a template, each time anew."""
    for name, values in SLOTS.items():
        while f"{{{name}}}" in template:
            template = template.replace(f"{{{name}}}", draw.choice(values), 1)
    return template


def posts_to_add(posts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return new posts, so many that every account has enough."""
    draw = random.Random(SEED)
    made: list[dict[str, str]] = []
    for account, repeated in kinds().items():
        own = [p for p in posts if p["account"] == account]
        platform = own[0]["platform"]
        for number in range(WANTED - len(own)):
            kind = repeated[number % len(repeated)]
            when = f"{draw.choice((2023, 2024))}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
            made.append({
                "account": account, "platform": platform,
                "published_at": f"{when} {draw.randint(8, 18):02d}:{draw.choice((0, 10, 20, 40)):02d}",
                "title": filled(kind["title"], draw), "text": filled(kind["text"], draw),
                "code": kind["code"], "secondary": "", "form": kind["form"],
            })  # fmt: skip
    return made


def main() -> None:
    """Append the posts that are still lacking."""
    with FILE.open(encoding="utf-8", newline="") as file:
        posts = list(csv.DictReader(file))
    with FILE.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(posts[0]), lineterminator="\n").writerows(posts_to_add(posts))


if __name__ == "__main__":
    main()
