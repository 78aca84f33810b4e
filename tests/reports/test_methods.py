"""The methods paragraph says what was done, and nothing of what was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from govcode.metrics.figures import Figure
from govcode.reports.data import ReportData
from govcode.reports.methods import methods_text
from govcode.reports.wording import words
from govcode.workflow.lineage import told_lineage
from govcode.workflow.report import ReportOptions, gather
from tests.reports.conftest import full_options

SAMPLE = {
    "command": "sample", "seed": 7,
    "results": {"design": {"name": "stratified", "population": 240, "size": 120, "by": ["account"],
                           "allocation": "proportional", "strata": [1, 2, 3]}},
}  # fmt: skip
ADJUDICATE = {"command": "adjudicate", "results": {"decided": {"agreed": 100, "expert": 20}}}
CLASSIFY = {"command": "classify", "govcode": "0.0.9", "options": {"coder": "linear", "model": "m"}}
CARD = {
    "training": {"examples": 1500},
    "figures": {"posts": 900, "method": "5-fold cross-validation by near-duplicate cluster",
                "macro_f1": {"value": 0.71, "low": 0.68, "high": 0.74}, "alpha": {"value": 0.66}},
}  # fmt: skip
# What a paragraph says (in English) only if this part of the data is there.
PARTS = {
    "reliability": ("coders took part", "alpha was"),
    "evaluation": ("the coder reached a macro-F1",),
    "model_card": ("The model was trained on 1500 posts", "held out"),
    "gold_steps": (
        "a stratified random sample of 120 was drawn (3 strata by account",
        "Gold holds 120 posts",
    ),
    "steps": ("by a linear model",),
}


@pytest.fixture(scope="module")
def data(full_study: Path) -> ReportData:
    found, _ = gather([str(full_study / "coded.csv")], full_options(full_study, "en"))
    return replace(
        found, coder="m@abc", steps=(CLASSIFY,), gold_steps=(SAMPLE, ADJUDICATE), model_card=CARD
    )  # fmt: skip


def english(data: ReportData) -> str:
    return methods_text(data)[0]


def test_everything_that_was_done_is_told_in_both_languages(data: ReportData) -> None:
    told, chinese = methods_text(data)
    for sentences in PARTS.values():
        for sentence in sentences:
            assert sentence in told
    for part in ("240 posts of 3 accounts", "corrected for coding error", "MOVER", "MinHash", "Kaplan",
                 "4 issues", "7 recodings", "other.csv", "0.710 [0.680, 0.740]", "0.0.9"):  # fmt: skip
        assert part in told, part
    for part in (
        "3 个账号的 240 条帖文",
        "按近重复簇分组的 5 折交叉验证",
        "0.710 [0.680, 0.740]",
        "分层随机抽样",
    ):
        assert part in chinese, part


@pytest.mark.parametrize("part", PARTS)
def test_what_is_missing_is_not_told(data: ReportData, part: str) -> None:
    nothing: Any = () if part.endswith("steps") else None
    told = english(replace(data, **{part: nothing}))
    for sentence in PARTS[part]:
        assert sentence not in told
    for other in PARTS.keys() - {part}:
        assert PARTS[other][0] in told


@pytest.mark.parametrize(
    "broken",
    [
        {"command": "sample"}, {"command": "sample", "results": None}, {"command": "sample", "results": {}},
        {"command": "sample", "results": {"design": {}}}, {"command": "adjudicate", "results": {"decided": {}}},
        {"command": "adjudicate", "results": {"decided": {"agreed": 0}}}, {}, {"command": "classify", "options": None},
    ],
)  # fmt: skip
def test_a_manifest_with_missing_parts_says_nothing(data: ReportData, broken: dict[str, Any]) -> None:
    told = english(replace(data, gold_steps=(broken,), steps=(broken,), model_card=None))
    for said in ("drawn", "Gold holds", "linear model", "None", "{", "trained on"):
        assert said not in told


@pytest.mark.parametrize("card", [{}, {"training": {"examples": 3}}, {"figures": {"posts": 1}}])
def test_a_card_without_figures_says_nothing(data: ReportData, card: dict[str, Any]) -> None:
    assert "trained on" not in english(replace(data, model_card=card))


def test_counts_alone_are_called_uncorrected(full_study: Path) -> None:
    found, _ = gather([str(full_study / "coded.csv")], ReportOptions(language="en", by=("month",)))
    told = english(found)
    assert "not corrected for coding error" in told
    assert "240 posts of 3 accounts" in told  # months are no accounts
    for said in ("gold", "MOVER", "issues", "other codings", "reached"):
        assert said not in told, said


def test_a_corpus_without_accounts_and_dates_is_not_given_any(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("post_id,text,code\n1,停水,service\n", encoding="utf-8")
    found, _ = gather([str(tmp_path / "c.csv")], ReportOptions(language="en"))
    assert english(found).startswith("The corpus holds 1 posts. ")


def test_no_share_of_groups_is_called_corrected_that_is_not(data: ReportData) -> None:
    first, *rest = data.profile.groups
    counted = replace(first, shares=tuple(replace(s, corrected=None) for s in first.shares))
    profile = replace(data.profile, groups=(counted, *rest))
    assert "In 1 of 3 groups gold is too little" in english(replace(data, profile=profile))
    assert "gold is too little" not in english(data)


def test_a_file_changed_since_its_manifest_has_no_origin(full_study: Path, tmp_path: Path) -> None:
    table = tmp_path / "coded.csv"
    table.write_bytes((full_study / "coded.csv").read_bytes())
    record = '{"command": "classify", "outputs": [{"path": "coded.csv", "sha256": "00"}]}'
    (tmp_path / "coded.csv.manifest.json").write_text(record, encoding="utf-8")
    notes: list[str] = []
    assert told_lineage(str(table), notes) == []
    assert notes == ["coded.csv was changed after its manifest was written, so its origin is not told"]


def test_every_sentence_has_a_case_here_or_elsewhere() -> None:
    """A new sentence needs a test that it is not told without what it rests on."""
    known = {
        "m_corpus", "m_of_accounts", "m_dated", "m_codebook", "m_excluded", "m_coder", "m_coder_rules",
        "m_coder_linear", "m_coder_transformer", "m_model", "m_status", "m_reliability", "m_evaluation",
        "m_corrected", "m_partly", "m_uncorrected", "m_contrasts", "m_contrasts_corrected", "m_reuse",
        "m_replies", "m_alignment", "m_sensitivity", "m_recodings", "m_software", "m_software_with",
        "m_sample_simple", "m_sample_stratified", "m_sample_weeks", "m_sample_enriched", "m_adjudicated",
        "m_agreed", "m_majority", "m_expert", "m_discussion", "m_single",
    }  # fmt: skip
    assert {key for key in words() if key.startswith("m_")} == known


def test_a_figure_of_a_card_without_interval_is_given_bare() -> None:
    from govcode.reports.methods import as_figure

    found = as_figure({"value": 0.5})
    assert (found.value, found.low == found.low) == (0.5, False)
    assert isinstance(found, Figure)
