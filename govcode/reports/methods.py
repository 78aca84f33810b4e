"""The methods paragraph: what the manifests and results show to have been done, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from govcode.codebook.model import say
from govcode.metrics.figures import Figure
from govcode.reports.base import decimal, joined
from govcode.reports.data import ReportData
from govcode.reports.wording import told, word, words

Sentence = tuple[str, tuple[object, ...]]  # key of its wording, values
ONE_BY_ONE = ("agreed", "majority", "expert", "discussion", "single")


def methods_text(data: ReportData) -> tuple[str, ...]:
    """Return the methods paragraph in the language of the report, then in the other.

    Each sentence rests on a manifest or a result in the data; what was not done is not mentioned, except
    that shares without gold are said to be uncorrected.
    """
    order = ("zh", "en") if data.language == "zh" else ("en", "zh")
    return tuple(_paragraph(data, language) for language in order)


def _paragraph(data: ReportData, language: str) -> str:
    made = [word(key, language).format(*values) for key, values in _sentences(data, language)]
    return ("" if language == "zh" else " ").join(made)


def _sentences(data: ReportData, language: str) -> Iterator[Sentence]:
    overall, book, excluded = data.profile.overall, data.codebook, sum(data.flow.excluded.values())
    yield "m_corpus", (overall.posts, _of_accounts(data, language), _dated(data, language))
    names = joined([say(c.label, language) for c in book.codes], language)
    title = say(book.title, language)
    yield "m_codebook", (title, book.version, book.short_hash, len(book.codes), names)
    if excluded:
        yield "m_excluded", (data.flow.read, excluded)
    if data.coder:
        key = f"m_coder_{_coder_kind(data)}"
        yield (key if key in words() else "m_coder"), (data.coder,)
    yield from _model(data, language)
    yield "m_status", (overall.uncodable, overall.unsure)
    yield from _sampling(data, language)
    yield from _quality(data)
    yield from _correction(data, language)
    if data.profile.contrasts:
        how = "m_contrasts_corrected" if data.profile.contrasts[0].corrected else "m_contrasts"
        yield how, (len(data.profile.contrasts),)
    yield from _limits(data, language)
    versions = joined([f"{_name(n)} {v}" for n, v in data.software.items()], language)
    yield ("m_software_with" if versions else "m_software"), (_version(data), versions)


def _of_accounts(data: ReportData, language: str) -> str:
    number = data.profile.accounts
    return word("m_of_accounts", language).format(number) if number else ""


def _dated(data: ReportData, language: str) -> str:
    span = data.profile.overall.rhythm
    return word("m_dated", language).format(span.first, span.last) if span else ""


def _model(data: ReportData, language: str) -> Iterator[Sentence]:
    """Tell from the model's card what it learned from and how it did on posts held out."""
    card = data.model_card or {}
    examples, figures = (card.get("training") or {}).get("examples"), card.get("figures") or {}
    if not examples or not {"posts", "method", "macro_f1", "alpha"} <= figures.keys():
        return
    scores = (_interval(as_figure(figures[name])) for name in ("macro_f1", "alpha"))
    yield "m_model", (examples, figures["posts"], told(str(figures["method"]), language), *scores)


def as_figure(card: Mapping[str, Any]) -> Figure:
    """Return a figure of a model's card."""
    low, high = (math.nan if card.get(k) is None else float(card[k]) for k in ("low", "high"))
    return Figure(float(card["value"]), low, high)


def _sampling(data: ReportData, language: str) -> Iterator[Sentence]:
    """Tell how the posts coded by hand were drawn and settled, from the manifests behind gold."""
    step = _step(data, "sample")
    design = (step.get("results") or {}).get("design") or {}
    if design.get("name"):
        population, size, seed = design.get("population"), design.get("size"), step.get("seed")
        yield f"m_sample_{design['name']}", (population, size, seed, *_design(design, language))
    decided = (_step(data, "adjudicate").get("results") or {}).get("decided") or {}
    parts = [word(f"m_{how}", language).format(decided[how]) for how in ONE_BY_ONE if decided.get(how)]
    if parts:
        yield "m_adjudicated", (sum(decided.get(how, 0) for how in ONE_BY_ONE), joined(parts, language))


def _design(design: Mapping[str, Any], language: str) -> tuple[object, ...]:
    """Return what the sentence of a design tells beyond population, size and seed."""
    if design["name"] == "stratified":
        by = joined([_column(name, language) for name in design.get("by") or ()], language)
        allocation = str(design.get("allocation"))
        key = f"allocation_{allocation}"
        return by, len(design.get("strata") or ()), word(key, language) if key in words() else allocation
    if design["name"] == "weeks":
        return design.get("weeks"), design.get("from"), design.get("to")
    return ()


def _column(name: str, language: str) -> str:
    return word(name, language) if name in words() else name


def _quality(data: ReportData) -> Iterator[Sentence]:
    if data.reliability is not None:
        r = data.reliability
        yield "m_reliability", (len(r.coders), r.overlap, _interval(r.overall["alpha"]), r.resampling.draws)
    if data.evaluation is not None:
        e = data.evaluation
        yield "m_evaluation", (e.posts, _interval(e.scores.macro_f1), _interval(e.scores.alpha))


def _correction(data: ReportData, language: str) -> Iterator[Sentence]:
    found = data.profile.correction
    if found is None or not found.method:
        yield "m_uncorrected", ()
        return
    key = f"method_{found.method}"
    yield "m_corrected", (word(key, language) if key in words() else found.label, found.gold)
    groups = [g for g in data.profile.groups if g.shares]
    counts = sum(any(s.corrected is None for s in g.shares) for g in groups)
    if counts:
        yield "m_partly", (counts, len(groups))


def _limits(data: ReportData, language: str) -> Iterator[Sentence]:
    """Tell how replies, reuse, agenda and sensitivity were measured, where they were."""
    found, overall = data.profile, data.profile.overall
    if overall.replies is not None:
        yield "m_replies", (overall.replies.answerable, overall.replies.answered)
    if found.reuse is not None:
        yield "m_reuse", (found.reuse.compared,)
    if overall.alignment is not None:
        yield "m_alignment", (len(overall.alignment.issues), overall.alignment.matched)
    if overall.sensitivity is not None:
        yield "m_sensitivity", (len(overall.sensitivity.mappings),)
    if found.recodings:
        names = dict.fromkeys(r.name for r in found.recodings)
        yield "m_recodings", (joined(list(names), language),)


def _interval(figure: Figure) -> str:
    if figure.low != figure.low:
        return decimal(figure.value)
    return f"{decimal(figure.value)} [{decimal(figure.low)}, {decimal(figure.high)}]"


def _step(data: ReportData, command: str) -> Mapping[str, Any]:
    """Return the last recorded step of this command that holds results, or nothing."""
    steps = [*data.steps, *data.gold_steps]
    return next((s for s in steps[::-1] if s.get("command") == command and s.get("results")), {})


def _coder_kind(data: ReportData) -> str:
    options = next((s for s in data.steps[::-1] if s.get("command") == "classify"), {}).get("options") or {}
    return str(options.get("coder", ""))


def _version(data: ReportData) -> str:
    """Return the version of govcode that coded, and the one that reports where it is another."""
    coded = next((s.get("govcode") for s in data.steps[::-1] if s.get("command") == "classify"), None)
    return ", ".join(dict.fromkeys(str(v) for v in (coded, data.version) if v))


def _name(library: str) -> str:
    return "Python" if library == "python" else library
