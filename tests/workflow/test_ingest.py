"""`govcode ingest`: every row accounted for, output whole or absent, figures that agree."""

from __future__ import annotations

import json
import socket
import zipfile
from pathlib import Path

import pytest

from govcode.errors import InputError, UsageError
from govcode.workflow.ingest import IngestOptions, ingest
from govcode.workflow.mapping import propose_mapping, read_mapping

TABLE = (
    "公众号,标题,正文,发布时间,链接\n"
    "青川发布,停水通知,明早八点停水,2023-05-01 08:00,http://mp.weixin.qq.com/s/a\n"
    "青川发布,停水通知,明早八点停水,2023-05-01 08:00,https://mp.weixin.qq.com/s/a#rd\n"
    "白石发布,,,2023-05-02,\n"
    '白石发布,降温,"注意保暖,预防感冒。",2023-06-02,\n'
    "白石发布,降温,注意保暖,预防感冒,2023-06-02,\n"
    "白石发布,降温,注意保暖,2023-06-02,,,,x\n"
)


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(TABLE, encoding="gb18030")
    return tmp_path / "t.csv"


def test_every_row_is_accounted_for(table: Path, tmp_path: Path) -> None:
    result = ingest([str(table)], str(tmp_path / "posts.jsonl"))
    assert (result.rows, result.posts) == (6, 2)
    assert result.excluded == {"duplicate-text": 1, "duplicate-url": 1, "no-text": 1, "too-many-cells": 1}
    left_out = lines_of(tmp_path / "posts.excluded.jsonl")
    assert [(r["line"], r["reason"]) for r in left_out] == [
        (3, "duplicate-url"),
        (4, "no-text"),
        (6, "duplicate-text"),
        (7, "too-many-cells"),
    ]
    assert {r["source"] for r in left_out} == {str(table)}
    first = json.loads((tmp_path / "posts.jsonl").read_text().splitlines()[0])["post_id"]
    assert left_out[0]["detail"].endswith(f"repeats post {first} ({table}, line 2)")
    assert left_out[0]["row"]["text"] == "明早八点停水"
    manifest = json.loads((tmp_path / "posts.jsonl.manifest.json").read_text())
    assert manifest["counts"] == {"read": 6, "posts": 2, "excluded": dict(result.excluded)}
    assert manifest["results"]["summary"]["accounts"] == {"白石发布": 1, "青川发布": 1}
    assert [o["rows"] for o in manifest["outputs"]] == [2, 4]


def test_a_list_of_titles_does_not_take_the_place_of_the_texts(tmp_path: Path) -> None:
    (tmp_path / "1-list.csv").write_text(
        "title,url,time,like_num,read_num,share_num,comment_count\n"
        "停水通知,http://mp.weixin.qq.com/s/a,2023-05-01,1,1,1,0\n降温,http://mp.weixin.qq.com/s/b,2023-05-02,1,1,1,0\n"
    )
    (tmp_path / "2-texts.csv").write_text(
        "标题,正文,链接\n停水通知,明早八点停水,https://mp.weixin.qq.com/s/a\n"
    )
    result = ingest([str(tmp_path)], str(tmp_path / "o") + ".jsonl")
    posts = lines_of(tmp_path / "o.jsonl")
    assert [(p["title"], p["text"]) for p in posts] == [("停水通知", "明早八点停水"), ("降温", "")]
    assert (result.rows, result.excluded) == (3, {"duplicate-url": 1})
    kept = ingest([str(tmp_path / "1-list.csv"), str(tmp_path / "2-texts.csv")], str(tmp_path / "k.jsonl"),
                  IngestOptions(duplicates="keep"))  # fmt: skip
    assert [p["title"] for p in lines_of(tmp_path / "k.jsonl")] == ["停水通知", "降温", "停水通知"]
    assert kept.excluded == {}


def test_the_same_input_gives_the_same_bytes(table: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        ingest([str(table)], str(tmp_path / name))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_nothing_excluded_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("标题\n甲\n")
    result = ingest([str(tmp_path / "t.csv")], str(tmp_path / "posts.jsonl"))
    assert result.excluded_path == ""
    assert not (tmp_path / "posts.excluded.jsonl").exists()


def test_ingested_posts_pass_again_unchanged(table: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    ingest([str(table)], str(first))
    assert ingest([str(first)], str(second)).excluded == {}
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("keep", [True, False])
def test_duplicates_of_all_kinds(keep: bool, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "标题": "早安", "日期": "2023-01-01", "账号": "青川发布"},
        {"id": "1", "标题": "早安 改", "日期": "2023-01-01", "账号": "青川发布"},
        {"id": "2", "标题": "早安", "日期": "2023-01-01", "账号": "青川发布"},
        {"id": "", "标题": "早安！", "日期": "2023-01-01 09:00", "账号": "青川发布"},
        {"id": "", "标题": "早安", "日期": "2023-01-02", "账号": "青川发布"},
        {"id": "", "标题": "早安", "日期": "2023-01-01", "账号": "白石发布"},
    ]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows))
    result = ingest(
        [str(path)], str(tmp_path / "p.jsonl"), IngestOptions(duplicates="keep" if keep else "drop")
    )
    ids = [r["post_id"] for r in lines_of(tmp_path / "p.jsonl")]
    assert len(set(ids)) == len(ids) == (6 if keep else 4)
    assert result.excluded == ({} if keep else {"duplicate-id": 1, "duplicate-text": 1})


