"""The sections of a report: text, charts, tables and examples in the order of the argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from govcode.codebook.model import say
from govcode.reports.base import ReportTable
from govcode.reports.charts.base import Chart, colour
from govcode.reports.data import ExamplePost, ReportData
from govcode.reports.figures import (
    calibration_chart,
    deficit_charts,
    flow_chart,
    functions_chart,
    functions_text,
    heat_chart,
    reuse_chart,
    time_chart,
    time_text,
)
from govcode.reports.methods import methods_text
from govcode.reports.origin_tables import excluded_tables, provenance_table
from govcode.reports.profile_tables import profile_tables
from govcode.reports.quality_tables import evaluation_tables, reliability_tables
from govcode.reports.sources import sourced
from govcode.reports.wording import word


@dataclass(frozen=True, slots=True)
class Examples:
    """The example posts of one code."""

    label: str
    colour: str
    posts: tuple[ExamplePost, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, in order."""

    id: str
    title: str
    text: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[ReportTable, ...] = ()
    examples: tuple[Examples, ...] = ()


def sections(data: ReportData) -> tuple[Section, ...]:
    """Return the sections of the report in its language."""
    lang = data.language
    made = profile_tables(data.profile, data.codebook, lang, data.files, data.coder)
    tables = {t.id: t for t in made}
    synergy = [tables.pop("reuse"), tables.pop("mentions")]
    shares = tables.pop("shares")
    time = time_chart(data)
    found = (
        Section("flow", word("flow", lang), (word("flow_text", lang),), (flow_chart(data),)),
        Section(
            "functions", word("functions", lang),
            (functions_text(data),),
            tuple(c for c in (functions_chart(data), heat_chart(data)) if c), (shares,),
        ),
        Section(
            "time", word("time", lang), (time_text(data) if time else word("time_empty", lang),),
            (time,) if time else (),
        ),
        Section("limits", word("limits", lang), (), deficit_charts(data), tuple(tables.values())),
        Section("synergy", word("reuse", lang), (), reuse_chart(data), tuple(synergy)),
        *_quality(data),
        Section("examples", word("examples", lang), (word("examples_text", lang),), examples=_examples(data)),
        Section(
            "excluded", word("excluded", lang), (_excluded_text(data),), (), excluded_tables(data)
        ),
        Section("methods", word("methods", lang), methods_text(data)),
        Section(
            "provenance", word("provenance", lang), (word("provenance_text", lang),), (),
            (provenance_table(data),),
        ),
    )  # fmt: skip
    return tuple(_with_sources(section, data) for section in found)


def _with_sources(section: Section, data: ReportData) -> Section:
    """Return a section whose tables and charts say which files they rest on."""

    def told(table: ReportTable) -> ReportTable:
        return table if table.source else sourced(table, data.files, data.coder, data.language)

    charts = tuple(replace(chart, data=told(chart.data)) for chart in section.charts)
    return replace(section, tables=tuple(map(told, section.tables)), charts=charts)


def _excluded_text(data: ReportData) -> str:
    return word("excluded_text", data.language).format(data.flow.read, sum(data.flow.excluded.values()))


def _quality(data: ReportData) -> Sequence[Section]:
    lang = data.language
    chart, words = calibration_chart(data)
    return (
        Section("evaluation", word("evaluation", lang), (), (), evaluation_tables(data)),
        Section("calibration", word("calibration", lang), (words,), (chart,) if chart else ()),
        Section("reliability", word("reliability", lang), (), (), reliability_tables(data)),
    )


def _examples(data: ReportData) -> tuple[Examples, ...]:
    return tuple(
        Examples(say(code.label, data.language), colour(number), tuple(data.examples.get(code.id, ())))
        for number, code in enumerate(data.codebook.codes)
    )
