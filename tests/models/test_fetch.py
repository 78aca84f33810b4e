"""The corpus is put together from public files by hash: here from an invented repository over loopback."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from tests.scripts import load_script

MODELS = Path(__file__).parents[2] / "models"
REPOSITORY, COMMIT = "someone/river-town-posts", "a" * 40
WEIBO = "微博/江城发布/1.csv"
FEED = "feeds:river.xml"
GONE = "gone.csv"
TEXT = "【江城夜游船今晚恢复】受降雨影响停航三天的夜游船今晚七点恢复，末班九点半。"
TITLES = ["江城图书馆周一闭馆通知", "市民来信：路灯何时能亮"]


@pytest.fixture(scope="module")
def fetch() -> ModuleType:
    sys.path.insert(0, str(MODELS))
    try:
        return load_script(MODELS / "fetch.py")
    finally:
        sys.path.pop(0)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    root = tmp_path / "mirror" / REPOSITORY / COMMIT
    csv, feed = root / WEIBO, root / "river.xml"
    csv.parent.mkdir(parents=True)
    csv.write_text(f"微博id,微博正文,发布时间\nAb1,{TEXT} 原图 ,2021-05-01 08:00\n", encoding="utf-8-sig")
    items = "".join(
        f"<item><title>{title}</title><link>http://x.test/{n}</link></item>" for n, title in enumerate(TITLES)
    )
    feed.write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>江城</title>{items}</channel></rss>'
    )
    return tmp_path / "mirror"


@pytest.fixture
def training(tmp_path: Path, fetch: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Labels of five invented posts: three that are there, one of a lost file, one changed since."""
    posts = {
        "t-1": (WEIBO, "", TEXT), "t-2": (FEED, TITLES[0], ""), "t-3": (FEED, TITLES[1], ""),
        "t-4": (GONE, "江城旧闻", ""), "t-5": (FEED, "这条标题后来改了", ""),
    }  # fmt: skip
    folder = tmp_path / "training"
    folder.mkdir()
    labels, digests = [], []
    for post_id, (path, title, text) in posts.items():
        labels.append({
            "post_id": post_id, "sha256": "0" * 64, "source_repo": REPOSITORY, "commit": COMMIT, "path": path,
            "code": "information", "secondary": "", "form": "I4",
        })  # fmt: skip
        digests.append({"post_id": post_id, "digest": fetch.digest({"title": title, "text": text})})
    for name, rows in (("labels.jsonl", labels), ("digests.jsonl", digests), ("secondary.jsonl", [])):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(fetch, "TRAINING", folder)
    monkeypatch.setattr(sys.modules["corpus"], "TRAINING", folder)
    return folder


@pytest.fixture
def address(mirror: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(mirror))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def read(path: Path) -> dict[str, dict[str, str]]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["post_id"]: row for row in rows}


def test_posts_are_rebuilt_and_what_is_missing_is_named(
    fetch: ModuleType, training: Path, address: str, tmp_path: Path
) -> None:
    counts = fetch.put_together(tmp_path / "out", address)
    posts, missing = read(tmp_path / "out" / "posts.jsonl"), read(tmp_path / "out" / "missing.jsonl")
    assert counts == {"rebuilt": 3, "no-file": 1, "no-record": 1}
    assert {post_id: (post["title"], post["text"]) for post_id, post in posts.items()} == {
        "t-1": ("", TEXT), "t-2": (TITLES[0], ""), "t-3": (TITLES[1], ""),
    }  # fmt: skip
    assert {post["code"] for post in posts.values()} == {"information"}
    assert {post_id: row["reason"] for post_id, row in missing.items()} == {
        "t-4": "no-file",
        "t-5": "no-record",
    }


def test_a_file_is_asked_for_once(fetch: ModuleType, training: Path, address: str, tmp_path: Path) -> None:
    fetch.put_together(tmp_path / "out", address)
    again = fetch.put_together(tmp_path / "out", "http://127.0.0.1:9")
    assert again["rebuilt"] == 3


def test_a_folder_serves_as_mirror(fetch: ModuleType, training: Path, mirror: Path, tmp_path: Path) -> None:
    assert fetch.put_together(tmp_path / "out", str(mirror))["rebuilt"] == 3


def test_a_changed_text_is_never_taken(
    fetch: ModuleType, training: Path, mirror: Path, tmp_path: Path
) -> None:
    file = mirror / REPOSITORY / COMMIT / WEIBO
    file.write_text(file.read_text(encoding="utf-8-sig").replace("七点", "八点"), encoding="utf-8-sig")
    counts = fetch.put_together(tmp_path / "out", str(mirror))
    assert counts["rebuilt"] == 2
    assert read(tmp_path / "out" / "missing.jsonl")["t-1"]["reason"] == "no-record"


def test_every_label_names_where_its_post_is(fetch: ModuleType) -> None:
    wanted = fetch.labels()
    known = {row["post_id"] for row in fetch.rows(fetch.TRAINING / "digests.jsonl")}
    assert set(wanted) <= known
    for file in fetch.files_of(wanted):
        assert "/" in file.repository
        assert len(file.commit) == 40
        assert file.path
