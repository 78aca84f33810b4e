"""`govcode codebook`: show, check, compare and start codebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govcode.cli.console import console, print_json, say, warn
from govcode.cli.options import Encoding, FormIn, Json
from govcode.cli.options import output as output_of

if TYPE_CHECKING:
    from govcode.codebook.diff import CodebookDiff
    from govcode.codebook.model import Codebook

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Show, check, compare and start codebooks. 编码手册."
)

NAME = typer.Argument("functions", metavar="[NAME|PATH]", help="A shipped codebook or a TOML file.")
LANGUAGE = typer.Option("en", "--lang", help="Language of the wording: zh or en.")
FILE_WIDTH = 200


@app.command()
def show(
    name: str = NAME,
    code: str | None = typer.Option(None, "--code", help="Show everything about one code."),
    lang: str = LANGUAGE,
    to: str | None = typer.Option(None, "--to", help="markdown: the whole manual, to print."),
    output: Annotated[str, output_of("the manual")] = "-",
    as_json: Json = False,
) -> None:
    """Show a codebook: its card and forms, one code in full, or the whole manual. 查看手册.

    Example: govcode codebook show --lang zh --to markdown -o manual.md
    """
    from govcode.codebook.load import load_codebook
    from govcode.codebook.manual import code_manual, manual
    from govcode.codebook.serial import as_data, code_data
    from govcode.errors import UsageError
    from govcode.writers.base import write_text

    if lang not in ("zh", "en"):
        raise UsageError(f"--lang is zh or en, not '{lang}'.")
    if to not in (None, "markdown", "md"):
        raise UsageError(f"--to is markdown, not '{to}'.", hint="Other forms: govcode codebook export.")
    book = load_codebook(name)
    if as_json:
        print_json(code_data(book, code) if code else as_data(book))
    elif to or output != "-":
        write_text(output, code_manual(book, code, lang) if code else manual(book, lang))
    elif code:
        _print_markdown(code_manual(book, code, lang))
    else:
        _render(book, lang)


def _print_markdown(text: str) -> None:
    from rich.markdown import Markdown

    out = console(stderr=False)
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        out.print(text, markup=False, end="")


def _render(book: Codebook, lang: str) -> None:
    from rich.table import Table

    from govcode.codebook.manual import WORDS
    from govcode.codebook.model import say as wording

    words = WORDS[lang]
    out = console(stderr=False)
    if not out.is_terminal:
        out.width = FILE_WIDTH
    out.print(f"{wording(book.title, lang)}  {book.id} {book.version}  {book.hash[:19]}", markup=False)
    codes = Table(title=words["card"], title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("code", "label", "keyword", "question"):
        codes.add_column(words[column], no_wrap=column == "code")
    for code in map(book.code, book.order):
        codes.add_row(
            code.id, wording(code.label, lang), wording(code.keyword, lang), wording(code.question, lang)
        )
    out.print(codes)
    if book.forms:
        forms = Table(
            title=words["forms"], title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
        )
        for column in ("form", "default", "content"):
            forms.add_column(words[column], no_wrap=column != "content")
        for form in book.forms:
            hard = words["hard" if form.hard else "soft"]
            forms.add_row(form.id, f"{form.code} ({hard})", wording(form.label, lang))
        out.print(forms)
    counts = {words[w]: len(getattr(book, w)) for w in ("rules", "examples", "mappings", "expressions")}
    out.print(" · ".join(f"{label} {number}" for label, number in counts.items()), markup=False)


@app.command()
def check(
    name: str = NAME,
    user_dictionary: str | None = typer.Option(None, "--user-dict", help="User dictionary of the segmenter."),
    as_json: Json = False,
) -> None:
    """Check parts, references, and expressions that cannot be read or never match; exit 1 if wrong. 检查.

    Example: govcode codebook check my.toml
    """
    from govcode.workflow import codebook as workflow

    result = workflow.check(name, user_dictionary=user_dictionary)
    if as_json:
        print_json(
            {
                "source": result.source,
                "ok": not result.errors,
                "hash": result.codebook.hash if result.codebook else None,
                "rules_hash": result.codebook.rules_hash if result.codebook else None,
                "problems": [problem._asdict() for problem in result.problems],
                "examples": result.examples,
                "examples_met": result.examples_met,
            }
        )
    else:
        for line in workflow.lines_of(result.problems, result.source):
            console(stderr=False).print(line, markup=False)
        if not result.errors and result.codebook is not None:
            say(f"{result.source}: holds together ({result.codebook.hash[:19]}).")
            if result.examples:
                say(f"The rule coder codes {result.examples_met} of {result.examples} examples as written.")
    if result.errors:
        raise typer.Exit(1)


@app.command()
def diff(
    before: str = typer.Argument(..., metavar="A", help="A shipped codebook or a TOML file."),
    after: str = typer.Argument(..., metavar="B", help="The codebook to compare with."),
    as_json: Json = False,
) -> None:
    """Say what changed from codebook A to codebook B, and whether codings of A still fit B. 比较.

    Example: govcode codebook diff old.toml new.toml
    """
    from dataclasses import asdict

    from govcode.codebook.diff import diff_codebooks
    from govcode.codebook.load import load_codebook

    result = diff_codebooks(load_codebook(before), load_codebook(after))
    if as_json:
        print_json(asdict(result))
    else:
        _render_diff(result)


def _render_diff(result: CodebookDiff) -> None:
    out = console(stderr=False)
    lines = [f"{result.before} -> {result.after}"]
    if result.same:
        lines.append("Hashes are equal: codings of the one fit the other.")
    else:
        lines.append("Hashes differ: codings and models of the one do not fit the other.")
    if not result.same_rules and result.same:
        lines.append("Only the rule coder changed.")
    for change in result.changes:
        lines.append(
            _change_line(change.kind, change.id, change.what, change.field, change.before, change.after)
        )
    if result.renamed_codes:
        lines.append("Renamed codes: govcode codebook migrate carries codings over.")
    out.print("\n".join(lines), markup=False)


def _change_line(kind: str, part: str, what: str, field: str, before: object, after: object) -> str:
    owner = f"{kind} {part}".strip()
    if what == "renamed":
        return f"~ {kind} {before} is now {after}"
    if kind == "expressions":
        sign = {"added": "+", "removed": "-"}.get(what, "~")
        return f"{sign} {owner}: {field}" + (f" (weight {before} -> {after})" if what == "changed" else "")
    if what != "changed":
        return f"{'+' if what == 'added' else '-'} {owner} {what}"
    return f"~ {owner} {field}: {_short(before)} -> {_short(after)}"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 70 else f"{text[:67]}..."


@app.command()
def new(
    path: Path = typer.Argument(..., metavar="PATH", help="Where the starter codebook goes (.toml)."),
) -> None:
    """Write a commented starter codebook in Chinese and English; nothing is overwritten. 新建.

    Example: govcode codebook new my.toml
    """
    from govcode.workflow import codebook as workflow

    target = workflow.new(path)
    say(f"{target}: written. Fill it in, then: govcode codebook check {target}")


@app.command("export")
def export_(
    name: str = NAME,
    to: str = typer.Option("markdown", "--to", help="kh-coder, qdc (NVivo, MAXQDA …), markdown or toml."),
    output: Annotated[str, output_of("it")] = "-",
    lang: str = LANGUAGE,
) -> None:
    """Write a codebook for other software: coding rules of KH Coder, REFI-QDA, a printable manual. 导出.

    Example: govcode codebook export --to kh-coder --lang zh -o rules.txt
    """
    from govcode.workflow.exchange import export_codebook

    _say_notes(export_codebook(name, to, output, language=lang))


@app.command("import")
def import_(
    source: str = typer.Argument(..., metavar="FILE", help="Coding rules of KH Coder or a .qdc codebook."),
    source_form: str | None = typer.Option(
        None, "--from", help="kh-coder or qdc, if the name does not tell."
    ),
    output: Annotated[str, output_of("the TOML codebook")] = "-",
) -> None:
    """Make a TOML codebook of KH Coder's rules or a REFI-QDA codebook (NVivo, MAXQDA, ATLAS.ti). 导入.

    Example: govcode codebook import theirs.qdc -o mine.toml
    """
    from govcode.workflow.exchange import import_codebook

    _say_notes(import_codebook(source, output, form=source_form))


@app.command()
def migrate(
    mapping: str = typer.Argument(..., metavar="MAPPING.toml", help="What becomes of each code and form."),
    codings: str = typer.Argument(..., metavar="CODINGS", help="Codings, gold or coded table, any format."),
    output: Annotated[str, output_of("the migrated table")] = "-",
    source_form: FormIn = None,
    encoding: Encoding = None,
) -> None:
    """Carry codings over to a changed codebook: codes renamed, merged, split by form; no row lost. 迁移.

    Example: govcode codebook migrate to-v2.toml gold.csv -o gold-v2.csv
    """
    from govcode.workflow.exchange import migrate as workflow

    result = workflow(mapping, codings, output, form=source_form, encoding=encoding)
    say(f"{result.rows} rows kept, {result.changed} changed, {result.excluded} unreadable rows left out.")


def _say_notes(notes: tuple[str, ...], shown: int = 10) -> None:
    for note in notes[:shown]:
        warn(note)
    if len(notes) > shown:
        warn(f"{len(notes) - shown} more things could not be carried over.")
