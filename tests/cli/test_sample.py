"""`govcode sample`: from posts to blind sheets and back."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govcode.codebook.load import load_codebook
from govcode.codebook.sheet import FILL_COLUMNS, SHEET_COLUMNS
from govcode.readers.codings import read_codings

NUMBER = 60


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    rows = [
        {
            "post_id": str(4500000000000001 + i), "account": "虚城发布" if i % 3 else "云河发布",
            "published_at": f"2023-{1 + i % 12:02d}-{1 + i % 28:02d}T08:00:00+08:00", "title": f"第{i}号通知",
            "text": f"{'=@-+'[i % 4]}虚城第{i}条\n内容,=1+1", "url": "http://example.org/secret",
            "code": "information" if i % 5 else "appeal", "p_information": 0.7 if i % 5 else 0.3,
            "p_appeal": 0.3 if i % 5 else 0.7,
        }
        for i in range(NUMBER)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def frame_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_sheets_are_blind_and_the_frame_keeps_what_they_hide(run, tmp_path: Path, posts: Path) -> None:
    done = run("sample", posts, "-n", 20, "--coders", "Li,Wang", "--overlap", 8, "-o", "sheet.xlsx",
               "--design", "stratified", "--by", "account,month", "--min-per-stratum", 0)  # fmt: skip
    assert done.returncode == 0, done.stderr
    book = load_workbook(tmp_path / "sheet.Li.xlsx")
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert tuple(head) == SHEET_COLUMNS
    cells = [str(cell.value) for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert not any("发布" in value or "example.org" in value or "2023-" in value for value in cells)
    frame = frame_rows(tmp_path / "sheet.frame.csv")
    assert len(frame) == 20 and sum(int(r["overlap"]) for r in frame) == 8
    assert {r["account"] for r in frame} == {"虚城发布", "云河发布"}
    manifest = json.loads((tmp_path / "sheet.frame.csv.manifest.json").read_text())
    assert manifest["results"]["design"]["by"] == ["account", "month"] and manifest["seed"] == 20190201
    beside = json.loads((tmp_path / "sheet.Li.xlsx.manifest.json").read_text())
    assert "design" not in json.dumps(beside["results"]) and not beside["options"]


def test_workbook_has_lists_card_locks_and_text_ids(run, tmp_path: Path, posts: Path) -> None:
    assert run("sample", posts, "-n", 12, "-o", "s.xlsx").returncode == 0
    book = load_workbook(tmp_path / "s.xlsx")
    sheet, card, lists = book.worksheets
    code = SHEET_COLUMNS.index("code") + 1
    validation = next(
        v for v in sheet.data_validations.dataValidation if sheet.cell(2, code).coordinate in v.sqref
    )
    assert (
        validation.type == "list"
        and validation.formula1.startswith("lists!")
        and lists.sheet_state == "hidden"
    )
    codebook = load_codebook()
    entries = [cell.value for cell in lists["A"] if cell.value]
    assert [e.split()[0] for e in entries] == [*codebook.ids, "NA"]
    assert sheet.protection.sheet and sheet.freeze_panes == "C2"
    for place, column in enumerate(SHEET_COLUMNS, start=1):
        assert sheet.cell(2, place).protection.locked == (column not in FILL_COLUMNS)
    assert isinstance(sheet.cell(2, 2).value, str) and sheet.cell(2, 2).value.startswith("45000000000000")
    text = " ".join(str(cell.value) for cell in card["B"])
    assert all(rule.text["zh"][:10] in text for rule in codebook.rules)


def fill(path: Path, codes: list[str], second: str = "") -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for line, code in enumerate(codes, start=2):
        sheet.cell(line, SHEET_COLUMNS.index("code") + 1).value = code
        sheet.cell(line, SHEET_COLUMNS.index("secondary") + 1).value = second
    book.save(path)


def test_a_filled_sheet_comes_back_whole(run, tmp_path: Path, posts: Path) -> None:
    assert run("sample", posts, "-n", 6, "--coders", "Li", "-o", "s.xlsx").returncode == 0
    fill(tmp_path / "s.xlsx", ["appeal 市民诉求", " 服务", "ｏｔｈｅｒ", "NA", "servise", "agenda"], "none")
    read = read_codings([tmp_path / "s.xlsx"], codebook=load_codebook())
    assert [c.code for c in read] == ["appeal", "service", "other", "NA", "agenda"]
    assert {c.coder for c in read} == {"Li"} and {c.codebook for c in read} == {load_codebook().hash}
    assert all(len(c.post_id) == 16 and c.post_id.isdigit() for c in read)
    assert [(e.line, e.reason) for e in read.excluded] == [(6, "unknown-code")]
    assert "nearest: service" in read.excluded[0].detail


def test_rows_that_were_sorted_apart_edited_or_added_are_found(run, tmp_path: Path, posts: Path) -> None:
    assert run("sample", posts, "-n", 5, "--coders", "Li", "-o", "s.xlsx").returncode == 0
    fill(tmp_path / "s.xlsx", ["appeal"] * 5)
    book = load_workbook(tmp_path / "s.xlsx")
    sheet = book.worksheets[0]
    first, second = sheet.cell(2, 2).value, sheet.cell(3, 2).value
    sheet.cell(2, 2).value, sheet.cell(3, 2).value = second, first  # ids swapped, texts not
    sheet.cell(4, 4).value = str(sheet.cell(4, 4).value).replace("\n", "\r\n ")  # only blanks changed
    sheet.append([None, "99", "by hand", "a new text", None, "service"])
    book.save(tmp_path / "s.xlsx")
    read = read_codings([tmp_path / "s.xlsx"], codebook=load_codebook())
    assert [e.reason for e in read.excluded] == ["changed-row", "changed-row"]
    assert len(read) == 4 and read.codings[-1].post_id == "99"
    assert any("added by hand" in note for note in read.notes)


def test_a_sorted_sheet_is_put_back_into_its_order(run, tmp_path: Path, posts: Path) -> None:
    assert run("sample", posts, "-n", 12, "--coders", "Li", "-o", "s.csv").returncode == 0
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{**row, "code": "service"} for row in csv.DictReader(file)]
    drawn = [row["post_id"].strip("'\t") for row in rows]
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["post_id"]))
    read = read_codings([tmp_path / "s.csv"], codebook=load_codebook())
    assert [c.post_id for c in read] == drawn != sorted(drawn)
    assert any("order of the sheets" in note for note in read.notes)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
def test_plain_sheets_make_the_same_round_trip(run, tmp_path: Path, posts: Path, suffix: str) -> None:
    done = run("sample", posts, "-n", 9, "--coders", "A,B", "--overlap", 9, "-o", f"s.{suffix}")
    assert done.returncode == 0, done.stderr
    for coder in "AB":
        path = tmp_path / f"s.{coder}.{suffix}"
        text = path.read_text(encoding="utf-8-sig")
        if suffix == "jsonl":
            rows = [json.loads(line) for line in text.splitlines()]
            path.write_text("".join(json.dumps({**row, "code": "service"}) + "\n" for row in rows))
        else:
            comma = "," if suffix == "csv" else "\t"
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, delimiter=comma))
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.DictWriter(file, rows[0].keys(), delimiter=comma)
                writer.writeheader()
                writer.writerows({**row, "code": "service"} for row in rows)
    read = read_codings([tmp_path / f"s.A.{suffix}", tmp_path / f"s.B.{suffix}"], codebook=load_codebook())
    assert len(read) == 18 and read.coders == ("A", "B") and not read.excluded
    assert [c.post_id for c in read][:9] != [c.post_id for c in read][9:]


def test_filled_sheets_are_not_written_over(run, tmp_path: Path, posts: Path) -> None:
    args = ("sample", posts, "-n", 5, "--coders", "Li", "-o", "s.xlsx")
    assert run(*args).returncode == 0 and run(*args).returncode == 0  # an empty sheet may be drawn again
    fill(tmp_path / "s.xlsx", ["appeal", "service"])
    before = (tmp_path / "s.xlsx").read_bytes()
    done = run(*args)
    assert done.returncode == 1 and "already holds 2 codings" in done.stderr
    assert (tmp_path / "s.xlsx").read_bytes() == before
    assert run(*args, "--overwrite").returncode == 0


def test_same_seed_same_bytes(run, tmp_path: Path, posts: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert run("sample", posts, "-n", 10, "--coders", "A,B", "-o", f"{name}/s.xlsx").returncode == 0
    for file in ("s.A.xlsx", "s.B.xlsx", "s.frame.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert run("sample", posts, "-n", 10, "--coders", "A,B", "-o", "two/s.xlsx", "--seed", 7).returncode == 0
    assert (tmp_path / "one/s.frame.csv").read_bytes() != (tmp_path / "two/s.frame.csv").read_bytes()


def test_every_design_and_the_stream(run, tmp_path: Path, posts: Path) -> None:
    enriched = run(
        "sample", posts, "-n", 15, "--design", "enriched", "--enrich", "appeal=.5", "-o", "e.csv", "--json"
    )
    assert enriched.returncode == 0, enriched.stderr
    design = json.loads(enriched.stdout)["design"]
    assert design["enrich"] == {"appeal": 0.5} and design["probability"]["least"] > 0
    rows = frame_rows(tmp_path / "e.frame.csv")
    assert len({row["inclusion_prob"] for row in rows}) > 1
    weeks = run("sample", posts, "--design", "weeks", "--weeks", "1", "-o", "w.csv")
    assert weeks.returncode == 0, weeks.stderr
    stream = run(
        "sample", "-", "--from", "jsonl", "-n", 4, "-o", "-", "--frame", "f.csv", stdin=posts.read_bytes()
    )
    assert stream.returncode == 0, stream.stderr
    assert [json.loads(line)["no"] for line in stream.stdout.splitlines()] == ["1", "2", "3", "4"]
    assert len(frame_rows(tmp_path / "f.csv")) == 4


def test_posts_coded_before_are_left_out(run, tmp_path: Path, posts: Path) -> None:
    assert run("sample", posts, "-n", 40, "-o", "pilot.csv").returncode == 0
    done = run("sample", posts, "-n", 20, "-o", "main.csv", "--without", "pilot.frame.csv")
    assert done.returncode == 0 and "40 rows left out: left-out" in done.stderr
    ids = [{r["post_id"] for r in frame_rows(tmp_path / f"{name}.frame.csv")} for name in ("pilot", "main")]
    assert not ids[0] & ids[1]


def test_one_sheet_leads_to_gold_and_two_to_reliability(run, posts: Path) -> None:
    alone = run("sample", posts, "-n", 9, "-o", "one.csv")
    assert "govcode adjudicate one.csv --frame one.frame.csv -o gold.csv" in alone.stderr
    assert "One coder" in alone.stderr and "for all coders" not in alone.stderr
    both = run("sample", posts, "-n", 9, "--coders", "A,B", "-o", "two.csv")
    assert "govcode reliability SHEETS" in both.stderr and "9 for all coders" in both.stderr


def test_plan(run, tmp_path: Path, posts: Path) -> None:
    data = json.loads(
        run("sample", "--plan", "--population", 1000, "--share", "a=.9", "--share", "b=.1", "--json").stdout
    )
    assert data["agreement"]["0.90"] == 90 and data["agreement_printed"]["0.90"] == 92
    assert data["rule_out"] == {"0.01": 299} and data["per_code"]["b"] > 300
    text = run("sample", "--plan", posts, "--for-margin", 0.1)
    assert text.returncode == 0 and "Sizes for 60 posts" in text.stdout and "appeal" in text.stdout
    bare = run("sample", "--plan", "--population", 1000)
    assert "classify the posts first, or give --share" in bare.stderr and "alpha expected" not in bare.stdout
    margin = run("sample", posts, "--for-margin", 0.1, "-o", "m.csv", "--json")
    assert json.loads(margin.stdout)["size"] == 38  # 96.04 / (1 + 95.04 / 60) = 37.2


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("-o s.csv", "--size"),
        ("-n 5", "-o sheet.xlsx"),
        ("-n 99 -o s.csv", "at most 60"),
        ("-n 5 -o s.csv --design magic", "simple, stratified"),
        ("-n 5 -o s.csv --design stratified --by county", "no column 'county'"),
        ("-n 5 -o -", "--frame"),
        ("-n 5 -o s.csv --enrich appeal --design enriched", "CODE=SHARE"),
        ("-n 5 -o s.doc", "no table format"),
        ("-n 5 -o s.csv --coders ../A,B", "file name"),
    ],
)
def test_wrong_usage_exits_2(run, posts: Path, args: str, says: str) -> None:
    done = run("sample", posts, *args.split())
    assert done.returncode == 2 and says in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("target", ["xlsx", "ods", "csv"])
def test_round_trip_through_libreoffice(run, tmp_path: Path, posts: Path, target: str) -> None:
    assert run("sample", posts, "-n", 10, "--coders", "Li", "-o", "s.xlsx").returncode == 0
    fill(tmp_path / "s.xlsx", ["appeal 市民诉求", "service"] * 5)
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    steps = [target, "xlsx"] if target == "ods" else [target]
    source = tmp_path / "s.xlsx"
    for number, step in enumerate(steps):
        out = tmp_path / f"out{number}"
        kind = "csv:Text - txt - csv (StarCalc):44,34,76,1" if step == "csv" else step
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", kind, "--outdir", out, source],
            check=True,
            timeout=180,
        )
        source = out / f"s.{step}"
    read = read_codings([source], codebook=load_codebook())
    assert len(read) == 10 and not read.excluded
    assert [c.code for c in read] == ["appeal", "service"] * 5 and {c.coder for c in read} == {"Li"}
