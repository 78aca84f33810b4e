"""Other codings of the same posts: from other coded tables, or made here with other coders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from govcode.codebook.model import Codebook
from govcode.engines.base import CoderSpec
from govcode.errors import GovcodeError
from govcode.profiles.base import CodedPost
from govcode.profiles.profile import ALL, Profile, group_key
from govcode.profiles.recoding import Recoding, recoding
from govcode.records import Post
from govcode.text.segment import Segmenter
from govcode.workflow.coded import open_coded
from govcode.workflow.coder import coder_spec

Codes = Mapping[str, str]  # post id -> code


def with_recodings(
    found: Profile, posts: Sequence[CodedPost], others: Sequence[tuple[str, Codes]], codebook: Codebook
) -> Profile:
    """Return the profile with every other coding held against it, for all posts and each group."""
    groups: dict[tuple[str, ...], list[CodedPost]] = defaultdict(list)
    for post in posts:
        groups[group_key(post, found.grouping)].append(post)
    made: list[Recoding] = []
    for name, codes in others:
        for key, members in ((ALL, posts), *sorted(groups.items())):
            if (one := recoding(name, key, members, codes, codebook)) is not None:
                made.append(one)
    return replace(found, recodings=tuple(made))


def codes_of(path: str, codebook: str) -> tuple[str, Codes]:
    """Read the codes of another coded table of the same posts."""
    table = open_coded(path, codebook=codebook)
    codes = {str(row.get("post_id") or ""): str(row.get("code") or "") for row in table.rows()}
    return Path(path).name, codes


def recoded(posts: Sequence[Post], coder: str, codebook: Codebook) -> Iterator[tuple[str, Codes]]:
    """Code the posts again with every coder but the one that did: rules, rules over jieba, the shipped model.

    A coder that does not fit the codebook (a model trained on another one) is left out.
    """
    for label, build in _VARIANTS.items():
        try:
            made = build(codebook.source or codebook.id).build()
        except GovcodeError:
            continue
        if made.name != coder or label == JIEBA:
            yield f"{label} ({made.name})", {c.post_id: c.code for c in made.code(posts)}


def _rules_over_jieba(codebook: str) -> CoderSpec:
    return CoderSpec("rules", codebook, {"segmenter": Segmenter(engine="jieba")})


def _shipped_model(codebook: str) -> CoderSpec:
    return coder_spec("linear", codebook=codebook)


JIEBA = "rules, jieba"
_VARIANTS: Mapping[str, Callable[[str], CoderSpec]] = {
    "rules": lambda codebook: CoderSpec("rules", codebook),
    JIEBA: _rules_over_jieba,
    "linear": _shipped_model,
}
