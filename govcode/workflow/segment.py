"""Posts in, the same posts with their words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from govcode.readers.posts import read_posts
from govcode.records import Excluded, RowCount
from govcode.text.clean import coding_text
from govcode.text.segment import Segmenter
from govcode.workflow.classify import Watch
from govcode.workflow.excluded import ExcludedLog
from govcode.workflow.manifest import Manifest, file_record, input_records, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.writers.tables import form_of, open_writer

TOKENS = "tokens"
LISTS = frozenset({"jsonl", "parquet"})


@dataclass(frozen=True)
class SegmentOptions:
    """How to read, cut and write."""

    engine: str = "rjieba"
    user_dictionary: str | None = None
    stop_words: str | None = None
    form_in: str | None = None
    form_out: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    excel: bool = False
    excluded: str | None = None


@dataclass(frozen=True)
class SegmentResult:
    """What one run did: rows read and left out, and how many tokens there are."""

    output: str
    count: RowCount
    tokens: int
    excluded: str
    left_out: Sequence[Excluded]
    notes: Sequence[str]


def segment(
    inputs: Sequence[str], output: str, options: SegmentOptions, *, watch: Watch = nullcontext
) -> SegmentResult:
    """Write the posts with a column `tokens`: words of the cleaned title and text.

    `tokens` is a list in JSONL and Parquet and space-separated elsewhere. The user's own text stays
    as it is: cleaning is for the tokens only.
    """
    refuse_input(output, *inputs)
    segmenter = Segmenter(options.engine, options.user_dictionary, options.stop_words)
    stream = read_posts(
        inputs, form=options.form_in, encoding=options.encoding, mapping=dict(options.mapping)
    )
    as_list = form_of(output, options.form_out)[0] in LISTS
    columns = [c for c in stream.columns if c != TOKENS] + [TOKENS]
    total = 0
    with (
        ExcludedLog.beside(output, options.excluded) as log,
        watch(stream.posts) as watched,
        open_writer(output, columns, form=options.form_out, excel=options.excel) as writer,
    ):
        for post in log.sift(watched):
            text = coding_text(post)
            words = segmenter.segment(f"{text.title}\n{text.body}")
            total += len(words)
            row = post.row(columns)
            row[TOKENS] = words if as_list else " ".join(words)
            writer.write(row)
    result = SegmentResult(output, log.count, total, log.written, tuple(log.first), tuple(stream.notes))
    write_manifest(output, _manifest(inputs, options, result))
    return result


def as_json_data(result: SegmentResult) -> dict[str, Any]:
    """Return the result as plain data for `--json`."""
    return {
        "output": result.output, "read": result.count.read, "posts": result.count.kept,
        "excluded": result.count.excluded, "excluded_path": result.excluded,
        "tokens": result.tokens, "notes": list(result.notes),
    }  # fmt: skip


def _manifest(inputs: Sequence[str], options: SegmentOptions, result: SegmentResult) -> Manifest:
    used = [path for path in (options.user_dictionary, options.stop_words) if path]
    return Manifest(
        command="segment",
        options={
            "engine": options.engine,
            "user_dictionary": options.user_dictionary,
            "stop_words": options.stop_words,
            "form_in": options.form_in,
            "encoding": options.encoding,
            "mapping": dict(options.mapping),
            "excel": options.excel,
        },
        inputs=input_records([*inputs, *used]),
        outputs=[file_record(result.output, rows=result.count.kept)],
        counts={
            "read": result.count.read,
            "kept": result.count.kept,
            "excluded": result.count.excluded,
            "tokens": result.tokens,
        },
        notes=list(result.notes),
    )
