"""`govcode classify` as a user meets it: pipes, Excel files, damage, interruption."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
POSTS = [
    {"post_id": "4930000000000001", "account": "澄州发布", "text": "【停水通知】明天8时至18时,棉纺路停水,请提前储水。", "备注": "a"},
    {"post_id": "4930000000000002", "account": "澄州发布", "text": "早安,澄州!愿你今天有好心情。", "备注": ""},
    {"post_id": "4930000000000003", "account": "澄州发布", "text": "😀😀😀", "备注": "只有表情"},
    {"post_id": "4930000000000004", "account": "澄州发布", "text": "《澄州市公园条例(草案)》公开征求意见,请于5月1日前反馈。", "备注": "=1+1"},
]  # fmt: skip


def jsonl(rows) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def posts(tmp_path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text(jsonl(POSTS), encoding="utf-8")
    return path


def test_codes_every_post_in_order_and_keeps_the_columns(govcode, posts, tmp_path) -> None:
    done = govcode("classify", posts, "-o", "coded.csv")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "coded.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["post_id"] for r in rows] == [p["post_id"] for p in POSTS]
    assert list(rows[0])[:4] == ["post_id", "account", "text", "备注"]
    assert [r["text"] for r in rows] == [p["text"] for p in POSTS]
    assert [r["code"] for r in rows] == ["service", "other", "NA", "agenda"]
    assert rows[2]["status"] == "uncodable"
    for row in (rows[0], rows[1], rows[3]):
        assert abs(sum(float(v) for k, v in row.items() if k.startswith("p_")) - 1) < 1e-5
    manifest = json.loads((tmp_path / "coded.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["coded"] == 4
    assert manifest["codebook"]["hash"]


def test_stream_in_and_out(govcode) -> None:
    done = govcode("classify", "-", "--from", "jsonl", "--to", "jsonl", "-q", stdin=jsonl(POSTS))
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["post_id"] for line in done.stdout.splitlines()] == [p["post_id"] for p in POSTS]


def test_a_closed_pipe_ends_quietly(tmp_path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(jsonl(POSTS) * 3000, encoding="utf-8")
    command = f"cat {many} | {sys.executable} -m govcode classify - --from jsonl --to jsonl | head -3"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert len(done.stdout.splitlines()) == 3
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_interruption_leaves_no_half_file(tmp_path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(
        "".join(jsonl([{**p, "post_id": f"{i}-{p['post_id']}"} for p in POSTS]) for i in range(30000)),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "govcode", "classify", str(many), "-o", "out.csv", "--workers", "2"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".out.csv*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["many.jsonl"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_same_bytes_whatever_the_number_of_workers(govcode, posts, tmp_path, workers) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(
        "".join(jsonl([{**p, "post_id": f"{i}-{p['post_id']}"} for p in POSTS]) for i in range(200)),
        encoding="utf-8",
    )
    once = govcode("classify", many, "--to", "csv", "-q")
    again = govcode("classify", many, "--to", "csv", "-q", "--workers", workers)
    assert again.returncode == 0, again.stderr
    assert once.stdout == again.stdout


def test_gbk_table_with_chinese_headers(govcode, tmp_path) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["标题", "正文", "公众号", "发布时间", "备注"])
    writer.writerow(
        ["停水通知", "明天8时至18时,棉纺路停水,请提前储水。", "澄州发布", "2024-05-01 08:00", "x"]
    )
    (tmp_path / "g.csv").write_bytes(buffer.getvalue().encode("gb18030"))
    done = govcode("classify", "g.csv", "--to", "jsonl")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert (row["title"], row["account"], row["code"], row["备注"]) == (
        "停水通知",
        "澄州发布",
        "service",
        "x",
    )


def test_a_column_of_the_same_name_is_kept(govcode) -> None:
    line = json.dumps({**POSTS[0], "code": "agenda", "status": "mine"}, ensure_ascii=False)
    done = govcode("classify", "-", "--from", "jsonl", "--to", "jsonl", stdin=line)
    row = json.loads(done.stdout)
    assert (row["code"], row["input_code"], row["input_status"]) == ("service", "agenda", "mine")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda d: (d / "x.csv").write_bytes(b""), 1),
        (lambda d: (d / "x.csv").mkdir(), 1),
        (lambda d: None, 1),
        (lambda d: (d / "x.csv").write_bytes(bytes(range(256)) * 40), 1),
    ],
    ids=["empty", "folder", "missing", "binary"],
)
def test_what_cannot_be_read_is_one_sentence(govcode, tmp_path, make, code) -> None:
    make(tmp_path)
    done = govcode("classify", "x.csv", "-o", "out.csv")
    assert done.returncode in (code, 2)
    assert "x.csv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_header_only_gives_an_empty_table(govcode, tmp_path) -> None:
    (tmp_path / "x.csv").write_text("post_id,text\n", encoding="utf-8")
    done = govcode("classify", "x.csv", "--to", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("post_id,text,code,")


def test_row_with_too_many_fields_is_written_down(govcode, tmp_path) -> None:
    (tmp_path / "x.csv").write_text(
        "post_id,text\n1,今天全市停水\n2,a,b,c\n3,明天全市停电\n", encoding="utf-8"
    )
    done = govcode("classify", "x.csv", "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    kept = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    excluded = tmp_path / "out.excluded.jsonl"
    left_out = (
        [json.loads(line) for line in excluded.read_text(encoding="utf-8").splitlines()]
        if excluded.exists()
        else []
    )
    assert len(kept) + len(left_out) == 3
    assert [r["post_id"] for r in kept if r["post_id"] != "2"] == ["1", "3"]


def test_a_cell_of_five_megabytes(govcode, tmp_path) -> None:
    (tmp_path / "x.csv").write_text("post_id,text\n1," + "停水" * 900_000 + "\n", encoding="utf-8")
    done = govcode("classify", "x.csv", "--to", "jsonl")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["code"]


def test_a_wrong_column_name_is_answered_with_those_that_exist(govcode, tmp_path) -> None:
    (tmp_path / "x.csv").write_text("编号,话\n1,今天全市停水\n", encoding="utf-8")
    done = govcode("classify", "x.csv", "--text-column", "内容")
    assert done.returncode in (1, 2)
    assert "内容" in done.stderr
    assert "编号" in done.stderr
    assert "话" in done.stderr


def test_explain_gives_reasons(govcode, posts) -> None:
    done = govcode("classify", posts, "--to", "jsonl", "--explain", "-q")
    row = json.loads(done.stdout.splitlines()[0])
    assert "提前 +" in row["evidence"]


def test_rules_need_no_model_and_have_no_probabilities(govcode, posts) -> None:
    done = govcode("classify", posts, "--coder", "rules", "--to", "jsonl", "-q")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout.splitlines()[0])
    assert row["code"] == "service"
    assert row["p_service"] in ("", None)


@pytest.mark.parametrize("arguments", [["--coder", "oracle"], ["--workers", "0"], ["--model", "nope"]])
def test_wrong_options_name_the_choices(govcode, posts, arguments) -> None:
    done = govcode("classify", posts, *arguments)
    assert done.returncode in (1, 2)
    assert arguments[1] in done.stderr
    assert "Traceback" not in done.stderr


def tampered_byte(folder: Path) -> None:
    data = bytearray((folder / "weights.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "weights.npz").write_bytes(bytes(data))


def pickle_in_disguise(folder: Path) -> None:
    (folder / "weights.npz").write_bytes(pickle.dumps({"weights": [1.0]}))


def another_codebook(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card["codebook"]["hash"] = "sha256:" + "0" * 64
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def wrong_shape(folder: Path) -> None:
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    kept["weights"] = kept["weights"][:, 1:]
    np.savez(folder / "weights.npz", **kept)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card["files"]["weights.npz"] = hashlib.sha256((folder / "weights.npz").read_bytes()).hexdigest()
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.mark.parametrize("tamper", [tampered_byte, pickle_in_disguise, another_codebook, wrong_shape])
def test_a_tampered_model_is_refused(govcode, posts, tmp_path, tamper) -> None:
    model = tmp_path / "model"
    shutil.copytree(ROOT / "models" / "functions-zh", model)
    assert govcode("classify", posts, "--model", model, "-o", "fine.csv", "-q").returncode == 0
    tamper(model)
    done = govcode("classify", posts, "--model", model, "-o", "out.csv")
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def check_account_of_rows(govcode, source: Path, tmp_path: Path) -> dict[str, int] | None:
    """Classify one file; return its counts, or None where it is refused in one sentence."""
    done = govcode("classify", source, "-o", "out.jsonl", "-q")
    assert "Traceback" not in done.stderr
    assert "fault in govcode" not in done.stderr, done.stderr
    if done.returncode:
        assert done.returncode in (1, 2)
        assert source.name in done.stderr
        assert not (tmp_path / "out.jsonl").exists()
        return None
    counts = json.loads((tmp_path / "out.jsonl.manifest.json").read_text(encoding="utf-8"))["counts"]
    lines = (tmp_path / "out.jsonl").read_bytes().count(b"\n")
    excluded = tmp_path / "out.excluded.jsonl"
    left_out = excluded.read_bytes().count(b"\n") if excluded.exists() else 0
    assert counts["read"] == counts["coded"] + sum(counts["excluded"].values())
    assert (lines, left_out) == (counts["coded"], sum(counts["excluded"].values()))
    for path in tmp_path.glob("out.*"):
        path.unlink()
    return {"coded": lines, "excluded": left_out}


@pytest.mark.data
@pytest.mark.parametrize("name", ["gold_dev.jsonl", "train.jsonl", "invented.jsonl", "pool.jsonl.gz"])
def test_no_real_post_is_lost(govcode, real_data, tmp_path, name) -> None:
    opener = gzip.open if name.endswith(".gz") else open
    with opener(real_data / name, "rt", encoding="utf-8", newline="") as file:
        source = [json.loads(line) for line in file.read().split("\n") if line]
    done = govcode("classify", real_data / name, "-o", "out.jsonl", "-q")
    assert done.returncode == 0, done.stderr
    coded = [
        json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n") if line
    ]
    assert [r["post_id"] for r in coded] == [r["post_id"] for r in source]
    assert [r["text"] for r in coded] == [r["text"] for r in source]


@pytest.mark.data
@pytest.mark.slow
def test_every_raw_file_is_accounted_for(govcode, real_data, tmp_path) -> None:
    files = sorted((real_data / "raw").iterdir())
    found = {f.name: check_account_of_rows(govcode, f, tmp_path) for f in files if f.name != "RAW.md"}
    assert len(found) >= 43
    assert sum(counts is not None for counts in found.values()) >= 35, found
