from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from govcode.errors import CodingError
from govcode.workflow.train import train
from govcode.workflow.verify import NOT_CHECKABLE, REPRODUCED, verify

WORDS = {
    "rain": "暴雨 预警 气温 大风 降水 台风 天气 寒潮".split(),
    "road": "道路 封闭 施工 公交 地铁 改道 停车 路口".split(),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a codebook of two own codes, posts and gold."""
    from govcode.codebook.load import load_codebook

    folder = tmp_path_factory.mktemp("study")
    (folder / "mine.toml").write_text(_codebook(), encoding="utf-8")
    load_codebook(str(folder / "mine.toml"))
    draw = random.Random(4)
    with (
        (folder / "posts.jsonl").open("w", encoding="utf-8") as posts,
        (folder / "gold.csv").open("w") as gold,
    ):
        table = csv.writer(gold)
        table.writerow(["post_id", "coder", "code"])
        for i in range(160):
            code = draw.choice(list(WORDS))
            words = draw.choices(WORDS[code], k=5) + draw.choices(WORDS["road"], k=1)
            post = {
                "post_id": f"p{i}",
                "account": f"a{i % 17}",
                "title": "",
                "text": f"第{i}号，" + "，".join(words),
            }
            posts.write(json.dumps(post, ensure_ascii=False) + "\n")
            if i < 150:
                table.writerow([f"p{i}", "gold", code])
        table.writerow(["nowhere", "gold", "rain"])
    return folder


def _codebook() -> str:
    codes = "".join(
        f'[[codes]]\nid = "{code}"\nlabel = {{zh = "{code}", en = "{code}"}}\n'
        f'definition = {{zh = "{code}", en = "{code}"}}\n\n'
        for code in WORDS
    )
    return (
        'id = "tiny"\nversion = "1"\ntitle = {zh = "小", en = "Tiny"}\ntie_break = ["rain", "road"]\n\n'
        + codes
    )


@pytest.fixture(scope="module")
def own(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model for the study's own codebook."""
    folder = tmp_path_factory.mktemp("models") / "mine"
    posts, gold, book = (str(study / name) for name in ("posts.jsonl", "gold.csv", "mine.toml"))
    train([posts], gold=gold, output=str(folder), codebook=book)
    return folder


def test_a_model_for_an_own_codebook_is_trained_and_used(
    study: Path, govcode: Callable[..., object], tmp_path: Path
) -> None:
    result = train(
        [str(study / "posts.jsonl")], gold=str(study / "gold.csv"), output=str(tmp_path / "mine"),
        codebook=str(study / "mine.toml"), learning_curve=True,
    )  # fmt: skip
    assert (result.learned, result.without_code, result.without_post) == (150, 10, 1)
    assert result.model.card["codes"] == ["rain", "road"]
    assert result.model.card["figures"]["macro_f1"]["value"] > 0.9
    assert [point.expected for point in result.curve] == [False] * 5 + [True]
    assert result.curve[-1].macro_f1 >= result.curve[-2].macro_f1
    manifest = json.loads((tmp_path / "mine" / "card.json.manifest.json").read_text())
    assert manifest["counts"] == {"learned": 150, "without_code": 10, "gold_without_post": 1}
    again = train(
        [str(study / "posts.jsonl")], gold=str(study / "gold.csv"), output=str(tmp_path / "mine2" / "mine"),
        codebook=str(study / "mine.toml"),
    )  # fmt: skip
    assert again.model.hash == result.model.hash
    for name in ("weights.npz", "terms.txt", "card.json"):
        assert (tmp_path / "mine" / name).read_bytes() == (tmp_path / "mine2" / "mine" / name).read_bytes()


def test_gold_that_fits_no_post_is_refused(study: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.csv").write_text("post_id,coder,code\nx1,gold,rain\nx2,gold,road\n")
    with pytest.raises(CodingError, match="no post of the table"):
        train(
            [str(study / "posts.jsonl")], gold=str(tmp_path / "gold.csv"), output=str(tmp_path / "m"),
            codebook=str(study / "mine.toml"),
        )  # fmt: skip


def test_too_little_gold_is_refused(study: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.csv").write_text("post_id,coder,code\np1,gold,rain\np2,gold,rain\n")
    with pytest.raises(CodingError, match="Too little to learn from"):
        train(
            [str(study / "posts.jsonl")], gold=str(tmp_path / "gold.csv"), output=str(tmp_path / "m"),
            codebook=str(study / "mine.toml"),
        )  # fmt: skip


def test_the_command_prints_the_card(study: Path, govcode: Callable[..., object], tmp_path: Path) -> None:
    done = govcode(
        "train", study / "posts.jsonl", "--gold", study / "gold.csv", "--codebook", study / "mine.toml",
        "-o", tmp_path / "mine",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "macro-F1" in done.stdout
    assert "1 gold codes have no post" in done.stderr
    shown = govcode("models", "show", tmp_path / "mine", "--json")
    assert json.loads(shown.stdout)["codebook"]["id"] == "tiny"
    checked = govcode("models", "check", tmp_path / "mine", "--codebook", "functions")
    assert checked.returncode == 4


def test_the_folder_of_a_model_is_all_that_coding_needs(
    study: Path, own: Path, run: Callable[..., object]
) -> None:
    done = run("classify", study / "posts.jsonl", "--model", own, "-o", "coded.csv")
    assert done.returncode == 0, done.stderr
    assert done.stderr.index("\nrain") < done.stderr.index("\nroad")  # in the order of the codebook
    assert run("explain", "--model", own, "明天暴雨大风，请注意").returncode == 0
    assert json.loads(run("models", "check", own, "--json").stdout)["codebook_fits"] is True
    book = own / "codebook.toml"
    before = book.read_text(encoding="utf-8")
    book.write_text(before.replace("rain", "wet"), encoding="utf-8")
    assert run("classify", study / "posts.jsonl", "--model", own, "-o", "coded.csv").returncode == 4
    book.write_text(before, encoding="utf-8")


def test_a_model_is_not_judged_in_silence_by_the_gold_it_learned_from(
    study: Path, own: Path, run: Callable[..., object]
) -> None:
    posts, gold = study / "posts.jsonl", study / "gold.csv"
    run("classify", posts, "--model", own, "-o", "coded.csv", "--quiet")
    run("classify", posts, "--coder", "rules", "--codebook", study / "mine.toml", "-o", "rules.csv")
    commands = (
        ("evaluate",), ("estimate", "--assume-random"), ("profile", "--assume-random"),
        ("report", "--assume-random", "--lang", "en", "-o", "page.md"),
    )  # fmt: skip
    for command in commands:
        done = run(*command, "coded.csv", "--gold", gold)
        assert done.returncode == 0 and "the model learned from gold.csv itself" in done.stderr, command
        done = run(*command, "rules.csv", "--gold", gold)
        assert "learned from" not in done.stderr and "Traceback" not in done.stderr, command


def test_gold_that_shares_posts_with_the_gold_of_training_is_told(
    study: Path, own: Path, run: Callable[..., object]
) -> None:
    head, *rows = (study / "gold.csv").read_text(encoding="utf-8").splitlines()
    lines = (study / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    posts = {json.loads(line)["post_id"] for line in lines}
    known = [row for row in rows if row.split(",")[0] in posts]
    Path("other.csv").write_text(
        "\n".join([head, *known[:10], *("new" + row for row in known[:5])]) + "\n", "utf-8"
    )
    Path("apart.csv").write_text("\n".join([head, *("new" + row for row in known[:5])]) + "\n", "utf-8")
    run("classify", study / "posts.jsonl", "--model", own, "-o", "coded.csv", "--quiet")
    told = run("evaluate", "coded.csv", "--gold", "other.csv", "-o", "figures.json")
    assert "the model learned from gold.csv too: 10 of 15 gold posts" in told.stderr
    notes = json.loads(Path("figures.json").read_text(encoding="utf-8"))["notes"]
    assert any("learned from" in note for note in notes)
    assert "learned from" not in run("evaluate", "coded.csv", "--gold", "apart.csv").stderr
    report = run("report", "coded.csv", "--gold", "other.csv", "-o", "page.md")
    assert report.returncode == 0 and "模型训练时用过" in Path("page.md").read_text(encoding="utf-8")


def test_few_independent_groups_are_told(study: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (study / "posts.jsonl").read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate(rows):
        row["account"] = f"澄州{number % 2}"
    table = tmp_path / "posts.jsonl"
    table.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    result = train(
        [str(table)], gold=str(study / "gold.csv"), output=str(tmp_path / "m"),
        codebook=str(study / "mine.toml"),
    )  # fmt: skip
    assert any("2 groups only" in note for note in result.notes)


@pytest.mark.slow
def test_a_model_is_held_up_by_its_card_and_trained_again_only_when_asked(
    study: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    train(
        [str(study / "posts.jsonl")], gold=str(study / "gold.csv"), output=str(folder),
        codebook=str(study / "mine.toml"),
    )  # fmt: skip
    cheap = verify([str(folder)])
    assert not cheap.failed
    verdicts = {(c.step, c.kind): c.verdict for c in cheap.checks}
    assert verdicts["train", "model"] == verdicts["card", "figure"] == REPRODUCED
    assert verdicts["train", "step"] == NOT_CHECKABLE
    full = verify([str(folder)], full=True)
    assert not full.failed
    assert {c.subject for c in full.checks if c.kind == "step" and c.verdict == REPRODUCED} == {
        str(folder / name) for name in ("card.json", "weights.npz", "terms.txt")
    }
    card = folder / "card.json"
    card.write_text(card.read_text().replace('"learner": "linear"', '"learner": "other"'))
    assert verify([str(folder)], again=False).failed
