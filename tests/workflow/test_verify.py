"""What was made can be made again, and what was changed is found."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from govcode.errors import InputError
from govcode.readers.figures import figures_in
from govcode.workflow.export import export
from govcode.workflow.lineage import lineage
from govcode.workflow.report import ReportOptions, report
from govcode.workflow.verify import CHANGED, MISSING, NOT_CHECKABLE, REPRODUCED, verify


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small study in its own folder: a coded table, a report, an export."""
    monkeypatch.chdir(tmp_path)
    rows = [
        f"{i},云溪{i % 2},weibo,2023-0{1 + i % 5}-11,第{i}条,{'service' if i % 3 else 'appeal'},coded"
        for i in range(80)
    ]
    header = "post_id,account,platform,published_at,text,code,status"
    Path("coded.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    report(["coded.csv"], "report.html", ReportOptions(language="en"))
    export("coded.csv", "out.jsonl")
    return tmp_path


def test_an_untouched_study_is_reproduced_figure_by_figure(study: Path) -> None:
    found = verify(["report.html", "out.jsonl.manifest.json"])
    assert not found.failed
    assert {c.verdict for c in found.checks} == {REPRODUCED}
    kinds = {(c.step, c.kind) for c in found.checks}
    assert {("report", "figure"), ("report", "step"), ("export", "step"), ("export", "input")} <= kinds


def test_a_changed_input_says_by_how_much_the_figures_moved(study: Path) -> None:
    text = Path("coded.csv").read_text(encoding="utf-8")
    Path("coded.csv").write_text(text.replace(",appeal,", ",service,", 9), encoding="utf-8")
    found = verify(["report.html"])
    moved = {c.subject: c.detail for c in found.checks if c.kind == "figure" and c.verdict == CHANGED}
    assert moved["shares.appeal"] == "0.3375 → 0.225 (-0.1125)"
    assert {c.subject for c in found.failed if c.kind == "input"} == {"coded.csv"}


def test_a_changed_output_and_a_lost_one(study: Path) -> None:
    Path("out.jsonl").write_text("{}\n", encoding="utf-8")
    assert [c.verdict for c in verify(["out.jsonl"], again=False).failed] == [CHANGED]
    Path("out.jsonl").unlink()
    assert [c.verdict for c in verify(["out.jsonl"], again=False).failed] == [MISSING]


def test_a_lost_input_is_not_checkable_and_does_not_fail(study: Path) -> None:
    Path("coded.csv").unlink()
    found = verify(["report.html"])
    assert not found.failed
    reasons = {c.detail for c in found.checks if c.verdict == NOT_CHECKABLE}
    assert reasons == {"the file is not here", "not all inputs are here"}
    assert found.count(NOT_CHECKABLE) > 2  # every figure of the report says so


def test_a_folder_that_moved_is_still_checked(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = study.parent / f"{study.name}-moved"
    study.rename(moved)
    monkeypatch.chdir(study.parent)
    assert not verify([str(moved / "report.html")]).failed


def test_a_file_without_manifest_is_refused(study: Path) -> None:
    with pytest.raises(InputError, match="has no manifest"):
        verify(["coded.csv"])


def test_steps_are_walked_back_to_the_first(study: Path) -> None:
    record = json.loads(Path("out.jsonl.manifest.json").read_text(encoding="utf-8"))
    record |= {"command": "ingest", "inputs": [], "outputs": [{"path": "coded.csv", "sha256": ""}]}
    Path("coded.csv.manifest.json").write_text(json.dumps(record), encoding="utf-8")
    assert [s["command"] for s in lineage("report.html")] == ["ingest", "report"]


def test_the_command_exits_4_when_something_does_not_hold(govcode, study: Path) -> None:
    good = govcode("verify", "report.html", "--json", cwd=study)
    assert (good.returncode, json.loads(good.stdout)["holds"]) == (0, True)
    Path("report.html").write_text("<p>better figures</p>", encoding="utf-8")
    bad = govcode("verify", "report.html", "--hashes-only", cwd=study)
    assert bad.returncode == 4
    assert "output report.html is changed" in bad.stderr


def test_a_figure_altered_in_the_report_is_named_with_both_values(study: Path) -> None:
    page = Path("report.html").read_text(encoding="utf-8")
    assert "33.8% [" in page
    Path("report.html").write_text(page.replace("33.8% [", "43.8% ["), encoding="utf-8")
    changed = [c for c in verify(["report.html"]).failed if c.kind == "figure"]
    assert any(c.subject.startswith("shares · ") and "43.8% [" in c.detail for c in changed)
    assert all("(-10)" in c.detail for c in changed)


@pytest.mark.parametrize("form", ["md", "tex"])
def test_figures_of_other_forms_are_read_back(study: Path, form: str) -> None:
    report(["coded.csv"], f"r.{form}", ReportOptions(language="en"))
    figures = figures_in(f"r.{form}")
    assert any(str(cell).startswith("66.2% [") for cell in figures.values())
    found = verify([f"r.{form}"])
    assert not found.failed
    assert sum(c.kind == "figure" for c in found.checks) > len(figures)


def test_the_same_name_twice_is_two_figures(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": [1, {"b": 2.5}], "c": true, "d": "3"}', encoding="utf-8")
    assert figures_in(tmp_path / "x.json") == {"a[0]": 1.0, "a[1].b": 2.5}
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert figures_in(tmp_path / "broken.json") == figures_in(tmp_path / "gone.json") == {}


def test_the_summary_keeps_every_check_that_does_not_hold(study: Path) -> None:
    text = Path("coded.csv").read_text(encoding="utf-8")
    Path("coded.csv").write_text(text.replace(",appeal,", ",service,", 9), encoding="utf-8")
    found = verify(["report.html"])
    assert set(found.failed) <= set(found.summary())
    assert len(found.summary()) < len(found.checks)


def test_every_manifest_names_python_and_what_was_used(study: Path) -> None:
    versions = json.loads(Path("report.html.manifest.json").read_text(encoding="utf-8"))["versions"]
    assert versions["python"].count(".") == 2
    assert {"numpy", "Jinja2"} <= set(versions)
    assert "pyreadstat" not in versions
    assert "XlsxWriter" not in versions


@pytest.mark.slow
def test_sampling_gold_and_shares_are_made_again_and_a_filled_sheet_is_no_fault(
    govcode, tmp_path: Path
) -> None:
    posts = [f"p{i},云溪{i % 3},明天起停水两天、请提前储水{i}" for i in range(90)]
    (tmp_path / "posts.csv").write_text("\n".join(["post_id,account,text", *posts]), encoding="utf-8")
    draw = ("--design", "stratified", "--by", "account", "--size", "60", "--coders", "a,b", "--overlap", "60")
    assert govcode("sample", "posts.csv", *draw, "-o", "sheet.csv").returncode == 0
    for coder in "ab":
        sheet = tmp_path / f"sheet.{coder}.csv"
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["code"] = "service" if row["post_id"] < "p5" else "information"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    for command in (
        ("adjudicate", "sheet.a.csv", "sheet.b.csv", "--frame", "sheet.frame.csv", "-o", "gold.csv"),
        ("classify", "posts.csv", "--coder", "rules", "-o", "coded.csv"),
        ("evaluate", "coded.csv", "--gold", "gold.csv", "-o", "ev.json", "--errors", "wrong.csv"),
        ("estimate", "coded.csv", "--gold", "gold.csv", "--by", "account", "-o", "shares.csv"),
        ("segment", "posts.csv", "-o", "tokens.jsonl"),
    ):
        done = govcode(*command, "--quiet")
        assert done.returncode == 0, done.stderr
    done = govcode("verify", "ev.json", "wrong.csv", "shares.csv", "tokens.jsonl", "--json")
    checks = json.loads(done.stdout)["checks"]
    assert done.returncode == 0, [c for c in checks if c["verdict"] in (CHANGED, MISSING)]
    again = {c["step"] for c in checks if c["kind"] == "step" and c["verdict"] == REPRODUCED}
    assert again == {"sample", "adjudicate", "classify", "evaluate", "estimate", "segment"}
    drawn = {c["subject"] for c in checks if c["step"] == "sample" and c["kind"] == "step"}
    assert drawn == {"sheet.a.csv", "sheet.b.csv", "sheet.frame.csv"}
    figures = {c["subject"] for c in checks if c["step"] == "estimate" and c["kind"] == "figure"}
    assert {"intervals.service[1]", "groups.云溪1.service[0]", "groups.云溪2.appeal[2]",
            "differences.云溪0 - 云溪1.service[4]"} <= figures  # fmt: skip
    filled = [c for c in checks if c["subject"] == "sheet.a.csv" and c["kind"] == "output"]
    assert [c["verdict"] for c in filled] == [NOT_CHECKABLE]


def test_a_queue_that_was_filled_and_gold_written_after_it_are_no_fault(run, tmp_path: Path) -> None:
    for coder, codes in (("a", "service"), ("b", "information")):
        rows = [f"p{i},{coder},{'agenda' if i < 8 else codes}" for i in range(10)]
        (tmp_path / f"{coder}.csv").write_text("\n".join(["post_id,coder,code", *rows]), encoding="utf-8")
    texts = [f"p{i},云溪第{i}小区停水" for i in range(10)]
    (tmp_path / "posts.csv").write_text("\n".join(["post_id,text", *texts]), encoding="utf-8")
    done = run(
        "adjudicate", "a.csv", "b.csv", "--posts", "posts.csv", "--queue", "queue.csv", "-o", "gold.csv"
    )
    assert "queue.csv: fill it, then run this again with --decisions queue.csv" in done.stderr
    with (tmp_path / "queue.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "queue.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "code": "service", "decided_by": "zhao"} for row in rows)
    done = run("adjudicate", "a.csv", "b.csv", "--decisions", "queue.csv", "-o", "gold.csv")
    assert done.returncode == 0, done.stderr
    done = run("verify", "gold.csv", "--json")
    assert done.returncode == 0, done.stdout
    gold = (tmp_path / "gold.csv").read_text(encoding="utf-8")
    (tmp_path / "gold.csv").write_text(gold.replace("service", "appeal", 1), encoding="utf-8")
    assert run("verify", "gold.csv").returncode == 4


@pytest.mark.slow
def test_a_whole_study_from_raw_files_is_made_again(govcode, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    rows = [f"{i},云溪发布,2023-0{1 + i % 5}-11,明天起停水两天、请提前储水{i}" for i in range(35)]
    (tmp_path / "raw" / "a.csv").write_text("\n".join(["编号,账号,发布时间,正文", *rows]), encoding="utf-8")
    for command in (
        ("ingest", "raw", "-o", "posts.jsonl"),
        ("classify", "posts.jsonl", "--coder", "rules", "--explain", "-o", "coded.csv"),
        ("profile", "coded.csv", "-o", "profile.json"),
        ("report", "coded.csv", "-o", "report.html"),
    ):
        done = govcode(*command, "--quiet")
        assert done.returncode == 0, done.stderr
    checks = json.loads(govcode("verify", "report.html", "profile.json", "--json").stdout)["checks"]
    again = {c["step"]: c["verdict"] for c in checks if c["kind"] == "step"}
    assert again == {
        "ingest": REPRODUCED,
        "classify": REPRODUCED,
        "report": REPRODUCED,
        "profile": REPRODUCED,
    }
