"""Coded tables, gold and codings in; a page for readers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from govcode import __version__
from govcode.coders.store import find_model, read_card
from govcode.errors import GovcodeError, HashMismatchError, UsageError, choices
from govcode.evaluation.evaluation import Evaluation
from govcode.intercoder.results import Reliability
from govcode.profiles.base import CodedPost
from govcode.profiles.profile import profile
from govcode.records import Excluded
from govcode.registry import Registry
from govcode.reports.data import Flow, ReportData
from govcode.reports.figures import MOST_GROUPS
from govcode.reports.wording import word
from govcode.workflow.agenda import read_agenda
from govcode.workflow.agenda_series import with_series
from govcode.workflow.coded import CodedSource, open_coded
from govcode.workflow.correct import GoldSource, corrected
from govcode.workflow.draw import draw_figures, pdfs_beside
from govcode.workflow.evaluate import evaluate
from govcode.workflow.examples import Shelf
from govcode.workflow.lineage import told_lineage
from govcode.workflow.manifest import Manifest, file_record, software_of, write_manifest
from govcode.workflow.profile import (
    correction_notes,
    date_of,
    grouping,
    read_posts_of,
    spans,
)
from govcode.workflow.protect import refuse_input
from govcode.workflow.recode import codes_of, with_recodings
from govcode.workflow.reliability import ReliabilityOptions, reliability
from govcode.writers.base import STREAM, write_text

LANGUAGES = ("zh", "en")
RENDERERS = Registry(
    "form of report",
    {
        "html": "govcode.reports.html:render_html",
        "md": "govcode.reports.markdown:render_markdown",
        "tex": "govcode.reports.latex:render_latex",
    },
)


@dataclass(frozen=True)
class ReportOptions:
    """What a report is to hold; see `govcode report --help`."""

    language: str = "zh"
    title: str = ""
    by: Sequence[str] | None = None
    gold: str = ""
    assume_random: bool = False
    public_agenda: str = ""
    agenda_series: str = ""
    against: Sequence[str] = ()
    codings: Sequence[str] = ()
    check: str | None = None
    missing: Sequence[str] = ()
    figures: str = ""
    codebook: str | None = None
    form: str | None = None
    encoding: str | None = None
    to: str | None = None


@dataclass(frozen=True)
class Reported:
    """What was written, from how many posts, and sentences for the user."""

    output: str
    posts: int
    figures: Sequence[str] = ()
    notes: Sequence[str] = field(default=())


def report(sources: Sequence[str], output: str, options: ReportOptions) -> Reported:
    """Write a report on the coded tables as HTML, Markdown or LaTeX, by extension or `options.to`.

    Tables must share one codebook. Raises UsageError for an unknown language or form, HashMismatchError
    for codebooks that differ.
    """
    if options.language not in LANGUAGES:
        raise UsageError(f"--lang {options.language}: unknown.", hint=f"Choose from: {choices(LANGUAGES)}.")
    refuse_input(output, *sources, options.gold)
    kind = options.to or ("html" if output == STREAM else Path(output).suffix.lstrip(".").lower())
    render: Callable[[ReportData], str] = RENDERERS.load(kind)
    data, notes = gather(sources, options)
    drawn = draw_figures(data, options.figures) if options.figures else []
    write_text(output, render(replace(data, figures=pdfs_beside(output, drawn))))
    write_manifest(output, _manifest(sources, output, options, data, drawn))
    return Reported(output, data.profile.overall.posts, drawn, notes)


def gather(sources: Sequence[str], options: ReportOptions) -> tuple[ReportData, list[str]]:
    """Read everything a report tells; return it with sentences for the user."""
    shelf, posts, notes, steps = Shelf(), [], [], []
    tables = [_open(source, options) for source in sources]
    _one_codebook(tables)
    coder, left_out = "", []
    read = 0
    by = grouping(tables[0], options.by)
    for table in tables:
        grouping(table, by)
        found, name, said = read_posts_of(table, shelf.offer)
        posts += found
        coder = coder or name
        notes += [*table.notes, *said]
        left_out += table.left_out
        steps += [s for s in told_lineage(table.path, notes) if s not in steps]
        read += table.count.read
    book = tables[0].codebook
    issues = read_agenda(options.public_agenda) if options.public_agenda else ()
    made = profile(
        posts, book, by=by, issues=issues,
        missing=spans(options.missing),
        check=date_of(options.check, "--check-date") if options.check else None,
    )  # fmt: skip
    made, said = with_series(made, posts, issues, options.agenda_series)
    notes += said
    if options.gold and len(sources) == 1:
        gold = GoldSource(options.gold, options.assume_random, options.form, options.encoding)
        made = corrected(made, posts, sources[0], gold, book)
        notes += correction_notes(made, sources[0], options.gold)
    others = [codes_of(path, book.source) for path in options.against]
    made = with_recodings(made, posts, others, book)
    if len(made.groups) > MOST_GROUPS:
        notes.append(f"charts show the first {MOST_GROUPS} of {len(made.groups)} groups; tables show all")
    return ReportData(
        language=options.language, title=options.title or word("report_title", options.language),
        sources=tuple(Path(s).name for s in sources), codebook=book, profile=made, coder=coder,
        flow=_flow(read, posts, left_out, steps), examples=shelf.examples(), left_out=tuple(left_out),
        evaluation=_evaluation(sources, options), reliability=_reliability(options), steps=tuple(steps),
        gold_steps=(aside := _steps_aside(options, steps, notes)), version=__version__,
        software=software_of([*steps, *aside]), model_card=_card(coder, steps),
        files=_files(sources, options),
    ), notes  # fmt: skip


def _files(sources: Sequence[str], options: ReportOptions) -> dict[str, tuple[str, ...]]:
    agenda = tuple(filter(None, (options.public_agenda, options.agenda_series)))
    named = {
        "coded": tuple(sources),
        "gold": (options.gold,),
        "codings": tuple(options.codings),
        "other": tuple(options.against),
        "agenda": agenda,
    }
    return {kind: paths for kind, paths in named.items() if any(paths)}


def _card(coder: str, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the card of the model that coded; None where it is not here or is another by now."""
    name, _, digest = coder.rpartition("@")
    said = next((s.get("options") for s in steps[::-1] if s.get("command") == "classify"), None) or {}
    try:
        card = read_card(find_model(str(said.get("model") or name)))
    except GovcodeError:
        return None
    return card if digest and str(card.get("hash", "")).removeprefix("sha256:").startswith(digest) else None


