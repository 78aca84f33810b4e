"""Which words decided for one post."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.coders import CODERS
from govcode.coders.base import Coder
from govcode.coders.store import codebook_of, find_model, read_card
from govcode.errors import InputError
from govcode.readers.posts import read_posts
from govcode.records import Coding, Post
from govcode.text.clean import CodingText, coding_text


@dataclass(frozen=True)
class Explained:
    """A post as it was read, its coding with evidence, and the codebook."""

    post: Post
    text: CodingText
    coding: Coding
    codebook: Codebook
    codes: tuple[str, ...]


def explain(
    text: str | None = None,
    *,
    title: str = "",
    posts: Sequence[str] = (),
    post_id: str | None = None,
    model: str = "functions-zh",
    codebook: str | None = None,
) -> Explained:
    """Code one post and keep the evidence: `text` itself (`-` is stdin), or `post_id` of a posts table.

    The codebook is that of the model unless one is named, which then has to fit.
    """
    folder = find_model(model)
    card = read_card(folder)
    book = load_codebook(codebook or codebook_of(folder, card))
    coder: Coder = CODERS.load(str(card["learner"]))(book, model=folder, explain=True)
    if text == "-":
        text = sys.stdin.read()
    post = _find(posts, post_id) if posts else Post("1", text=text or "", title=title)
    return Explained(post, coding_text(post), next(coder.code([post])), book, coder.codes)


def _find(paths: Sequence[str], post_id: str | None) -> Post:
    """Return the post with this id, or the first."""
    for post in read_posts(paths):
        if isinstance(post, Post) and (post_id is None or post.post_id == post_id):
            return post
    raise InputError(
        f"{', '.join(paths)}: there is no post '{post_id}'." if post_id else f"{paths[0]}: holds no post.",
        hint="Name a post by --id as its `post_id` column does.",
    )
