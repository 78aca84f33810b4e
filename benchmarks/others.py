"""What other libraries need for the same posts: their cost, not their accuracy.

`python benchmarks/others.py [--rounds 5] [--posts 5000] [--network-posts 50]` codes posts with each of them
that is installed (`pip install fasttext-wheel spacy torch`), in turns with `govcode classify`, and prints a
table. The network reads few posts, as it is slow: its posts per second are those.
`python benchmarks/others.py fasttext|network|spacy POSTS OUT` codes POSTS (JSON Lines) and writes OUT. The
fastText model is trained on the invented posts first (a second or two, counted); the network has the shape
of BERT-base with random weights and reads 256 characters a post; spaCy's text categoriser is not trained.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from corpus import write_posts
from measure import Run, median, paired, ratio

ROOT = Path(__file__).parent.parent
CODES = ("information", "service", "appeal", "agenda", "other")
BATCH = 32

Coder = Callable[[Sequence[str]], Sequence[str]]


def fasttext_coder() -> Coder:
    """Train fastText on jieba words of the invented posts."""
    import fasttext
    import jieba

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for path in sorted((ROOT / "models" / "training").glob("invented.jsonl")):
            for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                words = " ".join(jieba.lcut(f"{row['title']} {row['text']}".replace("\n", " ")))
                file.write(f"__label__{row['code']} {words}\n")
        file.flush()
        model = fasttext.train_supervised(file.name, wordNgrams=2, thread=1, verbose=0)
    return lambda texts: [
        model.f.predict(" ".join(jieba.lcut(text.replace("\n", " "))) + "\n", 1, 0.0, "strict")[0][1]
        for text in texts
    ]


def network_coder() -> Coder:
    """Build an encoder of 12 layers, 768 wide, 12 heads, over characters."""
    import torch
    from torch import nn

    layer = nn.TransformerEncoderLayer(768, 12, 3072, activation="gelu", batch_first=True)
    encoder = nn.TransformerEncoder(layer, 12).eval()
    embed, head = nn.Embedding(21_128, 768), nn.Linear(768, len(CODES))

    def code(texts: Sequence[str]) -> list[str]:
        longest = max(1, min(256, max(map(len, texts))))
        ids = torch.tensor([[ord(c) % 21_128 for c in t[:longest].ljust(longest)] for t in texts])
        with torch.inference_mode():
            best = head(encoder(embed(ids))[:, 0]).argmax(dim=1)
        return [CODES[i] for i in best.tolist()]

    return code


def spacy_coder() -> Coder:
    """Build spaCy's Chinese pipeline (jieba words) with an untrained text categoriser."""
    import spacy

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    categoriser = nlp.add_pipe("textcat")
    for code in CODES:
        categoriser.add_label(code)
    nlp.initialize()
    return lambda texts: [max(doc.cats, key=doc.cats.__getitem__) for doc in nlp.pipe(texts)]


CODERS = {"fasttext": fasttext_coder, "network": network_coder, "spacy": spacy_coder}
NAMES = {
    "fasttext": ("fastText on jieba words", "fasttext"),
    "spacy": ("spaCy zh textcat (random weights)", "spacy"),
    "network": ("network of BERT-base shape (random weights)", "torch"),
}
HEADER = (
    "| contender | posts | CPU s | posts per CPU s | CPU ÷ classify | peak MiB |\n"
    "| --- | --: | --: | --: | --: | --: |"
)


def batches(rows: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Cut rows into lists."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def code_table(name: str, source: str, target: str) -> None:
    """Code a table of posts."""
    code = CODERS[name]()
    with Path(source).open(encoding="utf-8") as lines, Path(target).open("w", encoding="utf-8") as file:
        for batch in batches(map(json.loads, lines)):
            texts = [f"{row['title']}\n{row['text']}" for row in batch]
            for row, label in zip(batch, code(texts), strict=True):
                file.write(json.dumps(row | {"code": label}, ensure_ascii=False) + "\n")


def line(name: str, posts: int, runs: Sequence[Run], ours: Sequence[Run]) -> str:
    """Return one row of the table; ratios are of whole commands on the same posts."""
    cpu = median(runs, "cpu")
    cells = (name, f"{posts:,}", f"{cpu:.1f}", f"{posts / cpu:,.1f}", ratio(runs, ours, "cpu"))
    return f"| {' | '.join(cells)} | {median(runs, 'memory'):.0f} |"


def compare(names: Sequence[str], posts: int, rounds: int) -> None:
    """Run these contenders and `classify` on the same posts in turns; print a row each."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/posts.jsonl", f"{folder}/out.jsonl"
        write_posts(Path(source), posts)
        ours = [sys.executable, "-m", "govcode", "classify", source, "-o", target, "-q"]
        script = [sys.executable, str(Path(__file__))]
        results = paired(
            {"classify": ours} | {name: [*script, name, source, target] for name in names}, rounds, warm=False
        )
    for name, runs in results.items():
        print(line(NAMES.get(name, (name,))[0], posts, runs, results["classify"]), flush=True)


def main() -> None:
    """Code one table, or compare all."""
    if sys.argv[1:2] and sys.argv[1] in CODERS:
        code_table(*sys.argv[1:])
        return
    parser = argparse.ArgumentParser(description="Print what other libraries need for the same posts.")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--network-posts", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    here = [name for name, (_, package) in NAMES.items() if find_spec(package)]
    print(HEADER)
    compare([name for name in here if name != "network"], options.posts, options.rounds)
    if "network" in here:
        compare(["network"], options.network_posts, options.rounds)
    for title, package in NAMES.values():
        if not find_spec(package):
            print(f"| {title} | not installed ({package}) | | | | |")


if __name__ == "__main__":
    main()