def _steps_aside(
    options: ReportOptions, steps: Sequence[dict[str, Any]], notes: list[str]
) -> tuple[dict[str, Any], ...]:
    """Return the steps that led to gold and codings, without those that led to the coded table."""
    found: list[dict[str, Any]] = []
    for path in (options.gold, *options.codings):
        told = told_lineage(path, notes) if path else []
        found += [s for s in told if s not in steps and s not in found]
    return tuple(found)


def _open(source: str, options: ReportOptions) -> CodedSource:
    return open_coded(source, codebook=options.codebook, form=options.form, encoding=options.encoding)


def _one_codebook(tables: Sequence[CodedSource]) -> None:
    for table in tables[1:]:
        if table.codebook.hash != tables[0].codebook.hash:
            raise HashMismatchError(
                f"{table.path}: was coded with another codebook than {tables[0].path}.",
                hint="Report them apart, or code them again with one codebook.",
            )


def _flow(
    read: int, posts: Sequence[CodedPost], left_out: Sequence[Excluded], steps: Sequence[dict[str, Any]]
) -> Flow:  # fmt: skip
    """Count rows from the sources on: exclusions of earlier steps come from their manifests."""
    excluded: dict[str, int] = {}
    for item in left_out:
        excluded[item.reason] = excluded.get(item.reason, 0) + 1
    repeated = read - len(left_out) - len(posts)
    if repeated:
        excluded["repeated"] = repeated
    for step in steps:
        earlier = (step.get("counts") or {}).get("excluded")
        for reason, number in (earlier or {}).items() if isinstance(earlier, dict) else ():
            excluded[reason] = excluded.get(reason, 0) + int(number)
    return Flow(len(posts) + sum(excluded.values()), excluded, len(posts))


def _evaluation(sources: Sequence[str], options: ReportOptions) -> Evaluation | None:
    if not options.gold:
        return None
    if len(sources) > 1:
        raise UsageError("--gold needs one coded table.", hint="Report the tables one by one.")
    return evaluate(sources[0], options.gold).evaluation


def _reliability(options: ReportOptions) -> Reliability | None:
    if not options.codings:
        return None
    book = options.codebook or "functions"
    return reliability(list(options.codings), replace(ReliabilityOptions(), codebook=book)).reliability


def _manifest(
    sources: Sequence[str], output: str, options: ReportOptions, data: ReportData, drawn: Sequence[str]
) -> Manifest:  # fmt: skip
    overall = data.profile.overall
    one = [path for path in (options.public_agenda, options.agenda_series, options.gold) if path]
    named = [*sources, *one, *options.against, *options.codings]
    return Manifest(
        command="report",
        options={
            "lang": options.language, "by": None if options.by is None else ",".join(options.by),
            "gold": options.gold,
            "assume_random": options.assume_random,
            "codings": list(options.codings), "against": list(options.against),
            "public_agenda": options.public_agenda,
            "agenda_series": options.agenda_series,
            "check": options.check, "missing": list(options.missing),
            "title": options.title, "to": options.to, "codebook": options.codebook,
            "coded": list(sources), "figures": options.figures,
            "from": options.form, "encoding": options.encoding,
        },
        inputs=[file_record(path) for path in named],
        outputs=[file_record(output), *(file_record(path) for path in drawn)],
        codebook={"id": data.codebook.id, "version": data.codebook.version, "hash": data.codebook.hash,
                  "name": data.codebook.source},
        model={"name": data.coder},
        counts={"read": data.flow.read, "posts": data.flow.posts, "excluded": dict(data.flow.excluded)},
        results={
            "codable": overall.codable,
            "shares": {s.code: s.best.value for s in overall.shares},
        },
    )  # fmt: skip
