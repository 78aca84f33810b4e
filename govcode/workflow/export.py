"""A coded table in, a file for other software out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.errors import UsageError, choices
from govcode.readers.labelling import FORMS as LABELLING
from govcode.readers.labelling import read_labelling
from govcode.records import CODING_COLUMNS, Excluded
from govcode.workflow.coded import DEFAULT_CODEBOOK, CodedSource, open_coded
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.writers.base import STREAM
from govcode.writers.export import EXPORTERS
from govcode.writers.export.variables import ExportResult, ExportTable, describe, numeric_columns
from govcode.writers.tables import open_writer

LANGUAGES = ("zh", "en", "both")
_STREAMABLE = ("csv", "tsv", "jsonl", "doccano", "labelstudio")


@dataclass(frozen=True)
class Exported:
    """What one export wrote: the files, the rows, what was left out, and sentences for the user."""

    files: Sequence[str]
    rows: int
    excluded: dict[str, int]
    notes: Sequence[str]


def export(
    source: str,
    output: str,
    *,
    to: str | None = None,
    form: str | None = None,
    encoding: str | None = None,
    codebook: str | None = None,
    language: str = "both",
) -> Exported:
    """Write the coded table `source` as `output`, in the form of its extension or `to`.

    With the `form` labelstudio or doccano the way is back: from what people coded there to codings. Raises
    UsageError for an unknown form or language.
    """
    if language not in LANGUAGES:
        raise UsageError(f"--lang {language}: unknown.", hint=f"Choose from: {choices(LANGUAGES)}.")
    refuse_input(output, source)
    if form in LABELLING:
        return codings_back(source, output, form, codebook=codebook)
    target = export_form(output, to)
    write = EXPORTERS.load(target)
    table = open_coded(source, codebook=codebook, form=form, encoding=encoding)
    numeric = numeric_columns(table.columns, table.rows())
    variables = describe(table.columns, numeric, table.codebook, language)
    result: ExportResult = write(output, ExportTable(variables, table.rows, table.codebook, language, target))
    notes = [*table.notes, *result.notes]
    write_manifest(output, _manifest(table, output, target, language, codebook, result))
    return Exported([output, *result.files], result.rows, dict(table.count.excluded), notes)


def as_json_data(result: Exported) -> dict[str, Any]:
    """Return the result as plain data for `--json`."""
    return {
        "output": result.files[0], "posts": result.rows, "excluded": result.excluded,
        "files": list(result.files), "notes": list(result.notes),
    }  # fmt: skip


def codings_back(source: str, output: str, form: str, *, codebook: str | None = None) -> Exported:
    """Turn what people coded in Label Studio or doccano into a table of codings."""
    book = load_codebook(codebook or DEFAULT_CODEBOOK)
    excluded: dict[str, int] = {}
    rows = 0
    with open_writer(output, CODING_COLUMNS) as writer:
        for item in read_labelling(source, form, book.ids):
            if isinstance(item, Excluded):
                excluded[item.reason] = excluded.get(item.reason, 0) + 1
            else:
                writer.write({**{c: getattr(item, c) for c in CODING_COLUMNS}, "codebook": book.hash})
                rows += 1
    write_manifest(
        output,
        Manifest(
            "export", options={"from": form, "codebook": codebook}, inputs=[file_record(source)],
            outputs=[file_record(output, rows=rows)], codebook={"id": book.id, "hash": book.hash},
            counts={"read": rows + sum(excluded.values()), "written": rows, "excluded": excluded},
        ),
    )  # fmt: skip
    return Exported([output], rows, excluded, ())


def export_form(output: str, to: str | None) -> str:
    """Return the form of an export: `to`, else the extension (`.gz` is looked through)."""
    if to:
        target = to
    elif output == STREAM:
        target = "csv"
    else:
        target = Path(output.removesuffix(".gz")).suffix.lstrip(".").lower()
    if target not in EXPORTERS:
        raise UsageError(
            f"{output}: no export is called '{target}'.", hint=f"Choose --to from: {choices(EXPORTERS)}."
        )
    if output == STREAM and target not in _STREAMABLE:
        raise UsageError(f"--to {target} needs a file.", hint=f"Name one with -o out.{target}")
    return target


def _manifest(
    table: CodedSource, output: str, to: str, language: str, codebook: str | None, result: ExportResult
) -> Manifest:
    book = table.codebook
    options = {"to": to, "lang": language, "codebook": codebook}
    options |= {"from": table.form, "encoding": table.encoding}
    return Manifest(
        command="export",
        options=options,
        inputs=[file_record(table.path, rows=table.count.kept)],
        outputs=[file_record(output, rows=result.rows), *(file_record(f) for f in result.files)],
        codebook={"name": book.source or book.id, "id": book.id, "version": book.version, "hash": book.hash},
        counts={"read": table.count.read, "written": result.rows, "excluded": table.count.excluded},
        notes=[*table.notes, *result.notes],
    )
