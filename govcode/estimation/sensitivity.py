"""The shares again, with each contestable choice of the codebook undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from govcode.codebook.model import SensitivityMapping, say
from govcode.errors import NotComputableError
from govcode.estimation.corpus import Corpus, Sample, parts_of
from govcode.estimation.results import Estimate, SensitivityShare
from govcode.estimation.shares import design_shares


def sensitivity_shares(
    corpus: Corpus, sample: Sample, mappings: Sequence[SensitivityMapping], *, method: str, level: float
) -> tuple[SensitivityShare, ...]:
    """Recode gold (and the machine, where it gives forms) by each mapping and estimate again.

    The correction stays valid when the machine gives no forms: it is only less precise. `changed` counts
    gold posts whose code changes. Raises NotComputableError where no gold post has a form.
    """
    if any(m.forms for m in mappings) and not any(sample.forms):
        raise NotComputableError(
            "The sensitivity mappings move forms to other codes, and gold has no forms.",
            hint="Ask coders for the form (column form), or leave --sensitivity out.",
        )
    rows = []
    for mapping in mappings:
        gold = _moved(corpus.codes, sample.gold, sample.forms, mapping)
        again = replace(sample, gold=gold)
        recoded = replace(corpus, machine=_machine(corpus, mapping))
        estimates = design_shares(recoded, again, parts_of(recoded, again, ()), method=method, level=level)
        changed = int((gold != sample.gold).sum())
        rows += [
            SensitivityShare(mapping.id, say(mapping.title, "en"), e.code, e.share, changed)
            for e in estimates
        ]
    return tuple(rows)


def mapped_shares(
    corpus: Corpus, sample: Sample, mappings: Sequence[SensitivityMapping], by: tuple[str, ...], *,
    method: str, level: float = 0.95,
) -> list[tuple[SensitivityMapping, list[Estimate]]]:  # fmt: skip
    """Return the shares of all posts and of every group under each mapping; gold must have forms."""
    found = []
    for mapping in mappings:
        again = replace(sample, gold=_moved(corpus.codes, sample.gold, sample.forms, mapping))
        recoded = replace(corpus, machine=_machine(corpus, mapping))
        parts = [part for names in dict.fromkeys(((), by)) for part in parts_of(recoded, again, names)]
        found.append((mapping, design_shares(recoded, again, parts, method=method, level=level)))
    return found


def _moved(
    codes: tuple[str, ...], old: np.ndarray[tuple[int], np.dtype[np.intp]], forms: Sequence[str],
    mapping: SensitivityMapping,
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:  # fmt: skip
    """Return code positions after the mapping: a listed form decides, else a listed code."""
    labels = (*codes, "")
    places = {code: k for k, code in enumerate(codes)}
    new = [
        places.get(mapping.forms.get(form) or mapping.codes.get(labels[k]) or labels[k], len(codes))
        if k < len(codes) else k
        for k, form in zip(old.tolist(), forms or [""] * len(old), strict=True)
    ]  # fmt: skip
    return np.array(new, dtype=np.intp)


def _machine(corpus: Corpus, mapping: SensitivityMapping) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Recode the machine by a table of (form, code): the corpus may hold millions of posts."""
    forms = corpus.forms.values if corpus.forms is not None else ("",)
    index = corpus.forms.index if corpus.forms is not None else 0
    size = len(corpus.codes) + 1
    table = np.stack([
        _moved(corpus.codes, np.arange(size), [form] * size, mapping) for form in forms
    ])  # fmt: skip
    return np.asarray(table[index, corpus.machine], dtype=np.int16)
