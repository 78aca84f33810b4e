"""Codebooks to and from other software, and codings carried over to another codebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from govcode.codebook.load import load_codebook
from govcode.codebook.manual import manual
from govcode.codebook.migration import RowMigrator, load_migration
from govcode.codebook.qdc import from_qdc, to_qdc
from govcode.codebook.write import toml_text
from govcode.coders.expressions.kh_coder import from_kh_coder, to_kh_coder
from govcode.errors import HashMismatchError, InputError, UsageError, choices
from govcode.readers.tables import open_table
from govcode.records import Excluded
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.protect import refuse_input
from govcode.writers.base import STREAM, write_text
from govcode.writers.tables import open_writer

EXPORTS = ("kh-coder", "qdc", "markdown", "toml")
IMPORTS = ("kh-coder", "qdc")


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration did: rows read and written, rows whose code, second code or form changed."""

    rows: int
    changed: int
    excluded: int


def export_codebook(name: str, to: str, output: str, *, language: str = "zh") -> tuple[str, ...]:
    """Write a codebook for other software; return notes on what could not be carried over."""
    if to not in EXPORTS:
        raise UsageError(f"--to {to}: unknown.", hint=f"Choose from: {choices(EXPORTS)}.")
    book = load_codebook(name)
    if to == "kh-coder":
        text, notes = to_kh_coder(book, language)
        write_text(output, text)
        return notes
    write_text(
        output, {"qdc": to_qdc, "markdown": manual, "toml": lambda b, _: toml_text(b)}[to](book, language)
    )
    return ("Border rules, examples and expressions have no place in a .qdc file.",) if to == "qdc" else ()


def import_codebook(source: str, output: str, *, form: str | None = None) -> tuple[str, ...]:
    """Write a TOML codebook from a file of other software; return notes on what was left out."""
    form = form or {".qdc": "qdc", ".cod": "kh-coder", ".txt": "kh-coder"}.get(Path(source).suffix.lower())
    if form not in IMPORTS:
        raise UsageError(f"{source}: what is it?", hint=f"Say --from: {choices(IMPORTS)}.")
    if output != STREAM and Path(output).exists():
        raise UsageError(f"{output}: exists already.", hint="Choose another -o; nothing is overwritten.")
    text = _read(source)
    if form == "qdc":
        write_text(output, toml_text(from_qdc(text, source)))
        return ()
    imported = from_kh_coder(text, source)
    write_text(output, toml_text(imported.codebook))
    return imported.notes


def _read(source: str) -> str:
    """Return the text of a file in UTF-8, GB18030 or Shift JIS (KH Coder's own)."""
    try:
        raw = Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror}).") from error
    for encoding in ("utf-8-sig", "gb18030", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{source}: is not text in UTF-8, GB18030 or Shift JIS.")


def migrate(
    mapping: str, codings: str, output: str, *, form: str | None = None, encoding: str | None = None
) -> Migrated:
    """Carry the codings of a table over to another codebook; every row stays, with what it said before.

    Raises CodingError, and writes nothing, where the mapping does not cover a value.
    """
    refuse_input(output, mapping, codings)
    migration = load_migration(mapping)
    table = open_table(codings, form=form, encoding=encoding)
    migrator = RowMigrator(migration, table.columns)
    rows = excluded = 0
    with open_writer(output, migrator.columns) as writer:
        for row in table:
            if isinstance(row, Excluded):
                excluded += 1
                continue
            given = str(row.values.get("codebook") or "")
            if migration.source and given and not _same(given, migration.source.hash):
                raise HashMismatchError(
                    f"{codings}: line {row.line} was coded with another codebook ({given[:19]}).",
                    hint=f"The mapping is for {migration.source.hash[:19]}; leave out 'from' to ignore this.",
                )
            writer.write(migrator.row(row.values))
            rows += 1
        migrator.finish()
    write_manifest(
        output,
        Manifest(
            "codebook migrate",
            inputs=[file_record(mapping), file_record(codings, rows=rows + excluded)],
            outputs=[file_record(output, rows=rows)],
            codebook={
                "id": migration.target.id,
                "version": migration.target.version,
                "hash": migration.target.hash,
            },
            counts={"rows": rows, "changed": migrator.changed, "excluded": excluded},
        ),
    )
    return Migrated(rows, migrator.changed, excluded)


def _same(given: str, full: str) -> bool:
    """Tell whether a hash, full or shortened, is this one."""
    bare = given.removeprefix("sha256:")
    return len(bare) >= 8 and full.removeprefix("sha256:").startswith(bare)
