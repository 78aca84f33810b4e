"""To labelling tools and back."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from govcode.workflow.export import export


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_label_studio_and_back(coded: Path, tmp_path: Path) -> None:
    out = tmp_path / "tasks.json"
    result = export(str(coded), str(out), to="labelstudio")
    tasks = json.loads(out.read_text(encoding="utf-8"))
    assert [t["data"]["post_id"] for t in tasks] == ["4812345678901234", "0002", "3"]
    assert tasks[0]["predictions"][0]["score"] == 0.7
    assert "predictions" not in tasks[2]
    config = ET.parse(result.files[-1]).getroot()
    assert [c.get("value") for c in config.findall("Choices[@name='code']/Choice")][1] == "service"
    names = {r["from_name"] for t in tasks[:2] for r in t["predictions"][0]["result"]}
    assert names == {c.get("name") for c in config.findall("Choices")}

    for task in tasks[:2]:  # people accept what was suggested
        task["annotations"] = [{"completed_by": 7, "result": task.pop("predictions")[0]["result"]}]
    tasks[2]["annotations"] = []
    (tmp_path / "done.json").write_text(json.dumps(tasks), encoding="utf-8")
    back = export(str(tmp_path / "done.json"), str(tmp_path / "codings.csv"), form="labelstudio")
    assert (back.rows, back.excluded) == (2, {"not-coded": 1})
    codings = rows_of(tmp_path / "codings.csv")
    assert [(c["post_id"], c["coder"], c["code"], c["secondary"]) for c in codings] == [
        ("4812345678901234", "7", "service", ""), ("0002", "7", "other", "service"),
    ]  # fmt: skip


def test_label_studio_minimal_export(tmp_path: Path) -> None:
    tasks = [{"post_id": "1", "code": "service", "annotator": 3}, {"post_id": "2", "code": "x"}, 5]
    (tmp_path / "min.json").write_text(json.dumps(tasks), encoding="utf-8")
    back = export(str(tmp_path / "min.json"), str(tmp_path / "c.csv"), form="labelstudio")
    assert (back.rows, back.excluded) == (1, {"unknown-code": 1, "not-a-task": 1})


def test_doccano_and_back(coded: Path, tmp_path: Path) -> None:
    out = tmp_path / "李明.jsonl"
    export(str(coded), str(out), to="doccano")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["label"] for line in lines] == [["service"], ["other"], []]
    lines.append({"text": "…", "post_id": "9", "label": ["service", "other"]})
    out.write_text("\n".join(json.dumps(line) for line in lines) + "\n{broken", encoding="utf-8")
    back = export(str(out), str(tmp_path / "codings.csv"), form="doccano")
    assert (back.rows, back.excluded) == (2, {"not-coded": 1, "several-codes": 1, "broken-json": 1})
    assert {c["coder"] for c in rows_of(tmp_path / "codings.csv")} == {"李明"}


@pytest.mark.parametrize("text", ["{}", "nonsense", ""])
def test_a_strange_file_is_one_sentence(govcode, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    done = govcode("export", "x.json", "--from", "labelstudio", "-o", "c.csv")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
