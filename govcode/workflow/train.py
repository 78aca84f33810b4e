"""Train a model from posts and gold: read, match, train, save, leave a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govcode.codebook.load import load_codebook, read_text, shipped_codebooks
from govcode.codebook.model import Codebook
from govcode.coders.examples import Example
from govcode.coders.store import CODEBOOK, StoredModel, save_model
from govcode.errors import CodingError, OutputError, UsageError
from govcode.metrics.figures import as_data
from govcode.metrics.resampling import SEED
from govcode.readers.codings import read_codings
from govcode.readers.posts import read_posts
from govcode.records import NA, Coding, Excluded, Post
from govcode.text.clean import coding_text
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.writers.base import write_text

if TYPE_CHECKING:
    from govcode.coders.learning_curve import CurvePoint
    from govcode.workflow.fine_tune import FineTuning

GOLD = "gold"
UNSURE = 0.7  # weight of a gold post whose coder was not sure
FEW_FOLDS = 4  # below this a figure says more about the groups than about the model
MOST_CHANGED = 0.002  # share of codes that small storage may change unsaid


@dataclass(frozen=True)
class Trained:
    """A trained model, what it learned from, and what was left out."""

    model: StoredModel
    folder: Path
    learned: int
    without_code: int
    without_post: int
    curve: tuple[CurvePoint, ...] = ()
    notes: tuple[str, ...] = ()


def train(
    posts: Sequence[str],
    *,
    gold: str,
    output: str,
    codebook: str = "functions",
    support: Sequence[str] = (),
    learning_curve: bool = False,
    seed: int = SEED,
    form: str | None = None,
    encoding: str | None = None,
    tuning: FineTuning | None = None,
) -> Trained:
    """Train a model and save it in the folder `output`: a linear one, or with `tuning` a transformer.

    `support`: posts tables with a `code` column that help to learn but on which no figure rests
    (invented posts). Raises CodingError where posts and gold have too little in common.
    """
    from govcode.coders.learning_curve import learning_curve as curve_of
    from govcode.coders.training import TrainingSettings, train_model
    from govcode.workflow.fine_tune import fine_tune

    if tuning and learning_curve:
        raise UsageError(
            "--learning-curve is drawn with the linear learner only.",
            hint="Run it once without --learner: the curve tells of the gold, not of the learner.",
        )

    folder = _folder(output)
    book = load_codebook(codebook)
    notes: list[str] = []
    examples, without_code, without_post = _gold_examples(posts, gold, book, form, encoding, notes)
    learned = len(examples)
    for path in support:
        examples += _support_examples(path, book, form, encoding, notes)
    settings = TrainingSettings(seed=seed)
    about = {
        "training_data": {"posts": [file_record(p).sha256 for p in posts], "gold": file_record(gold).sha256}
    }
    if tuning is None:
        model = save_model(folder, train_model(folder.name, book, examples, settings, about=about))
    else:
        model = fine_tune(folder, book, examples, tuning, about)
        notes += _of_storage(model)
    _keep_codebook(folder, codebook)
    notes += _of_folds(model)
    curve = curve_of(book, examples, settings) if learning_curve else ()
    options = {"posts": list(posts), "gold": gold, "support": list(support), "codebook": codebook,
               "from": form, "encoding": encoding, **how_trained(tuning)}  # fmt: skip
    counts = {"learned": learned, "without_code": without_code, "gold_without_post": without_post}
    _leave_manifest(model, folder, options, book, seed, counts)
    return Trained(model, folder, learned, without_code, without_post, curve, tuple(notes))


def as_json_data(result: Trained) -> dict[str, Any]:
    """Return the result as plain data for `--json`: what was learned from, the card, the learning curve."""
    return {
        "output": str(result.folder), "posts": result.learned, "without_code": result.without_code,
        "gold_without_post": result.without_post, "card": as_data(result.model.card),
        "curve": as_data(result.curve), "notes": list(result.notes),
    }  # fmt: skip


def how_trained(tuning: FineTuning | None) -> dict[str, Any]:
    """Return what a manifest records of the learner, so that `verify --full` can train again."""
    if tuning is None:
        return {"learner": "linear"}
    settings = asdict(tuning.settings)
    return {"learner": "transformer", "settings": settings, "with_linear": tuning.with_linear}


def _inputs(options: Mapping[str, Any]) -> list[str]:
    """Return the files a training rests on; the folder of an encoder is one of them."""
    base = str((options.get("settings") or {}).get("base") or "")
    encoder = [base] if base and Path(base).is_dir() else []
    return [*options["posts"], options["gold"], *options["support"], *encoder]


def _folder(output: str) -> Path:
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file.", hint="A model is a folder: -o models/NAME")
    return folder


def _keep_codebook(folder: Path, codebook: str) -> None:
    """Keep an own codebook with the model, so that the folder is all that coding needs."""
    if codebook in shipped_codebooks():
        (folder / CODEBOOK).unlink(missing_ok=True)
    else:
        text, _ = read_text(codebook)
        write_text(folder / CODEBOOK, text)


def _of_folds(model: StoredModel) -> list[str]:
    """Return a warning where accounts and near-duplicates leave fewer folds than the figures want."""
    folds = str(model.card["figures"]["method"]).partition("-")[0]
    if not folds.isdigit() or int(folds) >= FEW_FOLDS:
        return []
    return [
        f"accounts and posts that repeat each other fall into {folds} groups only, so the figures rest on "
        f"{folds} models: more accounts, or an account column, make them firmer"
    ]


def _of_storage(model: StoredModel) -> list[str]:
    stored = model.card["storage"]
    if stored["codes_changed"] <= MOST_CHANGED:
        return []
    return [
        f"storing the weights as {stored['type']} changes the code of {stored['codes_changed']:.1%} of"
        f" {stored['posts']} posts; --storage float16 takes twice the room and changes fewer"
    ]


def _gold_examples(
    posts: Sequence[str],
    gold: str,
    codebook: Codebook,
    form: str | None,
    encoding: str | None,
    notes: list[str],
) -> tuple[list[Example], int, int]:
    read = read_codings([gold], codebook=codebook)
    notes.extend(read.notes)
    coders = {coding.coder for coding in read.codings}
    chosen = [c for c in read.codings if c.coder == GOLD or len(coders) == 1]
    if not chosen:
        raise CodingError(
            f"{gold}: holds {len(coders)} coders and no gold.", hint="Settle them first: govcode adjudicate"
        )
    by_post = {coding.post_id: coding for coding in chosen if coding.code != NA}
    examples: list[Example] = []
    without_code = 0
    stream = read_posts(posts, form=form, encoding=encoding)
    for post in stream:
        if isinstance(post, Excluded):
            continue
        coding = by_post.pop(post.post_id, None)
        if coding is None:
            without_code += 1
            continue
        examples.append(_example(post, coding, held_out=True))
    notes.extend(stream.notes)
    if not examples:
        raise CodingError(
            f"{gold}: no post of the table has a gold code.", hint="Do the `post_id` columns mean the same?"
        )
    return examples, without_code, len(by_post)


def _support_examples(
    path: str, codebook: Codebook, form: str | None, encoding: str | None, notes: list[str]
) -> list[Example]:
    known = set(codebook.ids)
    examples = []
    stream = read_posts([path], form=form, encoding=encoding)
    for post in stream:
        if isinstance(post, Post) and (code := str(post.extra.get("code", ""))) in known:
            coding = Coding(
                post.post_id,
                GOLD,
                code,
                str(post.extra.get("secondary") or ""),
                str(post.extra.get("form") or ""),
            )
            examples.append(_example(post, coding, held_out=False))
    notes.append(f"{path}: {len(examples)} posts help to learn; no figure rests on them")
    return examples


def _example(post: Post, coding: Coding, *, held_out: bool) -> Example:
    return Example(
        post.post_id, coding_text(post), coding.code, coding.secondary, coding.form,
        account=post.account, held_out=held_out, weight=UNSURE if coding.sure is False else 1.0,
    )  # fmt: skip


def _leave_manifest(
    model: StoredModel, folder: Path, options: dict[str, Any], codebook: Codebook, seed: int,
    counts: dict[str, int],
) -> None:  # fmt: skip
    results: dict[str, Any] = {
        name: model.card["figures"][name]["value"] for name in ("macro_f1", "alpha", "accuracy", "ece")
    }
    write_manifest(
        folder / "card.json",
        Manifest(
            command="train",
            options=options,
            inputs=[file_record(p) for p in _inputs(options)],
            outputs=[file_record(folder / name) for name in ("card.json", *model.card["files"])],
            codebook={
                "id": codebook.id,
                "version": codebook.version,
                "hash": codebook.hash,
                "name": codebook.source,
            },
            model={"name": model.name, "hash": model.hash},
            seed=seed,
            counts=counts,
            results=results,
            versions=model.card["versions"],
        ),
    )
