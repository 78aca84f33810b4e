"""A code seen closer, by groups of its forms, as a table of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from govcode.codebook.model import Facet, say
from govcode.profiles.profile import GroupProfile
from govcode.profiles.shares import FacetFigures
from govcode.reports.base import COUNTED, ReportTable, decimal_interval, joined, percent, share_text
from govcode.reports.speaker import Speaker


def facet_table(say_: Speaker, facet: Facet) -> ReportTable:
    """Return a code by groups of forms; with a deficit facet also upper bound and deficit."""
    language = say_.language

    def cells(group: GroupProfile) -> Iterable[str] | None:
        figures = next((f for f in group.facets if f.facet == facet.id), None)
        return None if figures is None else _facet_cells(figures, len(facet.groups), mixed=say_.corrects)

    columns = [say_.heading, say_("any"), *(say(g.label, language) for g in facet.groups), say_("formless")]
    found = [f for g in say_.groups for f in g.facets if f.facet == facet.id]
    notes = [*_facet_notes(say_, facet, found), say(facet.limit, language)]
    if any(f.formless and not f.groups for f in found):
        notes.append(say_("formless_note"))
    if facet.deficit:
        columns += [say_("upper"), say_("deficit_equal"), say_("deficit_peers")]
        named = {b.name: percent(b.value.value) for f in found for b in f.benchmarks}
        listed = joined([say_(name, value) for name, value in named.items()], language)
        notes += ([say_("deficit_note", listed)] if listed else []) + [say_.limit("deficit")]
    title = say(facet.title, language)
    return ReportTable(
        f"facet-{facet.id}", title, tuple(columns), say_.rows(cells), tuple(filter(None, notes)),
        empty=say_("insufficient"),
    )  # fmt: skip


def _facet_notes(say_: Speaker, facet: Facet, found: Sequence[FacetFigures]) -> list[str]:
    """Say whether shares are corrected or counted, and why some are not corrected."""
    if not say_.corrects:
        return [say_("facet_note")]
    refused = say_.profile.correction.refused if say_.profile.correction else ()
    notes = [say_("facet_corrected"), *(say_(reason) for name, reason in refused if name == facet.id)]
    if any(s.corrected is None for f in found for s in (f.any_use, *f.groups)):
        notes.append(COUNTED + say_("counted_note"))
    return notes


def _facet_cells(figures: FacetFigures, groups: int, *, mixed: bool) -> tuple[str, ...]:
    parts = [share_text(s, mixed=mixed) for s in figures.groups] or ["–"] * groups
    cells = [share_text(figures.any_use, mixed=mixed), *parts, str(figures.formless)]
    if figures.deficit:
        cells.append(percent(figures.any_use.best.high))
        cells += [decimal_interval(b.deficit, 2) for b in figures.benchmarks] + ["–"] * (
            2 - len(figures.benchmarks)
        )
    return tuple(cells)
