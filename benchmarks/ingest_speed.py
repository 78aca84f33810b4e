"""Ingest beside pandas: CSV and JSON Lines of 50,000 posts to JSON Lines, CPU time, pair by pair.

`python benchmarks/ingest_speed.py [--posts 50000] [--pairs 7]`

The tables are as weibo-crawler writes them (14 columns, ids with a TAB behind) and as MediaCrawler does
(12 keys); posts of some 350 characters. pandas reads with `read_csv(dtype=str)` and
`read_json(lines=True, dtype=False)` and writes with `to_json(orient="records", lines=True,
force_ascii=False)`. Both run in one process, one after the other, so neither pays for its imports.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

WEIBO = ("id", "bid", "正文", "头条文章url", "原始图片url", "视频url", "位置", "日期", "工具", "点赞数",
         "评论数", "转发数", "话题", "@用户")  # fmt: skip
MEDIA = (
    "note_id", "content", "create_time", "create_date_time", "liked_count", "comments_count", "shared_count",
    "last_modify_ts", "note_url", "ip_location", "nickname", "source_keyword",
)  # fmt: skip
WORDS = (
    "青川市民政局 发布 通知 ， 请 广大市民 注意 防范 暴雨 天气 ， 减少 外出 ， 做好 储水 准备 。 咨询电话 "
    "工作时间 办理 流程 如下 ： 公开 征求 意见 稿 【 停水 公告 】 #青川发布# 因 管网 检修 ， 白石街道 部分 "
    "区域 将 于 明日 8时 至 18时 停水 \u200b 现场 直播 ！ 一起 来 看看 “ 最美 社区 ” 评选 结果 ； 详情 请 "
    "拨打 12345 热线 。"
).split()
TOOLS = ("微博 weibo.com", "iPhone客户端", "微博网页版", "政务直通车")


def posts(number: int, seed: int = 1) -> Iterator[tuple[str, str, str, random.Random]]:
    """Yield id, text, date and the generator of everything else: the same posts for the same seed."""
    draw = random.Random(seed)
    for n in range(number):
        length = max(20, int(draw.gauss(350, 120)))
        text = "".join(draw.choices(WORDS, k=length // 2))[:length]
        if n % 5 == 0:
            text += "\nhttp://t.cn/" + "".join(draw.choices("abcdefgh", k=7))
        date = (
            f"202{n % 4}-{n % 12 + 1:02}-{n % 28 + 1:02} {draw.randrange(24):02}:{draw.randrange(60):02}:"
            f"{draw.randrange(60):02}"
        )
        yield str(4463517821345677 + n * 7919), text, date, draw


def write_csv(path: Path, number: int) -> Path:
    """Write a table as weibo-crawler does."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(WEIBO)
        for key, text, date, draw in posts(number):
            counts = [draw.randrange(2000) for _ in range(3)]
            picture = f"https://wx1.sinaimg.cn/large/{draw.randrange(1 << 40):x}.jpg"
            cells = [key + "\t", f"I{draw.randrange(1 << 32):x}", text, "", picture, "", "青川", date]
            writer.writerow([*cells, draw.choice(TOOLS), *counts, "青川发布", ""])
    return path


def write_jsonl(path: Path, number: int) -> Path:
    """Write a table as MediaCrawler does."""
    with path.open("w", encoding="utf-8") as file:
        for key, text, date, draw in posts(number):
            counts = [str(draw.randrange(2000)) for _ in range(3)]
            stamp = 1577836800 + draw.randrange(1 << 26)
            link = f"https://m.weibo.cn/detail/{key}"
            cells = [key, text, stamp, date, *counts, stamp * 1000, link, "四川", "青川发布", "政务"]
            file.write(json.dumps(dict(zip(MEDIA, cells, strict=True)), ensure_ascii=False) + "\n")
    return path


def by_pandas(source: Path, output: Path) -> None:
    """Read and write the table with pandas, every value as it is."""
    import pandas as pd

    if source.suffix == ".csv":
        table = pd.read_csv(source, dtype=str)
    else:
        table = pd.read_json(source, lines=True, dtype=False)
    table.to_json(output, orient="records", lines=True, force_ascii=False)


def by_govcode(source: Path, output: Path) -> None:
    """Recognise, mend, compare and write the posts, with manifest."""
    from govcode.workflow.ingest import ingest

    ingest([str(source)], str(output))


def cpu(run: Callable[[Path, Path], None], source: Path, output: Path) -> float:
    """Return the CPU seconds of one run, all threads."""
    start = time.process_time()
    run(source, output)
    return time.process_time() - start


def ratios(source: Path, pairs: int) -> list[float]:
    """Return the throughput of ingest to that of pandas, pair by pair (above 1: ingest is faster)."""
    ours, theirs = source.with_name("ours.jsonl"), source.with_name("theirs.jsonl")
    found = []
    for pair in range(pairs + 1):
        times = {}
        for run, output in ((by_pandas, theirs), (by_govcode, ours))[:: 1 if pair % 2 else -1]:
            times[run] = cpu(run, source, output)
        if pair:  # the first pays for imports
            found.append(times[by_pandas] / times[by_govcode])
    assert ours.read_bytes().count(b"\n") == theirs.read_bytes().count(b"\n")
    return sorted(found)


def main() -> None:
    """Print one line a form."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--pairs", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for write, name in ((write_csv, "posts.csv"), (write_jsonl, "posts.jsonl")):
            source = write(Path(folder) / name, chosen.posts)
            found = ratios(source, chosen.pairs)
            size = source.stat().st_size / 1e6
            print(
                f"{name}: {chosen.posts:,} posts, {size:.0f} MB; throughput of ingest to that of pandas, "
                f"CPU time: median {statistics.median(found):.2f} ({found[0]:.2f}–{found[-1]:.2f})"
            )


if __name__ == "__main__":
    main()
