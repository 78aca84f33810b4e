"""What other libraries need for the same posts: their cost, not their accuracy.

`python benchmarks/others.py fasttext|network|spacy POSTS OUT` codes POSTS (JSON Lines) and writes OUT. The
fastText model is trained on the invented posts first (a second or two, counted); the network has the shape
of BERT-base with random weights and reads 256 characters a post; spaCy's text categoriser is not trained.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

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


def batches(rows: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Cut rows into lists."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def main() -> None:
    """Code a table."""
    name, source, target = sys.argv[1:]
    code = CODERS[name]()
    with Path(source).open(encoding="utf-8") as lines, Path(target).open("w", encoding="utf-8") as file:
        for batch in batches(map(json.loads, lines)):
            texts = [f"{row['title']}\n{row['text']}" for row in batch]
            for row, label in zip(batch, code(texts), strict=True):
                file.write(json.dumps(row | {"code": label}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
