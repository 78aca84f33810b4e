"""The methods paragraph: what the manifests and results show to have been done, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from govcode.codebook.model import say
from govcode.metrics.figures import Figure
from govcode.reports.base import decimal, joined
from govcode.reports.data import ReportData
from govcode.reports.wording import word

Sentence = tuple[str, tuple[object, ...]]  # key of its wording, values


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
    if overall.rhythm:
        span = overall.rhythm.regularity
        yield "m_corpus_dated", (overall.posts, _accounts(data), span.first, span.last)
    else:
        yield "m_corpus", (overall.posts, _accounts(data))
    names = joined([say(c.label, language) for c in book.codes], language)
    title = say(book.title, language)
    yield "m_codebook", (title, book.version, book.short_hash, len(book.codes), names)
    if excluded:
        yield "m_excluded", (data.flow.read, excluded)
    version, kind = _coding_step(data)
    if data.coder:
        yield (f"m_coder_{kind}" if kind in ("rules", "linear") else "m_coder"), (data.coder,)
    yield "m_status", (overall.uncodable, overall.unsure)
    yield from _quality(data)
    yield ("m_corrected" if _corrected(data) else "m_uncorrected"), ()
    if data.profile.contrasts:
        yield "m_contrasts", (len(data.profile.contrasts),)
    if data.profile.reuse is not None:
        yield "m_reuse", ()
    yield "m_software", (version,)


def _quality(data: ReportData) -> Iterator[Sentence]:
    if data.reliability is not None:
        r = data.reliability
        yield "m_reliability", (len(r.coders), r.overlap, _interval(r.overall["alpha"]), r.resampling.draws)
    if data.evaluation is not None:
        e = data.evaluation
        yield "m_evaluation", (e.posts, _interval(e.scores.macro_f1), _interval(e.scores.alpha))


def _interval(figure: Figure) -> str:
    if figure.low != figure.low:
        return decimal(figure.value)
    return f"{decimal(figure.value)} [{decimal(figure.low)}, {decimal(figure.high)}]"


def _coding_step(data: ReportData) -> tuple[str, str]:
    """Return the version that coded and the kind of coder, as the manifest has them."""
    step = next((s for s in data.steps[::-1] if s.get("command") == "classify"), {})
    options = step.get("options") or {}
    return str(step.get("govcode") or data.version), str(options.get("coder", ""))


def _accounts(data: ReportData) -> int:
    if "account" in data.profile.grouping:
        place = data.profile.grouping.index("account")
        return len({g.key[place] for g in data.profile.groups})
    return len(data.profile.groups)


def _corrected(data: ReportData) -> bool:
    return any(s.corrected is not None for s in data.profile.overall.shares)
