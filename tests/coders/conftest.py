"""A small codebook of its own (none of the shipped codes) and a model trained on it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from govcode.codebook.model import Code, Codebook, Form
from govcode.coders.examples import Example
from govcode.coders.store import StoredModel, load_model, save_model
from govcode.coders.training import TrainingSettings, train_model
from govcode.records import Post
from govcode.text.clean import coding_text

WORDS = {
    "rain": "暴雨 预警 气温 大风 降水 台风 天气 预报 寒潮 降温",
    "road": "道路 封闭 施工 公交 地铁 改道 车辆 停车 通行 路口",
    "tree": "公园 绿化 花卉 樱花 树木 草坪 湿地 盆景 园艺 苗木",
}
FORMS = {"rain": ("r1", "r2"), "road": ("d1",), "tree": ("t1",)}


def codebook() -> Codebook:
    return Codebook(
        id="tiny",
        version="1",
        title={"en": "Tiny", "zh": "小手册"},
        codes=tuple(Code(code, label={"zh": code}, residual=code == "tree") for code in WORDS),
        forms=tuple(Form(f, {"en": f}, code) for code, forms in FORMS.items() for f in forms),
        tie_break=tuple(WORDS),
        hash="sha256:" + "7" * 64,
    )


def posts(number: int, seed: int) -> list[tuple[Post, str, str, str]]:
    """Return (post, code, form, secondary): mostly words of the code, some of another."""
    draw = random.Random(seed)
    found = []
    for i in range(number):
        code, other = draw.sample(list(WORDS), 2)
        words = draw.choices(WORDS[code].split(), k=6) + draw.choices(
            WORDS[other].split(), k=draw.choice([0, 3])
        )
        draw.shuffle(words)
        post = Post(
            f"p{i}",
            title="江城" + words[0],
            text=f"第{i}期：" + "，".join(words) + "。",
            account=f"a{i % 23}",
        )
        form = FORMS[code][0] if "预警" not in words else FORMS[code][-1]
        found.append((post, code, form, other if len(words) > 8 and other != "tree" else ""))
    return found


def examples(number: int = 240, seed: int = 3) -> list[Example]:
    return [
        Example(post.post_id, coding_text(post), code, secondary, form, account=post.account)
        for post, code, form, secondary in posts(number, seed)
    ]


@pytest.fixture(scope="session")
def tiny() -> Codebook:
    return codebook()


@pytest.fixture(scope="session")
def learned() -> list[Example]:
    """The posts that models of these tests learn from."""
    return examples()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> StoredModel:
    folder = tmp_path_factory.mktemp("models") / "tiny-zh"
    save_model(folder, train_model("tiny-zh", codebook(), examples(), TrainingSettings()))
    return load_model(folder)


@pytest.fixture(scope="session")
def unseen() -> list[tuple[Post, str, str, str]]:
    """Posts that the tiny model was not trained on, with code, form and secondary code."""
    return posts(150, seed=11)


@pytest.fixture
def folder(trained: StoredModel, tmp_path: Path) -> Path:
    """A private copy of the trained model, to be damaged."""
    import shutil

    assert trained.folder is not None
    return Path(shutil.copytree(trained.folder, tmp_path / "tiny-zh"))
