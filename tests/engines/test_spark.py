"""Spark gives what the local engine gives, to the byte after sorting."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'govcode[spark]'")
if shutil.which("java") is None:
    pytest.skip("Spark needs a Java runtime", allow_module_level=True)

import pyarrow as pa
import pyarrow.parquet as pq

from govcode.engines.spark import session
from govcode.readers.tables import open_table
from govcode.workflow.classify import ClassifyOptions, classify
from govcode.workflow.classify_spark import classify_spark
from govcode.workflow.coder import DEFAULT_MODEL, coder_spec
from govcode.writers.tables import open_writer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
ROOT = Path(__file__).parent.parent.parent
POSTS = [
    {
        "post_id": f"49{i:014d}", "account": f"账号{i % 3}", "title": "停水通知" if i % 2 else "",
        "text": f"第{i}号通知:明天8时至18时,棉纺路停水,请提前储水。\n“引号”,逗号" if i % 5 else "😀", "备注": i,
    }
    for i in range(700)
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("spark")
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in POSTS)
    (path / "posts.jsonl").write_text("".join(lines), encoding="utf-8")
    return path


SPARK = {
    "SPARK_LOCAL_IP": "127.0.0.1",
    "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell",
}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_files_hold_the_lines_of_a_local_run(govcode, folder, form) -> None:
    local, parts = folder / f"local.{form}", folder / f"spark.{form}"
    done = govcode("classify", folder / "posts.jsonl", "-o", local, "-q")
    assert done.returncode == 0, done.stderr
    done = govcode("classify", folder / "posts.jsonl", "-o", parts, "--engine", "spark", **SPARK)
    assert done.returncode == 0, done.stderr
    lines = [line for part in sorted(parts.glob("part-*")) for line in part.read_bytes().split(b"\n") if line]
    assert set(lines) == {line for line in local.read_bytes().split(b"\n") if line}
    again = govcode("classify", folder / "posts.jsonl", "-o", parts, "--engine", "spark", **SPARK)
    assert again.returncode == 1
    assert "exists already" in again.stderr


def codings_of(path: Path) -> list[tuple[object, ...]]:
    """Return id and coding of every row of a table, or of the part files of a folder, sorted."""
    paths = sorted(path.glob("part-*")) if path.is_dir() else [path]
    names = ("post_id", "title", "text", "code", "secondary", "form", "p_service", "status", "coder")
    tables = (open_table(part, form=path.suffix.lstrip(".")) for part in paths)
    rows = [row.values for table in tables for row in table]
    return sorted(tuple(str(row[name] if row[name] is not None else "") for name in names) for row in rows)


def test_every_form_in_and_out(folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SPARK.items():
        monkeypatch.setenv(name, value)
    rows = [{key: row[key] for key in ("post_id", "title", "text")} for row in POSTS[:150]]
    forms = ("jsonl", "csv", "parquet")
    for form in forms:
        with open_writer(tmp_path / f"posts.{form}", tuple(rows[0])) as writer:
            for row in rows:
                writer.write(row)
    spec = coder_spec("linear", model=DEFAULT_MODEL, codebook=None, explain=False, max_error=None)
    classify([str(tmp_path / "posts.jsonl")], str(tmp_path / "local.jsonl"), spec, ClassifyOptions())
    local = codings_of(tmp_path / "local.jsonl")
    assert len(local) == 150
    try:
        for source, target in itertools.product(forms, forms):
            parts = tmp_path / f"from_{source}.{target}"
            assert classify_spark([str(tmp_path / f"posts.{source}")], str(parts), spec) == 150
            assert codings_of(parts) == local, (source, target)
    finally:
        session().stop()


def test_data_frame_in_data_frame_out(folder) -> None:
    os.environ.update(SPARK)
    from pyspark.sql import SparkSession

    import govcode as package
    import govcode.spark

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frame = spark.createDataFrame(
            [(p["post_id"], p["title"], p["text"]) for p in POSTS],
            "post_id string, title string, text string",
        ).repartition(5)
        rows = {row.post_id: row for row in govcode.spark.classify(frame).collect()}
    finally:
        spark.stop()
    import pandas as pd

    local = package.classify(pd.DataFrame(POSTS)[["post_id", "title", "text"]])
    for coded in local.itertuples():
        row = rows[coded.post_id]
        assert (row.code, row.status, row.form) == (coded.code, coded.status, coded.form)
        if coded.status != "uncodable":
            assert row.p_service == coded.p_service


STUDY = """
from pyspark.sql import SparkSession

import govcode.spark

spark = SparkSession.builder.getOrCreate()
govcode.spark.classify(spark.read.parquet("posts.parquet")).write.parquet("submitted.parquet")
"""


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_commands_of_the_readme(govcode, readme: str, tmp_path: Path) -> None:
    """What the READMEs show for Spark runs as it stands there, and codes as the local engine does."""
    shown = (ROOT / readme).read_text(encoding="utf-8")
    commands = re.findall(r"^govcode .*--engine spark.*|^spark-submit .*", shown, re.MULTILINE)
    assert [c.split()[0] for c in commands] == ["govcode", "spark-submit"]
    rows = [{key: row[key] for key in ("post_id", "title", "text")} for row in POSTS]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "posts.parquet")
    (tmp_path / "my_study.py").write_text(STUDY, encoding="utf-8")
    tool = tmp_path / "tools" / "govcode"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m govcode "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    path = os.pathsep.join([str(tool.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    env = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    env |= {"SPARK_LOCAL_IP": "127.0.0.1"}
    for command in commands:
        done = subprocess.run(
            ["bash", "-ec", command], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-3000:]
    done = govcode("classify", "posts.parquet", "-o", "local.parquet", "-q")
    assert done.returncode == 0, done.stderr
    local = sorted(pq.read_table(tmp_path / "local.parquet").to_pylist(), key=lambda row: row["post_id"])
    for name in ("coded.parquet", "submitted.parquet"):
        coded = pq.read_table(tmp_path / name).to_pylist()
        for row in coded:  # an empty cell of a file is text, that of a data frame may be none
            row.update({key: "" for key, value in row.items() if value is None and isinstance(key, str)})
        assert len(coded) == len(local)
        for one, other in zip(sorted(coded, key=lambda row: row["post_id"]), local, strict=True):
            assert {k: one[k] for k in ("post_id", "code", "secondary", "form", "status", "coder")} == {
                k: other[k] or "" for k in ("post_id", "code", "secondary", "form", "status", "coder")
            }
            assert (one["p_service"] or None) == (other["p_service"] or None)


def test_wrong_columns_are_refused(govcode, folder) -> None:
    (folder / "raw.jsonl").write_text('{"标题": "停水"}\n', encoding="utf-8")
    done = govcode("classify", folder / "raw.jsonl", "-o", folder / "x.jsonl", "--engine", "spark", **SPARK)
    assert done.returncode == 2
    assert "govcode ingest" in done.stderr
