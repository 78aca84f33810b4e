"""Turn codings into gold: settle what is agreed, queue the rest, take decisions in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from govcode.adjudication import DISCUSSION, GOLD, Adjudication, Decision, Gold, adjudicate
from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.codebook.sheet import QUEUE_SHEET, check_of
from govcode.errors import CodingError, UsageError
from govcode.metrics.figures import as_data
from govcode.readers.codings import Codings, read_codings
from govcode.readers.decisions import read_decisions
from govcode.readers.lookup import read_columns
from govcode.records import GOLD_COLUMNS, Coding
from govcode.workflow.excluded import SHOWN, with_reasons
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.protect import refuse_filled, refuse_input
from govcode.writers.base import STREAM
from govcode.writers.sheets import write_sheet
from govcode.writers.tables import open_writer

DECISION_COLUMNS = ("decision", "decided_by", "decided_at", "rule", "votes", "codings")
FRAME = ("stratum", "inclusion_prob")
FRAME_EXTRA = ("cluster", "account", "published_at")
TEXT = ("title", "text", "reply")


@dataclass(frozen=True)
class AdjudicateOptions:
    """How to settle: see `govcode adjudicate --help`."""

    mode: str = DISCUSSION
    expert: str = ""
    decisions: tuple[str, ...] = ()
    who: str = ""
    when: str = ""
    ask_unsure: bool = False
    frame: str = ""
    posts: tuple[str, ...] = ()
    queue: str = ""
    overwrite: bool = False
    codebook: str = "functions"
    form: str | None = None
    to: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class AdjudicateRun:
    """What was settled, and what is worth telling."""

    gold: int
    waiting: int
    by: Mapping[str, int]
    counts: Mapping[str, Any]
    notes: tuple[str, ...]
    excluded: tuple[str, ...]


def adjudicate_codings(paths: Sequence[str], options: AdjudicateOptions, *, output: str) -> AdjudicateRun:
    """Write gold to `output` and what waits to `options.queue`.

    Gold takes stratum and inclusion probability from the frame file of the sample. Raises UsageError for
    a mode that does not fit, CodingError for decisions nobody signed, HashMismatchError for codings or
    decisions made with another codebook.
    """
    refuse_input(output, *paths, *options.decisions, options.frame)
    if options.queue:
        refuse_filled(options.queue, overwrite=options.overwrite)
    codebook = load_codebook(options.codebook)
    texts = () if options.posts or not options.queue else (*TEXT, "check")
    read = read_codings(paths, form=options.form, encoding=options.encoding, codebook=codebook, keep=texts)
    if read.barren:
        raise CodingError(
            f"There is no usable coding in: {with_reasons(read.barren, read.excluded)}.",
            hint="Fill its column 'code' with codes of the codebook, or leave the file out.",
        )
    frame = read_columns([options.frame], FRAME, optional=FRAME_EXTRA) if options.frame else {}
    notes = list(read.notes)
    codings = _drawn(read, frame, notes) if options.frame else read.codings
    decisions = _decisions(options, codebook, notes)
    settled = adjudicate(
        codings, mode=options.mode, expert=options.expert, decisions=decisions,
        rules=tuple(rule.id for rule in codebook.rules), ask_unsure=options.ask_unsure,
    )  # fmt: skip
    notes.extend(_cautions(settled, frame, options))
    columns = (*GOLD_COLUMNS, *(c for c in FRAME_EXTRA if frame), *DECISION_COLUMNS)
    with open_writer(output, columns, form=options.to) as writer:
        for item in settled.gold:
            writer.write(gold_row(item, frame.get(item.coding.post_id, {}), codebook))
    if options.queue:
        rows = _queue_rows(settled, read, options, codebook)
        cut = write_sheet(options.queue, rows, codebook, kind=QUEUE_SHEET)
        notes.extend([f"{cut} texts are longer than an Excel cell and were cut"] if cut else [])
    run = AdjudicateRun(
        len(settled.gold), len(settled.queue), settled.counts(), read.counts(), tuple(notes),
        tuple(f"{e.source}, line {e.line}: {e.reason}: {e.detail}" for e in read.excluded),
    )  # fmt: skip
    _write_manifests(run, read, paths, options, codebook, output)
    return run


def _drawn(read: Codings, frame: Mapping[str, Any], notes: list[str]) -> list[Coding]:
    """Keep the codings of drawn posts; tell how many others there are and how many posts are uncoded."""
    strangers = {coding.post_id for coding in read.codings if coding.post_id not in frame}
    if len(strangers) == len({coding.post_id for coding in read.codings}):
        raise CodingError(
            "None of the coded posts is in the frame file.", hint="Name the frame file of this sample."
        )
    inside = {coding.coder for coding in read.codings if coding.post_id in frame}
    if outside := [coder for coder in read.coders if coder not in inside]:
        raise CodingError(
            f"None of the posts that {', '.join(outside)} coded is in the frame file.",
            hint="Leave these codings out, or name the frame file of their sample.",
        )
    if strangers:
        named = ", ".join(sorted(strangers)[:5])
        notes.append(f"{len(strangers)} coded posts are not in the frame and were left out ({named})")
    uncoded = len(frame.keys() - {coding.post_id for coding in read.codings})
    if uncoded:
        notes.append(
            f"{uncoded} of {len(frame)} drawn posts are not coded yet; incomplete gold biases estimates"
        )
    return [coding for coding in read.codings if coding.post_id in frame]


def _decisions(options: AdjudicateOptions, codebook: Codebook, notes: list[str]) -> dict[str, Decision]:
    if not options.decisions:
        return {}
    verdicts = read_decisions(options.decisions, codebook=codebook, who=options.who, when=options.when)
    notes.extend(verdicts.read.notes)
    waiting = verdicts.read.counts()["excluded"]
    notes.extend(f"decisions: {number} rows {reason}" for reason, number in waiting.items())
    wrong = [e for e in verdicts.read.excluded if e.reason != "not-coded"]
    notes.extend(f"{e.source}, line {e.line}: {e.reason}: {e.detail}" for e in wrong[:SHOWN])
    unsigned = [post_id for post_id, who in verdicts.who.items() if not who]
    if unsigned:
        raise CodingError(
            f"{len(unsigned)} decisions do not say who decided (first: post {unsigned[0]}).",
            hint="Fill the column decided_by, or add --who NAME.",
        )
    undated = sum(1 for when in verdicts.when.values() if not when)
    if undated:
        notes.append(f"{undated} decisions have no date: fill decided_at, or add --when 2024-06-01")
    return {
        c.post_id: Decision(
            c.post_id, c.code, c.secondary, c.form, verdicts.rules[c.post_id], c.note,
            verdicts.who[c.post_id], verdicts.when[c.post_id],
        )
        for c in verdicts.codings
    }  # fmt: skip


def _cautions(settled: Adjudication, frame: Mapping[str, Any], options: AdjudicateOptions) -> list[str]:
    found = []
    decided = [item for item in settled.gold if item.how in ("expert", "discussion")]
    bare = sum(1 for item in decided if not item.rule)
    if bare:
        found.append(f"{bare} of {len(decided)} decisions cite no rule; where none applies, add one")
    if settled.gold and all(item.how == "single" for item in settled.gold):
        found.append("no post was coded by two people: every coding passed as it is, none was checked")
    if settled.unused:
        found.append(f"{len(settled.unused)} decisions are about posts that nobody coded")
    if settled.queue and not options.queue:
        found.append(f"{len(settled.queue)} posts wait for a decision: write them with --queue queue.xlsx")
    if settled.queue and frame:
        found.append("until all are decided, shares corrected by this gold lean to easy posts")
    if not frame:
        found.append("without --frame the gold has no inclusion probabilities: shares cannot be corrected")
    return found


def gold_row(item: Gold, frame: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """Return one row of gold, with what the frame knows of the post."""
    coding = item.coding
    row = {column: getattr(coding, column) for column in GOLD_COLUMNS}
    row["sure"] = int(bool(coding.sure))
    row["codebook"] = coding.codebook or codebook.hash
    row["coder"] = GOLD
    given = next((c for c in item.codings if c.inclusion_prob is not None), None)
    if given is not None:
        row.update(stratum=given.stratum, inclusion_prob=given.inclusion_prob)
    row.update(frame)
    return {
        **row, "decision": item.how, "decided_by": item.decided_by, "decided_at": item.decided_at,
        "rule": item.rule, "votes": " ".join(f"{code}:{share:.3g}" for code, share in item.votes().items()),
        "codings": "; ".join(_shown(c) for c in item.codings),
    }  # fmt: skip


def _shown(coding: Coding) -> str:
    second = f"+{coding.secondary}" if coding.secondary else ""
    return f"{coding.coder}={coding.code}{second}"


def _queue_rows(
    settled: Adjudication, read: Codings, options: AdjudicateOptions, codebook: Codebook
) -> list[dict[str, Any]]:
    texts: Mapping[str, Mapping[str, Any]] = read.columns
    if options.posts:
        texts = read_columns(options.posts, (), optional=TEXT)
    rows = []
    for number, codings in enumerate(settled.queue, start=1):
        post_id = codings[0].post_id
        row: dict[str, Any] = {"no": str(number), "post_id": post_id, "codebook": codebook.hash}
        row.update({column: texts.get(post_id, {}).get(column, "") for column in TEXT})
        row["codings"] = "\n".join(f"{_shown(c)}{'?' if c.sure is False else ''}" for c in codings)
        row["notes"] = "\n".join(f"{c.coder}: {c.note}" for c in codings if c.note)
        row["check"] = check_of(row)
        rows.append(row)
    if rows and not any(row["text"] or row["title"] for row in rows):
        raise UsageError(
            "The queue would show no texts: the codings hold none.", hint="Name the posts with --posts FILE."
        )
    return rows


def _write_manifests(
    run: AdjudicateRun, read: Codings, paths: Sequence[str], options: AdjudicateOptions, codebook: Codebook,
    output: str,
) -> None:  # fmt: skip
    inputs = [file_record(path, rows=read.rows.get(str(path))) for path in paths]
    inputs += [file_record(path) for path in (options.frame, *options.decisions, *options.posts) if path]
    outputs = [(output, run.gold)] if output != STREAM else []
    outputs += [(options.queue, run.waiting)] if options.queue else []
    records = [file_record(path, rows=rows) for path, rows in outputs]
    for record in records:
        manifest = Manifest(
            "adjudicate", options=as_data(options), inputs=inputs, outputs=records,
            codebook={"id": codebook.id, "version": codebook.version, "hash": codebook.hash},
            counts=dict(run.counts), results={"decided": dict(run.by)}, notes=run.notes,
        )  # fmt: skip
        write_manifest(record.path, manifest)
