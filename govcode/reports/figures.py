"""The charts of a report, made from its data."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.codebook.model import Codebook, say
from govcode.profiles.base import Share
from govcode.profiles.profile import GroupProfile
from govcode.reports.base import COUNTED, decimal
from govcode.reports.charts import calibration as calibrations
from govcode.reports.charts.base import Chart
from govcode.reports.charts.flow import flow
from govcode.reports.charts.heatmap import heatmap
from govcode.reports.charts.network import network
from govcode.reports.charts.shares import Bar, interval_chart
from govcode.reports.charts.timeline import timeline
from govcode.reports.data import ReportData
from govcode.reports.wording import reason_name, word

MOST_GROUPS = 60


def labels(codebook: Codebook, language: str) -> dict[str, str]:
    """Return the label of every code, in codebook order."""
    return {code.id: say(code.label, language) for code in codebook.codes}


def group_name(group: GroupProfile, language: str) -> str:
    """Return the name of a group; all posts have none of their own."""
    return " · ".join(part or "–" for part in group.key) or word("all", language)


def flow_chart(data: ReportData) -> Chart:
    """Draw the flow of posts from reading to coding."""
    lang, overall = data.language, data.profile.overall
    stages = [(word("read", lang), data.flow.read, True)]
    for reason, number in sorted(data.flow.excluded.items(), key=lambda item: -item[1]):
        stages.append((word("excluded_stage", lang).format(reason_name(reason, lang)), number, False))
    stages.append((word("coded", lang), overall.posts, True))
    stages.append((word("uncodable", lang), overall.uncodable, False))
    if overall.errors:
        stages.append((word("errors", lang), overall.errors, False))
    stages.append((word("with_code", lang), overall.codable, True))
    stages.append((word("of_unsure", lang), overall.unsure, False))
    columns = (word("stage", lang), word("posts", lang))
    return flow("flow-chart", word("flow", lang), word("flow_text", lang), columns, stages)


def functions_chart(data: ReportData) -> Chart | None:
    """Draw the shares of all posts with their intervals; None where they are insufficient."""
    lang, overall = data.language, data.profile.overall
    names = labels(data.codebook, lang)
    bars = [Bar(names[s.code], s.best, number, f"{s.hits}/{s.n}") for number, s in enumerate(overall.shares)]
    if not bars:
        return None
    columns = (word("code", lang), word("share", lang), word("n_of", lang))
    words = functions_text(data)
    return interval_chart("functions-chart", word("functions", lang), words, bars, columns)


def functions_text(data: ReportData) -> str:
    """Return the sentence above the shares: of how many posts, counted or corrected."""
    key = "functions_corrected" if corrects(data) else "functions_text"
    return word(key, data.language).format(data.profile.overall.codable)


def corrects(data: ReportData) -> bool:
    """Say whether the shares of the report are corrected by gold."""
    return data.profile.correction is not None and bool(data.profile.correction.method)


def _mark(data: ReportData, shares: Sequence[Share]) -> str:
    """Return the mark of a group whose shares are counted among corrected ones."""
    counted = corrects(data) and any(s.corrected is None for s in shares)
    return f" {COUNTED}" if counted else ""


def _counted_text(data: ReportData, words: str, names: Sequence[str]) -> str:
    """Add to a sentence what the mark of counted shares means, where a name bears it."""
    told = ("" if data.language == "zh" else " ") + COUNTED + word("counted_note", data.language)
    return words + told if any(name.endswith(COUNTED) for name in names) else words


def heat_chart(data: ReportData) -> Chart | None:
    """Draw groups by codes (the first 60 groups by posts)."""
    lang = data.language
    groups = sorted(data.profile.groups, key=lambda g: (-g.codable, g.key))[:MOST_GROUPS]
    if not groups:
        return None
    rows = [
        (
            group_name(g, lang) + _mark(data, g.shares),
            g.codable,
            [s.best for s in g.shares] if g.shares else None,
        )
        for g in groups
    ]
    names = tuple(labels(data.codebook, lang).values())
    title, words = word("heat", lang), _counted_text(data, word("heat_text", lang), [r[0] for r in rows])
    return heatmap("heat-chart", title, words, (word("group", lang), word("codable", lang)), names, rows)


def time_chart(data: ReportData) -> Chart | None:
    """Draw shares over time; None with under two periods."""
    lang = data.language
    found = data.profile.periods
    heads = (word(found.unit, lang), word("codable", lang))
    return timeline(
        "time-chart", word("time", lang), time_text(data), heads, labels(data.codebook, lang), found
    )  # fmt: skip


def time_text(data: ReportData) -> str:
    """Return the sentence above the periods: by what unit, and how many of them are corrected."""
    lang, found = data.language, data.profile.periods
    told = word("time_text", lang).format(word(f"by_{found.unit}", lang))
    if not corrects(data):
        return told
    number = sum(all(s.corrected for s in p.shares) for p in found.periods if p.shares)
    return told + ("" if lang == "zh" else " ") + word("time_corrected", lang).format(number)


def deficit_charts(data: ReportData) -> tuple[Chart, ...]:
    """Draw, for every facet whose scarcity is a finding, its share at each group."""
    lang, charts = data.language, []
    for facet in data.codebook.facets:
        bars = [
            Bar(group_name(g, lang) + _mark(data, (f.any_use,)), f.any_use.best,
                data.codebook.ids.index(facet.code), f"{f.any_use.hits}/{f.any_use.n}")
            for g in (data.profile.overall, *data.profile.groups[:MOST_GROUPS])
            for f in g.facets if f.facet == facet.id
        ]  # fmt: skip
        if facet.deficit and bars:
            equal = 1 / len(data.codebook.ids)
            mark = word("equal share", lang).format(f"{equal:.0%}")
            columns = (word("group", lang), word("share", lang), word("n_of", lang))
            title = word("deficit_chart", lang).format(labels(data.codebook, lang)[facet.code])
            charts.append(
                interval_chart(
                    f"facet-{facet.id}-chart", title,
                    _counted_text(data, word("deficit_chart_text", lang), [b.name for b in bars]),
                    bars, columns,
                    marks=((mark, equal),),
                )
            )  # fmt: skip
    return tuple(charts)


def reuse_chart(data: ReportData) -> tuple[Chart, ...]:
    """Draw who shares texts with whom."""
    lang = data.language
    if data.profile.reuse is None:
        return ()
    columns = (word("pair", lang), word("both", lang), word("of_a", lang))
    chart = network(
        "reuse-chart",
        word("shared_texts", lang),
        word("network_text", lang),
        columns,
        data.profile.reuse.pairs,
    )
    return (chart,) if chart else ()


def calibration_chart(data: ReportData) -> tuple[Chart | None, str]:
    """Draw the reliability diagram, with the sentence that stands above it or says why there is none."""
    lang = data.language
    if data.evaluation is None:
        return None, word("no_gold", lang)
    found = data.evaluation.calibration
    if found is None:
        return None, word("no_calibration", lang)
    bins = [
        calibrations.Bin(b.confidence, right, b.posts)
        for b, right in zip(found.bins, found.right, strict=True)
        if b.posts
    ]
    words = word("calibration_text", lang).format(
        decimal(found.ece.value), found.posts, decimal(found.ece_chance), decimal(found.ece_limit)
    )  # fmt: skip
    columns = (word("stated", lang), word("right", lang), word("posts", lang))
    title = word("calibration", lang)
    return calibrations.calibration("calibration-chart", title, words, columns, bins), words