def test_near_duplicates_are_marked_not_dropped(tmp_path: Path) -> None:
    base = "市气象台发布暴雨蓝色预警，请市民减少外出，注意防范积水和山体滑坡，" * 3
    rows = [
        ("青川发布", base),
        ("白石发布", base + "（转发）"),
        ("白石发布", "今天是植树节，一起种下希望。春天来了。"),
    ]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps({"账号": a, "正文": t}) for a, t in rows))
    result = ingest([str(path)], str(tmp_path / "p.jsonl"), IngestOptions(near_duplicates="mark"))
    posts = lines_of(tmp_path / "p.jsonl")
    assert [p["cluster"] for p in posts] == [posts[0]["post_id"]] * 2 + [""]
    assert list(posts[0])[-1] == "cluster"
    assert result.clusters == 1


def test_folders_and_archives_and_what_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "crawl"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("标题\n甲\n")
    (folder / "sub" / "b.jsonl").write_text('{"正文": "乙", "mine": 1}\n')
    (folder / "c.csv").write_text("x,y\n1,2\n")
    (folder / "pic.png").write_bytes(b"\x89PNG")
    (folder / "empty.csv").write_bytes(b"")
    (tmp_path / "outside.csv").write_text("标题\n外\n")
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr("../../evil.csv", "标题\n丙\n")
        archive.writestr(zipfile.ZipInfo("通知.csv"), "标题\n丁\n".encode("gbk"))
    result = ingest([str(folder)], str(tmp_path / "p.jsonl"))
    assert [r["title"] or r["text"] for r in lines_of(tmp_path / "p.jsonl")] == ["乙", "甲", "丙", "丁"]
    assert result.excluded == {"not-read": 2}
    assert not (tmp_path.parent / "evil.csv").exists()
    assert "mine" in result.columns


def test_a_zip_bomb_and_a_nested_archive_are_not_unpacked(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "标题\n甲\n")
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * (80 << 20))
        archive.write(inner, "inner.zip")
        archive.writestr("good.csv", "标题\n甲\n")
    result = ingest([str(path)], str(tmp_path / "p.jsonl"))
    assert (result.posts, result.excluded) == (1, {"not-read": 1, "too-large": 1})


def test_options_are_checked_before_anything_is_read(table: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a choice of --duplicates"):
        ingest([str(table)], str(tmp_path / "p.jsonl"), IngestOptions(duplicates="x"))
    with pytest.raises(UsageError, match="table format"):
        ingest([str(table)], str(tmp_path / "p.doc"))
    with pytest.raises(InputError, match="no such file"):
        ingest([str(tmp_path / "missing.csv")], str(tmp_path / "p.jsonl"))
    assert not (tmp_path / "p.jsonl").exists()


def test_no_network_is_touched(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    feed = '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://example.org/x.dtd"><rss><channel><title>青川发布</title>'
    feed += "<item><title>甲</title><link>http://example.org/1</link></item></channel></rss>"
    (tmp_path / "f.xml").write_text(feed)
    page = '<html><head><link rel="stylesheet" href="http://example.org/a.css"></head><body><h1>题</h1>'
    (tmp_path / "p.html").write_text(
        page + f"<img src='http://example.org/a.png'><p>{'正文' * 20}</p></body></html>"
    )
    result = ingest(
        [str(table), str(tmp_path / "f.xml"), str(tmp_path / "p.html")], str(tmp_path / "o.jsonl")
    )
    assert result.posts == 4


def test_a_mapping_is_proposed_and_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("栏一,栏二,发布日期\n青川发布,停水通知,2023年5月1日\n")
    message = propose_mapping([str(tmp_path / "t.csv")], str(tmp_path / "m.toml"), IngestOptions())
    assert "--mapping" in message
    text = (tmp_path / "m.toml").read_text()
    assert 'published_at = "发布日期"' in text
    assert '"栏二": 停水通知' in text
    text = text.replace('text = ""', 'text = "栏二"').replace('account = ""', 'account = "栏一"')
    (tmp_path / "m.toml").write_text(text.replace("# platform", "platform"))
    mapping = read_mapping(str(tmp_path / "m.toml"))
    assert mapping == {"published_at": "发布日期", "text": "栏二", "account": "栏一", "platform": "=weibo"}
    ingest([str(tmp_path / "t.csv")], str(tmp_path / "p.jsonl"), IngestOptions(mapping=mapping))
    (post,) = lines_of(tmp_path / "p.jsonl")
    assert (post["account"], post["text"], post["platform"]) == ("青川发布", "停水通知", "weibo")


@pytest.mark.parametrize("text", ["[columns\n", "columns = 1\n", "[other]\na = 1\n"])
def test_a_broken_mapping_file_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises((InputError, UsageError), match=r"m\.toml"):
        read_mapping(str(tmp_path / "m.toml"))


def test_the_command_line(table: Path, govcode, tmp_path: Path) -> None:
    done = govcode("ingest", table, "-o", "p.csv", "--explain")
    assert done.returncode == 0, done.stderr
    assert "6 rows in = 2 posts + 4 excluded" in done.stderr
    assert "text ← 正文" in done.stderr
    done = govcode("ingest", "-", "--to", "csv", stdin=TABLE.encode("gbk"))
    assert done.stdout == (tmp_path / "p.csv").read_text()
    done = govcode("ingest", table, "--text-column", "文本", "-o", "q.jsonl")
    assert done.returncode == 2
    assert "has no column '文本'" in done.stderr
    assert "公众号, 标题, 正文" in done.stderr
    assert not (tmp_path / "q.jsonl").exists()
    done = govcode("ingest", table, "-o", "r.jsonl", "--json", "-q", "--account", "青川")
    assert json.loads(done.stdout)["summary"]["accounts"] == {"青川": 2}
    assert done.stderr == ""
