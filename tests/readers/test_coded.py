"""Reading coded tables and gold."""

from __future__ import annotations

import json

import numpy as np
import pytest

from govcode.codebook.load import load_codebook
from govcode.errors import CodingError, InputError, UsageError
from govcode.readers.coded import group_value, read_coded
from govcode.readers.gold import read_gold


def write(path, rows):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def test_codes_come_from_probabilities_in_order(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": "1", "code": "b", "p_b": 0.75, "p_a": 0.25}])
    table = read_coded(file)
    assert table.codes == ("b", "a") and table.machine.tolist() == [0]
    np.testing.assert_array_equal(table.probabilities, [[0.75, 0.25]])


def test_codes_that_are_only_met_are_sorted(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": str(i), "code": c} for i, c in enumerate("ca")])
    table = read_coded(file)
    assert table.codes == ("a", "c") and table.machine.tolist() == [1, 0]
    assert table.probabilities is None and table.certain.all()


def test_na_missing_and_status(tmp_path):
    rows = [("x", "coded"), ("x", "unsure"), ("NA", "uncodable"), ("", "error")]
    file = write(
        tmp_path / "c.jsonl",
        [{"post_id": str(i), "code": c, "status": s} for i, (c, s) in enumerate(rows)],
    )
    table = read_coded(file)
    assert table.machine.tolist() == [0, 0, -1, -2]
    assert table.certain.tolist() == [True, False, False, False]


def test_only_wanted_rows_are_kept(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": str(i), "code": "x", "text": "长文"} for i in range(9)])
    table = read_coded(file, wanted={"4": None})
    assert table.position == {"4": 4} and list(table.rows) == ["4"]


def test_repeated_posts_are_taken_once(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": "1", "code": "x"}, {"post_id": "1", "code": "x"}])
    table = read_coded(file)
    assert len(table) == 1 and table.repeated == 1


def test_gold_post_with_two_machine_codes_is_refused(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": "1", "code": "x"}, {"post_id": "1", "code": "y"}])
    with pytest.raises(CodingError, match="line 2"):
        read_coded(file, wanted={"1": None})


def test_unknown_code_names_line_and_codes(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": "1", "code": "z", "p_x": 1}])
    with pytest.raises(CodingError, match="line 1: 'z'") as error:
        read_coded(file)
    assert "x, NA" in error.value.hint


def test_unknown_group_column_names_those_there_are(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": "1", "code": "z"}])
    with pytest.raises(UsageError) as error:
        read_coded(file, columns=["colour"])
    assert "post_id, code" in error.value.hint


def test_bad_probability(tmp_path):
    file = write(tmp_path / "c.jsonl", [{"post_id": "1", "code": "x", "p_x": "high"}])
    with pytest.raises(InputError, match="'high' in column p_x"):
        read_coded(file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("year", "2021"),
        ("month", "2021-06"),
        ("quarter", "2021-Q2"),
        ("length", "0-20"),
        ("account", "甲市"),
    ],
)
def test_derived_groups(name, value):
    row = {"published_at": "2021-06-10T08:00:00+08:00", "title": "标题", "text": "正文", "account": "甲市"}
    assert group_value(row, name) == value
    assert group_value({"year": "1999", "published_at": ""}, "year") == "1999"
    assert group_value({}, "quarter") == ""


def test_gold_rows_win_over_codings(tmp_path):
    rows = [("1", "a", "x"), ("1", "b", "y"), ("1", "gold", "y"), ("2", "gold", ""), ("3", "gold", "NA")]
    gold = read_gold(write(tmp_path / "g.jsonl", [
        {"post_id": p, "coder": c, "code": k, "stratum": "s", "inclusion_prob": 0.5} for p, c, k in rows
    ]))  # fmt: skip
    assert {p: c.code for p, c in gold.codings.items()} == {"1": "y", "3": "NA"}
    assert gold.codings["1"].inclusion_prob == 0.5 and gold.codings["1"].stratum == "s"
    assert sorted(e.reason for e in gold.excluded) == ["no-code", "not-gold", "not-gold"]


def test_disagreeing_codings_are_not_gold(tmp_path):
    rows = [{"post_id": "1", "coder": c, "code": k} for c, k in (("a", "x"), ("b", "y"))]
    with pytest.raises(CodingError) as error:
        read_gold(write(tmp_path / "g.jsonl", rows))
    assert "adjudicate" in error.value.hint


def test_gold_needs_its_columns(tmp_path):
    with pytest.raises(InputError, match="no column 'code'"):
        read_gold(write(tmp_path / "g.jsonl", [{"post_id": "1"}]))


def test_gold_with_chinese_headers_and_labels(tmp_path):
    rows = [{"编号": "1", "编码": "服务", "形式": "S1"}, {"编号": "2", "编码": "NA"}]
    gold = read_gold(write(tmp_path / "g.jsonl", rows), codebook=load_codebook())
    assert gold.codings["1"].code == "service" and gold.codings["1"].form == "S1"
    assert gold.codings["2"].code == "NA"
