"""Evaluation and reliability as tables of text."""

from __future__ import annotations

from govcode.codebook.model import Codebook, say
from govcode.evaluation.evaluation import Evaluation
from govcode.metrics.coefficients import COEFFICIENTS
from govcode.reports.base import ReportTable, decimal_interval
from govcode.reports.data import ReportData
from govcode.reports.wording import told, word, words


def evaluation_tables(data: ReportData) -> tuple[ReportTable, ...]:
    """Return overall figures, figures by code and the confusion table; one empty table without gold."""
    lang, found = data.language, data.evaluation
    title = word("evaluation", lang)
    if found is None:
        return (ReportTable("evaluation", title, (), (), empty=word("no_gold", lang)),)
    note = word("evaluation_note", lang).format(found.posts, told(found.interval, lang))
    scores = found.scores
    overall = tuple(
        (word(name, lang), decimal_interval(getattr(scores, name)))
        for name in ("accuracy", "macro_f1", "alpha", "mcc")
    )
    columns = tuple(word(k, lang) for k in ("code", "gold", "machine", "precision", "recall"))
    rows = tuple(
        (_label(data.codebook, row.code, lang), str(row.gold), str(row.machine),
         *(decimal_interval(f) for f in (row.precision, row.recall, row.f1, row.alpha)))
        for row in found.per_code
    )  # fmt: skip
    return (
        ReportTable("evaluation", title, (word("figure", lang), word("value", lang)), overall,
                    (note, *(told(n, lang) for n in found.notes))),
        ReportTable("per-code", word("per_code", lang), (*columns, "F1", "alpha"), rows,
                    (note, word("per_code_note", lang))),
        _confusion(found, data.codebook, lang),
    )  # fmt: skip


def _confusion(found: Evaluation, codebook: Codebook, lang: str) -> ReportTable:
    heads = tuple(_label(codebook, label, lang) for label in found.confusion.labels)
    rows = tuple(
        (
            _label(codebook, code, lang),
            *(f"{count:g}" if count == int(count) else f"{count:.1f}" for count in counts),
        )
        for code, counts in zip(found.codes, found.confusion.counts, strict=True)
    )
    note = word("evaluation_note", lang).format(found.posts, told(found.interval, lang))
    return ReportTable("confusion", word("confusion", lang), (word("gold", lang), *heads), rows,
                       (note, word("confusion_note", lang)))  # fmt: skip


def reliability_tables(data: ReportData) -> tuple[ReportTable, ...]:
    """Return the coefficients over all codes and by code; one empty table without codings."""
    lang, found = data.language, data.reliability
    title = word("reliability", lang)
    if found is None:
        return (ReportTable("reliability", title, (), (), empty=word("no_reliability", lang)),)
    sampling = found.resampling
    note = word("reliability_note", lang).format(
        len(found.coders), found.overlap, told(sampling.kind, lang), sampling.draws
    )
    overall = tuple((_coefficient(name, lang), decimal_interval(f)) for name, f in found.overall.items())
    codes = tuple(
        (_label(data.codebook, row.code, lang), str(row.used),
         decimal_interval(row.figures["alpha"]) if "alpha" in row.figures else "–")
        for row in found.per_code
    )  # fmt: skip
    columns = (word("code", lang), word("posts", lang), word("alpha", lang))
    return (
        ReportTable("reliability", title, (word("figure", lang), word("value", lang)), overall,
                    (note, *(told(w, lang) for w in found.warnings))),
        ReportTable("reliability-codes", word("reliability_codes", lang), columns, codes, (note,)),
    )  # fmt: skip


def _coefficient(name: str, lang: str) -> str:
    """Return the name of a coefficient; without words of its own it is called alike in both languages."""
    return word(f"coefficient_{name}", lang) if f"coefficient_{name}" in words() else COEFFICIENTS[name].label


def _label(codebook: Codebook, code: str, lang: str) -> str:
    """Return the label of a code; NA and missing have words of their own."""
    if code in codebook.ids:
        return say(codebook.code(code).label, lang)
    return code or word("missing", lang)
