"""REFI-QDA projects (.qdpx) and codebooks (.qdc): for NVivo, MAXQDA, ATLAS.ti, QualCoder and others.

A project is a ZIP of `project.qde` (XML) and one plain text a post. Format: REFI-QDA 1.5 (qdasoftware.org).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from govcode.codebook import qdc
from govcode.codebook.model import Codebook, say
from govcode.writers.base import whole_file, write_text
from govcode.writers.export.variables import LABELS, ExportResult, ExportTable, cell_text, wording

NAMESPACE = "urn:QDA-XML:project:1.0"
_GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUES = ("account", "platform", "published_at", "url", "status", "coder")
_IN_MEMORY = 8 * 1024 * 1024
NAME_LIMIT = 80


def write_codebook(path: str, table: ExportTable) -> ExportResult:
    """Write the codebook of the table as .qdc; posts are not in such a file."""
    write_text(path, qdc.to_qdc(table.codebook, _language(table)))
    return ExportResult(notes=["A .qdc file holds the codebook only; -o out.qdpx holds the posts as well."])


def write(path: str, table: ExportTable) -> ExportResult:
    """Write posts, codebook, codings (code, secondary, form), accounts as cases, and variables as .qdpx.

    Every coding covers the whole post. Guids depend on the ids alone; positions count Unicode characters.
    """
    codes = _code_elements(table.codebook, _language(table))
    result = ExportResult()
    cases: dict[str, list[str]] = {}
    with (
        whole_file(path) as file,
        ZipFile(file, "w", ZIP_DEFLATED) as archive,
        SpooledTemporaryFile(_IN_MEMORY) as sources,
    ):
        for row in table.rows():
            guid = _guid("post", row.get("post_id") or result.rows)
            _add(archive, f"sources/{guid}.txt", _post_text(row).encode("utf-8"))
            sources.write(_source(row, guid, codes).encode("utf-8"))
            if account := cell_text(row.get("account")):
                cases.setdefault(account, []).append(guid)
            result.rows += 1
        sources.seek(0)
        with archive.open(_member("project.qde"), "w", force_zip64=True) as project:
            _write_project(project, table, codes, cases, sources)
    return result


def _write_project(
    out: IO[bytes], table: ExportTable, codes: Mapping[str, ET.Element], cases: Mapping[str, list[str]],
    sources: IO[bytes],
) -> None:  # fmt: skip
    head = [
        '<?xml version="1.0" encoding="utf-8"?>\n',
        f'<Project xmlns="{NAMESPACE}" name={_quoted(say(table.codebook.title, "zh"))} origin="govcode">\n',
        f'<Users><User guid="{_guid("user", "coder")}" name="govcode"/></Users>\n<CodeBook><Codes>',
        *(ET.tostring(e, encoding="unicode") for name, e in codes.items() if name in table.codebook.ids),
        "</Codes></CodeBook>\n<Variables>",
        *(_variable(name, table.language) for name in _VALUES),
        "</Variables>\n",
    ]
    if cases:
        head += ["<Cases>", *(_case(name, guids) for name, guids in cases.items()), "</Cases>\n"]
    out.write("".join(head).encode("utf-8"))
    first = sources.read(1)
    if first:
        out.write(b"<Sources>" + first)
        while chunk := sources.read(1 << 20):
            out.write(chunk)
        out.write(b"</Sources>\n")
    out.write(b"</Project>\n")


def _code_elements(codebook: Codebook, language: str) -> dict[str, ET.Element]:
    """Return the elements of codes and forms by id, with the guids they have in a .qdc of the codebook."""
    text = qdc.to_qdc(codebook, language).replace(f' xmlns="{qdc.NAMESPACE}"', "")
    codes = ET.fromstring(text.encode("utf-8")).find("Codes")
    elements = {e.get("name", "").split(" ")[0]: e for e in codes.iter("Code")} if codes is not None else {}
    for element in elements.values():
        if (description := element.find("Description")) is not None:
            description.text = _clean(description.text or "")
    return elements


def _source(row: Mapping[str, Any], guid: str, codes: Mapping[str, ET.Element]) -> str:
    """Return one post with its codings and variables."""
    given = dict.fromkeys(cell_text(row.get(k)) for k in ("code", "secondary", "form"))
    codings = "".join(_coding(guid, codes[c].get("guid", "")) for c in given if c in codes)
    selection = (
        f'<PlainTextSelection guid="{_guid("selection", guid)}" startPosition="0" '
        f'endPosition="{len(_post_text(row))}">{codings}</PlainTextSelection>'
    )  # fmt: skip
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{_guid("variable", name)}"/>'
        f"<TextValue>{escape(_clean(value))}</TextValue></VariableValue>"
        for name in _VALUES
        if (value := cell_text(row.get(name)))
    )
    title = cell_text(row.get("title")) or cell_text(row.get("text"))
    name = f"{cell_text(row.get('post_id'))} {title}".strip()[:NAME_LIMIT]
    return (
        f'<TextSource guid="{guid}" name={_quoted(name)} plainTextPath="internal://{guid}.txt">'
        f"{selection if codings else ''}{values}</TextSource>\n"
    )


def _post_text(row: Mapping[str, Any]) -> str:
    parts = (cell_text(row.get(name)) for name in ("title", "text", "reply"))
    return _clean("\n".join(filter(None, parts))).replace("\r\n", "\n").replace("\r", "\n")


def _coding(guid: str, target: str) -> str:
    own = _guid("coding", f"{guid} {target}")
    user = _guid("user", "coder")
    return f'<Coding guid="{own}" creatingUser="{user}"><CodeRef targetGUID="{target}"/></Coding>'


def _variable(name: str, language: str) -> str:
    label = escape(wording(LABELS[name], language))
    return (
        f'<Variable guid="{_guid("variable", name)}" name="{name}" typeOfVariable="Text">'
        f"<Description>{label}</Description></Variable>"
    )


def _case(name: str, guids: list[str]) -> str:
    refs = "".join(f'<SourceRef targetGUID="{guid}"/>' for guid in guids)
    return f'<Case guid="{_guid("case", name)}" name={_quoted(name[:NAME_LIMIT])}>{refs}</Case>'


def _add(archive: ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_member(name), data)


def _member(name: str) -> ZipInfo:
    """Return an entry without a time of its own: the same table gives the same bytes."""
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _guid(kind: str, value: object) -> str:
    return str(uuid.uuid5(_GUIDS, f"{kind} {value}")).upper()


def _quoted(text: str) -> str:
    return quoteattr(_clean(text).replace("\n", " "))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _language(table: ExportTable) -> str:
    return "zh" if table.language == "both" else table.language
