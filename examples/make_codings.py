"""Write what the invented coders lin and zhou gave the posts of the sample, and what fang settled.

`python examples/make_codings.py POSTS.jsonl SHEET.frame.csv` after a change of posts.csv. Codings that are
there stay where their post is still in the sample; the other posts get the code of posts.csv, and one in
sixteen a disagreement of a kind that is there already. The same seed gives the same codings.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from pathlib import Path

from make_raw import weibo_id

HERE = Path(__file__).parent
SEED, ONE_IN = 7, 16
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def truths(posts: Path) -> dict[str, Row]:
    """Return what posts.csv says of every post that was read, by its id."""
    written = read(HERE / "posts.csv")
    by_time = {(p["account"], p["published_at"]): p for p in written if p["platform"] == "wechat"}
    by_id = {weibo_id(p): p for p in written if p["platform"] == "weibo"}
    found = {}
    for line in posts.read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        when = post["published_at"][:16].replace("T", " ")
        found[post["post_id"]] = by_id.get(post["post_id"]) or by_time[post["account"], when]
    return found


def main(posts: str, frame: str) -> None:
    """Write gold.csv and everything under codings/."""
    draw, truth = random.Random(SEED), truths(Path(posts))
    people = {name: {r["post_id"]: r for r in read(HERE / f"codings/{name}.csv")} for name in ("lin", "zhou")}
    settled = {r["post_id"]: r for r in read(HERE / "codings/decisions.csv")}
    doubts = {r["form"]: (people["lin"][i], people["zhou"][i], r) for i, r in settled.items()}
    rows: dict[str, list[Row]] = {"lin": [], "zhou": [], "decisions": []}
    for post_id in (r["post_id"] for r in read(Path(frame))):
        known = truth[post_id]
        doubt = doubts.get(known["form"]) if draw.randrange(ONE_IN) == 0 or known["form"] == "I6" else None
        for number, name in enumerate(people):
            row = {"post_id": post_id, "coder": name, "sure": "1", "note": "",
                   **{k: known[k] for k in ("code", "secondary", "form")}}  # fmt: skip
            if doubt:
                row |= {k: doubt[number][k] for k in ("code", "form", "sure", "note")}
            rows[name].append(people[name].get(post_id, row))
        if post_id in settled:
            rows["decisions"].append(settled[post_id])
        elif doubt and post_id not in people["lin"]:
            rows["decisions"].append({**doubt[2], "post_id": post_id})
    for name in people:
        write(HERE / f"codings/{name}.csv", list(next(iter(people[name].values()))), rows[name])
    write(HERE / "codings/decisions.csv", list(next(iter(settled.values()))), rows["decisions"])
    gold = [{"post_id": i, "coder": "gold", **{k: t[k] for k in ("code", "secondary", "form")}}
            for i, t in sorted(truth.items())]  # fmt: skip
    write(HERE / "gold.csv", ["post_id", "coder", "code", "secondary", "form"], gold)


if __name__ == "__main__":
    main(*sys.argv[1:])
