"""The mapping file: which column is what, written by the user or proposed for editing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from govcode.errors import InputError, UsageError
from govcode.readers.columns import nearest, recognised
from govcode.readers.posts import first_table, format_of
from govcode.records import POST_COLUMNS, Row
from govcode.workflow.ingest import IngestOptions
from govcode.writers.base import write_text

SAMPLES = 3
SAMPLE_WIDTH = 60


def read_mapping(path: str) -> dict[str, str]:
    """Read `[columns]` (post field = "column") and `[values]` (field = "the same for every post").

    Raises InputError for a file that is missing or no TOML, UsageError for tables it does not know.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is not valid TOML ({error}).", hint="Start from --propose.") from error
    if unknown := sorted(set(data) - {"columns", "values"}):
        raise UsageError(f"{path}: has an unknown table [{unknown[0]}].", hint="Use [columns] and [values].")
    result = {field: str(column) for field, column in _table(data, "columns", path).items() if column}
    return result | {field: f"={value}" for field, value in _table(data, "values", path).items() if value}


def _table(data: Mapping[str, object], name: str, path: str) -> Mapping[str, object]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise UsageError(
            f"{path}: [{name}] must be a table.", hint=f'Write [{name}] and lines such as text = "正文".'
        )
    return table


def propose_mapping(paths: Sequence[str], output: str, options: IngestOptions) -> str:
    """Write a mapping file for the first source, with samples of each column; return what to do next."""
    table = first_table(paths, form=options.form, encoding=options.encoding)
    format = table.format or format_of(table.columns)
    known = {f: c for f, c in format.fields.items() if c in table.columns} or recognised(table.columns)
    unknown = [c for c in table.columns if c not in known.values()]
    known |= nearest(unknown, [f for f in POST_COLUMNS if f not in known])
    samples: dict[str, list[str]] = {column: [] for column in table.columns}
    for item in islice(table, 200):
        for column, value in item.values.items() if isinstance(item, Row) else ():
            text = str(value).strip()
            if text and len(samples.setdefault(column, [])) < SAMPLES:
                samples[column].append(text[:SAMPLE_WIDTH].replace("\n", " "))
    lines = [
        f"# How the columns of {table.source} become posts; taken for: {format.title}.",
        "# Give it with --mapping. An empty field is left out.",
        "", "[columns]",
    ]  # fmt: skip
    lines += [f"{field} = {_quoted(known.get(field, ''))}" for field in POST_COLUMNS]
    lines += [
        "",
        "[values]",
        '# platform = "weibo"  # the same for every post',
        "",
        "# Columns that are there:",
    ]
    for column, shown in samples.items():
        lines.append(f"#   {_quoted(column)}: {' | '.join(shown) or '(empty)'}")
    write_text(output, "\n".join(lines) + "\n")
    return f"{output}: edit it, then: govcode ingest --mapping {output} {' '.join(paths)} -o posts.jsonl"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
