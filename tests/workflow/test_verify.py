"""What was made can be made again, and what was changed is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govcode.errors import InputError
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
    assert found.count(NOT_CHECKABLE) == 2


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
